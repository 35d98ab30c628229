"""Lets one request at a time do a costly step, while owners take turns: each has one request in the line at most."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator


class Turns:
    """A lock whose line has one place for each owner. For one event loop."""

    def __init__(self) -> None:
        self._step = asyncio.Lock()
        self._places: dict[str, asyncio.Lock] = {}
        self._waiting: Counter[str] = Counter()

    @contextlib.asynccontextmanager
    async def turn(self, owner: str) -> AsyncIterator[None]:
        """Wait for the owner's turn, and hold it until the block ends. Locks are handed on first come, first served."""
        place = self._places.setdefault(owner, asyncio.Lock())
        self._waiting[owner] += 1
        try:
            async with place, self._step:
                yield
        finally:
            self._waiting[owner] -= 1
            if not self._waiting[owner]:
                del self._waiting[owner], self._places[owner]
