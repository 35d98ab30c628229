"""Wakes those who wait for a job's next event: one reader of the event stream for a whole api process."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import redis.asyncio
from redis.exceptions import RedisError

from ocrdesk.backend.ledger import GLOBAL_EVENTS
from ocrdesk.backend.settings import Settings

_log = logging.getLogger(__name__)

_BLOCK_MS = 5_000
_PAUSE_S = 0.5


class EventHub:
    """`watch` what you wait for, look at the ledger, then wait for the flag; it is set at every event."""

    def __init__(self, settings: Settings) -> None:
        self._redis: Any = redis.asyncio.Redis.from_url(
            settings.redis_url, decode_responses=True, socket_timeout=_BLOCK_MS / 1000 + 5, socket_connect_timeout=2
        )
        self._watches: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None
        self.closing = False
        """True once the process stops: those who wait give up their streams."""

        self.draining = False
        """True from the first word to stop on: readiness says so, and requests are still answered."""

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    def close(self) -> None:
        """Wakes everyone up for good; may be called from a signal handler of the loop."""
        self.closing = True
        for flags in list(self._watches.values()):
            for flag in flags:
                flag.set()

    async def stop(self) -> None:
        self.close()
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self._redis.aclose()

    @contextlib.contextmanager
    def watch(self, topic: str) -> Iterator[asyncio.Event]:
        """A flag that is set at every event of a topic: a job's id, or `owner_topic(...)`."""
        flag = asyncio.Event()
        self._watches[topic].add(flag)
        try:
            yield flag
        finally:
            self._watches[topic].discard(flag)
            if not self._watches[topic]:
                del self._watches[topic]

    async def _run(self) -> None:
        last = ""
        while True:
            try:
                if not last:  # a fixed place, unlike "$", which would miss what comes between two reads
                    newest = await self._redis.xrevrange(GLOBAL_EVENTS, count=1)
                    last = newest[0][0] if newest else "0-0"
                for _, entries in await self._redis.xread({GLOBAL_EVENTS: last}, block=_BLOCK_MS, count=500) or []:
                    for event_id, fields in entries:
                        last = event_id
                        self._wake(fields["job_id"])
                        self._wake(owner_topic(fields["owner"]))
            except (RedisError, OSError) as error:
                _log.warning("events: %s", error)
                self._wake_all()  # so that those who wait look for themselves
                await asyncio.sleep(_PAUSE_S)

    def _wake(self, topic: str) -> None:
        for flag in self._watches.get(topic, ()):
            flag.set()

    def _wake_all(self) -> None:
        for topic in list(self._watches):
            self._wake(topic)


def owner_topic(owner: str) -> str:
    """The topic of all jobs of an owner; no job's id looks like it."""
    return f"owner/{owner}"


async def wait_for(flag: asyncio.Event, timeout_s: float) -> bool:
    """Waits for a flag and takes it down; False when the time is over first."""
    try:
        await asyncio.wait_for(flag.wait(), timeout_s)
    except TimeoutError:
        return False
    flag.clear()
    return True
