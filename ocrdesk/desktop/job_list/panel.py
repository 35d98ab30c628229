"""The list with what narrows it above: a field for a part of the name, and one for the state."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from ocrdesk.desktop.job_list.filter import Shown
from ocrdesk.desktop.job_list.view import JobsView
from ocrdesk.desktop.ui.object_names import name_objects
from ocrdesk.desktop.ui.search_field import SearchField

_TYPING_MS = 120


class JobsPanel(QWidget):
    """Filters as one types. Escape in the field empties it, Down goes to the list."""

    def __init__(self, jobs: JobsView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Jobs and their filter"))
        self._jobs = jobs
        self._name = SearchField(self.tr("Filter by name"))
        self._shown = QComboBox()
        self._shown.setAccessibleName(self.tr("Filter by state"))
        self._shown.setMinimumHeight(32)
        for shown, words in self._choices().items():
            self._shown.addItem(words, shown)
        name_objects(job_name_filter=self._name, job_state_filter=self._shown)
        self._typed = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typed.timeout.connect(self._apply)
        self._name.textChanged.connect(lambda _: self._typed.start())
        self._shown.currentIndexChanged.connect(lambda _: self._apply())

        fields = QHBoxLayout()
        fields.setContentsMargins(12, 12, 12, 8)
        fields.setSpacing(8)
        fields.addWidget(self._name, 1)
        fields.addWidget(self._shown)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(fields)
        layout.addWidget(jobs, 1)

    def begin_filter(self) -> None:
        """Puts the cursor into the field."""
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
        self._jobs.show_only(self._name.text(), Shown(self._shown.currentData()))

    def _choices(self) -> dict[Shown, str]:
        return {
            Shown.ALL: self.tr("All"),
            Shown.WAITING: self.tr("Waiting"),
            Shown.RUNNING: self.tr("Being read"),
            Shown.PAUSED: self.tr("Paused"),
            Shown.FINISHED: self.tr("Finished"),
            Shown.TROUBLE: self.tr("With trouble"),
        }
