"""The way from the main window into the review: its actions are there at once, its pane when it is first needed.

That is when a finished job is shown, when the server answers, or soon after the window has appeared, which it does
sooner without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoGroup

from ocrdesk.desktop.background.tasks import Tasks
from ocrdesk.desktop.review.actions import ReviewActions
from ocrdesk.desktop.review.saved_state import ReviewState
from ocrdesk.desktop.session.session import ConnectionState, Session, SessionState

if TYPE_CHECKING:
    from ocrdesk.desktop.review.review_pane import ReviewPane


class ReviewOpener(QObject):
    made = Signal(object)
    """The ReviewPane, once."""
    text_changed = Signal(int)
    all_text_changed = Signal()
    trouble = Signal(str)
    way_out = Signal(str, object)
    """These four are the pane's."""

    def __init__(self, session: Session, tasks: Tasks, memory: ReviewState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._tasks, self._memory = session, tasks, memory
        self._pane: ReviewPane | None = None
        self._undo_group = QUndoGroup(self)
        self.do = ReviewActions(self._undo_group, self)
        self.do.plain_text.setChecked(memory.text_only)
        self.do.plain_text.toggled.connect(memory.keep_text_only)
        self.do.enable(False)
        session.state_changed.connect(self._on_state)

    @property
    def is_made(self) -> bool:
        """Whether the pane is there already."""
        return self._pane is not None

    def open(self) -> ReviewPane:
        if self._pane is None:
            from ocrdesk.desktop.review.review_pane import ReviewPane

            self._pane = pane = ReviewPane(self._session, self._tasks, self._memory, self.do, self._undo_group)
            pane.text_changed.connect(self.text_changed)
            pane.all_text_changed.connect(self.all_text_changed)
            pane.trouble.connect(self.trouble)
            pane.way_out.connect(self.way_out)
            self.made.emit(pane)
        return self._pane

    def open_soon(self) -> None:
        """In two turns of the event loop, so that neither holds up what the user does meanwhile."""
        QTimer.singleShot(0, self, self._load)

    def _load(self) -> None:
        from ocrdesk.desktop.review import review_pane  # noqa: F401  # for the next turn

        QTimer.singleShot(0, self, self.open)

    def show_job(self, job_id: str, file_name: str) -> None:
        """Another finished job; an empty id for none."""
        if job_id or self._pane is not None:
            self.open().show_job(job_id, file_name)

    def close_review(self) -> None:
        """The window closes: nothing that was typed is lost."""
        if self._pane is not None:
            self._pane.close_review()

    def _on_state(self, state: SessionState) -> None:
        if state.connection is ConnectionState.READY:
            self.open()  # corrections that wait on this computer are sent
