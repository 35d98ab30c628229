"""The review's widgets and their layout."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from ocrdesk.desktop.review.actions import ReviewActions
from ocrdesk.desktop.review.document.finder import Finder
from ocrdesk.desktop.review.document.page_images import PageImages
from ocrdesk.desktop.review.saved_state import ReviewState
from ocrdesk.desktop.review.widgets.conflict_notice import ConflictNotice
from ocrdesk.desktop.review.widgets.find_bar import FindBar
from ocrdesk.desktop.review.widgets.page_text_view import PageTextView
from ocrdesk.desktop.review.widgets.page_view import PageView
from ocrdesk.desktop.review.widgets.thumbnails import ThumbnailStrip
from ocrdesk.desktop.review.widgets.tool_bars import PageBar, WordsBar
from ocrdesk.desktop.review.widgets.word_editor import WordEditor
from ocrdesk.desktop.ui.object_names import name_objects

_NARROW_PX = 640
"""In a narrower pane the text is below the image."""


class ReviewWidgets(QWidget):
    """Creates the widgets in tab order. Controllers connect them."""

    def __init__(
        self,
        actions: ReviewActions,
        finder: Finder,
        thumbnails: PageImages,
        saved_state: ReviewState,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Image and text"))
        self._saved_state = saved_state
        self.notice = ConflictNotice()
        self.strip = ThumbnailStrip(thumbnails)
        self.page_bar, self.view = PageBar(actions), PageView()
        self.words_bar, self.find_bar, self.text = WordsBar(actions), FindBar(finder, actions), PageTextView()
        self.editor = WordEditor(self.text.viewport())
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        name_objects(
            conflict_notice=self.notice,
            page_thumbnails=self.strip,
            page_bar=self.page_bar,
            page_image=self.view,
            words_bar=self.words_bar,
            find_bar=self.find_bar,
            page_text=self.text,
            word_editor=self.editor,
            review_splitter=self._splitter,
        )
        self._splitter.setAccessibleName(self.tr("Image and text"))
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(_column(self.tr("Page image"), self.page_bar, self.view))
        self._splitter.addWidget(_column(self.tr("Words of the page"), self.words_bar, self.find_bar, self.text))
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setStretchFactor(1, 1)
        if not saved_state.restore(self._splitter):
            self._splitter.setSizes([500, 500])
        below = QHBoxLayout()
        below.setSpacing(0)
        below.addWidget(self.strip)
        below.addWidget(self._splitter, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.notice)
        layout.addLayout(below, 1)
        self.strip.setVisible(saved_state.thumbnails)

    def arrange(self, width: int) -> None:
        """Arrange the widgets for a pane of this width."""
        is_narrow = width < _NARROW_PX
        self._splitter.setOrientation(Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal)

    def show_thumbnails(self, is_shown: bool) -> None:
        self._saved_state.save_thumbnails(is_shown)
        self.strip.setVisible(is_shown)

    def save_arrangement(self) -> None:
        """Remember how the user has arranged the widgets."""
        self._saved_state.save(self._splitter)


def _column(name: str, *widgets: QWidget) -> QWidget:
    column = QWidget()
    column.setAccessibleName(name)
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for part in widgets:
        layout.addWidget(part, 1 if part is widgets[-1] else 0)
    return column
