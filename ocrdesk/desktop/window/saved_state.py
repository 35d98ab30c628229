"""What the window remembers of itself: its place and size, and where the list ends and the text begins."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow, QSplitter

from ocrdesk.desktop.system.settings_file import open_settings

_GEOMETRY, _SPLITTER, _FOLDER = "window/geometry", "window/splitter", "files/last_folder"


class WindowState:
    """An INI file in the user's configuration folder, unless another is named."""

    def __init__(self, path: Path | None = None) -> None:
        self._settings = open_settings(path)

    @property
    def settings(self) -> QSettings:
        """The file, for what others keep in groups of their own."""
        return self._settings

    def restore(self, window: QMainWindow, splitter: QSplitter) -> bool:
        """False when there is nothing to remember."""
        geometry, sizes = self._settings.value(_GEOMETRY), self._settings.value(_SPLITTER)
        if isinstance(sizes, QByteArray):
            splitter.restoreState(sizes)
        return isinstance(geometry, QByteArray) and window.restoreGeometry(geometry)

    def save(self, window: QMainWindow, splitter: QSplitter) -> None:
        self._settings.setValue(_GEOMETRY, window.saveGeometry())
        self._settings.setValue(_SPLITTER, splitter.saveState())

    @property
    def last_folder(self) -> str:
        """Where files were opened last; empty the first time."""
        return str(self._settings.value(_FOLDER, ""))

    @last_folder.setter
    def last_folder(self, folder: str) -> None:
        self._settings.setValue(_FOLDER, folder)
