"""The keys of all actions: what they are, what the user made of them, and which are taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

_GROUP = "shortcuts"
_NATIVE = QKeySequence.SequenceFormat.NativeText
_PORTABLE = QKeySequence.SequenceFormat.PortableText
_STORED_NAMES = {
    "DragAndCopy": "TakingOut",
    "ExportActions": "OutActions",
    "InputSources": "WaysIn",
    "LibraryPage": "LibraryPlace",
    "SettingsOpener": "SettingsDoor",
}
"""Classes whose actions are stored in users' settings under an older name."""


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An action with its keys, and those that it comes with. `name` never changes: they are kept under it."""

    name: str
    action: QAction
    defaults: tuple[str, ...]
    tip: str
    """What the action does, without its keys."""

    @property
    def title(self) -> str:
        return self.action.text().replace("&", "").rstrip("…")


class Shortcuts(QObject):
    """Actions are handed over with `adopt`, and have the user's keys from then on."""

    changed = Signal()

    def __init__(self, store: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._known: dict[str, Shortcut] = {}

    def adopt(self, owner: object) -> None:
        """Takes in every action that is an attribute of `owner`, by the attributes' names."""
        for attribute, action in vars(owner).items():
            if not isinstance(action, QAction):
                continue
            owner_name = type(owner).__name__
            name = f"{_STORED_NAMES.get(owner_name, owner_name)}.{attribute}"
            defaults = tuple(keys.toString(_PORTABLE) for keys in action.shortcuts())
            tip = action.toolTip().removesuffix(f"({action.shortcut().toString(_NATIVE)})").rstrip()
            shortcut = self._known[name] = Shortcut(name, action, defaults, tip)
            kept = self._store.value(f"{_GROUP}/{name}")
            if isinstance(kept, str):
                _give(shortcut, [QKeySequence(kept, _PORTABLE)])

    def all(self) -> Sequence[Shortcut]:
        return tuple(self._known.values())

    def owner_of(self, keys: QKeySequence, besides: str) -> Shortcut | None:
        """Which other action has these keys, or begins with them, or is begun by them."""
        if keys.isEmpty():
            return None
        for other in self._known.values():
            if other.name != besides and any(_collide(theirs, keys) for theirs in other.action.shortcuts()):
                return other
        return None

    def give(self, name: str, keys: QKeySequence) -> None:
        """Gives an action other keys, none for empty ones; whoever has them loses them."""
        if taken := self.owner_of(keys, name):
            self._set(taken, QKeySequence())
        self._set(self._known[name], keys)
        self.changed.emit()

    def restore_all(self) -> None:
        """All as they come."""
        self._store.remove(_GROUP)
        for shortcut in self._known.values():
            _give(shortcut, [QKeySequence(keys, _PORTABLE) for keys in shortcut.defaults])
        self.changed.emit()

    def _set(self, shortcut: Shortcut, keys: QKeySequence) -> None:
        _give(shortcut, [keys])
        written = keys.toString(_PORTABLE)
        if shortcut.defaults == ((written,) if written else ()):
            self._store.remove(f"{_GROUP}/{shortcut.name}")
        else:
            self._store.setValue(f"{_GROUP}/{shortcut.name}", written)


def _collide(one: QKeySequence, other: QKeySequence) -> bool:
    matches = one.matches(other), other.matches(one)
    return not one.isEmpty() and any(match is not QKeySequence.SequenceMatch.NoMatch for match in matches)


def _give(shortcut: Shortcut, keys: Sequence[QKeySequence]) -> None:
    """Sets the keys, and names the first of them in the tip."""
    first = keys[0].toString(_NATIVE) if keys else ""
    shortcut.action.setToolTip(f"{shortcut.tip} ({first})" if first else shortcut.tip)
    shortcut.action.setShortcuts(keys)


def name_keys(widget: QWidget, tip: str, action: QAction) -> None:
    """Gives a widget that does what an action does this tip and the action's keys, now and when they change."""

    def say() -> None:
        keys = action.shortcut().toString(_NATIVE)
        widget.setToolTip(f"{tip} ({keys})" if keys else tip)

    action.changed.connect(say)
    say()
