"""Converts between file URLs and paths, also of names that are not UTF-8, which Qt cannot convert."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

from PySide6.QtCore import QUrl


def path_of_url(url: QUrl) -> Path | None:
    """Return the path of a file URL; None if the file is not on this computer."""
    if not url.isLocalFile() or not url.toLocalFile():
        return None
    if sys.platform == "win32" or url.host():
        return Path(url.toLocalFile())
    return Path(os.fsdecode(unquote_to_bytes(url.path(QUrl.ComponentFormattingOption.FullyEncoded))))


def url_of_path(path: Path) -> QUrl:
    """Return the file URL of an absolute path."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        if sys.platform != "win32":
            return QUrl.fromEncoded(b"file://" + quote_from_bytes(os.fsencode(path)).encode())
    return QUrl.fromLocalFile(str(path))
