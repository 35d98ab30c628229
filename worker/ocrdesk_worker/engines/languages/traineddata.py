"""Reads parts of a traineddata file.

Tesseract numbers the parts.
"""

from __future__ import annotations

import struct
from enum import IntEnum
from pathlib import Path

_MAX_PARTS = 64


class Part(IntEnum):
    """The parts that are useful outside Tesseract."""

    NETWORK = 17
    WORDS = 19
    CHARACTERS = 21
    CODES = 22


def part_of(file: Path, part: Part) -> bytes:
    """Return the part's bytes; none if the file has no such part. Raises OSError.

    The file begins with the number of its parts and the offset of each; -1 stands for a part that is absent.
    """
    with file.open("rb") as data:
        head = data.read(4)
        if len(head) < 4:
            return b""
        (count,) = struct.unpack("<i", head)
        if not part < count <= _MAX_PARTS:
            return b""
        offsets = data.read(8 * count)
        if len(offsets) < 8 * count:
            return b""
        begins = struct.unpack(f"<{count}q", offsets)
        begin = begins[part]
        if begin < 0:
            return b""
        end = min((other for other in begins if other > begin), default=None)
        data.seek(begin)
        return data.read() if end is None else data.read(end - begin)
