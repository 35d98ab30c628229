"""Remembers the review's layout."""

from __future__ import annotations

from pathlib import Path

import platformdirs
from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QSplitter

_TEXT_ONLY, _THUMBNAILS, _SPLITTER = "review/text_only", "review/thumbnails", "review/splitter"


class ReviewState:
    """Whether the text is shown alone, whether thumbnails are shown, and the splitter's position.

    Stored in the window's INI file unless `path` names another.
    """

    def __init__(self, path: Path | None = None) -> None:
        path = path or platformdirs.user_config_path("ocrdesk") / "desktop.ini"
        self._settings = QSettings(str(path), QSettings.Format.IniFormat)

    @property
    def text_only(self) -> bool:
        return self._settings.value(_TEXT_ONLY, False, bool) is True

    def save_text_only(self, is_so: bool) -> None:
        self._settings.setValue(_TEXT_ONLY, is_so)

    @property
    def thumbnails(self) -> bool:
        return self._settings.value(_THUMBNAILS, False, bool) is True

    def save_thumbnails(self, is_so: bool) -> None:
        self._settings.setValue(_THUMBNAILS, is_so)

    def restore(self, splitter: QSplitter) -> bool:
        """Return False if nothing was saved."""
        sizes = self._settings.value(_SPLITTER)
        return isinstance(sizes, QByteArray) and splitter.restoreState(sizes)

    def save(self, splitter: QSplitter) -> None:
        self._settings.setValue(_SPLITTER, splitter.saveState())
