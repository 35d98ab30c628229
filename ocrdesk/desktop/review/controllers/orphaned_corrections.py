"""Offers corrections whose result no longer exists."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from ocrdesk.contract.file_names import printable_name
from ocrdesk.contract.word_spacing import join_words
from ocrdesk.desktop.background.tasks import Lane, Tasks
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.review.document.corrections import Corrections
from ocrdesk.desktop.ui.object_names import name_objects

if TYPE_CHECKING:
    from ocrdesk.desktop.review.document.line_change import LineChange


class OrphanedCorrections(QObject):
    """The user can copy them, save them as text or discard them. Until then they are offered at every start."""

    offered = Signal(str, object)
    """A button's label, and what to call when it is pressed."""
    message = Signal(str)

    def __init__(self, corrections: Corrections, action: QAction, tasks: Tasks, window: QWidget) -> None:
        super().__init__(window)
        self._corrections, self._action, self._tasks, self._window = corrections, action, tasks, window
        action.triggered.connect(lambda _checked=False: self.show())
        corrections.orphaned_changed.connect(self._on_changed)

    def show(self) -> OrphanedDialog | None:
        """Open the dialog and return it, or None if there are no such corrections."""
        orphaned = self._corrections.orphaned()
        if not orphaned:
            return None
        text = "\n\n".join(self._as_text(name, changes) for name, changes in orphaned.values())
        dialog = OrphanedDialog(text, self._window.window())
        dialog.save_wanted.connect(partial(self._save, text))
        dialog.discard_wanted.connect(self._corrections.discard_orphaned)
        dialog.open()
        return dialog

    def _on_changed(self) -> None:
        has_any = bool(self._corrections.orphaned())
        self._action.setVisible(has_any)
        if has_any:
            self.offered.emit(self.tr("Show corrections…"), self.show)

    def _as_text(self, file_name: str, changes: Sequence[LineChange]) -> str:
        """Return the corrected lines of a result, page by page."""
        lines, page = [file_name], 0
        for change in sorted(changes, key=lambda change: change.position):
            if change.position.page != page:
                page = change.position.page
                lines += ["", self.tr("Page {number}").format(number=page)]
            lines.append(join_words(change.after) or self.tr("(line deleted)"))
        return "\n".join(lines)

    def _save(self, text: str, path: Path) -> None:
        self._tasks.run(
            partial(_write_text, path, text),
            lambda _: self.message.emit(self.tr("{name} was written.").format(name=printable_name(path.name))),
            partial(self._on_write_failed, path),
            lane=Lane.FILES,
        )

    def _on_write_failed(self, path: Path, error: Exception) -> None:
        self.message.emit(
            self.tr("{name} could not be written: {reason}").format(
                name=printable_name(path.name), reason=short_reason(error)
            )
        )


class OrphanedDialog(QDialog):
    """Shows the lines, and emits what the user wants to do with them."""

    save_wanted = Signal(object)
    """The Path of a file to write."""
    discard_wanted = Signal()

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Corrections that could not be saved"))
        self.setAccessibleName(self.windowTitle())
        self.resize(520, 400)
        explanation = QLabel(self.tr("The server no longer has these results. These are the lines that you corrected."))
        explanation.setWordWrap(True)
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("Corrected lines"))
        buttons = QDialogButtonBox()  # buttons are added from left to right, in tab order
        buttons.setAccessibleName(self.tr("Buttons"))
        self.discard = buttons.addButton(self.tr("&Discard"), QDialogButtonBox.ButtonRole.DestructiveRole)
        self.copy = buttons.addButton(self.tr("&Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        self.save = buttons.addButton(self.tr("&Save as…"), QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Close)
        name_objects(
            orphaned_corrections_dialog=self,
            orphaned_corrections_text=self.text,
            orphaned_corrections_discard=self.discard,
            orphaned_corrections_copy=self.copy,
            orphaned_corrections_save=self.save,
        )
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(text))
        self.save.clicked.connect(self._ask_path)
        self.discard.clicked.connect(self._discard)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(explanation)
        layout.addWidget(self.text, 1)
        layout.addWidget(buttons)
        self.finished.connect(self.deleteLater)

    def _ask_path(self) -> None:
        dialog = QFileDialog(self, self.tr("Save corrections"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([self.tr("Text (*.txt)")])
        dialog.setDefaultSuffix("txt")
        dialog.fileSelected.connect(lambda name: self.save_wanted.emit(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _discard(self) -> None:
        self.discard_wanted.emit()
        self.accept()


def _write_text(path: Path, text: str) -> None:
    from ocrdesk.client.atomic_file import atomic_write

    with atomic_write(path) as file:
        file.write(f"{text}\n".encode())
