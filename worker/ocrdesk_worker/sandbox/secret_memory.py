"""Erases secrets from the memory of a process that opens files: it is a fork, and would know its worker's passwords.

A worker finds once where its memory has them. Each confined process then overwrites these places. Linux only; elsewhere
nothing is found.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import hashlib
import logging
import mmap
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ocrdesk.backend.redis_servers.redis_url import parse_redis_url
from ocrdesk.backend.settings import Settings

_log = logging.getLogger(__name__)

_SHORTEST, _SHORTEST_WITHOUT_DIGITS = 12, 20
"""Characters. A shorter text may also be a word of the program, which would no longer work."""
_NAMES = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL", re.IGNORECASE)
"""Variables whose values may be secrets of other programs."""
_MEMORY, _PARTS = Path("/proc/self/mem"), Path("/proc/self/maps")
_OF_NO_FILE = ("", "[heap]", "[stack]")


class _MemoryChangedError(Exception):
    """A part of the memory that was to be searched has been given back."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a secret was, and its digest: the memory may have another use by now."""

    address: int
    length: int
    digest: bytes


_places: tuple[_Place, ...] = ()
_MS_ASYNC = 1
_MOST_TRIES = 10
"""How often the search starts again because memory was given back meanwhile."""


def secrets_of(settings: Settings) -> list[str]:
    """Return what nobody who sends a file may learn."""
    given = [*settings.api_keys, settings.local_token, settings.metrics_token]
    others = [value for name, value in os.environ.items() if _NAMES.search(name)]
    of_redis = parse_redis_url(settings.redis_url).secrets
    return [*of_redis, *(secret.get_secret_value() for secret in given if secret), *others]


def find(secrets: Iterable[str]) -> None:
    """Find these secrets in the memory of this process, for `erase` in processes that are forked from it.

    Only for a process without other threads: they could give memory back while it is read.
    """
    global _places
    found: list[_Place] = []
    wanted = {form for secret in secrets if _is_unmistakable(secret) for form in _forms(secret)}
    try:
        if wanted:
            found = [
                _Place(address, len(form), hashlib.sha256(form).digest()) for form, address in _occurrences(wanted)
            ]
    except (OSError, AttributeError) as error:  # no Linux, or its C library cannot search memory
        if isinstance(error, OSError) and error.errno == errno.EAGAIN:
            _log.warning("secrets in the memory of this worker were not found: processes that open files keep them")
    _places = tuple(found)


def erase() -> None:
    """Overwrite what `find` found, where it still is."""
    if not _places:
        return
    with contextlib.suppress(OSError), _MEMORY.open("r+b", buffering=0) as memory:
        for place in _places:
            with contextlib.suppress(OSError):  # the memory has been given back
                there = os.pread(memory.fileno(), place.length, place.address)
                if hashlib.sha256(there).digest() == place.digest:
                    os.pwrite(memory.fileno(), bytes(place.length), place.address)


def _is_unmistakable(secret: str) -> bool:
    has_digits = any(letter.isdigit() for letter in secret)
    return len(secret) >= (_SHORTEST if has_digits else _SHORTEST_WITHOUT_DIGITS)


def _forms(secret: str) -> Iterator[bytes]:
    """Yield how Python stores a text, and how it is sent."""
    yield secret.encode()
    if not secret.isascii():
        yield secret.encode("latin-1" if max(secret) < "\u0100" else "utf-16-le", errors="replace")


def _occurrences(wanted: Iterable[bytes]) -> list[tuple[bytes, int]]:
    """Return each secret with an address. Raises OSError, AttributeError.

    It reads the memory in place: to copy it through the kernel takes ten times as long. So each part is checked right
    before it is read, because the search itself needs memory, and Python may give other memory back for it.
    """
    for _ in range(_MOST_TRIES):
        with contextlib.suppress(_MemoryChangedError):
            parts = list(_writable(_PARTS.read_text("ascii", errors="replace")))
            return [(form, at) for start, end in parts for form in wanted for at in _addresses(form, start, end)]
    raise OSError(errno.EAGAIN, "the memory changes all the time")


def _addresses(wanted: bytes, start: int, end: int) -> Iterator[int]:
    """Yield where a part of the memory has these bytes. Raises _MemoryChangedError, AttributeError."""
    library = ctypes.PyDLL(None)
    check, search = library.msync, library.memmem
    check.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    search.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t)
    search.restype = ctypes.c_void_p
    place = start
    while True:
        page = place - place % mmap.PAGESIZE
        if check(page, end - page, _MS_ASYNC) != 0:
            raise _MemoryChangedError
        found = search(place, end - place, wanted, len(wanted))
        if not found:
            return
        yield found
        place = found + 1


def _writable(maps: str) -> Iterator[tuple[int, int]]:
    for line in maps.splitlines():
        addresses, rights, _, _, _, *name = line.split(maxsplit=5)
        if rights.startswith("rw") and "".join(name).strip() in _OF_NO_FILE:
            start, end = (int(address, 16) for address in addresses.split("-"))
            yield start, end
