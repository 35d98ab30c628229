"""Settings of watched folders."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSettings, QUrl

from ocrdesk.contract.file_names import printable_name
from ocrdesk.desktop.intake.file_urls import path_of_url, url_of_path

_FOLDERS, _ONLY_NEW_FILES, _ENABLED = "watch/folders", "watch/only_new_files", "watch/enabled"

_ENCODED = QUrl.ComponentFormattingOption.FullyEncoded


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
        self._settings.setValue(_FOLDERS, [_stored(folder) for folder in watch.folders])
        self._settings.setValue(_ONLY_NEW_FILES, [_stored(folder) for folder in watch.only_new_files])
        self._settings.setValue(_ENABLED, watch.is_enabled)

    def _paths(self, name: str) -> tuple[Path, ...]:
        value = self._settings.value(name)
        items = value if isinstance(value, list) else [value] if isinstance(value, str) and value else []
        return tuple(_restored(str(item)) for item in items)


def _stored(folder: Path) -> str:
    """Return a folder as stored: its path, or its URL if a settings file cannot contain the path."""
    return str(folder) if printable_name(folder) == str(folder) else url_of_path(folder).toString(_ENCODED)


def _restored(text: str) -> Path:
    return (text.startswith("file:///") and path_of_url(QUrl(text))) or Path(text)
