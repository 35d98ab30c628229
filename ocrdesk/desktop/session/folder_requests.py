"""Remembers which folders are being collected, so that a killed window's successor collects them again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from ocrdesk.desktop.session.pending_files_saver import PendingFilesSaver


class FolderRequests(QObject):
    """A request has an id from its beginning until all its files are in the list.

    The keys of the files' uploads depend on this id and the path, so what is collected twice is uploaded once.
    """

    restored = Signal(str, object)
    """The id and the paths of a request that a killed window did not finish."""

    def __init__(self, saver: Callable[[], PendingFilesSaver], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._saver = saver
        self._open: dict[str, PendingFilesSaver] = {}
        self._restored: set[str] = set()

    def is_restored(self, request_id: str) -> bool:
        """Return whether an earlier window began it, and may have added some of its files."""
        return request_id in self._restored

    def begin(self, paths: Sequence[Path]) -> str:
        """Store a request, and return its id."""
        from uuid import uuid4  # imported for the first file, not for the window

        request_id = str(uuid4())
        self._open[request_id] = self._saver()
        self._open[request_id].note_collecting(request_id, tuple(map(str, paths)))
        return request_id

    def end(self, request_id: str) -> None:
        """Forget a request: its files are in the list."""
        if saver := self._open.pop(request_id, None):
            saver.note_collected(request_id)

    def take_over(self, saver: PendingFilesSaver, requests: Sequence[tuple[str, Sequence[str]]]) -> None:
        """Finish requests of earlier windows."""
        for request_id, paths in requests:
            self._open[request_id] = saver
            self._restored.add(request_id)
            self.restored.emit(request_id, tuple(map(Path, paths)))
