"""Finds widgets by object name, reads what they show, and uses them as a user does."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)

T = TypeVar("T", bound=QObject)


class Part:
    """A widget with everything in it. Names are object names; an unknown name fails the test."""

    def __init__(self, root: QWidget) -> None:
        self.root = root

    # ── finding ──────────────────────────────────────────────────────────────────────────────────

    def find(self, name: str, kind: type[T]) -> T:
        """Return the object of this kind and name; of several, as while a dialog closes, the only visible one."""
        found = self.root.findChildren(kind, name)
        if len(found) > 1:
            found = [each for each in found if isinstance(each, QWidget) and each.isVisible()]
        assert len(found) == 1, f"{len(found)} objects are called {name!r}"
        return found[0]

    def widget(self, name: str) -> QWidget:
        return self.find(name, QWidget)

    def part(self, name: str) -> Part:
        """Return a widget with what is in it."""
        return Part(self.widget(name))

    def action(self, name: str) -> QAction:
        """Return the action that is called `action_` and the name."""
        return self.find(f"action_{name}", QAction)

    def exists(self, name: str) -> bool:
        return bool(self.root.findChildren(QWidget, name))

    # ── reading ──────────────────────────────────────────────────────────────────────────────────

    def is_shown(self, name: str) -> bool:
        """Return whether a widget of this name is visible; False also when there is none."""
        return any(widget.isVisible() for widget in self.root.findChildren(QWidget, name))

    def is_enabled(self, name: str) -> bool:
        return self.widget(name).isEnabled()

    def is_on(self, name: str) -> bool:
        """Return whether a checkbox, a radio button or a toggle is on."""
        return self.find(name, QAbstractButton).isChecked()

    def text(self, name: str) -> str:
        """Return the text of a label, a button, a field or the chosen entry of a list of choices."""
        widget = self.widget(name)
        if isinstance(widget, QPlainTextEdit):
            return widget.toPlainText()
        if isinstance(widget, QComboBox):
            return widget.currentText()
        if isinstance(widget, QLineEdit):
            return widget.text()
        if isinstance(widget, QAbstractButton):
            return widget.text()
        assert isinstance(widget, QLabel), f"{name} is a {type(widget).__name__}, which has no text"
        return widget.text()

    def texts(self) -> list[str]:
        """Return the texts of all labels, buttons and fields."""
        labels = [label.text() for label in self.root.findChildren(QLabel)]
        buttons = [button.text() for button in self.root.findChildren(QAbstractButton)]
        return labels + buttons + [field.text() for field in self.root.findChildren(QLineEdit)]

    def chosen(self, name: str) -> object:
        """Return the data of the chosen entry of a list of choices."""
        return self.find(name, QComboBox).currentData()

    def choices(self, name: str) -> list[str]:
        """Return the texts of a combo box's entries."""
        box = self.find(name, QComboBox)
        return [box.itemText(row) for row in range(box.count())]

    def entries(self, name: str) -> list[str]:
        """Return the texts of a list's entries, from the top down."""
        entries = self.find(name, QListWidget)
        return [entries.item(row).text() for row in range(entries.count())]

    # ── using ────────────────────────────────────────────────────────────────────────────────────

    def press(self, name: str) -> None:
        """Click a button that is visible and enabled."""
        button = self.find(name, QAbstractButton)
        assert button.isVisible(), f"{name} is not visible"
        assert button.isEnabled(), f"{name} is disabled"
        button.click()

    def tick(self, name: str, is_on: bool = True) -> None:
        """Bring a checkbox, a radio button or a toggle to this state."""
        if self.is_on(name) is not is_on:
            self.press(name)

    def fill(self, name: str, text: str) -> None:
        """Replace the content of a field by typing the text."""
        field = self.find(name, QLineEdit)
        field.selectAll()
        if text:
            QTest.keyClicks(field, text)
        else:
            field.clear()

    def type(self, name: str, keys: str) -> None:
        """Type text after the content of a field."""
        QTest.keyClicks(self.find(name, QLineEdit), keys)

    def submit(self, name: str) -> None:
        """Press Enter in a field."""
        QTest.keyClick(self.find(name, QLineEdit), Qt.Key.Key_Return)

    def set_number(self, name: str, value: int) -> None:
        self.find(name, QSpinBox).setValue(value)

    def set_keys(self, name: str, keys: str) -> None:
        """Enter a shortcut into the field for keys."""
        self.find(name, QKeySequenceEdit).setKeySequence(QKeySequence(keys))

    def choose(self, name: str, data: object) -> None:
        """Choose the entry with this data."""
        choices = self.find(name, QComboBox)
        place = next(place for place in range(choices.count()) if choices.itemData(place) == data)
        choices.setCurrentIndex(place)

    def trigger(self, action: str) -> None:
        """Do what a menu entry does: it must be enabled."""
        found = self.action(action)
        assert found.isEnabled(), f"{action} is disabled"
        found.trigger()
