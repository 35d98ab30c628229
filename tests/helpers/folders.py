"""Lists folders that other processes change at the same time; files that vanish meanwhile are left out."""

from __future__ import annotations

import contextlib
import os
from fnmatch import fnmatchcase
from pathlib import Path


def everything_below(folder: Path) -> list[Path]:
    """Return all files and folders below a folder, sorted; nothing for a folder that does not exist."""
    return sorted(Path(parent) / name for parent, folders, files in os.walk(folder) for name in (*folders, *files))


def files_below(folder: Path, pattern: str = "*") -> list[Path]:
    """Return the files below a folder whose names match the pattern, sorted."""
    return sorted(
        Path(parent) / name for parent, _, files in os.walk(folder) for name in files if fnmatchcase(name, pattern)
    )


def contents_below(folder: Path, pattern: str = "*") -> dict[Path, bytes]:
    """Return the contents of the regular files below a folder whose names match the pattern."""
    contents = {}
    for path in files_below(folder, pattern):
        with contextlib.suppress(FileNotFoundError):
            if path.is_file():
                contents[path] = path.read_bytes()
    return contents
