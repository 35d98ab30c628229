"""Small files that only this user can read: read and written as a whole, whatever else has their name."""

from __future__ import annotations

import errno
import json
import os
import secrets
import stat
from itertools import count
from pathlib import Path
from typing import Any

_MAX_BYTES = 64 << 20
"""Larger than any file that ocrdesk writes here."""
_PART = ".part"


def read_private(path: Path, errors: str = "strict") -> str:
    """Return a file's text. Raises FileNotFoundError without one, OSError if it cannot be read as text.

    `errors`: what becomes of bytes that are not UTF-8, as in `bytes.decode`. A pipe or a device is an error, and is not
    waited for.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "it is not a file", str(path))
        if found.st_size > _MAX_BYTES:
            raise OSError(errno.EFBIG, "it is too large", str(path))
        try:
            return file.read().decode(errors=errors)
        except UnicodeDecodeError:
            raise OSError(errno.EINVAL, "it is not text", str(path)) from None


def read_private_json(path: Path) -> Any:
    """Return what a JSON file contains. Raises FileNotFoundError, OSError, ValueError."""
    try:
        return json.loads(read_private(path))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def write_private(path: Path, text: str, *, outlasts_power_cut: bool = True) -> None:
    """Write a file that only this user can read, completely or not at all. Raises OSError.

    A link is replaced, not followed. A folder with the name is moved aside first. `outlasts_power_cut`: wait until the
    disk has it; without this, the file may be empty after a power cut.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}{_PART}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            if outlasts_power_cut:
                os.fsync(descriptor)
        if path.is_dir() and not path.is_symlink():
            set_aside(path)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def remove_private(path: Path) -> None:
    """Remove a file; a folder with the name is moved aside. Raises OSError."""
    if path.is_dir() and not path.is_symlink():
        set_aside(path)
    else:
        path.unlink(missing_ok=True)


def set_aside(path: Path) -> Path:
    """Rename what cannot be used, so that nothing is lost and it is in nobody's way; return the new path.

    Raises OSError.
    """
    for number in count(1):
        aside = path.with_name(f"{path.name}.unreadable" + (f"-{number}" if number > 1 else ""))
        if not os.path.lexists(aside):
            path.rename(aside)
            return aside
    raise AssertionError("count does not end")


def keep_for_file(path: Path) -> None:
    """Move aside what is no file, such as a pipe, so that one of this name can be opened. Raises OSError."""
    if os.path.lexists(path) and not stat.S_ISREG(path.lstat().st_mode):
        set_aside(path)


def remove_parts(folder: Path, names: tuple[str, ...]) -> None:
    """Remove what killed writers of these files left. Only where no other process writes them now."""
    for name in names:
        for part in folder.glob(f".{name}.*{_PART}"):
            part.unlink(missing_ok=True)
