"""Links the page's picture with its text: fetches it as sharp as needed, draws words' boxes, finds words by place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, QTimer
from PySide6.QtGui import QImage

from ocrdesk.desktop.review.controllers.page_navigation import PageNavigation
from ocrdesk.desktop.review.document.open_document import OpenDocument
from ocrdesk.desktop.review.document.page_images import PagePictures, Wanted
from ocrdesk.desktop.review.document.word_position import WordPosition
from ocrdesk.desktop.review.widgets.arrangement import ReviewParts

if TYPE_CHECKING:
    from ocrdesk.contract.document import Word

_WIDTHS_PX = (800, 1600, 3200)
"""Of the pictures that the server makes."""
_ZOOM_SETTLES_MS = 120


class ImageTextLink(QObject):
    def __init__(
        self,
        document: OpenDocument,
        pages: PageNavigation,
        pictures: PagePictures,
        parts: ReviewParts,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._document, self._pages, self._pictures = document, pages, pictures
        self._parts, self._view, self._text = parts, parts.view, parts.text
        self._sharpen = QTimer(self, singleShot=True, interval=_ZOOM_SETTLES_MS)
        self._sharpen.timeout.connect(self._want_picture)
        pages.appeared.connect(self._want_picture)
        pages.hit_wanted.connect(self._choose_all)
        pages.settled.connect(self._show_boxes)
        pictures.arrived.connect(self._on_picture)
        pictures.failed.connect(self._on_picture)
        self._view.zoomed.connect(self._on_zoom)
        self._view.area_chosen.connect(self._on_area)
        self._text.word_chosen.connect(lambda _: self._show_boxes(True))
        self._text.words_selected.connect(lambda: self._show_boxes(True))

    def go_to(self, place: WordPosition) -> None:
        """Makes a word of this page the current one, on both sides."""
        self._text.set_current(place)
        self._show_boxes(True)
        self._text.setFocus()

    def cut(self, words: Sequence[Word]) -> QImage | None:
        """The words' part of the page's picture, with a little around it."""
        page = self._pages.shown
        picture = self._pictures.picture(self._pages.number or 0, _WIDTHS_PX[-1])
        if page is None or picture is None or not page.width:
            return None
        area = QRect()
        for word in words:
            area = area.united(_rect(word))
        around = max(4, area.height() // 3)
        area.adjust(-around * 2, -around, around * 2, around)
        scale = picture.width() / page.width
        part = QRect(
            round(area.left() * scale),
            round(area.top() * scale),
            round(area.width() * scale),
            round(area.height() * scale),
        )
        return picture.copy(part.intersected(picture.rect()))

    # ── the picture ──────────────────────────────────────────────────────────────────────────────────

    def _want_picture(self) -> None:
        number = self._pages.number
        if number is not None and self._view.isVisible():
            wanted = self._view.wanted_width() or _WIDTHS_PX[0]
            width = next((step for step in _WIDTHS_PX if step >= wanted), _WIDTHS_PX[-1])
            self._pictures.want([Wanted(number, width)])
            self._on_picture(number)

    def _on_picture(self, number: int) -> None:
        if number == self._pages.number:
            picture = self._pictures.picture(number, self._view.wanted_width())
            failure = self._pictures.failure(number)
            self._view.set_picture(picture, "" if picture is not None else failure or self.tr("Drawing the page…"))

    def _on_zoom(self) -> None:
        self._parts.page_bar.show_zoom(self._view.percent())
        self._sharpen.start()

    # ── words and their boxes ────────────────────────────────────────────────────────────────────────

    def _on_area(self, area: QRect) -> None:
        """A click or a rectangle on the picture chooses the words there."""
        found = self._within(area)
        self._text.choose(found)
        self._show_boxes(False)
        if found:
            self._text.setFocus()

    def _choose_all(self, boxes: Sequence[QRect]) -> None:
        self._text.choose([place for box in boxes for place in self._within(box)])

    def _within(self, area: QRect) -> list[WordPosition]:
        return [
            place
            for place in self._text.words()
            if (word := self._document.word(place)) is not None and _rect(word).intersects(area.adjusted(0, 0, 1, 1))
        ]

    def _show_boxes(self, is_revealed: bool) -> None:
        chosen = self._rects(self._text.selected_words())
        self._view.set_boxes(self._rects(self._text.doubtful()), chosen)
        if is_revealed:
            self._view.reveal(chosen)

    def _rects(self, places: Sequence[WordPosition]) -> list[QRect]:
        return [_rect(word) for place in places if (word := self._document.word(place)) is not None]


def _rect(word: Word) -> QRect:
    return QRect(word.box.left, word.box.top, word.box.width, word.box.height)
