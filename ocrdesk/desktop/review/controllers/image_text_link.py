"""Links words in the text with boxes on the image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, QTimer
from PySide6.QtGui import QImage

from ocrdesk.desktop.review.controllers.page_navigation import PageNavigation
from ocrdesk.desktop.review.document.open_document import OpenDocument
from ocrdesk.desktop.review.document.page_images import ImageRequest, PageImages
from ocrdesk.desktop.review.document.word_position import WordPosition
from ocrdesk.desktop.review.widgets.arrangement import ReviewWidgets
from ocrdesk.desktop.review.widgets.page_view import rect_of

if TYPE_CHECKING:
    from ocrdesk.contract.document import Word

_WIDTHS_PX = (800, 1600, 3200)
"""Widths of the images that the server makes."""
_AFTER_ZOOM_MS = 120


class ImageTextLink(QObject):
    def __init__(
        self,
        document: OpenDocument,
        pages: PageNavigation,
        images: PageImages,
        widgets: ReviewWidgets,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._document, self._pages, self._images = document, pages, images
        self._widgets, self._view, self._text = widgets, widgets.view, widgets.text
        self._image_timer = QTimer(self, singleShot=True, interval=_AFTER_ZOOM_MS)
        self._image_timer.timeout.connect(self._want_image)
        pages.page_appeared.connect(self._want_image)
        pages.hit_wanted.connect(self._choose_all)
        pages.page_shown.connect(self._show_boxes)
        images.arrived.connect(self._on_image)
        images.failed.connect(self._on_image)
        self._view.zoomed.connect(self._on_zoom)
        self._view.area_chosen.connect(self._on_area)
        self._text.word_chosen.connect(lambda _: self._show_boxes(True))
        self._text.words_selected.connect(lambda: self._show_boxes(True))

    def go_to(self, position: WordPosition) -> None:
        """Make a word of this page the current one, in the text and on the image."""
        self._text.set_current(position)
        self._show_boxes(True)
        self._text.setFocus()

    def cut(self, words: Sequence[Word]) -> QImage | None:
        """Return the words' part of the page image, with a margin."""
        page = self._pages.shown
        image = self._images.image(self._pages.number or 0, _WIDTHS_PX[-1])
        if page is None or image is None or not page.width:
            return None
        area = QRect()
        for word in words:
            area = area.united(rect_of(word.box))
        margin = max(4, area.height() // 3)
        area.adjust(-margin * 2, -margin, margin * 2, margin)
        scale = image.width() / page.width
        part = QRect(
            round(area.left() * scale),
            round(area.top() * scale),
            round(area.width() * scale),
            round(area.height() * scale),
        )
        return image.copy(part.intersected(image.rect()))

    # ── the image ──────────────────────────────────────────────────────────────────────────────

    def _want_image(self) -> None:
        number = self._pages.number
        if number is not None and self._view.isVisible():
            wanted = self._view.wanted_width() or _WIDTHS_PX[0]
            width = next((step for step in _WIDTHS_PX if step >= wanted), _WIDTHS_PX[-1])
            self._images.want([ImageRequest(number, width)])
            self._on_image(number)

    def _on_image(self, number: int) -> None:
        if number == self._pages.number:
            image = self._images.image(number, self._view.wanted_width())
            failure = self._images.failure(number)
            self._view.set_image(image, "" if image is not None else failure or self.tr("Loading the page image…"))

    def _on_zoom(self) -> None:
        self._widgets.page_bar.show_zoom(self._view.percent())
        self._image_timer.start()

    # ── words and their boxes ────────────────────────────────────────────────────────────────────

    def _on_area(self, area: QRect) -> None:
        """Select the words inside a clicked or drawn area of the image."""
        found = self._within(area)
        self._text.choose(found)
        self._show_boxes(False)
        if found:
            self._text.setFocus()

    def _choose_all(self, boxes: Sequence[QRect]) -> None:
        self._text.choose([position for box in boxes for position in self._within(box)])

    def _within(self, area: QRect) -> list[WordPosition]:
        return [
            position
            for position in self._text.words()
            if (word := self._document.word(position)) is not None
            and rect_of(word.box).intersects(area.adjusted(0, 0, 1, 1))
        ]

    def _show_boxes(self, scrolls: bool) -> None:
        chosen = self._rects(self._text.selected_words())
        self._view.set_boxes(self._rects(self._text.doubtful()), chosen)
        if scrolls:
            self._view.reveal(chosen)

    def _rects(self, positions: Sequence[WordPosition]) -> list[QRect]:
        return [rect_of(word.box) for position in positions if (word := self._document.word(position)) is not None]
