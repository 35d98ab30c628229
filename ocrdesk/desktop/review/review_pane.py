"""Connects the review's parts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, QRect, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent, QUndoGroup
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ocrdesk.desktop.background.tasks import Lane, Tasks
from ocrdesk.desktop.review.actions import ReviewActions
from ocrdesk.desktop.review.controllers.hit_highlighter import HitHighlighter
from ocrdesk.desktop.review.controllers.image_text_link import ImageTextLink
from ocrdesk.desktop.review.controllers.orphaned_corrections import OrphanedCorrections
from ocrdesk.desktop.review.controllers.page_navigation import PageNavigation
from ocrdesk.desktop.review.controllers.save_status import SaveStatus
from ocrdesk.desktop.review.controllers.word_correction import WordCorrection
from ocrdesk.desktop.review.document.corrections import Corrections
from ocrdesk.desktop.review.document.finder import Finder
from ocrdesk.desktop.review.document.open_document import OpenDocument
from ocrdesk.desktop.review.document.page_images import PageImages
from ocrdesk.desktop.review.saved_state import ReviewState
from ocrdesk.desktop.review.widgets.arrangement import ReviewWidgets
from ocrdesk.desktop.review.widgets.page_view import Fit
from ocrdesk.desktop.session.session import Session
from ocrdesk.desktop.ui.object_names import name_objects
from ocrdesk.desktop.ui.palette_watcher import PaletteWatcher

_IMAGE_BYTES, _THUMBNAIL_BYTES = 160_000_000, 40_000_000


class ReviewPane(QWidget):
    """A page beside its text, with corrections. `show_job` opens a finished job."""

    text_changed = Signal(int)
    """The number of a page whose text was corrected here: see `page_text`."""
    all_text_changed = Signal()
    """The server has other text for pages that are not loaded here."""
    message = Signal(str)
    action_offered = Signal(str, object)
    """A button's label, and what to call when it is pressed: shown beside the last message."""

    def __init__(
        self,
        session: Session,
        tasks: Tasks,
        saved_state: ReviewState,
        actions: ReviewActions,
        undo_group: QUndoGroup,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Review"))
        self.corrections = Corrections(session, tasks, self)
        self.document = OpenDocument(session, tasks, self.corrections, undo_group, self)
        self.finder = Finder(session, tasks, self.document, self)
        self.review_actions = actions
        self.images = PageImages(session, tasks, _IMAGE_BYTES, self)
        self.thumbnails = PageImages(session, tasks, _THUMBNAIL_BYTES, self, Lane.THUMBNAILS)
        self.widgets = ReviewWidgets(self.review_actions, self.finder, self.thumbnails, saved_state)
        self.pages = PageNavigation(self.document, self.widgets, self.review_actions, self)
        self.link = ImageTextLink(self.document, self.pages, self.images, self.widgets, self)
        self.words = WordCorrection(self.document, self.pages, self.link, self.widgets, self)
        self.hits = HitHighlighter(self.finder, self.document, self.pages, self.widgets, self)
        self.saving = SaveStatus(self.corrections, self.document, self.widgets, self)
        self.orphaned = OrphanedCorrections(self.corrections, self.review_actions.orphaned_corrections, tasks, self)
        name_objects(review=self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.widgets)
        self.review_actions.thumbnails.setChecked(saved_state.thumbnails)
        PaletteWatcher(self, lambda: self.review_actions.update_icons(self.palette()))
        self._connect()

    def show_job(self, job_id: str, file_name: str) -> None:
        """Open another finished job; an empty id for none."""
        if job_id == self.document.job_id:
            return
        self.pages.start(is_loading=bool(job_id))
        self.images.show(job_id)
        self.thumbnails.show(job_id)
        self.document.show(job_id, file_name)
        self.review_actions.enable(bool(job_id))
        self.saving.show()

    def show_hit(self, number: int, boxes: Sequence[QRect]) -> None:
        """Go to a page of the job that is open or being opened, and select its words in these boxes."""
        self.pages.show_hit(number, boxes)

    def close_review(self) -> None:
        """Save what was typed, before the window closes."""
        self.widgets.editor.commit()
        self.widgets.save_arrangement()
        self.corrections.close()

    def page_text(self, number: int) -> str | None:
        """Return a page's corrected text, or None if the page is not loaded."""
        from ocrdesk.export.text import page_text

        page = self.document.page(number)
        return page_text(page) if page is not None else None

    def selected_text(self) -> str:
        return self.widgets.text.selected_text()

    def _connect(self) -> None:
        actions, pages, view, document = self.review_actions, self.pages, self.widgets.view, self.document
        actions.connect_to(
            {
                actions.next: lambda: self.words.go_to_word_to_check(1),
                actions.previous: lambda: self.words.go_to_word_to_check(-1),
                actions.accept: self.words.accept,
                actions.edit: lambda: self.words.edit(None),
                actions.find: lambda: self.hits.open(with_replace=False),
                actions.replace: lambda: self.hits.open(with_replace=True),
                actions.find_next: lambda: self.hits.step(1),
                actions.find_previous: lambda: self.hits.step(-1),
                actions.copy_page: self._copy_page,
                actions.page_up: lambda: pages.turn(-1),
                actions.page_down: lambda: pages.turn(1),
                actions.go_to_page: self.widgets.page_bar.ask_number,
                actions.zoom_in: lambda: view.zoom_by(1),
                actions.zoom_out: lambda: view.zoom_by(-1),
                actions.fit_width: lambda: view.set_fit(Fit.WIDTH),
                actions.fit_page: lambda: view.set_fit(Fit.PAGE),
                actions.actual_size: view.zoom_to_actual_size,
            }
        )
        actions.thumbnails.toggled.connect(self.widgets.show_thumbnails)
        document.counts_changed.connect(lambda: self.widgets.words_bar.show_count(document.to_check))
        document.page_changed.connect(self.text_changed)
        document.changed_elsewhere.connect(self.all_text_changed)
        self.saving.pages_elsewhere_saved.connect(self.all_text_changed)
        self.hits.message.connect(self.message)
        self.corrections.message.connect(self.message)
        self.orphaned.message.connect(self.message)
        self.orphaned.offered.connect(self.action_offered)

    def _copy_page(self) -> None:
        """Copy the page's text, and its headings, lists and tables for programs that paste formatted text."""
        from ocrdesk.export.html import fragment
        from ocrdesk.export.text import page_text

        page = self.document.page(self.pages.number) if self.pages.number is not None else None
        if page is None or not (text := page_text(page).strip("\n")):
            return
        copied = QMimeData()
        copied.setText(text)
        copied.setHtml(fragment(page))
        QGuiApplication.clipboard().setMimeData(copied)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.widgets.arrange(self.width())
