"""Unsaved changes on disk."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

_ENDING = ".json"


class Journal:
    """Holds one file per job. A file is replaced as a whole, so that a crash damages none. Methods raise OSError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, job_id: str, text: str) -> None:
        """Replace the job's file; an empty text deletes it."""
        path = self._path(job_id)
        if not text:
            path.unlink(missing_ok=True)
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}.part")
        try:
            with unfinished.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise

    def read(self) -> Iterator[tuple[str, str]]:
        """Return the id and the text of every job with a file."""
        if self._folder.is_dir():
            for file in sorted(self._folder.glob(f"*{_ENDING}")):
                try:
                    text = file.read_text(encoding="utf-8")
                except FileNotFoundError:  # another window has just sent it
                    continue
                yield file.name.removesuffix(_ENDING), text

    def _path(self, job_id: str) -> Path:
        if not job_id.isalnum():  # the id comes from a server and becomes a file name
            raise OSError(f"{job_id!r} is not a job id")
        return self._folder / f"{job_id}{_ENDING}"
