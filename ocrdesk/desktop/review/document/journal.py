"""Unsaved changes on disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ocrdesk.local.paths import create_private
from ocrdesk.local.private_files import read_private, remove_private, set_aside, write_private

_ENDING = ".json"


class Journal:
    """Holds one file per job. A file is replaced as a whole, so that a crash damages none. Methods raise OSError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.damaged: list[Path] = []
        """Files that could not be read, where they are now."""

    def write(self, job_id: str, text: str) -> None:
        """Replace the job's file; an empty text deletes it."""
        path = self._path(job_id)
        if not text:
            remove_private(path)
            return
        create_private(self._folder)
        write_private(path, text)

    def read(self) -> Iterator[tuple[str, str]]:
        """Return the id and the text of every job with a file."""
        if self._folder.is_dir():
            for file in sorted(self._folder.glob(f"*{_ENDING}")):
                try:
                    text = read_private(file)
                except FileNotFoundError:  # another window has just sent it
                    continue
                except OSError:
                    self.damaged.append(set_aside(file))
                    continue
                yield file.name.removesuffix(_ENDING), text

    def set_aside(self, job_id: str) -> None:
        """Move the file of a job aside, because its text is not valid."""
        self.damaged.append(set_aside(self._path(job_id)))

    def _path(self, job_id: str) -> Path:
        if not job_id.isalnum():  # the id comes from a server and becomes a file name
            raise OSError(f"{job_id!r} is not a job id")
        return self._folder / f"{job_id}{_ENDING}"
