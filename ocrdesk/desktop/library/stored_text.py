"""A stored text with its hits marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QTextCursor
from PySide6.QtWidgets import QTextEdit, QWidget

from ocrdesk.desktop.text.text_view import TextView
from ocrdesk.desktop.ui import colours
from ocrdesk.desktop.ui.colours import Meaning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrdesk.desktop.library.query import Query
    from ocrdesk.desktop.library.records import StoredPage


class StoredText(TextView):
    """Shows a whole document, and scrolls to one of its pages."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Stored text"))
        self._page = 1
        self._query: Query | None = None
        self.settled.connect(self._mark)

    def show_document(self, pages: Sequence[StoredPage]) -> None:
        from ocrdesk.desktop.text.page_text import PageText

        self.start()
        self.setExtraSelections([])
        self.set_headings(len(pages) > 1)
        self.add_pages([PageText(page.number, page.text) for page in pages])

    def mark(self, page: int, query: Query | None) -> None:
        """Scroll to the page and mark the search words on it, as soon as the text is loaded."""
        self._page, self._query = page, query
        self._mark()

    def marked_words(self) -> list[str]:
        """Return the marked words in their order."""
        return [mark.cursor.selectedText() for mark in self.extraSelections()]

    def _mark(self) -> None:
        start = self._starts.get(self._page)
        if start is None:
            return
        marks = self._marks(start) if self._query is not None else []
        self.setExtraSelections(marks)
        at = QTextCursor(marks[0].cursor if marks else start)
        at.setPosition(at.selectionStart())
        self.setTextCursor(at)
        self.centerCursor()

    def _marks(self, start: QTextCursor) -> list[QTextEdit.ExtraSelection]:
        later = [cursor.position() for number, cursor in self._starts.items() if number > self._page]
        end = min(later, default=self.document().characterCount())
        found = []
        block = start.block()
        while self._query is not None and block.isValid() and block.position() < end:
            for first, last in self._query.spans(block.text()) if block.userState() <= 0 else ():
                found.append(self._selection(block.position() + first, block.position() + last))
            block = block.next()
        return found

    def _selection(self, first: int, last: int) -> QTextEdit.ExtraSelection:
        mark = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document())
        cursor.setPosition(first)
        cursor.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
        mark.cursor = cursor
        mark.format.setBackground(self._mark_colour())
        return mark

    def _mark_colour(self) -> QColor:
        palette = self.palette()
        return colours.tint(palette, colours.meaning(palette, Meaning.WAIT), 0.35)
