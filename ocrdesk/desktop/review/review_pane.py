"""A finished job under review: puts the parts of the review together, and connects them with their actions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent, QUndoGroup
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ocrdesk.desktop.background.tasks import Tasks
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
from ocrdesk.desktop.review.document.page_images import PagePictures
from ocrdesk.desktop.review.saved_state import ReviewState
from ocrdesk.desktop.review.widgets.arrangement import ReviewParts
from ocrdesk.desktop.review.widgets.page_view import Fit
from ocrdesk.desktop.session.session import Session
from ocrdesk.desktop.ui.object_names import name_objects
from ocrdesk.desktop.ui.palette_watcher import PaletteWatcher

_PICTURE_BYTES, _THUMBNAIL_BYTES = 160_000_000, 40_000_000


class ReviewPane(QWidget):
    """Told of a job by `show_job`; does everything else by itself, through the document and the corrections."""

    text_changed = Signal(int)
    """A page's text was corrected here: see `page_text`."""
    all_text_changed = Signal()
    """Texts of pages that are not here are other ones on the server."""
    trouble = Signal(str)
    way_out = Signal(str, object)
    """A button's words, and what to call when it is pressed: beside the last trouble."""

    def __init__(
        self,
        session: Session,
        tasks: Tasks,
        memory: ReviewState,
        actions: ReviewActions,
        undo_group: QUndoGroup,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Review"))
        self.corrections = Corrections(session, tasks, self)
        self.document = OpenDocument(session, tasks, self.corrections, undo_group, self)
        self.finder = Finder(session, tasks, self.document, self)
        self.do = actions
        self.pictures = PagePictures(session, tasks, _PICTURE_BYTES, self)
        self.thumbnails = PagePictures(session, tasks, _THUMBNAIL_BYTES, self)
        self.parts = ReviewParts(self.do, self.finder, self.thumbnails, memory)
        self.pages = PageNavigation(self.document, self.parts, self.do, self)
        self.picture = ImageTextLink(self.document, self.pages, self.pictures, self.parts, self)
        self.words = WordCorrection(self.document, self.pages, self.picture, self.parts, self)
        self.hits = HitHighlighter(self.finder, self.document, self.pages, self.parts, self)
        self.saving = SaveStatus(self.corrections, self.document, self.parts, self)
        self.lost = OrphanedCorrections(self.corrections, self.do.lost, tasks, self)
        name_objects(review=self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.parts)
        self.do.thumbnails.setChecked(memory.thumbnails)
        PaletteWatcher(self, lambda: self.do.dress(self.palette()))
        self._connect()

    def show_job(self, job_id: str, file_name: str) -> None:
        """Another finished job; an empty id for none."""
        if job_id == self.document.job_id:
            return
        self.pages.start(is_loading=bool(job_id))
        self.pictures.show(job_id)
        self.thumbnails.show(job_id)
        self.document.show(job_id, file_name)
        self.do.enable(bool(job_id))
        self.saving.show()

    def show_hit(self, number: int, boxes: Sequence[QRect]) -> None:
        """Goes to a page of the job that is shown, or just coming, and chooses its words in these boxes."""
        self.pages.show_hit(number, boxes)

    def close_review(self) -> None:
        """The window closes: nothing that was typed is lost."""
        self.parts.editor.take()
        self.parts.remember()
        self.corrections.close()

    def page_text(self, number: int) -> str | None:
        """A page's text as corrected; None where the page is not here."""
        from ocrdesk.export.text import page_text

        page = self.document.page(number)
        return page_text(page) if page is not None else None

    def selected_text(self) -> str:
        return self.parts.text.selected_text()

    def _connect(self) -> None:
        do, pages, view, document = self.do, self.pages, self.parts.view, self.document
        do.connect_to(
            {
                do.next: lambda: self.words.walk(1),
                do.previous: lambda: self.words.walk(-1),
                do.accept: self.words.accept,
                do.edit: lambda: self.words.edit(None),
                do.find: lambda: self.hits.open(with_replace=False),
                do.replace: lambda: self.hits.open(with_replace=True),
                do.find_next: lambda: self.hits.step(1),
                do.find_previous: lambda: self.hits.step(-1),
                do.copy_page: self._copy_page,
                do.page_up: lambda: pages.turn(-1),
                do.page_down: lambda: pages.turn(1),
                do.go_to_page: self.parts.page_bar.ask_number,
                do.zoom_in: lambda: view.zoom_by(1),
                do.zoom_out: lambda: view.zoom_by(-1),
                do.fit_width: lambda: view.set_fit(Fit.WIDTH),
                do.fit_page: lambda: view.set_fit(Fit.PAGE),
                do.actual_size: view.zoom_to_actual_size,
            }
        )
        do.thumbnails.toggled.connect(self.parts.show_strip)
        document.counts_changed.connect(lambda: self.parts.words_bar.show_count(document.to_check))
        document.page_changed.connect(self.text_changed)
        document.changed_elsewhere.connect(self.all_text_changed)
        self.saving.pages_elsewhere_saved.connect(self.all_text_changed)
        self.hits.said.connect(self.trouble)
        self.corrections.trouble.connect(self.trouble)
        self.lost.said.connect(self.trouble)
        self.lost.offered.connect(self.way_out)

    def _copy_page(self) -> None:
        text = self.page_text(self.pages.number) if self.pages.number is not None else None
        if text:
            QGuiApplication.clipboard().setText(text.strip("\n"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.parts.arrange(self.width())
