"""Classifies clipboard content: files, image, paths."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

from ocrdesk.desktop.intake.file_urls import path_of_url

_ABSOLUTE = re.compile(r"(/|~/|[A-Za-z]:[\\/]|\\\\)[^\0]")
_MAX_LINES = 10_000
"""More than that is a text, not a list of files."""


@dataclass(frozen=True, slots=True)
class ClipboardContent:
    """Paths (of files that need not exist), or an image, or neither."""

    paths: tuple[Path, ...] = ()
    image: QImage | None = None


def read_content(data: QMimeData) -> ClipboardContent:
    """Classify the content. Files take precedence over an image: file managers add a preview of the file."""
    if paths := local_paths(data):
        return ClipboardContent(tuple(paths))
    if data.hasImage():
        image = QImage(data.imageData())
        if not image.isNull():
            return ClipboardContent(image=image)
    return ClipboardContent(named_paths(data.text()))


def local_paths(data: QMimeData) -> list[Path]:
    """Return the files and folders of a drop that are on this computer."""
    return [path for url in data.urls() if (path := path_of_url(url)) is not None]


def named_paths(text: str) -> tuple[Path, ...]:
    """Return the paths and file URLs of a text that consists of one per line; none for any other text."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    paths = [_path(line) for line in lines[: _MAX_LINES + 1]]
    if len(lines) > _MAX_LINES:
        return ()
    named = tuple(path for path in paths if path is not None)
    return named if len(named) == len(lines) else ()


def _path(line: str) -> Path | None:
    if len(line) > 1 and line[0] == line[-1] and line[0] in "\"'":
        line = line[1:-1]
    if line.lower().startswith("file:"):
        return path_of_url(QUrl(line))
    if not _ABSOLUTE.match(line):
        return None
    try:
        return Path(line).expanduser()
    except RuntimeError:  # no such user's home
        return None
