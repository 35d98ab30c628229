"""Writes an export file by file, for a thread that may wait; it knows no Qt."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ocrdesk.desktop.export.plan import Export, Wanted, paths_of
from ocrdesk.desktop.i18n.error_reason import short_reason

if TYPE_CHECKING:
    from ocrdesk.client import Client


@dataclass(slots=True)
class Exported:
    """What came of an export: the files that are there, and why others are not, by their jobs' file names."""

    written: list[Path] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)


def write_all(
    client: Client,
    export: Export,
    wanted: Sequence[Wanted],
    report: Callable[[int], None],
    stopped: threading.Event,
) -> Exported:
    """Writes each job's file, reporting how many are over. One that fails does not stop the others.

    Each file is there whole or not at all. Raises OSError when the folder cannot be made.
    """
    from ocrdesk.client import ClientError  # loaded long before anything is exported

    export.folder.mkdir(parents=True, exist_ok=True)
    done = Exported()
    paths = paths_of(export, wanted, datetime.now().astimezone().date())
    for number, (one, path) in enumerate(zip(wanted, paths, strict=True), start=1):
        if stopped.is_set():
            break
        try:
            client.save(
                one.job_id,
                export.form,
                path,
                join_lines=export.join_lines,
                omit_headers_footers=export.omit_headers_footers,
            )
        except ClientError as error:
            done.failed.append((one.file_name, short_reason(error)))
        except OSError as error:
            done.failed.append((one.file_name, f"{path.name}: {short_reason(error)}"))
        else:
            done.written.append(path)
        report(number)
    return done
