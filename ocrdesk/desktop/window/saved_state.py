"""Remembers position, size and splitter."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow, QSplitter

from ocrdesk.desktop.system.settings_file import open_settings, settings_path
from ocrdesk.desktop.system.settings_repair import repair

_GEOMETRY, _SPLITTER, _FOLDER = "window/geometry", "window/splitter", "files/last_folder"


class WindowState:
    """Stored in the user's INI file, unless another is named."""

    def __init__(self, path: Path | None = None) -> None:
        path = path or settings_path()
        self.damage = repair(path)
        """What was wrong with the file when it was opened."""
        self._settings = open_settings(path)

    @property
    def settings(self) -> QSettings:
        """The file, in which other parts have groups of their own."""
        return self._settings

    def restore(self, window: QMainWindow, splitter: QSplitter) -> bool:
        """Restore the window; return False if nothing is stored."""
        geometry, sizes = self._settings.value(_GEOMETRY), self._settings.value(_SPLITTER)
        if isinstance(sizes, QByteArray):
            splitter.restoreState(sizes)
        return isinstance(geometry, QByteArray) and window.restoreGeometry(geometry)

    def save(self, window: QMainWindow, splitter: QSplitter) -> None:
        self._settings.setValue(_GEOMETRY, window.saveGeometry())
        self._settings.setValue(_SPLITTER, splitter.saveState())

    @property
    def last_folder(self) -> str:
        """The folder where files were last opened; empty the first time."""
        return str(self._settings.value(_FOLDER, ""))

    @last_folder.setter
    def last_folder(self, folder: str) -> None:
        self._settings.setValue(_FOLDER, folder)
