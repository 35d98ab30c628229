"""Confirmation dialogs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def ask(owner: QWidget, title: str, question: str, yes: str, then: Callable[[], None]) -> QMessageBox:
    """Ask before something that cannot be undone, and call `then` if the user agrees. Cancel is the default answer.

    Returns immediately.
    """
    box = QMessageBox(QMessageBox.Icon.Question, title, question, QMessageBox.StandardButton.Cancel, owner.window())
    box.setAccessibleName(title)
    box.setTextFormat(Qt.TextFormat.PlainText)
    agree = box.addButton(yes, QMessageBox.ButtonRole.DestructiveRole)
    agree.setObjectName("agree")
    box.setDefaultButton(QMessageBox.StandardButton.Cancel)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    agree.clicked.connect(lambda: then())
    box.open()
    return box
