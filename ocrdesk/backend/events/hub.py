"""One stream reader per process, shared by all followers.

The reader keeps the last messages of every followed topic, already as bytes for the wire, so that an event is parsed
and serialised once and not once per follower. A follower that starts late or falls behind reads from Redis until it
has caught up.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections import deque
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

from redis.exceptions import RedisError

from ocrdesk.backend.events.stream import KEYS_CHANGED, event_from
from ocrdesk.backend.records import UNREADABLE
from ocrdesk.backend.redis_connection import connect_async
from ocrdesk.backend.redis_keys import EVENTS, job_events
from ocrdesk.backend.settings import Settings
from ocrdesk.contract.events import EventType

_log = logging.getLogger(__name__)

_BLOCK_MS = 5_000
_PAUSE_S = 0.5
_KEPT = 256
"""Messages kept for each followed topic."""
_PAGE = 500
_UNKNOWN = (2**64, 0)
"""A position after all events: the kept messages may be incomplete."""
_WOKEN_AT_ONCE = 5
"""Followers that are woken before other tasks get turns of the event loop."""
_TURNS = 4
"""Turns that other tasks get then; a request needs a dozen for its response."""
_LEAST_IDLE_SHARE = 0.7
"""Followers that got the last event at the same time must not all time out at the same time."""


@dataclass(frozen=True, slots=True)
class Message:
    """An event as it is sent. `ends`: the job's stream ends with it, unless the job is retried."""

    id: str
    data: bytes
    ends: bool
    place: tuple[int, int]
    """The id as numbers, which order the events."""


@dataclass(slots=True, eq=False)
class _Topic:
    """A followed topic: the flags of its followers, and its last messages. None after `since` is missing."""

    since: tuple[int, int]
    flags: set[asyncio.Event] = field(default_factory=set)
    recent: deque[Message] = field(default_factory=deque)
    gone: bool = False
    """The job was deleted."""

    def begin(self, since: tuple[int, int]) -> None:
        """Drop the kept messages; those after `since` will be kept."""
        self.recent.clear()
        self.since = since
        self.wake()

    def wake(self) -> None:
        for flag in self.flags:
            flag.set()

    def add(self, message: Message) -> None:
        self.recent.append(message)
        if len(self.recent) > _KEPT:
            self.since = self.recent.popleft().place

    def after(self, place: tuple[int, int]) -> list[Message]:
        """Return the kept messages after a position. Searches from the end, because there is rarely more than one."""
        found: list[Message] = []
        for message in reversed(self.recent):
            if message.place <= place:
                break
            found.append(message)
        found.reverse()
        return found


class EventHub:
    """Wakes tasks at events, and yields events.

    To wait for a state: `watch` the topic, read the ledger, then wait for the flag. To get the events: `follow_job` or
    `follow_owner`.
    """

    def __init__(self, settings: Settings) -> None:
        self._reader: Any = connect_async(settings, timeout_s=_BLOCK_MS / 1000 + 5)
        self._redis: Any = connect_async(settings, timeout_s=5)
        self._topics: dict[str, _Topic] = {}
        self._last = _UNKNOWN
        self._task: asyncio.Task[None] | None = None
        self.keys_epoch = 0
        """Grows when an API key may have ended; open streams then check whether their key is still valid."""
        self.closing = False
        """True once the process stops: all streams end."""

        self.draining = False
        """True once the process begins to stop: it reports not ready, and still responds to requests."""

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    def close(self) -> None:
        """Wake all waiting tasks and end all streams. May be called from a signal handler of the event loop."""
        self.closing = True
        for topic in self._topics.values():
            topic.wake()

    async def stop(self) -> None:
        self.close()
        while self._task and not self._task.done():
            self._task.cancel()  # repeatedly, because the Redis client may mistake a cancellation for its own timeout
            await asyncio.wait({self._task}, timeout=0.5)
        await self._reader.aclose()
        await self._redis.aclose()

    @contextlib.contextmanager
    def watch(self, name: str) -> Iterator[asyncio.Event]:
        """Provide a flag that is set at every event of a topic: a job's id, or `owner_topic(...)`."""
        flag = asyncio.Event()
        topic = self._topics.setdefault(name, _Topic(self._last))
        topic.flags.add(flag)
        try:
            yield flag
        finally:
            topic.flags.discard(flag)
            if not topic.flags and self._topics.get(name) is topic:
                del self._topics[name]

    async def newest_id(self) -> str:
        """Return the id of the newest event of all; "0-0" when there was none."""
        newest = await self._redis.xrevrange(EVENTS, count=1)
        return str(newest[0][0]) if newest else "0-0"

    async def exists(self, job_id: str) -> bool:
        """Return whether a job has events: it has from its creation until it expires."""
        return bool(await self._redis.exists(job_events(job_id)))

    async def follow_job(self, job_id: str, after: str, idle_s: float) -> AsyncIterator[Message | None]:
        """Yield a job's events after an id until its end; None after `idle_s` without one, or when an API key ended."""
        with self.watch(job_id) as flag:
            topic = self._topics[job_id]
            is_known = False
            while not self.closing:
                messages = await self._next(topic, job_events(job_id), None, after)
                for message in messages:
                    after = message.id
                    yield message
                if messages and messages[-1].ends:
                    return
                if messages:
                    continue
                is_known = is_known or await self.exists(job_id)
                if topic.gone or not is_known:
                    return
                epoch = self.keys_epoch
                if not await wait_for(flag, _idle(idle_s)) or epoch != self.keys_epoch:
                    is_known = False
                    yield None

    async def follow_owner(self, owner: str, after: str, idle_s: float) -> AsyncIterator[Message | None]:
        """Yield the events of all of an owner's jobs after an id, without end; None as in `follow_job`."""
        name = owner_topic(owner)
        with self.watch(name) as flag:
            topic = self._topics[name]
            while not self.closing:
                messages = await self._next(topic, EVENTS, owner, after)
                for message in messages:
                    after = message.id
                    yield message
                epoch = self.keys_epoch
                if not messages and (not await wait_for(flag, _idle(idle_s)) or epoch != self.keys_epoch):
                    yield None

    async def _next(self, topic: _Topic, stream: str, owner: str | None, after: str) -> list[Message]:
        """Return the messages after an id: the kept ones if none can be missing there, otherwise from Redis."""
        place = _order(after)
        if place >= topic.since:
            return topic.after(place)
        while True:
            entries = await self._redis.xrange(stream, min=f"({after}", count=_PAGE)
            read = [_message(entry_id, fields) for entry_id, fields in entries if _is_for(owner, fields)]
            found = [message for message in read if message is not None]
            if found or len(entries) < _PAGE:
                return found
            after = entries[-1][0]

    # ── the reader ───────────────────────────────────────────────────────────────────────────────

    async def _run(self) -> None:
        last = ""
        is_away = False
        while not self.closing:
            try:
                if not last:  # a fixed position; "$" would miss events between two reads
                    newest = await self._reader.xrevrange(EVENTS, count=1)
                    last = newest[0][0] if newest else "0-0"
                    self._begin(_order(last))
                for _, entries in await self._reader.xread({EVENTS: last}, block=_BLOCK_MS, count=_PAGE) or []:
                    last = entries[-1][0]
                    await self._distribute(entries)
                is_away = False
            except (RedisError, OSError) as error:
                if not is_away:  # once per outage, not at every attempt
                    _log.warning("events: %s", error)
                is_away = True
                last = ""
                self._begin(_UNKNOWN)  # each follower reads the missed events from Redis
                await asyncio.sleep(_PAUSE_S)

    async def _distribute(self, entries: list[tuple[str, dict[str, str]]]) -> None:
        touched: dict[str, _Topic] = {}
        for entry_id, fields in entries:
            self._last = _order(entry_id)
            kind, job_id = fields.get("type"), fields.get("job_id", "")
            if kind == KEYS_CHANGED:
                self.keys_epoch += 1
                for topic in self._topics.values():
                    topic.wake()
            names = [name for name in (job_id, owner_topic(fields.get("owner", ""))) if name in self._topics]
            message = _message(entry_id, fields) if names else None
            if message is None:
                continue
            for name in names:
                topic = touched[name] = self._topics[name]
                if name == job_id and kind == EventType.DELETED:
                    topic.gone = True  # the job's own stream was deleted too, and cannot announce it
                else:
                    topic.add(message)
        woken = 0
        for topic in touched.values():
            for flag in list(topic.flags):
                flag.set()
                woken += 1
                if woken % _WOKEN_AT_ONCE == 0:
                    for _ in range(_TURNS):
                        await asyncio.sleep(0)

    def _begin(self, place: tuple[int, int]) -> None:
        self._last = place
        self.keys_epoch += 1
        for topic in self._topics.values():
            topic.begin(place)


def owner_topic(owner: str) -> str:
    """Return the topic of all jobs of an owner, which cannot equal a job's id."""
    return f"owner/{owner}"


async def wait_for(flag: asyncio.Event, timeout_s: float) -> bool:
    """Wait for a flag and clear it; False when the time runs out first."""
    try:
        async with asyncio.timeout(timeout_s):  # asyncio.wait_for would create a task for each wait
            await flag.wait()
    except TimeoutError:
        return False
    flag.clear()
    return True


def _idle(seconds: float) -> float:
    return seconds * random.uniform(_LEAST_IDLE_SHARE, 1.0)  # noqa: S311  # spreads load; not for security


def _is_for(owner: str | None, fields: dict[str, str]) -> bool:
    return owner is None or fields.get("owner") == owner


def _order(event_id: str) -> tuple[int, int]:
    milliseconds, _, number = event_id.partition("-")
    return int(milliseconds), int(number or 0)


def _message(event_id: str, fields: dict[str, str]) -> Message | None:
    """Return the message of an entry; None for one that cannot be read, such as a newer version's."""
    try:
        event = event_from(event_id, fields)
    except UNREADABLE as error:
        _log.warning("the event %s cannot be read (%s): left out", event_id, type(error).__name__)
        return None
    body = event.model_dump_json(exclude_none=True)
    data = f"id: {event.id}\nevent: {event.type}\ndata: {body}\n\n".encode()
    ends = event.status.is_final and event.type in (EventType.JOB, EventType.REVISED, EventType.EXPORT)
    return Message(event.id, data, ends, _order(event.id))
