"""Erases secrets from the memory of a process that opens files: it is a fork, and would know its worker's passwords.

A worker finds once where its memory has them, which takes a tenth of a second. Each confined process then overwrites
these places. Linux only; elsewhere nothing is found.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ocrdesk.backend.redis_servers.redis_url import parse_redis_url
from ocrdesk.backend.settings import Settings

_SHORTEST, _SHORTEST_WITHOUT_DIGITS = 12, 20
"""Characters. A shorter text may also be a word of the program, which would no longer work."""
_NAMES = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL", re.IGNORECASE)
"""Variables whose values may be secrets of other programs."""
_AT_ONCE = 4 << 20
_MEMORY, _PARTS = Path("/proc/self/mem"), Path("/proc/self/maps")
_OF_NO_FILE = ("", "[heap]", "[stack]")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a secret was, and its digest: the memory may have another use by now."""

    address: int
    length: int
    digest: bytes


_places: tuple[_Place, ...] = ()


def secrets_of(settings: Settings) -> list[str]:
    """Return what nobody who sends a file may learn."""
    given = [*settings.api_keys, settings.local_token, settings.metrics_token]
    others = [value for name, value in os.environ.items() if _NAMES.search(name)]
    of_redis = parse_redis_url(settings.redis_url).secrets
    return [*of_redis, *(secret.get_secret_value() for secret in given if secret), *others]


def find(secrets: Iterable[str]) -> None:
    """Find these secrets in the memory of this process, for `erase` in processes that are forked from it."""
    global _places
    found: list[_Place] = []
    with contextlib.suppress(OSError, ValueError):
        wanted = {form for secret in secrets if _is_unmistakable(secret) for form in _forms(secret)}
        if wanted:
            found = [
                _Place(address, len(form), hashlib.sha256(form).digest())
                for form, address in _occurrences(wanted, max(map(len, wanted)))
            ]
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


def _occurrences(wanted: Iterable[bytes], longest: int) -> Iterator[tuple[bytes, int]]:
    """Yield each secret with an address. It reads the memory through one buffer, and then clears that."""
    buffer = bytearray(_AT_ONCE)
    with _MEMORY.open("rb", buffering=0) as memory:
        for start, end in _writable(_PARTS.read_text("ascii", errors="replace")):
            for begin in range(start, end, _AT_ONCE - longest):
                view = memoryview(buffer)[: min(_AT_ONCE, end - begin)]
                try:
                    size = os.preadv(memory.fileno(), [view], begin)
                except OSError:
                    continue
                for form in wanted:
                    place = buffer.find(form, 0, size)
                    while place >= 0:
                        yield form, begin + place
                        place = buffer.find(form, place + 1, size)
    buffer[:] = bytes(_AT_ONCE)


def _writable(maps: str) -> Iterator[tuple[int, int]]:
    for line in maps.splitlines():
        addresses, rights, _, _, _, *name = line.split(maxsplit=5)
        if rights.startswith("rw") and "".join(name).strip() in _OF_NO_FILE:
            start, end = (int(address, 16) for address in addresses.split("-"))
            yield start, end
