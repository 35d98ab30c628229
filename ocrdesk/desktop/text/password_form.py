"""The field for the password of a locked PDF."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from ocrdesk.desktop.ui import colours
from ocrdesk.desktop.ui.object_names import name_objects
from ocrdesk.desktop.ui.palette_watcher import PaletteWatcher


class PasswordForm(QWidget):
    """Passes the password on once, and keeps nothing of it."""

    entered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Password of the PDF"))
        caption = QLabel(self.tr("Password:"))
        self._field = QLineEdit()
        self._field.setEchoMode(QLineEdit.EchoMode.Password)
        self._field.setMaximumWidth(280)
        self._field.setAccessibleName(self.tr("Password"))
        caption.setBuddy(self._field)
        self._open = QPushButton(self.tr("Open"))
        self._open.setAccessibleName(self._open.text())
        self._open.setEnabled(False)
        for widget in (self._field, self._open):
            widget.setMinimumHeight(32)
        name_objects(password_form=self, pdf_password=self._field, pdf_password_button=self._open)
        layout = QHBoxLayout(self)
        layout.setSpacing(8)
        layout.addStretch()
        layout.addWidget(caption)
        layout.addWidget(self._field, 1)
        layout.addWidget(self._open)
        layout.addStretch()
        self._field.textChanged.connect(lambda text: self._open.setEnabled(bool(text)))
        self._field.returnPressed.connect(self._on_enter)
        self._open.clicked.connect(self._on_enter)
        PaletteWatcher(self, self._update_colours)

    def forget(self) -> None:
        """Clear the field."""
        self._field.clear()

    def _on_enter(self) -> None:
        password = self._field.text()
        self._field.clear()
        if password:
            self.entered.emit(password)

    def _update_colours(self) -> None:
        """Set the field off from the page, on which its border would be invisible in dark mode."""
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Base, colours.mix_of_text(palette, 0.1))
        self._field.setPalette(palette)
