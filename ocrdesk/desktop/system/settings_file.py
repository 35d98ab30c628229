"""Where the desktop keeps its settings: one INI file in the user's configuration folder, a group for each feature."""

from __future__ import annotations

from pathlib import Path

import platformdirs
from PySide6.QtCore import QSettings


def open_settings(path: Path | None = None) -> QSettings:
    """The settings, from the user's own file unless another is named."""
    path = path or platformdirs.user_config_path("ocrdesk") / "desktop.ini"
    return QSettings(str(path), QSettings.Format.IniFormat)
