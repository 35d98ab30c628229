"""A dialog around one pane of settings, for where it is not part of a settings window; changes hold at once."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget


class PaneDialog(QDialog):
    """Takes its title from the pane's; deletes itself when it is closed."""

    def __init__(self, pane: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pane = pane
        self.setWindowTitle(pane.windowTitle())
        self.setAccessibleName(pane.windowTitle())
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.setAccessibleName(self.tr("Buttons"))
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(16)
        layout.addWidget(pane, 1)
        layout.addWidget(buttons)
        self.finished.connect(self.deleteLater)
