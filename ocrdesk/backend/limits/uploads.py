"""The files that this process receives at the moment: no queue counts them yet, and they all become work."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UploadsAhead:
    """The uploads that had begun before another one and have not ended."""

    count: int = 0
    own_count: int = 0
    """Those of the same caller."""
    own_bytes: int = 0


class Uploads:
    """Counts the uploads in progress. May be used by several threads."""

    def __init__(self) -> None:
        self._open: dict[object, tuple[str, int]] = {}
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def begun(self, owner: str, size_bytes: int) -> Iterator[UploadsAhead]:
        """Count an upload of so many bytes until the block ends; yield those ahead of it.

        Only these can use up its room, so that of many that begin together as many are accepted as there is room for.
        Sizes count for the caller alone: they are what it says, and sending them can take long.
        """
        upload = object()
        with self._lock:
            own = [size for other, size in self._open.values() if other == owner]
            ahead = UploadsAhead(len(self._open), len(own), sum(own))
            self._open[upload] = owner, size_bytes
        try:
            yield ahead
        finally:
            with self._lock:
                del self._open[upload]
