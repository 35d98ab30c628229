"""Repairs a damaged settings file: it is moved aside, and the copy of an earlier start takes its place. No Qt.

Qt would read nothing from such a file, and replace it with the next change.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ocrdesk.local.private_files import read_private, set_aside, write_private


@dataclass(frozen=True, slots=True)
class SettingsDamage:
    """A damaged file: where it is now (None: it could not be moved), and whether the settings of the copy are used."""

    file: Path
    aside: Path | None
    is_restored: bool


def repair(file: Path) -> SettingsDamage | None:
    """Repair the file if it is damaged; return None if it is not, or does not exist."""
    if not os.path.lexists(file):
        return None
    kept = _read(copy_of(file))
    text = _read(file)
    if text is not None and not _is_damaged(text, kept or ""):
        return None
    try:
        aside = set_aside(file)
        if kept:
            write_private(file, kept)
    except OSError:
        return SettingsDamage(file, None, is_restored=False)
    return SettingsDamage(file, aside, is_restored=bool(kept))


def keep_copy(file: Path) -> None:
    """Keep a copy of a file that is not damaged, unless there is one. Raises OSError."""
    text = _read(file)
    copy = copy_of(file)
    if text and not _is_damaged(text, "") and text != _read(copy):
        write_private(copy, text)


def copy_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.copy")


def _read(file: Path) -> str | None:
    try:
        return read_private(file)
    except OSError:
        return None


def _is_damaged(text: str, kept: str) -> bool:
    """Return whether a text is not what Qt writes: it is empty, cut off within a line, or contains other lines."""
    if not text.strip():
        return bool(kept)
    if "\0" in text or (not text.endswith("\n") and kept.startswith(text)):
        return True
    lines = [line for line in map(str.strip, text.splitlines()) if line]
    return not all(map(_is_ini, lines)) or not any("=" in line for line in lines)


def _is_ini(line: str) -> bool:
    return line.startswith((";", "#")) or (line.startswith("[") and line.endswith("]")) or "=" in line
