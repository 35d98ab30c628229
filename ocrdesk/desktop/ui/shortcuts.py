"""Customisable keyboard shortcuts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from ocrdesk.desktop.ui.shortcut_ids import SHORTCUT_IDS

_GROUP = "shortcuts"
_NATIVE = QKeySequence.SequenceFormat.NativeText
_PORTABLE = QKeySequence.SequenceFormat.PortableText


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An action, and the keys it has by default."""

    shortcut_id: str
    action: QAction
    defaults: tuple[str, ...]
    tip: str
    """What the action does, without its keys."""

    @property
    def title(self) -> str:
        return self.action.text().replace("&", "").rstrip("…")


class Shortcuts(QObject):
    """Gives the user's keys to the actions that it adopts, and stores changes."""

    changed = Signal()

    def __init__(self, store: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._known: dict[str, Shortcut] = {}

    def adopt(self, owner: object) -> None:
        """Manage the keys of every action that is an attribute of `owner`; raise KeyError for one without an id."""
        for action in vars(owner).values():
            if not isinstance(action, QAction):
                continue
            shortcut_id = SHORTCUT_IDS[action.objectName()]
            defaults = tuple(keys.toString(_PORTABLE) for keys in action.shortcuts())
            tip = action.toolTip().removesuffix(f"({action.shortcut().toString(_NATIVE)})").rstrip()
            shortcut = self._known[shortcut_id] = Shortcut(shortcut_id, action, defaults, tip)
            stored = self._store.value(f"{_GROUP}/{shortcut_id}")
            if isinstance(stored, str):
                _give(shortcut, [QKeySequence(stored, _PORTABLE)])

    def all(self) -> Sequence[Shortcut]:
        return tuple(self._known.values())

    def owner_of(self, keys: QKeySequence, excluded_id: str) -> Shortcut | None:
        """Return the other action whose keys are the same, or begin with these, or are the beginning of these."""
        if keys.isEmpty():
            return None
        for other in self._known.values():
            if other.shortcut_id != excluded_id and any(_collide(theirs, keys) for theirs in other.action.shortcuts()):
                return other
        return None

    def give(self, shortcut_id: str, keys: QKeySequence) -> None:
        """Give an action other keys, or none if `keys` is empty. An action that has them loses them."""
        if owner := self.owner_of(keys, shortcut_id):
            self._set(owner, QKeySequence())
        self._set(self._known[shortcut_id], keys)
        self.changed.emit()

    def restore_all(self) -> None:
        """Give every action its default keys."""
        self._store.remove(_GROUP)
        for shortcut in self._known.values():
            _give(shortcut, [QKeySequence(keys, _PORTABLE) for keys in shortcut.defaults])
        self.changed.emit()

    def _set(self, shortcut: Shortcut, keys: QKeySequence) -> None:
        _give(shortcut, [keys])
        written = keys.toString(_PORTABLE)
        if shortcut.defaults == ((written,) if written else ()):
            self._store.remove(f"{_GROUP}/{shortcut.shortcut_id}")
        else:
            self._store.setValue(f"{_GROUP}/{shortcut.shortcut_id}", written)


def _collide(one: QKeySequence, other: QKeySequence) -> bool:
    matches = one.matches(other), other.matches(one)
    return not one.isEmpty() and any(match is not QKeySequence.SequenceMatch.NoMatch for match in matches)


def _give(shortcut: Shortcut, keys: Sequence[QKeySequence]) -> None:
    """Set the keys, and show the first of them in the tip."""
    first = keys[0].toString(_NATIVE) if keys else ""
    shortcut.action.setToolTip(f"{shortcut.tip} ({first})" if first else shortcut.tip)
    shortcut.action.setShortcuts(keys)


def show_keys_in_tip(widget: QWidget, tip: str, action: QAction) -> None:
    """Give a widget this tip with the action's keys, now and when they change."""

    def update() -> None:
        keys = action.shortcut().toString(_NATIVE)
        widget.setToolTip(f"{tip} ({keys})" if keys else tip)

    action.changed.connect(update)
    update()
