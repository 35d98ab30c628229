"""Fetches results as another program takes them, as files and as one text; for a thread that may wait, no Qt."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ocrdesk.client import Client, ClientError
from ocrdesk.contract.jobs import ResultFormat
from ocrdesk.desktop.export.plan import Export, Wanted
from ocrdesk.desktop.export.writer import write_all
from ocrdesk.export.text import PAGE_BREAK


@dataclass(frozen=True, slots=True)
class FetchedResult:
    """Files that are there, and the text of them all; each may be missing where only the other was wanted."""

    paths: tuple[Path, ...]
    text: str


class HandoverError(Exception):
    """A result cannot be had; the message names its file and says why."""


def fetch(
    client: Client,
    export: Export | None,
    wanted: Sequence[Wanted],
    *,
    joins_lines: bool,
    stopped: threading.Event,
) -> FetchedResult:
    """All of it or nothing: the files that `export` describes, if any, and the text.

    What is fetched when `stopped` is set is incomplete, and nobody's. Raises HandoverError, OSError.
    """
    text = _text(client, wanted, joins_lines, stopped)
    if export is None:
        return FetchedResult((), text)
    exported = write_all(client, export, wanted, lambda _number: None, stopped)
    for file_name, reason in exported.failed:
        raise HandoverError(f"{file_name}: {reason}")
    return FetchedResult(tuple(exported.written), text)


def _text(client: Client, wanted: Sequence[Wanted], joins_lines: bool, stopped: threading.Event) -> str:
    """The results' texts with an empty line between pages, as the window copies them."""
    pages: list[str] = []
    for one in wanted:
        if stopped.is_set():
            break
        try:
            text = client.export(one.job_id, ResultFormat.TEXT, join_lines=joins_lines).decode()
        except ClientError as error:
            raise HandoverError(f"{one.file_name}: {error}") from error
        pages += (page for part in text.split(PAGE_BREAK) if (page := part.strip("\n")))
    return "\n\n".join(pages)
