"""Which page of the document is shown: turns to it, and once its words are there, goes to a word or a place on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, QSize, Signal

from ocrdesk.desktop.i18n.error_messages import translate_message
from ocrdesk.desktop.review.actions import ReviewActions
from ocrdesk.desktop.review.document.open_document import OpenDocument
from ocrdesk.desktop.review.document.word_position import WordPosition
from ocrdesk.desktop.review.widgets.arrangement import ReviewParts

if TYPE_CHECKING:
    from ocrdesk.contract.document import Page
    from ocrdesk.desktop.review.document.line_change import LinePlace

Goal = Callable[[], WordPosition | None]


class PageNavigation(QObject):
    leaving = Signal()
    """Another page, or another document, comes."""
    appeared = Signal()
    """The page is there, of which only the number was known."""
    rewritten = Signal()
    """The text view has other words: those of another page, or others of the same one."""
    hit_wanted = Signal(object)
    """Boxes on the page whose words are to be chosen, as a list of QRect."""
    settled = Signal(bool)
    """All is shown as it is now; whether what is chosen is to be brought into view."""

    def __init__(self, document: OpenDocument, parts: ReviewParts, do: ReviewActions, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._parts, self._do = document, parts, do
        self._number: int | None = None
        self._shown: Page | None = None
        self._goal: Goal | None = None
        self._hit: tuple[int, Sequence[QRect]] | None = None
        """A page to go to once it is there, and what to choose on it."""
        document.opened.connect(self._on_opened)
        document.page_ready.connect(self._on_page)
        document.page_changed.connect(self._on_page)
        document.page_failed.connect(self._on_page_failed)
        document.touched.connect(self._on_touched)
        parts.page_bar.page_wanted.connect(self.go_to)
        parts.strip.page_chosen.connect(self.go_to)
        parts.view.turned.connect(self.turn)

    @property
    def number(self) -> int | None:
        """The shown page's; its words may still be on their way."""
        return self._number

    @property
    def shown(self) -> Page | None:
        """The page as it is shown; None while its words are on their way."""
        return self._shown

    def start(self, *, is_loading: bool) -> None:
        """Shows no page, as before a document's first one."""
        self.leaving.emit()
        self._number, self._goal, self._hit, self._shown = None, None, None, None
        self._parts.text.show_page(None, self.tr("Loading…") if is_loading else "")
        self._parts.view.show_page(QSize(), 0)

    def show_hit(self, number: int, boxes: Sequence[QRect]) -> None:
        """Goes to a page of the document that is shown, or just coming, and chooses its words in these boxes."""
        self._hit = number, boxes
        if number in self._document.numbers:
            self.go_to(number)

    def go_to(self, number: int, goal: Goal | None = None) -> None:
        """Shows a page, and then the word that `goal` names once the page is there."""
        numbers, parts = self._document.numbers, self._parts
        if number not in numbers:
            return
        if number != self._number:
            self.leaving.emit()
            self._number, self._shown = number, None
            parts.text.show_page(None, self.tr("Loading…"))
            parts.text.verticalScrollBar().setValue(0)
            parts.view.show_page(QSize(), 0)
            parts.page_bar.show_pages(numbers, number)
            parts.strip.set_current(number)
            self._do.page_up.setEnabled(number != numbers[0])
            self._do.page_down.setEnabled(number != numbers[-1])
        self._goal = goal
        self._show()

    def turn(self, step: int) -> None:
        """To the next (1) or previous (-1) page."""
        numbers = self._document.numbers
        if self._number in numbers:
            index = numbers.index(self._number) + step
            if 0 <= index < len(numbers):
                self.go_to(numbers[index])

    def _show(self) -> None:
        page = self._document.page(self._number) if self._number is not None else None
        if page is None:
            return
        if self._shown is None:
            self._parts.view.show_page(QSize(page.width, page.height), page.dpi)
            self.appeared.emit()
        if page is not self._shown:
            self._shown = page
            self._parts.text.show_page(page, self._said_of(page))
            self.rewritten.emit()
        goal, self._goal = self._goal, None
        if goal is not None:
            self._parts.text.set_current(goal())
        hit, self._hit = self._hit, None
        if hit is not None and hit[0] == page.number:
            self.hit_wanted.emit(hit[1])
        self.settled.emit(goal is not None or hit is not None)

    def _said_of(self, page: Page) -> str:
        if page.error is not None:
            return self.tr("This page could not be read: {reason}").format(
                reason=translate_message(page.error.error_message)
            )
        return self.tr("No text on this page.")

    def _on_opened(self) -> None:
        numbers = self._document.numbers
        self._parts.strip.show_pages(numbers)
        self._parts.page_bar.show_pages(numbers, self._number)
        if self._hit is not None and self._hit[0] in numbers:
            self.go_to(self._hit[0])
        elif numbers and self._number not in numbers:
            self.go_to(numbers[0])

    def _on_page(self, number: int) -> None:
        if number == self._number:
            self._show()

    def _on_page_failed(self, number: int, reason: str) -> None:
        if number in (0, self._number):
            self._parts.text.show_page(None, reason)

    def _on_touched(self, place: LinePlace) -> None:
        """An undone correction is shown where it is."""
        self.go_to(place.page, lambda: WordPosition(*place, 0))
