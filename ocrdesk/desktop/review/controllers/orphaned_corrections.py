"""Offers what was corrected in results that their server no longer has: to be copied, saved as text, or thrown away."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from ocrdesk.desktop.background.tasks import Lane, Tasks
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.review.document.corrections import Corrections
from ocrdesk.desktop.ui.object_names import name_objects

if TYPE_CHECKING:
    from ocrdesk.desktop.review.document.line_change import LineChange


class OrphanedCorrections(QObject):
    """They stay in the journal, and are offered at every start, until they are thrown away."""

    offered = Signal(str, object)
    """A button's words, and what to call when it is pressed."""
    said = Signal(str)

    def __init__(self, corrections: Corrections, action: QAction, tasks: Tasks, window: QWidget) -> None:
        super().__init__(window)
        self._corrections, self._action, self._tasks, self._window = corrections, action, tasks, window
        action.triggered.connect(lambda _checked=False: self.show())
        corrections.gone_changed.connect(self._on_changed)

    def show(self) -> LostDialog | None:
        """The dialog, where there is anything to show."""
        gone = self._corrections.gone()
        if not gone:
            return None
        text = "\n\n".join(self._words(name, changes) for name, changes in gone.values())
        dialog = LostDialog(text, self._window.window())
        dialog.save_wanted.connect(partial(self._save, text))
        dialog.discard_wanted.connect(self._corrections.discard_gone)
        dialog.open()
        return dialog

    def _on_changed(self) -> None:
        has_any = bool(self._corrections.gone())
        self._action.setVisible(has_any)
        if has_any:
            self.offered.emit(self.tr("Show corrections…"), self.show)

    def _words(self, file_name: str, changes: Sequence[LineChange]) -> str:
        """The corrected lines of a result, in their order, page by page."""
        lines, page = [file_name], 0
        for change in sorted(changes, key=lambda change: change.place):
            if change.place.page != page:
                page = change.place.page
                lines += ["", self.tr("Page {number}").format(number=page)]
            lines.append(" ".join(word.text for word in change.after) or self.tr("(line deleted)"))
        return "\n".join(lines)

    def _save(self, text: str, path: Path) -> None:
        self._tasks.run(
            partial(_written, path, text),
            lambda _: self.said.emit(self.tr("{name} is written.").format(name=path.name)),
            partial(self._on_unwritten, path),
            lane=Lane.FILES,
        )

    def _on_unwritten(self, path: Path, error: Exception) -> None:
        self.said.emit(
            self.tr("{name} could not be written: {reason}").format(name=path.name, reason=short_reason(error))
        )


class LostDialog(QDialog):
    """Shows the lines; what is done with them is for its owner."""

    save_wanted = Signal(object)
    """The Path of a file."""
    discard_wanted = Signal()

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Corrections that could not be saved"))
        self.setAccessibleName(self.windowTitle())
        self.resize(520, 400)
        said = QLabel(self.tr("The server no longer has these results. These are the lines that you corrected."))
        said.setWordWrap(True)
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("Corrected lines"))
        buttons = QDialogButtonBox()  # made from left to right, as Tab goes
        buttons.setAccessibleName(self.tr("Buttons"))
        self.discard = buttons.addButton(self.tr("&Throw away"), QDialogButtonBox.ButtonRole.DestructiveRole)
        self.copy = buttons.addButton(self.tr("&Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        self.save = buttons.addButton(self.tr("&Save as…"), QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Close)
        name_objects(
            lost_corrections_dialog=self,
            lost_corrections_text=self.text,
            lost_corrections_discard=self.discard,
            lost_corrections_copy=self.copy,
            lost_corrections_save=self.save,
        )
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(text))
        self.save.clicked.connect(self._ask_place)
        self.discard.clicked.connect(self._discard)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(said)
        layout.addWidget(self.text, 1)
        layout.addWidget(buttons)
        self.finished.connect(self.deleteLater)

    def _ask_place(self) -> None:
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


def _written(path: Path, text: str) -> None:
    from ocrdesk.client.atomic_file import atomic_write

    with atomic_write(path) as file:
        file.write(f"{text}\n".encode())
