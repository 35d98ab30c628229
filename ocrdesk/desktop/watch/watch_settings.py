"""What is remembered of watched folders: which they are, whether they are watched, and what is new in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSettings

_FOLDERS, _FRESH, _IS_ON = "watch/folders", "watch/fresh", "watch/on"


@dataclass(frozen=True, slots=True)
class Watch:
    """`fresh` are folders whose present files are still to be marked as known, so that only later ones are taken."""

    folders: tuple[Path, ...] = ()
    fresh: tuple[Path, ...] = ()
    is_on: bool = True


class WatchSettings:
    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    def load(self) -> Watch:
        return Watch(self._paths(_FOLDERS), self._paths(_FRESH), bool(self._settings.value(_IS_ON, True, type=bool)))

    def save(self, watch: Watch) -> None:
        self._settings.setValue(_FOLDERS, [str(folder) for folder in watch.folders])
        self._settings.setValue(_FRESH, [str(folder) for folder in watch.fresh])
        self._settings.setValue(_IS_ON, watch.is_on)

    def _paths(self, name: str) -> tuple[Path, ...]:
        value = self._settings.value(name) or []
        return tuple(Path(str(item)) for item in ([value] if isinstance(value, str) else value))
