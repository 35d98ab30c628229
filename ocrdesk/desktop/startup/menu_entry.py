"""Installs the Linux menu entry, which is also in "Open with", with this installation's path."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAME = "ocrdesk.desktop"
_DESKTOP = Path(__file__).parents[1]
_ENTRIES = (_DESKTOP / NAME, _DESKTOP.parents[1] / "packaging" / NAME)
"""In a wheel, and in the repository."""
_REFRESH_S = 30


class MenuEntryError(Exception):
    """The menu entry could not be installed; the message says why."""


def install() -> list[Path]:
    """Write the entry and its icon, and return their paths. Raises MenuEntryError."""
    if not sys.platform.startswith("linux"):
        raise MenuEntryError("menu entries of this kind are for Linux desktops")
    share = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    entry = share / "applications" / NAME
    icon = share / "icons" / "hicolor" / "scalable" / "apps" / "ocrdesk.svg"
    try:
        for file in (entry, icon):
            file.parent.mkdir(parents=True, exist_ok=True)
        entry.write_text(entry_text(_command()), encoding="utf-8")
        shutil.copyfile(_DESKTOP / "ui" / "svg" / "app.svg", icon)
    except OSError as error:
        raise MenuEntryError(f"{error.filename} could not be written: {error.strerror}") from error
    if refresh := shutil.which("update-desktop-database"):
        subprocess.run([refresh, entry.parent], check=False, capture_output=True, timeout=_REFRESH_S)
    return [entry, icon]


def entry_text(command: Path) -> str:
    """Return the desktop entry with the full path `command` instead of the command's name."""
    source = next(file for file in _ENTRIES if file.exists()).read_text(encoding="utf-8")
    lines = []
    for line in source.splitlines():
        if line.startswith("Exec=ocrdesk"):
            line = f"Exec={_quoted(command)}{line.removeprefix('Exec=ocrdesk')}"
        elif line.startswith("TryExec="):
            line = f"TryExec={command}"
        lines.append(line)
    return "\n".join(lines) + "\n"


def _command() -> Path:
    """Return the path of this installation's `ocrdesk`."""
    beside = Path(sys.executable).with_name("ocrdesk")
    found = beside if beside.exists() else shutil.which("ocrdesk")
    if found is None:
        raise MenuEntryError("the command ocrdesk was not found beside this Python; install ocrdesk with pip first")
    return Path(found)


def _quoted(command: Path) -> str:
    """Quote as the Desktop Entry Specification says: quotes, its escapes within them, percent signs doubled."""
    text = str(command)
    for character in '\\"`$':
        text = text.replace(character, "\\\\" + character if character != "\\" else "\\\\\\\\")
    text = text.replace("%", "%%")
    return f'"{text}"'
