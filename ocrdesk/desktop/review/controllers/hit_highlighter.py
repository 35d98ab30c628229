"""Highlights search hits."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ocrdesk.contract.word_spacing import word_starts
from ocrdesk.desktop.review.controllers.page_navigation import PageNavigation
from ocrdesk.desktop.review.document.finder import Finder
from ocrdesk.desktop.review.document.open_document import OpenDocument
from ocrdesk.desktop.review.document.word_position import WordPosition
from ocrdesk.desktop.review.widgets.arrangement import ReviewWidgets

if TYPE_CHECKING:
    from ocrdesk.contract.document import Page
    from ocrdesk.desktop.review.document.text_search import Hit


class HitHighlighter(QObject):
    message = Signal(str)
    """A sentence for the user."""

    def __init__(
        self, finder: Finder, document: OpenDocument, pages: PageNavigation, widgets: ReviewWidgets, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._finder, self._document, self._pages = finder, document, pages
        self._text, self._bar = widgets.text, widgets.find_bar
        finder.hits_changed.connect(self._show)
        finder.hit_reached.connect(self._on_hit)
        finder.message.connect(self.message)
        finder.replaced.connect(self._on_replaced)
        pages.text_replaced.connect(self._show)
        self._bar.closed.connect(self._text.setFocus)

    def open(self, *, with_replace: bool) -> None:
        """Open the find bar with the selected text."""
        self._bar.open(self._text.selected_text(), with_replace=with_replace)

    def step(self, step: int) -> None:
        """Go to the next (1) or previous (-1) hit from the cursor. Open the bar if there is no search."""
        if not self._finder.has_query:
            self.open(with_replace=False)
            return
        if self._finder.position == 0 and step > 0:
            self._finder.continue_from(self._text.current(), self._pages.shown)
        self._finder.step(step)

    def _on_hit(self, hit: Hit) -> None:
        self._pages.go_to(hit.page, lambda: self._word_of(hit))

    def _word_of(self, hit: Hit) -> WordPosition | None:
        from ocrdesk.desktop.review.document.text_search import line_position_of

        page = self._pages.shown
        first = hit.stretches[0]
        line = line_position_of(page, first) if page is not None else None
        if line is None:
            return None
        starts = word_starts(self._document.words(line))
        number = bisect_right(starts, first.start) - 1
        return WordPosition(*line, number) if number >= 0 else None

    def _show(self) -> None:
        page, hits = self._pages.shown, self._finder.hits_on(self._pages.number or 0)
        self._text.set_hits(_marks(page, hits) if page is not None and hits else [])

    def _on_replaced(self, count: int) -> None:
        self.message.emit(
            self.tr("Replaced in 1 line.") if count == 1 else self.tr("Replaced in {count} lines.").format(count=count)
        )


def _marks(page: Page, hits: Sequence[Hit]) -> list[tuple[tuple[int, int], int, int]]:
    """Return block and line of each part of a hit, and its first character and end in the line."""
    from ocrdesk.desktop.review.document.text_search import (
        line_position_of,  # loads the client, which is not needed without hits
    )

    return [
        ((line.block, line.line), stretch.start, stretch.end)
        for hit in hits
        for stretch in hit.stretches
        if (line := line_position_of(page, stretch)) is not None
    ]
