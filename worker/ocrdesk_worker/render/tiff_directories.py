"""Counts the images of a TIFF by its chain of directories, without reading what is in them."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

_CLASSIC, _BIG = 42, 43


def count_directories(path: Path) -> int:
    """Return how many directories (images) follow each other in a TIFF or BigTIFF file.

    The chain ends at an offset of 0, one outside the file, or one that came before. 0 for a file of another kind.
    """
    with path.open("rb") as file:
        head = file.read(16)
        order = {b"II": "<", b"MM": ">"}.get(head[:2])
        if order is None or len(head) < 8:
            return 0
        kind = struct.unpack(f"{order}H", head[2:4])[0]
        if kind == _CLASSIC:
            return _count(file, struct.unpack(f"{order}I", head[4:8])[0], f"{order}H", f"{order}I", 12)
        if kind == _BIG and len(head) == 16:
            return _count(file, struct.unpack(f"{order}Q", head[8:16])[0], f"{order}Q", f"{order}Q", 20)
    return 0


def _count(file: BinaryIO, offset: int, length_form: str, offset_form: str, entry_bytes: int) -> int:
    """Follow the chain. A directory is its number of entries, the entries, and the offset of the next one."""
    seen: set[int] = set()
    while offset and offset not in seen:
        entries = _number_at(file, offset, length_form)
        if entries is None:
            break
        seen.add(offset)
        after_entries = offset + struct.calcsize(length_form) + entries * entry_bytes
        offset = _number_at(file, after_entries, offset_form) or 0
    return len(seen)


def _number_at(file: BinaryIO, offset: int, form: str) -> int | None:
    """Return the number at an offset; None outside the file."""
    try:
        file.seek(offset)
    except (OSError, OverflowError, ValueError):  # beyond what a file can have
        return None
    data = file.read(struct.calcsize(form))
    return int(struct.unpack(form, data)[0]) if len(data) == struct.calcsize(form) else None
