"""Writes the files; no Qt."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ocrdesk.desktop.export.plan import Export, ExportJob, export_paths
from ocrdesk.desktop.i18n.error_reason import short_reason

if TYPE_CHECKING:
    from ocrdesk.client import Client


@dataclass(slots=True)
class Exported:
    """The result of an export: the written files, (file name, reason) of the failed ones, and what was left out."""

    written: list[Path] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    """The names of files whose result has nothing of this format, such as no table for CSV: nothing is written."""
    left: int = 0
    """How many files were not written because the export was stopped."""


def write_all(
    client: Client,
    export: Export,
    jobs: Sequence[ExportJob],
    report: Callable[[int], None],
    stopped: threading.Event,
) -> Exported:
    """Write each job's file, and report how many are finished. A failed file does not stop the others.

    When `stopped` is set, the file in progress is completed and the rest are left. No file is written in part, and none
    that would be empty. Raises OSError if the folder cannot be created.
    """
    from ocrdesk.client import ClientError  # loaded with the connection, before anything is exported

    export.folder.mkdir(parents=True, exist_ok=True)
    done = Exported()
    paths = export_paths(export, jobs, datetime.now().astimezone().date())
    for number, (job, path) in enumerate(zip(jobs, paths, strict=True), start=1):
        if stopped.is_set():
            done.left = len(jobs) - number + 1
            break
        try:
            is_empty = _save(client, export, job, path)
        except ClientError as error:
            done.failed.append((job.file_name, short_reason(error)))
        except OSError as error:
            done.failed.append((job.file_name, f"{path.name}: {short_reason(error)}"))
        else:
            if is_empty:
                done.empty.append(job.file_name)
            else:
                done.written.append(path)
        report(number)
    return done


def _save(client: Client, export: Export, job: ExportJob, path: Path) -> bool:
    """Write a job's file. If the result is empty, write nothing, leave an existing file alone and return True."""
    draft = path.with_name(f".{path.name}.part")
    try:
        client.save(
            job.job_id,
            export.form,
            draft,
            join_lines=export.join_lines,
            omit_headers_footers=export.omit_headers_footers,
            pdf=export.pdf,
        )
        is_empty = draft.stat().st_size == 0
        if not is_empty:
            draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return is_empty
