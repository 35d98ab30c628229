"""The list with its search field and state filter."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from ocrdesk.desktop.job_list.filter import StateFilter
from ocrdesk.desktop.job_list.view import JobsView
from ocrdesk.desktop.ui.object_names import name_objects
from ocrdesk.desktop.ui.search_field import SearchField

_TYPING_MS = 120


class JobsPanel(QWidget):
    """Filters while the user types. Escape clears the field, Down moves to the list."""

    def __init__(self, jobs: JobsView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Jobs and their filter"))
        self._jobs = jobs
        self._name = SearchField(self.tr("Filter by name"))
        self._state = QComboBox()
        self._state.setAccessibleName(self.tr("Filter by state"))
        self._state.setMinimumHeight(32)
        for state, label in self._choices().items():
            self._state.addItem(label, state)
        name_objects(job_name_filter=self._name, job_state_filter=self._state)
        self._typed = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typed.timeout.connect(self._apply)
        self._name.textChanged.connect(lambda _: self._typed.start())
        self._state.currentIndexChanged.connect(lambda _: self._apply())

        fields = QHBoxLayout()
        fields.setContentsMargins(12, 12, 12, 8)
        fields.setSpacing(8)
        fields.addWidget(self._name, 1)
        fields.addWidget(self._state)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(fields)
        layout.addWidget(jobs, 1)

    def begin_filter(self) -> None:
        """Move the focus to the search field."""
        self._name.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._name.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._name.text():
            self._name.clear()
        elif event.key() == Qt.Key.Key_Down and self._name.hasFocus():
            self._jobs.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def _apply(self) -> None:
        self._jobs.show_only(self._name.text(), StateFilter(self._state.currentData()))

    def _choices(self) -> dict[StateFilter, str]:
        return {
            StateFilter.ALL: self.tr("All"),
            StateFilter.WAITING: self.tr("Waiting"),
            StateFilter.RUNNING: self.tr("Being read"),
            StateFilter.PAUSED: self.tr("Paused"),
            StateFilter.FINISHED: self.tr("Finished"),
            StateFilter.PROBLEMS: self.tr("With problems"),
        }
