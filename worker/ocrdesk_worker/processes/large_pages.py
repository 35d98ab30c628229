"""Merges this process's memory into large pages, so that forking it copies a few hundred entries instead of 40,000.

Each task forks twice. Without this, forking a process with the engines loaded takes longer than reading a page with
its own text.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys
from collections.abc import Iterator
from pathlib import Path

_LARGE_PAGE = 2 << 20
_MADV_COLLAPSE = 25
_MERGEABLE = ("", "[heap]")
"""Names of memory that belongs to no file."""


def merge_memory() -> int:
    """Merge what can be merged, and return how many bytes of memory that is; 0 where the kernel cannot (before 6.1)."""
    if sys.platform != "linux":
        return 0
    madvise = ctypes.CDLL(None, use_errno=True).madvise
    merged = 0
    with contextlib.suppress(OSError, ValueError):
        for start, end in _private_memory(Path("/proc/self/maps").read_text("ascii", errors="replace")):
            if madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _MADV_COLLAPSE) == 0:
                merged += end - start
    return merged


def _private_memory(maps: str) -> Iterator[tuple[int, int]]:
    """Yield the beginning and end of each stretch of writable memory that has whole large pages."""
    for line in maps.splitlines():
        addresses, rights, _, _, _, *name = line.split(maxsplit=5)
        if rights != "rw-p" or "".join(name).strip() not in _MERGEABLE:
            continue
        start, end = (int(address, 16) for address in addresses.split("-"))
        first = -(-start // _LARGE_PAGE) * _LARGE_PAGE
        last = end // _LARGE_PAGE * _LARGE_PAGE
        if last > first:
            yield first, last
