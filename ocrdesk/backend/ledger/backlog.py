"""Waiting work and processing rates."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from redis import Redis
from redis.exceptions import WatchError

from ocrdesk.backend import metrics, redis_keys
from ocrdesk.backend.ledger import codec
from ocrdesk.backend.ledger.nodes import Nodes
from ocrdesk.backend.ledger.shares import Shares
from ocrdesk.backend.records import JobRecord, NodeInfo, PageRecord, QueuedUnit, UnitKind
from ocrdesk.backend.redis_connection import redis_time_ms
from ocrdesk.backend.task_queue import TaskQueue

_BUCKET_S = 300
_BUCKETS = 6
"""The processing rate is measured over this many buckets of page times."""
_ASSUMED_PAGE_S = 2.0
"""Seconds per page while none was measured."""
_STEP = 200
"""How many jobs or units one call looks at: Redis does nothing else meanwhile."""
_TRIES = 3
"""How often all jobs are counted in the hope that the sums do not change meanwhile."""

# A script, because a job must be deletable also when Redis has no memory left.
_SUBTRACT = """#!lua flags=allow-oom
redis.call('HINCRBY', KEYS[1], 'pages', ARGV[1])
redis.call('HINCRBY', KEYS[1], 'bytes', ARGV[2])
"""

# Since when the oldest unit waits. What does not wait any more is removed here, if a damaged ledger left it.
_OLDEST = """#!lua flags=allow-oom
for _ = 1, 1000 do
    local head = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
    if not head[1] then return false end
    if redis.call('HEXISTS', KEYS[2], head[1]) == 1 then return tostring(head[2]) end
    redis.call('ZREM', KEYS[1], head[1])
end
return false
"""
# Corrects both sorted sets for these units: a worker of an older version does not write them.
_SORT_PENDING = """#!lua flags=allow-oom
for _, unit in ipairs(ARGV) do
    local text = redis.call('HGET', KEYS[1], unit)
    if not text then
        redis.call('ZREM', KEYS[2], unit)
        redis.call('ZREM', KEYS[3], unit)
    else
        local is_read, entry = pcall(cjson.decode, text)
        local since = is_read and type(entry) == 'table' and tonumber(entry[2]) or nil
        if since then
            redis.call('ZADD', KEYS[2], 'NX', since, unit)
            if string.find(unit, '-export_', 1, true) then redis.call('ZADD', KEYS[3], 'NX', since, unit) end
        end
    end
end
"""

# ARGV: how a record's key begins, the largest count, and jobs. Answers what they have left, and the sums as they are.
_COUNT = """#!lua flags=allow-oom
local pages, bytes = 0, 0
local largest = tonumber(ARGV[2])
for i = 3, #ARGV do
    local names = {'state', 'page_count', 'pages_done', 'pages_failed', 'size_bytes'}
    local job = redis.pcall('HMGET', ARGV[1] .. ARGV[i], unpack(names))
    if job.err or (job[1] ~= 'queued' and job[1] ~= 'started') then
        redis.call('ZREM', KEYS[2], ARGV[i])
    else
        local count = math.min(largest, tonumber(job[2] or '') or 1)
        pages = pages + math.max(0, count - (tonumber(job[3] or '') or 0) - (tonumber(job[4] or '') or 0))
        bytes = bytes + math.max(0, math.min(largest, tonumber(job[5] or '') or 0))
    end
end
local sums = redis.call('HMGET', KEYS[1], 'pages', 'bytes')
return {string.format('%.0f', pages), string.format('%.0f', bytes), sums[1], sums[2]}
"""
_SET_SUMS = """#!lua flags=allow-oom
redis.call('HSET', KEYS[1], 'pages', ARGV[1], 'bytes', ARGV[2])
"""

_BEGIN = """#!lua flags=allow-oom
redis.call('ZADD', KEYS[1], redis.call('TIME')[1], ARGV[1])
"""


@dataclass(frozen=True, slots=True)
class Load:
    """Jobs, pages and bytes of the jobs that have not ended, and pages processed per second."""

    jobs: int
    pages: int
    size_bytes: int
    pages_per_s: float
    exports: int
    """Export files that wait for a place of their owner."""
    workers: int
    """At least 1."""

    @property
    def wait_s(self) -> float:
        """Seconds that all of it will probably take; an export counts as a page."""
        return (self.pages + self.exports) / self.pages_per_s


@dataclass(frozen=True, slots=True)
class BacklogSnapshot:
    """The waiting work and the worker pools at one moment."""

    jobs: int
    """Jobs that have not ended."""
    units_waiting: int
    units_running: int
    pages_waiting: int
    """A file that was not opened yet counts as one page."""
    size_bytes: int
    """Size of the uploads of the jobs that have not ended."""
    oldest_s: float
    """Age of the unit that has waited longest; 0 when none waits."""
    nodes: tuple[NodeInfo, ...]
    exports_waiting: int = 0
    webhooks_pending: int = 0
    """Webhooks that were not delivered yet and are not given up."""
    webhook_overdue_s: float = 0
    """How long the webhook that is due first has waited for its attempt; 0 when none is due."""
    clock_offset_s: float = 0
    """This machine's clock less Redis's."""

    @property
    def open_units(self) -> int:
        """Everything that needs a worker now or later: pages, files that are not opened yet, and export files.

        The queue alone has less: a job has only a few of its pages in it at once.
        """
        return self.pages_waiting + self.exports_waiting + self.units_running


@dataclass(frozen=True, slots=True)
class WaitingWork:
    """Everything that needs a worker: jobs, export files and due webhooks."""

    jobs: int
    """Jobs that it belongs to."""
    since: float
    """When the oldest of it began to wait, in Unix seconds of Redis's clock."""
    now: float
    """Redis's clock now."""


class Backlog:
    """Reads how much work waits."""

    def __init__(self, redis: Redis, queue: TaskQueue, nodes: Nodes, shares: Shares) -> None:
        self._redis: Any = redis  # sync, answers text; redis-py types its answers as maybe awaitable
        self._queue = queue
        self._nodes = nodes
        self._shares = shares

    def load(self) -> Load:
        """Return what waits now, and the rate at which pages were processed lately."""
        now = int(time.time() / _BUCKET_S)
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.zcard(redis_keys.ACTIVE_JOBS)
            pipe.hgetall(redis_keys.BACKLOG)
            for bucket in range(now - _BUCKETS + 1, now + 1):
                pipe.hgetall(redis_keys.page_times(bucket))
            active, backlog, *buckets = pipe.execute()
        pages = sum(int(bucket.get("pages", 0)) for bucket in buckets)
        seconds = sum(float(bucket.get("seconds", 0)) for bucket in buckets)
        page_s = seconds / pages if pages else _ASSUMED_PAGE_S
        workers = max(1, sum(node.workers for node in self._nodes.recent()))
        return Load(
            jobs=int(active),
            pages=max(0, int(backlog.get("pages", 0))),
            size_bytes=max(0, int(backlog.get("bytes", 0))),
            pages_per_s=workers / max(page_s, 0.001),
            exports=self._shares.waiting_exports(),
            workers=workers,
        )

    def snapshot(self) -> BacklogSnapshot:
        """Return the waiting work and the live worker pools."""
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.llen(self._queue.key)
            pipe.eval(_OLDEST, 2, redis_keys.PENDING_SINCE, redis_keys.PENDING_UNITS)
            pipe.zcard(redis_keys.PENDING_EXPORTS)
            pipe.hgetall(redis_keys.LEASES)
            pipe.hgetall(redis_keys.BACKLOG)
            pipe.zcard(redis_keys.ACTIVE_JOBS)
            pipe.zcard(redis_keys.DUE_WEBHOOKS)
            pipe.zrange(redis_keys.DUE_WEBHOOKS, 0, 0, withscores=True)
            pipe.time()
            queued, oldest, exports, held, left, active, webhooks, due, (seconds, microseconds) = pipe.execute()
        now, own_now = seconds + microseconds / 1_000_000, time.time()
        pages_left = max(0, int(left.get("pages", 0)))
        leases = [codec.readable_lease(attempt, entry) for attempt, entry in held.items()]
        pages_running = sum(lease is not None and lease.unit.kind is UnitKind.PAGE for lease in leases)
        return BacklogSnapshot(
            jobs=int(active),
            units_waiting=int(queued) + self._shares.waiting_count(),
            units_running=len(held),
            pages_waiting=max(0, pages_left - pages_running),
            size_bytes=max(0, int(left.get("bytes", 0))),
            oldest_s=max(0.0, now - float(oldest)) if oldest else 0.0,
            nodes=tuple(self._nodes.live()),
            exports_waiting=int(exports),
            webhooks_pending=int(webhooks),
            webhook_overdue_s=max((max(0.0, now - due_ms / 1000) for _, due_ms in due), default=0.0),
            clock_offset_s=own_now - now,
        )

    def waiting_work(self) -> WaitingWork | None:
        """Return what needs a worker; None if nothing does. Reads all of it, so only for when no worker is alive."""
        now_ms = redis_time_ms(self._redis)
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.zrange(redis_keys.ACTIVE_JOBS, 0, -1, withscores=True)
            pipe.hgetall(redis_keys.PENDING_UNITS)
            pipe.zrange(redis_keys.DUE_WEBHOOKS, "-inf", now_ms, byscore=True, withscores=True)
            active, pending, webhooks = pipe.execute()
        since: dict[str, float] = dict(active)
        for queued in _readable(pending):
            if queued.unit.kind is UnitKind.EXPORT:  # the others may be left of a cancelled job
                since.setdefault(queued.unit.job_id, queued.since)
        for job_id, due_ms in webhooks:
            since.setdefault(job_id, due_ms / 1000)
        return WaitingWork(len(since), min(since.values()), now_ms / 1000) if since else None

    def queue_length(self) -> int:
        """Return how many units wait in the queue, or for a place of their owner."""
        return int(self._redis.llen(self._queue.key)) + self._shares.waiting_count()

    def counters(self) -> metrics.Counters:
        """Return what the service has counted so far."""
        return metrics.counters_from(self._redis.hgetall(redis_keys.METRICS))

    def count_removed(self, count: int) -> None:
        """Count stored files that belonged to nobody, and were removed."""
        metrics.count_removed(self._redis, count)

    def recount(self) -> None:
        """Compute again what `/metrics` and the limits of waiting work read, in case it ever drifted.

        Everything is read in steps, so that other callers of Redis wait for one of them at most. Sums that nothing
        changed meanwhile are exact. If jobs begin and end all the time, only a sum that is wrong by more than what
        changed is corrected, to within that much; a later call does the rest.
        """
        self._sort_pending()
        self._forget_unreadable()
        too_high: tuple[int, int] | None = (0, 0)
        for _ in range(_TRIES):
            too_high = self._count_again()
            if too_high is None:
                return
        if too_high and any(too_high):
            self._redis.eval(_SUBTRACT, 1, redis_keys.BACKLOG, *(-count for count in too_high))

    def _sort_pending(self) -> None:
        """Let the sorted sets of what waits have the units that wait, and no others."""
        keys = (redis_keys.PENDING_UNITS, redis_keys.PENDING_SINCE, redis_keys.PENDING_EXPORTS)
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.hkeys(keys[0])
            for key in keys[1:]:
                pipe.zrange(key, 0, -1)
            waiting, *in_sets = (set(names) for names in pipe.execute())
        exports = {unit for unit in waiting if "-export_" in unit}
        differing = waiting ^ in_sets[0] | exports ^ in_sets[1]
        for some in _steps(sorted(differing)):
            self._redis.eval(_SORT_PENDING, len(keys), *keys, *some)

    def _forget_unreadable(self) -> None:
        """Let jobs whose records cannot be read count as ended."""
        for some in _steps(self._redis.zrange(redis_keys.ACTIVE_JOBS, 0, -1)):
            jobs = zip(some, codec.read_jobs(self._redis, some), strict=True)
            if unreadable := [job_id for job_id, job in jobs if job is not None and not job.is_readable]:
                self._redis.zrem(redis_keys.ACTIVE_JOBS, *unreadable)

    def _count_again(self) -> tuple[int, int] | None:
        """Set the sums to what the jobs have left, if nothing changes the sums meanwhile; return None then.

        Otherwise return by how many pages and bytes they are too high: 0 where that may be what changed.
        """
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.watch(redis_keys.BACKLOG)
            jobs = pipe.zrange(redis_keys.ACTIVE_JOBS, 0, -1)
            seen = [_sums(pipe.hmget(redis_keys.BACKLOG, "pages", "bytes"))]
            counted = [(0, 0)]
            for some in _steps(jobs):
                keys = (redis_keys.BACKLOG, redis_keys.ACTIVE_JOBS)
                answer = pipe.eval(_COUNT, len(keys), *keys, redis_keys.job(""), codec.LARGEST_COUNT, *some)
                counted.append(_sums(answer[:2]))
                seen.append(_sums(answer[2:]))
            right = [sum(parts) for parts in zip(*counted, strict=True)]
            pipe.multi()
            pipe.eval(_SET_SUMS, 1, redis_keys.BACKLOG, *right)
            try:
                pipe.execute()
            except WatchError:
                pages, bytes_ = map(_difference, zip(*seen, strict=True), right)
                return pages, bytes_
        return None


def _steps(items: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield so many items at a time as one call may look at."""
    return (items[start : start + _STEP] for start in range(0, len(items), _STEP))


def _sums(texts: Sequence[str | None]) -> tuple[int, int]:
    """Return pages and bytes, 0 for what is missing or no number."""
    pages, bytes_ = (int(text) if text and re.fullmatch(r"-?\d{1,30}", text) else 0 for text in texts)
    return pages, bytes_


def _difference(seen: Sequence[int], right: int) -> int:
    """Return how much the last of the seen values is too high, or 0 if not by more than the values moved."""
    moved = sum(abs(after - before) for before, after in itertools.pairwise(seen))
    return seen[-1] - right if abs(seen[-1] - right) > moved else 0


def _readable(pending: Mapping[str, str]) -> list[QueuedUnit]:
    """Return the queued units in these entries, without those that cannot be read."""
    found = [codec.readable_queued_unit(key, entry) for key, entry in pending.items()]
    return [queued for queued in found if queued is not None]


# ── inside a transaction ─────────────────────────────────────────────────────────────────────────


def add_job(pipe: Any, job: JobRecord) -> None:
    """Add a job that begins to the sums."""
    pipe.eval(_BEGIN, 1, redis_keys.ACTIVE_JOBS, job.job_id)
    pipe.hincrby(redis_keys.BACKLOG, "pages", job.pages_left)
    pipe.hincrby(redis_keys.BACKLOG, "bytes", job.size_bytes)


def subtract_job(pipe: Any, job: JobRecord) -> None:
    """Subtract a job that ends, with the pages it has left."""
    pipe.zrem(redis_keys.ACTIVE_JOBS, job.job_id)
    pipe.eval(_SUBTRACT, 1, redis_keys.BACKLOG, -job.pages_left, -job.size_bytes)


def add_pages(pipe: Any, count: int) -> None:
    """Add pages of a running job that are read again."""
    pipe.hincrby(redis_keys.BACKLOG, "pages", count)


def forget_job(pipe: Any, job_id: str) -> None:
    """Remove a job that has no record, or none that can be read; `recount` corrects the sums."""
    pipe.zrem(redis_keys.ACTIVE_JOBS, job_id)


def replace_unopened_file(pipe: Any, page_count: int) -> None:
    """Count a file's pages instead of the one page that stood for it until it was opened."""
    pipe.hincrby(redis_keys.BACKLOG, "pages", page_count - 1)


def subtract_page(pipe: Any, page: PageRecord) -> None:
    """Subtract a page that ended, and add its seconds to the processing rate."""
    pipe.hincrby(redis_keys.BACKLOG, "pages", -1)
    if page.seconds is not None:
        key = redis_keys.page_times(int(time.time() / _BUCKET_S))
        pipe.hincrby(key, "pages", 1)
        pipe.hincrbyfloat(key, "seconds", round(page.seconds, 3))
        pipe.expire(key, _BUCKET_S * (_BUCKETS + 1))
