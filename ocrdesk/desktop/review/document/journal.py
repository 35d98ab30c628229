"""Keeps unsaved corrections on disk, a file a job, so that neither a crash nor a server that is away loses any."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

_ENDING = ".json"


class Journal:
    """Whole files only: each is written beside its place and then moved there. Raises OSError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, job_id: str, text: str) -> None:
        """Replaces what is kept of the job; nothing is kept for an empty text."""
        place = self._place(job_id)
        if not text:
            place.unlink(missing_ok=True)
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = place.with_suffix(f".{os.getpid()}.part")
        try:
            with unfinished.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(place)
        except OSError:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise

    def read(self) -> Iterator[tuple[str, str]]:
        """The id and the text of every job that something is kept of."""
        if self._folder.is_dir():
            for file in sorted(self._folder.glob(f"*{_ENDING}")):
                try:
                    text = file.read_text(encoding="utf-8")
                except FileNotFoundError:  # another window has just sent it
                    continue
                yield file.name.removesuffix(_ENDING), text

    def _place(self, job_id: str) -> Path:
        if not job_id.isalnum():  # it comes from a server and becomes a file's name
            raise OSError(f"{job_id!r} is no job's id")
        return self._folder / f"{job_id}{_ENDING}"
