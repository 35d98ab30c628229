"""Fetches their files and text; no Qt."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ocrdesk.client import Client, ClientError
from ocrdesk.contract.jobs import ResultFormat
from ocrdesk.desktop.export.plan import Export, ExportJob
from ocrdesk.desktop.export.writer import write_all
from ocrdesk.export.text import PAGE_BREAK


@dataclass(frozen=True, slots=True)
class FetchedResult:
    """The exported files, if files were requested, and the text of all jobs."""

    paths: tuple[Path, ...]
    text: str


class ResultUnavailableError(Exception):
    """A result cannot be fetched. The message names its file and says why."""


def fetch(
    client: Client,
    export: Export | None,
    jobs: Sequence[ExportJob],
    *,
    joins_lines: bool,
    stopped: threading.Event,
) -> FetchedResult:
    """Fetch the files that `export` describes, if any, and the text.

    When `stopped` is set, the result is incomplete and must be dropped. Raises ResultUnavailableError, OSError.
    """
    text = _text(client, jobs, joins_lines, stopped)
    if export is None:
        return FetchedResult((), text)
    exported = write_all(client, export, jobs, lambda _number: None, stopped)
    for file_name, reason in exported.failed:
        raise ResultUnavailableError(f"{file_name}: {reason}")
    return FetchedResult(tuple(exported.written), text)


def _text(client: Client, jobs: Sequence[ExportJob], joins_lines: bool, stopped: threading.Event) -> str:
    """Return the texts with an empty line between pages, as the window copies them."""
    pages: list[str] = []
    for job in jobs:
        if stopped.is_set():
            break
        try:
            text = client.export(job.job_id, ResultFormat.TEXT, join_lines=joins_lines).decode()
        except ClientError as error:
            raise ResultUnavailableError(f"{job.file_name}: {error}") from error
        pages += (page for part in text.split(PAGE_BREAK) if (page := part.strip("\n")))
    return "\n\n".join(pages)
