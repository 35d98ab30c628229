"""Reads single parts of a language's .traineddata file, by the numbers that Tesseract gives them."""

from __future__ import annotations

import struct
from enum import IntEnum
from pathlib import Path

_MOST_PARTS = 64


class Part(IntEnum):
    """What of it is of use to others than Tesseract."""

    WORDS = 19
    CHARACTERS = 21


def part_of(file: Path, part: Part) -> bytes:
    """The part's bytes, none where the file has no such part. Raises OSError.

    The file begins with the number of its parts and where each begins, -1 for those that are absent.
    """
    with file.open("rb") as data:
        head = data.read(4)
        if len(head) < 4:
            return b""
        (count,) = struct.unpack("<i", head)
        if not part < count <= _MOST_PARTS:
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
