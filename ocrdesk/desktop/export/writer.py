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
    """The result of an export: the written files, and (file name, reason) of the failed ones."""

    written: list[Path] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)


def write_all(
    client: Client,
    export: Export,
    jobs: Sequence[ExportJob],
    report: Callable[[int], None],
    stopped: threading.Event,
) -> Exported:
    """Write each job's file, and report how many are finished. A failed file does not stop the others.

    No file is written in part. Raises OSError if the folder cannot be created.
    """
    from ocrdesk.client import ClientError  # loaded with the connection, before anything is exported

    export.folder.mkdir(parents=True, exist_ok=True)
    done = Exported()
    paths = export_paths(export, jobs, datetime.now().astimezone().date())
    for number, (job, path) in enumerate(zip(jobs, paths, strict=True), start=1):
        if stopped.is_set():
            break
        try:
            client.save(
                job.job_id,
                export.form,
                path,
                join_lines=export.join_lines,
                omit_headers_footers=export.omit_headers_footers,
            )
        except ClientError as error:
            done.failed.append((job.file_name, short_reason(error)))
        except OSError as error:
            done.failed.append((job.file_name, f"{path.name}: {short_reason(error)}"))
        else:
            done.written.append(path)
        report(number)
    return done
