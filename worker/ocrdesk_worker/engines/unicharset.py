"""The characters of a language, as its trained data lists them."""

from __future__ import annotations

import struct
from functools import lru_cache
from pathlib import Path

_LSTM_UNICHARSET = 21
"""Which of the file's components, as Tesseract numbers them."""
_MOST_COMPONENTS = 64


@lru_cache(maxsize=64)
def characters_of(file: Path, version: object) -> frozenset[str]:  # noqa: ARG001  # a changed file is read anew
    """The single characters that a .traineddata file's model can answer; none when it lists none.

    The file begins with the number of its components and where each begins, -1 for those that are absent.
    """
    with file.open("rb") as data:
        (count,) = struct.unpack("<i", data.read(4))
        if not _LSTM_UNICHARSET < count <= _MOST_COMPONENTS:
            return frozenset()
        begins = struct.unpack(f"<{count}q", data.read(8 * count))
        begin = begins[_LSTM_UNICHARSET]
        if begin < 0:
            return frozenset()
        end = min((other for other in begins if other > begin), default=None)
        data.seek(begin)
        listed = data.read() if end is None else data.read(end - begin)
    # the first line is a count, then each begins with a character
    names = (line.split(b" ", 1)[0].decode("utf-8", "replace") for line in listed.splitlines()[1:])
    return frozenset(name for name in names if len(name) == 1)
