"""What lies on the clipboard or in a drop, told apart: files, a picture, or text that names files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

_ABSOLUTE = re.compile(r"(/|~/|[A-Za-z]:[\\/]|\\\\)[^\0]")
_MOST_LINES = 10_000
"""More than that is a text, not a list of files."""


@dataclass(frozen=True, slots=True)
class Clip:
    """Paths that were named (they need not exist), or a picture, or neither."""

    paths: tuple[Path, ...] = ()
    picture: QImage | None = None


def read_clip(data: QMimeData) -> Clip:
    """Files come before a picture: a file manager puts a file's own preview beside its name."""
    if paths := local_paths(data):
        return Clip(tuple(paths))
    if data.hasImage():
        picture = QImage(data.imageData())
        if not picture.isNull():
            return Clip(picture=picture)
    return Clip(named_paths(data.text()))


def local_paths(data: QMimeData) -> list[Path]:
    """The files and folders of a drop; what is not on this computer is left out."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def named_paths(text: str) -> tuple[Path, ...]:
    """The paths and file URLs of a text that has one a line and nothing else; none of any other text."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    paths = [_path(line) for line in lines[: _MOST_LINES + 1]]
    if len(lines) > _MOST_LINES:
        return ()
    named = tuple(path for path in paths if path is not None)
    return named if len(named) == len(lines) else ()


def _path(line: str) -> Path | None:
    if len(line) > 1 and line[0] == line[-1] and line[0] in "\"'":
        line = line[1:-1]
    if line.lower().startswith("file:"):
        url = QUrl(line)
        return Path(url.toLocalFile()) if url.isLocalFile() and url.toLocalFile() else None
    if not _ABSOLUTE.match(line):
        return None
    try:
        return Path(line).expanduser()
    except RuntimeError:  # no such user's home
        return None
