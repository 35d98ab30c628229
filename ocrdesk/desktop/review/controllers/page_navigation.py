"""Turns pages and goes to words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, QSize, Signal

from ocrdesk.desktop.i18n.error_messages import translate_message
from ocrdesk.desktop.review.actions import ReviewActions
from ocrdesk.desktop.review.document.open_document import OpenDocument
from ocrdesk.desktop.review.document.word_position import WordPosition
from ocrdesk.desktop.review.widgets.arrangement import ReviewWidgets
from ocrdesk.desktop.review.widgets.page_view import rect_of

if TYPE_CHECKING:
    from ocrdesk.contract.document import Page
    from ocrdesk.desktop.review.document.line_change import LinePosition

Goal = Callable[[], WordPosition | None]


class PageNavigation(QObject):
    leaving = Signal()
    """Emitted before another page, or another document, is shown."""
    page_appeared = Signal()
    """The page has been loaded."""
    text_replaced = Signal()
    """The text view shows another page, or other words of the same page."""
    hit_wanted = Signal(object)
    """Boxes on the page whose words are to be selected, as a list of QRect."""
    page_shown = Signal(bool)
    """Everything is up to date. The bool says whether to scroll to the selected words."""

    def __init__(self, document: OpenDocument, widgets: ReviewWidgets, actions: ReviewActions, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._widgets, self._actions = document, widgets, actions
        self._number: int | None = None
        self._shown: Page | None = None
        self._goal: Goal | None = None
        self._hit: tuple[int, Sequence[QRect]] | None = None
        """A page to go to when its document is open, and the boxes to select on it."""
        document.opened.connect(self._on_opened)
        document.page_ready.connect(self._on_page)
        document.page_changed.connect(self._on_page)
        document.page_failed.connect(self._on_page_failed)
        document.undo_applied.connect(self._on_undo_applied)
        widgets.page_bar.page_wanted.connect(self.go_to)
        widgets.strip.page_chosen.connect(self.go_to)
        widgets.view.page_step_wanted.connect(self.turn)

    @property
    def number(self) -> int | None:
        """The number of the shown page, whose words may still be loading."""
        return self._number

    @property
    def shown(self) -> Page | None:
        """The shown page; None while its words are loading."""
        return self._shown

    def start(self, *, is_loading: bool) -> None:
        """Show no page, until a document opens."""
        self.leaving.emit()
        self._number, self._goal, self._hit, self._shown = None, None, None, None
        self._widgets.text.show_page(None, self.tr("Loading…") if is_loading else "")
        self._widgets.view.show_page(QSize(), 0)

    def show_hit(self, number: int, boxes: Sequence[QRect]) -> None:
        """Go to a page of the document that is open or being opened, and select its words in these boxes."""
        self._hit = number, boxes
        if number in self._document.numbers:
            self.go_to(number)

    def go_to(self, number: int, goal: Goal | None = None) -> None:
        """Show a page, and when it is loaded go to the word that `goal` returns."""
        numbers, widgets = self._document.numbers, self._widgets
        if number not in numbers:
            return
        if number != self._number:
            self.leaving.emit()
            self._number, self._shown = number, None
            widgets.text.show_page(None, self.tr("Loading…"))
            widgets.text.verticalScrollBar().setValue(0)
            widgets.view.show_page(QSize(), 0)
            widgets.page_bar.show_pages(numbers, number)
            widgets.page_bar.show_unread(0)
            widgets.strip.set_current(number)
            self._actions.page_up.setEnabled(number != numbers[0])
            self._actions.page_down.setEnabled(number != numbers[-1])
        self._goal = goal
        self._show()

    def turn(self, step: int) -> None:
        """Go to the next (1) or previous (-1) page."""
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
            self._widgets.view.show_page(QSize(page.width, page.height), page.dpi)
            self._widgets.view.set_unread([rect_of(box) for box in page.unread])
            self._widgets.page_bar.show_unread(len(page.unread))
            self.page_appeared.emit()
        if page is not self._shown:
            self._shown = page
            self._widgets.text.show_page(page, self._empty_text(page))
            self.text_replaced.emit()
        goal, self._goal = self._goal, None
        if goal is not None:
            self._widgets.text.set_current(goal())
        hit, self._hit = self._hit, None
        if hit is not None and hit[0] == page.number:
            self.hit_wanted.emit(hit[1])
        self.page_shown.emit(goal is not None or hit is not None)

    def _empty_text(self, page: Page) -> str:
        if page.error is not None:
            return self.tr("This page could not be read: {reason}").format(
                reason=translate_message(page.error.error_message)
            )
        if page.unread:
            return self.tr("No word was read on this page, although parts of it look like text.")
        return self.tr("No text on this page.")

    def _on_opened(self) -> None:
        numbers = self._document.numbers
        self._widgets.strip.show_pages(numbers)
        self._widgets.page_bar.show_pages(numbers, self._number)
        if self._hit is not None and self._hit[0] in numbers:
            self.go_to(self._hit[0])
        elif numbers and self._number not in numbers:
            self.go_to(numbers[0])

    def _on_page(self, number: int) -> None:
        if number == self._number:
            self._show()

    def _on_page_failed(self, number: int, reason: str) -> None:
        if number in (0, self._number):
            self._widgets.text.show_page(None, reason)

    def _on_undo_applied(self, position: LinePosition) -> None:
        """Go to the correction that was undone or redone."""
        self.go_to(position.page, lambda: WordPosition(*position, 0))
