"""Remembers which files were taken out of watched folders, by path, size and time, over restarts too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from ocrdesk.desktop.watch.folder_scan import Stamp

_LEAST_LINES = 1_000
"""Below that the file is not worth packing."""


def load(file: Path) -> dict[Path, Stamp]:
    """Empty when there is no file yet; a line that was cut off by a crash is passed over. Raises OSError."""
    try:
        lines = file.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except FileNotFoundError:
        return {}
    taken: dict[Path, Stamp] = {}
    for line in lines:
        try:
            path, size_bytes, modified_ns = json.loads(line)
            taken[Path(path)] = Stamp(int(size_bytes), int(modified_ns))
        except (ValueError, TypeError):
            continue
    if len(lines) > max(_LEAST_LINES, 2 * len(taken)):
        _pack(file, taken)
    return taken


def add(file: Path, taken: Mapping[Path, Stamp]) -> None:
    """Appends them. Raises OSError."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        out.write(_lines(taken))


def _pack(file: Path, taken: Mapping[Path, Stamp]) -> None:
    new = file.with_name(file.name + ".new")
    new.write_text(_lines(taken), encoding="utf-8")
    new.replace(file)


def _lines(taken: Mapping[Path, Stamp]) -> str:
    # JSON's escapes keep a name whose bytes are no text
    return "".join(json.dumps([str(path), at.size_bytes, at.modified_ns]) + "\n" for path, at in taken.items())
