"""Answers the questions that the window asks before actions that cannot be undone."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QMessageBox

from tests.helpers.parts import Part


def question() -> QMessageBox | None:
    """Return the question that is open."""
    boxes = (box for box in QApplication.topLevelWidgets() if isinstance(box, QMessageBox))
    return next((box for box in boxes if box.isVisible()), None)


def agree() -> None:
    """Answer the question that is open with yes."""
    box = question()
    assert box is not None, "no question is open"
    Part(box).press("agree")
