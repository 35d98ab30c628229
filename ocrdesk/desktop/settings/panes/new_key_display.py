"""A new key, shown once."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from ocrdesk.desktop.settings.pane import beside, button
from ocrdesk.desktop.ui.object_names import name_objects

_DOTS = "•" * 12


def masked(prefix: str) -> str:
    """Return the beginning of a key, with dots for the rest."""
    return f"{prefix}{_DOTS}"


class NewKeyDisplay(QFrame):
    """Masked; the user can copy it once. Hidden while there is no new key."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName(self.tr("New key"))
        self._secret, self._key_id = "", ""
        self._explanation = QLabel(wordWrap=True)
        self._shown = QLabel()
        self._explanation.setAccessibleName(self.tr("Message"))
        self._shown.setAccessibleName(self.tr("Key"))
        self._copy, self._done = button(self.tr("Copy key")), button(self.tr("Done"))
        name_objects(
            new_key=self,
            new_key_notice=self._explanation,
            new_key_masked=self._shown,
            new_key_copy=self._copy,
            new_key_done=self._done,
        )
        layout = QVBoxLayout(self)
        layout.addWidget(self._explanation)
        layout.addWidget(self._shown)
        layout.addLayout(beside(self._copy, self._done))
        self._copy.clicked.connect(self._on_copy)
        self._done.clicked.connect(self._forget)
        self.hide()

    def offer(self, secret: str, prefix: str, words: str, key_id: str = "") -> None:
        """Show a key's beginning and an explanation, and offer to copy the key."""
        self._secret, self._key_id = secret, key_id
        self._say(words)
        self._shown.setText(masked(prefix))
        self._shown.setAccessibleName(self.tr("A key that begins with {prefix}").format(prefix=prefix))
        self._copy.setEnabled(True)
        self.show()
        self._copy.setFocus()

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._secret)
        self._secret = ""
        self._copy.setEnabled(False)
        self._say(self.tr("The key was copied to the clipboard. It cannot be shown again."))
        self._done.setFocus()

    def forget(self, key_id: str) -> None:
        """Hide the key if it is this one, because it was revoked."""
        if key_id and key_id == self._key_id:
            self._forget()

    def _forget(self) -> None:
        self._secret, self._key_id = "", ""
        self.hide()

    def _say(self, words: str) -> None:
        self._explanation.setText(words)
        self._explanation.setAccessibleName(words)
