"""The keys of all actions: what they are, what the user made of them, and which are taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtGui import QAction, QKeySequence

_GROUP = "shortcuts"
_NATIVE = QKeySequence.SequenceFormat.NativeText
_PORTABLE = QKeySequence.SequenceFormat.PortableText


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An action with its key, and the one that it comes with. `name` never changes: it is kept under it."""

    name: str
    action: QAction
    default: str

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
            name = f"{type(owner).__name__}.{attribute}"
            self._known[name] = Shortcut(name, action, action.shortcut().toString(_PORTABLE))
            kept = self._store.value(f"{_GROUP}/{name}")
            if isinstance(kept, str):
                _give(action, QKeySequence(kept, _PORTABLE))

    def all(self) -> Sequence[Shortcut]:
        return tuple(self._known.values())

    def owner_of(self, keys: QKeySequence, besides: str) -> Shortcut | None:
        """Which other action has these keys, or begins with them, or is begun by them."""
        if keys.isEmpty():
            return None
        for other in self._known.values():
            theirs = other.action.shortcut()
            if other.name == besides or theirs.isEmpty():
                continue
            matches = (theirs.matches(keys), keys.matches(theirs))
            if any(match is not QKeySequence.SequenceMatch.NoMatch for match in matches):
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
            _give(shortcut.action, QKeySequence(shortcut.default, _PORTABLE))
        self.changed.emit()

    def _set(self, shortcut: Shortcut, keys: QKeySequence) -> None:
        _give(shortcut.action, keys)
        written = keys.toString(_PORTABLE)
        if written == shortcut.default:
            self._store.remove(f"{_GROUP}/{shortcut.name}")
        else:
            self._store.setValue(f"{_GROUP}/{shortcut.name}", written)


def _give(action: QAction, keys: QKeySequence) -> None:
    """Sets the keys, and names them in the tip that named the old ones."""
    old, new = action.shortcut().toString(_NATIVE), keys.toString(_NATIVE)
    tip = action.toolTip()
    if action.statusTip() and tip.startswith(action.statusTip()):
        action.setToolTip(f"{action.statusTip()} ({new})" if new else action.statusTip())
    elif old and f"({old})" in tip:
        action.setToolTip(tip.replace(f"({old})", f"({new})" if new else "").rstrip())
    action.setShortcut(keys)
