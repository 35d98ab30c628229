"""Remembers the files already read, by path, size and time, across restarts."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from ocrdesk.desktop.watch.folder_scan import Stamp
from ocrdesk.local.paths import create_private
from ocrdesk.local.private_files import read_private, set_aside

_MIN_LINES = 1_000
"""A shorter file is not worth compacting."""


def load(file: Path) -> dict[Path, Stamp]:
    """Return the seen files; empty without a file. Skip a line that a crash cut off. Raises OSError."""
    try:
        lines = read_private(file, errors="surrogateescape").splitlines()
    except FileNotFoundError:
        return {}
    except OSError as error:
        if isinstance(error, PermissionError) or not file.parent.is_dir():
            raise
        set_aside(file)
        return {}
    seen: dict[Path, Stamp] = {}
    for line in lines:
        try:
            path, size_bytes, modified_ns = json.loads(line)
            seen[Path(path)] = Stamp(int(size_bytes), int(modified_ns))
        except (ValueError, TypeError, OverflowError, RecursionError):
            continue
    if len(lines) > max(_MIN_LINES, 2 * len(seen)):
        _compact(file, seen)
    return seen


def add(file: Path, seen: Mapping[Path, Stamp]) -> None:
    """Append files. Raises OSError."""
    create_private(file.parent)
    with file.open("a+", encoding="utf-8") as out:
        out.seek(0, os.SEEK_END)
        if out.tell() and not _ends_a_line(file):  # a crash cut the last line off
            out.write("\n")
        out.write(_lines(seen))


def _ends_a_line(file: Path) -> bool:
    with file.open("rb") as content:
        content.seek(-1, os.SEEK_END)
        return content.read() == b"\n"


def _compact(file: Path, seen: Mapping[Path, Stamp]) -> None:
    new = file.with_name(file.name + ".new")
    new.write_text(_lines(seen), encoding="utf-8")
    new.replace(file)


def _lines(seen: Mapping[Path, Stamp]) -> str:
    # JSON's escapes keep a name whose bytes are no text
    return "".join(json.dumps([str(path), at.size_bytes, at.modified_ns]) + "\n" for path, at in seen.items())
