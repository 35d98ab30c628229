"""Settings of watched folders."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSettings

_FOLDERS, _ONLY_NEW_FILES, _ENABLED = "watch/folders", "watch/only_new_files", "watch/enabled"


@dataclass(frozen=True, slots=True)
class Watch:
    """`only_new_files` are folders whose present files still have to be marked as seen: only new ones are read."""

    folders: tuple[Path, ...] = ()
    only_new_files: tuple[Path, ...] = ()
    is_enabled: bool = True


class WatchSettings:
    """Reads and stores the watched folders in the INI file."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    def load(self) -> Watch:
        return Watch(
            self._paths(_FOLDERS), self._paths(_ONLY_NEW_FILES), bool(self._settings.value(_ENABLED, True, type=bool))
        )

    def save(self, watch: Watch) -> None:
        self._settings.setValue(_FOLDERS, [str(folder) for folder in watch.folders])
        self._settings.setValue(_ONLY_NEW_FILES, [str(folder) for folder in watch.only_new_files])
        self._settings.setValue(_ENABLED, watch.is_enabled)

    def _paths(self, name: str) -> tuple[Path, ...]:
        value = self._settings.value(name) or []
        return tuple(Path(str(item)) for item in ([value] if isinstance(value, str) else value))
