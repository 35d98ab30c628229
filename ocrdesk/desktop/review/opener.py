"""Opens and closes the review.

Its actions exist from the start. Its pane is created when a finished job is shown, when the server answers, or soon
after the window has appeared, so that the window appears faster.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoGroup, QUndoStack

from ocrdesk.desktop.background.tasks import Tasks
from ocrdesk.desktop.review.actions import ReviewActions
from ocrdesk.desktop.review.saved_state import ReviewState
from ocrdesk.desktop.session.session import ConnectionState, Session, SessionState

if TYPE_CHECKING:
    from ocrdesk.desktop.review.review_pane import ReviewPane


class ReviewOpener(QObject):
    created = Signal(object)
    """The ReviewPane, once."""
    text_changed = Signal(int)
    all_text_changed = Signal()
    message = Signal(str)
    action_offered = Signal(str, object)
    """These four signals are the pane's."""

    def __init__(self, session: Session, tasks: Tasks, saved_state: ReviewState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._tasks, self._saved_state = session, tasks, saved_state
        self._pane: ReviewPane | None = None
        self._undo_group = QUndoGroup(self)
        self.actions = ReviewActions(self._undo_group, self)
        self.actions.plain_text.setChecked(saved_state.text_only)
        self.actions.plain_text.toggled.connect(saved_state.save_text_only)
        self.actions.enable(False)
        self._stack_below: QUndoStack | None = None
        self._is_covered = False
        self._undo_group.activeStackChanged.connect(self._on_undo_stack)
        session.state_changed.connect(self._on_state)

    @property
    def has_pane(self) -> bool:
        """Whether the pane has been created."""
        return self._pane is not None

    def open(self) -> ReviewPane:
        """Return the pane, and create it if necessary."""
        if self._pane is None:
            from ocrdesk.desktop.review.review_pane import ReviewPane

            self._pane = pane = ReviewPane(
                self._session, self._tasks, self._saved_state, self.actions, self._undo_group
            )
            pane.text_changed.connect(self.text_changed)
            pane.all_text_changed.connect(self.all_text_changed)
            pane.message.connect(self.message)
            pane.action_offered.connect(self.action_offered)
            self.created.emit(pane)
        return self._pane

    def open_soon(self) -> None:
        """Create the pane in two turns of the event loop, so that the window stays responsive."""
        QTimer.singleShot(0, self, self._load)

    def _load(self) -> None:
        from ocrdesk.desktop.review import review_pane  # noqa: F401  # for the next turn

        QTimer.singleShot(0, self, self.open)

    def show_job(self, job_id: str, file_name: str) -> None:
        """Open another finished job; an empty id for none."""
        if job_id or self._pane is not None:
            self.open().show_job(job_id, file_name)

    def cover(self, is_covered: bool) -> None:
        """Disable the review's actions while the library covers it, also Undo; then enable them again."""
        self._is_covered = is_covered
        self.actions.cover(is_covered)
        if is_covered:
            self._on_undo_stack(self._undo_group.activeStack())
        elif self._stack_below is not None:
            stack, self._stack_below = self._stack_below, None
            self._undo_group.setActiveStack(stack)

    def _on_undo_stack(self, stack: QUndoStack | None) -> None:
        if self._is_covered and stack is not None:
            self._stack_below = stack
            self._undo_group.setActiveStack(None)  # type: ignore[arg-type]  # Qt accepts None

    def close_review(self) -> None:
        """Save what was typed, before the window closes."""
        if self._pane is not None:
            self._pane.close_review()

    def _on_state(self, state: SessionState) -> None:
        if state.connection is ConnectionState.READY:
            self.open()  # it sends corrections that are stored on this computer
