"""Shows whether corrections are saved; handles conflicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ocrdesk.desktop.review.document.corrections import Corrections
from ocrdesk.desktop.review.document.open_document import OpenDocument
from ocrdesk.desktop.review.widgets.arrangement import ReviewWidgets

if TYPE_CHECKING:
    from ocrdesk.desktop.review.document.send_corrections import SendResult


class SaveStatus(QObject):
    pages_elsewhere_saved = Signal()
    """The server has other text now for pages that are not loaded here."""

    def __init__(
        self, corrections: Corrections, document: OpenDocument, widgets: ReviewWidgets, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._corrections, self._document = corrections, document
        self._bar, self._notice = widgets.words_bar, widgets.notice
        corrections.state_changed.connect(self._on_state)
        corrections.saved.connect(self._on_saved)
        self._notice.mine_wanted.connect(lambda: corrections.keep_mine(document.job_id))
        self._notice.theirs_wanted.connect(self._take_theirs)

    def show(self) -> None:
        job_id = self._document.job_id
        stack = self._document.undo_group.activeStack()
        was_changed = stack is not None and stack.count() > 0
        self._bar.show_saving(self._corrections.state(job_id), was_changed=was_changed)
        conflicts = self._corrections.conflicts(job_id)
        self._notice.show_lines(sorted({change.position.page for change in conflicts}), len(conflicts))

    def _on_state(self, job_id: str) -> None:
        if job_id == self._document.job_id:
            self.show()

    def _on_saved(self, job_id: str, result: SendResult) -> None:
        if job_id == self._document.job_id and any(
            not self._document.has_page(change.position.page) for change in result.saved
        ):
            self.pages_elsewhere_saved.emit()

    def _take_theirs(self) -> None:
        self._corrections.take_theirs(self._document.job_id)
        self._document.reload()
