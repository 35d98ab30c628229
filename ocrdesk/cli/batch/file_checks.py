"""Compares and classifies files: the same file by any name, a PDF, a result that must not be lost."""

from __future__ import annotations

import contextlib
from pathlib import Path

from ocrdesk.contract.media_types import SNIFF_BYTES, MediaType, sniff


def is_in_the_way(path: Path) -> bool:
    """Return whether writing the file would lose something. Devices, pipes and empty files lose nothing."""
    try:
        return path.is_file() and path.stat().st_size > 0
    except OSError:
        return False


def file_id(path: Path | None) -> tuple[int, int] | None:
    """Return what identifies a regular file, whatever its names; None if there is none."""
    with contextlib.suppress(OSError):
        if path is not None and path.is_file():
            found = path.stat()
            return found.st_dev, found.st_ino
    return None


def is_same_file(one: Path | None, other: Path | None) -> bool:
    """Return whether both name one regular file, by whatever links."""
    found = file_id(one)
    return found is not None and found == file_id(other)


def is_pdf(path: Path) -> bool:
    """Return whether the content is a PDF. A file that cannot be read is none."""
    try:
        with path.open("rb") as source:
            return sniff(source.read(SNIFF_BYTES)) is MediaType.PDF
    except OSError:
        return False
