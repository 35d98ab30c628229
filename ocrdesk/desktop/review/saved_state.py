"""What the window remembers of reviews: whether the text is shown alone, the strip of pages, and the middle line."""

from __future__ import annotations

from pathlib import Path

import platformdirs
from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QSplitter

_TEXT_ONLY, _STRIP, _SPLITTER = "review/text_only", "review/thumbnails", "review/splitter"


class ReviewState:
    """In the window's INI file, unless another is named."""

    def __init__(self, path: Path | None = None) -> None:
        path = path or platformdirs.user_config_path("ocrdesk") / "desktop.ini"
        self._settings = QSettings(str(path), QSettings.Format.IniFormat)

    @property
    def text_only(self) -> bool:
        return self._settings.value(_TEXT_ONLY, False, bool) is True

    def keep_text_only(self, is_so: bool) -> None:
        self._settings.setValue(_TEXT_ONLY, is_so)

    @property
    def thumbnails(self) -> bool:
        return self._settings.value(_STRIP, False, bool) is True

    def keep_thumbnails(self, is_so: bool) -> None:
        self._settings.setValue(_STRIP, is_so)

    def restore(self, splitter: QSplitter) -> bool:
        """False when there is nothing to remember."""
        sizes = self._settings.value(_SPLITTER)
        return isinstance(sizes, QByteArray) and splitter.restoreState(sizes)

    def save(self, splitter: QSplitter) -> None:
        self._settings.setValue(_SPLITTER, splitter.saveState())
