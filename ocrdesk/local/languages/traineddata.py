"""Validates a traineddata file."""

from __future__ import annotations

import struct
from pathlib import Path

from ocrdesk.contract.error_messages import DescribedError, error_message

SUFFIX = ".traineddata"

_MAX_ENTRIES = 64
_NEEDED = {17: "the network", 21: "the network's characters", 22: "the network's recoder"}
"""The entries that Tesseract 4 and 5 need. Data without them is for the engine of version 3."""


class InvalidTrainedDataError(DescribedError):
    """The file cannot be used. The message says why, as a part of a sentence."""


def check(path: Path) -> None:
    """Raise InvalidTrainedDataError for an unusable file, OSError if it cannot be read.

    A file begins with the number of its entries and the offset of each (-1: missing), all little-endian.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        count = _unpacked("<i", file.read(4))
        if not count or not 0 < count[0] <= _MAX_ENTRIES:
            raise InvalidTrainedDataError(error_message("not_traineddata"))
        offsets = _unpacked(f"<{count[0]}q", file.read(8 * count[0]))
    present = [offset for offset in offsets if offset != -1]
    if not present or present != sorted(present) or present[0] != 4 + 8 * count[0]:
        raise InvalidTrainedDataError(error_message("not_traineddata"))
    if present[-1] >= size:
        raise InvalidTrainedDataError(error_message("traineddata_incomplete"))
    missing = [what for entry, what in _NEEDED.items() if entry >= len(offsets) or offsets[entry] == -1]
    if missing:
        raise InvalidTrainedDataError(error_message("traineddata_lacks_parts", missing=", ".join(missing)))


def _unpacked(form: str, data: bytes) -> tuple[int, ...]:
    return struct.unpack(form, data) if len(data) == struct.calcsize(form) else ()
