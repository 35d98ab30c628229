"""Deleting stored text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QMenu, QMessageBox, QWidget

from ocrdesk.desktop.ui.object_names import name_objects

_DAYS = 30


class PurgeMenu(QMenu):
    """Emits what to delete after the user has confirmed it. Also switches the library on and off."""

    switched = Signal(bool)
    purge_wanted = Signal(object)
    """Everything (None), or all that is older than a datetime."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Library settings"))
        self.keep = self.addAction(self.tr("&Keep recognised text in the library"))
        self.keep.setCheckable(True)
        self.keep.toggled.connect(self.switched)
        self.addSeparator()
        self.delete_one = self.addAction(self.tr("&Delete this document…"))
        self.purge_old = self._entry(self.tr("Delete &old text…"), self._ask_days)
        self.purge_all = self._entry(self.tr("Delete &everything…"), self._ask_all)
        name_objects(
            action_keep_library=self.keep,
            action_delete_document=self.delete_one,
            action_delete_old=self.purge_old,
            action_delete_all=self.purge_all,
        )

    def show_switch(self, is_on: bool) -> None:
        self.keep.blockSignals(True)
        self.keep.setChecked(is_on)
        self.keep.blockSignals(False)

    def confirm(self, question: str, done: Callable[[], None]) -> None:
        """Ask the user, and call `done` if they agree. Does not block."""
        box = QMessageBox(self.parentWidget())
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(self.tr("Library"))
        box.setText(question)
        box.setInformativeText(
            self.tr("The stored text is deleted from this computer. Your files and the jobs in the list are kept.")
        )
        delete = box.addButton(self.tr("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        delete.setObjectName("agree")
        box.addButton(QMessageBox.StandardButton.Cancel)
        delete.clicked.connect(done)
        box.finished.connect(box.deleteLater)
        box.open()

    def _ask_days(self) -> None:
        ask = QInputDialog(self.parentWidget())
        ask.setWindowTitle(self.tr("Library"))
        ask.setLabelText(self.tr("Delete stored text older than this number of days:"))
        ask.setInputMode(QInputDialog.InputMode.IntInput)
        ask.setIntRange(0, 36_500)
        ask.setIntValue(_DAYS)
        ask.setOkButtonText(self.tr("Delete"))
        ask.intValueSelected.connect(lambda days: self.purge_wanted.emit(datetime.now(UTC) - timedelta(days=days)))
        ask.finished.connect(ask.deleteLater)
        ask.open()

    def _ask_all(self) -> None:
        self.confirm(self.tr("Delete everything in the library?"), lambda: self.purge_wanted.emit(None))

    def _entry(self, text: str, act: Callable[[], None]) -> QAction:
        action = self.addAction(text)
        action.triggered.connect(lambda _checked=False: act())
        return action
