"""Removes from the list and the library what the user wants to remove, and offers to undo it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from ocrdesk.desktop.background.chunked_work import ChunkedWork
from ocrdesk.desktop.jobs.row import JobRow
from ocrdesk.desktop.library.library import Library, Removal
from ocrdesk.desktop.session.session import Session
from ocrdesk.desktop.window.undo_offer import UndoOffer


class Removals(QObject):
    def __init__(self, session: Session, library: Library, offer: UndoOffer, chunked: ChunkedWork) -> None:
        super().__init__(offer)
        self._removal, self._library, self._offer, self._chunked = session.removal, library, offer, chunked
        session.server_changing.connect(self.finish)
        library.removed.connect(self._on_library_removed)

    def remove(self, rows: Sequence[JobRow]) -> None:
        """Remove the rows that are over from the list."""
        removal, chunked = self._removal, self._chunked
        removed = removal.remove([row.key for row in rows if row.state.is_over])
        if not removed:
            return
        by_key = {row.key: row for row in removed}
        self._offer.make(
            self.tr("{name} was removed from the list.").format(name=removed[0].file_name)
            if len(removed) == 1
            else self.tr("{count} entries were removed from the list.").format(count=len(removed)),
            lambda: removal.put_back(removed),
            lambda: chunked.act(lambda keys: removal.delete([by_key[key] for key in keys]), list(by_key)),
        )

    def finish(self) -> None:
        """Do now what can no longer be undone."""
        self._offer.finish()
        self._chunked.finish()

    def _on_library_removed(self, removal: Removal) -> None:
        count = len(removal.documents)
        self._offer.make(
            self.tr("1 document was deleted from the library.")
            if count == 1
            else self.tr("{count} documents were deleted from the library.").format(count=count),
            lambda: self._library.put_back(removal),
            lambda: self._library.delete(removal),
        )
