"""The transaction that changes state, emits events and queues work together."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from redis import Redis
from redis.exceptions import OutOfMemoryError, WatchError

from ocrdesk.backend import redis_keys
from ocrdesk.backend.damaged_keys import (
    PARTS_OF_JOB,
    fixed_keys,
    is_no_sum,
    keys_of_queues,
    remove_wrong_sums,
    remove_wrong_types,
    texts_in,
)
from ocrdesk.backend.events.stream import emit, event_fields
from ocrdesk.backend.ledger import clock, codec
from ocrdesk.backend.ledger.shares import WAITING_LISTS, PageClaim, PlaceChanges, Priority
from ocrdesk.backend.outages import redis_errors
from ocrdesk.backend.records import Attempt, ExportRecord, JobRecord, PageRecord, QueuedUnit, Unit, UnitKind
from ocrdesk.backend.redis_connection import RedisFailure, is_wrong_type
from ocrdesk.backend.task_queue import TaskQueue, wall_limit_s
from ocrdesk.contract.events import EventType

T = TypeVar("T")

# Gives all keys the lifetime of the first one, if that expires.
_COPY_TTL = """#!lua flags=allow-oom
local left = redis.call('PTTL', KEYS[1])
if left > 0 then
    for i = 2, #KEYS do redis.call('PEXPIRE', KEYS[i], left) end
end
"""


# Redis's time, because readers compare it with Redis's time: the clocks of two machines differ.
_QUEUED = """#!lua flags=allow-oom
local now = tonumber(redis.call('TIME')[1])
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode({ARGV[2], now}))
for i = 2, #KEYS do redis.call('ZADD', KEYS[i], now, ARGV[1]) end
"""
# Runs one command. Redis would refuse a whole transaction because one of its commands needs memory.
_ALLOW_WHEN_FULL = """#!lua flags=allow-oom
return redis.call(unpack(ARGV))
"""
# Removes what is no page number from a list of them.
_KEEP_NUMBERS = """#!lua flags=allow-oom
for _, text in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
    if not string.match(text, '^[1-9]%d?%d?%d?%d?%d?%d?$') then redis.call('LREM', KEYS[1], 0, text) end
end
"""
_NEEDS_NO_MEMORY = frozenset(
    ("EVAL", "DEL", "HDEL", "ZREM", "SREM", "LREM", "LPOP", "XDEL", "EXPIRE", "PEXPIRE", "PERSIST")
)
_MAX_ARGUMENTS = 5_000


class Transaction:
    """One optimistic transaction: it reads, calls `multi`, and then queues writes that happen together or not at all.

    `pipe` is for what the methods below do not offer.
    """

    def __init__(self, pipe: Any, queue: TaskQueue) -> None:
        self.pipe = pipe
        self.queue = queue
        self.places = PlaceChanges()
        self.is_writing = False
        self.after_commit: list[Callable[[], None]] = []
        """Called in order once the writes are done: log lines, for instance."""

    def multi(self) -> None:
        """Begin to queue writes; no read is possible after this."""
        self.pipe.multi()
        self.is_writing = True

    # ── reading ──────────────────────────────────────────────────────────────────────────────────

    def read_job(self, job_id: str) -> JobRecord | None:
        return codec.read_job(self.pipe, job_id)

    def read_page(self, job_id: str, number: int) -> PageRecord:
        return codec.page_from(number, self.pipe.hget(redis_keys.job_pages(job_id), str(number)))

    def read_stored_pages(self, job: JobRecord) -> list[PageRecord]:
        """Return the pages of a job that have a record, by number."""
        stored = codec.pages_from(self.pipe.hgetall(redis_keys.job_pages(job.job_id)))
        return [page for page in stored if job.has_page(page.number)]

    def read_waiting_pages(self, job_id: str, last: int) -> list[int]:
        """Return the first page numbers that wait, up to the index `last`. Removes what is no number."""
        key = redis_keys.waiting_pages(job_id)
        texts = self.pipe.lrange(key, 0, last)
        numbers = [int(text) for text in texts if codec.is_page_number(text)]
        if len(numbers) < len(texts):  # the list is watched, so this transaction starts again
            self.pipe.eval(_KEEP_NUMBERS, 1, key)
        return numbers

    def read_export(self, job_id: str, name: str) -> ExportRecord | None:
        return codec.export_from(name, self.pipe.hget(redis_keys.job_exports(job_id), name))

    def read_rq_ids(self, units: Sequence[Unit]) -> list[str]:
        """Return the RQ ids of those units that wait in the queue."""
        entries = self.pipe.hmget(redis_keys.PENDING_UNITS, [unit.key for unit in units])
        found = [codec.readable_queued_unit(unit.key, text) for unit, text in zip(units, entries, strict=True) if text]
        return [queued.rq_id for queued in found if queued is not None]

    def read_queued_unit(self, unit: Unit) -> QueuedUnit | None:
        entry = self.pipe.hget(redis_keys.PENDING_UNITS, unit.key)
        return codec.readable_queued_unit(unit.key, entry) if entry is not None else None

    # ── writing ──────────────────────────────────────────────────────────────────────────────────

    def put_new_job(self, job: JobRecord) -> None:
        self.pipe.hset(redis_keys.job(job.job_id), mapping=codec.job_fields(job))

    def put_job(self, job: JobRecord) -> None:
        """Write what changed in a job. Never call it for one that cannot be read."""
        if not job.is_readable:
            raise ValueError(f"the record of job {job.job_id} cannot be read, so it cannot be changed")
        self.pipe.hset(redis_keys.job(job.job_id), mapping=codec.changing_fields(job))

    def put_page(self, job_id: str, page: PageRecord) -> None:
        self.pipe.hset(redis_keys.job_pages(job_id), str(page.number), codec.page_text(page))

    def put_export(self, job_id: str, export: ExportRecord) -> None:
        self.pipe.hset(redis_keys.job_exports(job_id), export.name, codec.export_text(export))
        self.expire_with_job(job_id)

    def expire_with_job(self, job_id: str) -> None:
        """Let what is written after a job's end expire together with the job's record."""
        keys = keys_of_job(job_id)
        self.pipe.eval(_COPY_TTL, len(keys), *keys)

    def hold(self, unit: Unit, attempt: Attempt, owner: str, limit_s: float) -> None:
        """Record that an attempt holds a unit, and takes one of the owner's places.

        `limit_s` is the processor time that the unit may need.
        """
        clock.hold(self.pipe, attempt.id, unit.key, attempt.node, attempt.worker, wall_limit_s(limit_s))
        self.places.taken.append((attempt.id, owner))

    def end_lease(self, attempt_id: str) -> None:
        self.pipe.hdel(redis_keys.LEASES, attempt_id)
        self.pipe.hdel(redis_keys.LEASE_DEADLINES, attempt_id)
        self.places.freed.append(attempt_id)

    def push(
        self, unit: Unit, job: JobRecord, *, priority: Priority = Priority.NORMAL, limit_s: float | None = None
    ) -> None:
        """Queue a unit of a job, once its owner has a place. `limit_s` is its limit; by default that of a page."""
        limit_s = limit_s or job.limits.page_timeout_s
        saved = self.queue.save(self.pipe, unit, limit_s, owner=job.owner, request_id=job.request_id)
        keys = [redis_keys.PENDING_UNITS, redis_keys.PENDING_SINCE]
        keys += [redis_keys.PENDING_EXPORTS] if unit.kind is UnitKind.EXPORT else []
        self.pipe.eval(_QUEUED, len(keys), *keys, unit.key, saved.rq_id)
        self.places.push(job.owner, unit.key, saved, priority)

    def remove_pending(self, *units: Unit) -> None:
        """Record that units do not wait in the queue any more."""
        self.pipe.hdel(redis_keys.PENDING_UNITS, *(unit.key for unit in units))
        self.pipe.zrem(redis_keys.PENDING_SINCE, *(unit.key for unit in units))
        if exports := [unit.key for unit in units if unit.kind is UnitKind.EXPORT]:
            self.pipe.zrem(redis_keys.PENDING_EXPORTS, *exports)
        self.places.freed += [unit.key for unit in units]

    def emit(
        self,
        job: JobRecord,
        page: PageRecord | None = None,
        *,
        event_type: EventType | None = None,
        export: ExportRecord | None = None,
    ) -> None:
        """Write an event to the stream of all events and to the job's own; a deletion only to the former."""
        event_type = event_type or (EventType.PAGE if page else EventType.JOB)
        emit(self.pipe, job.owner, event_fields(job, event_type, page, export))


class Transactions:
    """Runs transactions, and repeats one whose data was changed by another process in the meantime."""

    def __init__(self, redis: Redis, queue: TaskQueue) -> None:
        self._redis: Any = redis  # sync, answers text; redis-py types its answers as maybe awaitable
        self._queue = queue

    def run(self, change: Callable[[Transaction], T], watched_keys: Sequence[str], *, is_new_work: bool = False) -> T:
        """Call `change` until no other process wrote to the watched keys meanwhile, and return its result.

        A change that reads must watch at least one key. When Redis has no memory left, `is_new_work` is refused, and
        all else is done nevertheless: it is small, and ends or deletes what was accepted. Damaged keys are
        removed, and the change is made once more. Raises RedisFailure.
        """
        self._queue.prepare()
        is_full = is_mended = False
        repeats = 0
        with self._redis.pipeline(transaction=True) as pipe:
            while True:
                transaction, commands = Transaction(pipe, self._queue), []
                try:
                    if watched_keys:
                        pipe.watch(*watched_keys)
                    result = change(transaction)
                    if transaction.is_writing:
                        transaction.places.write(pipe, self._queue)
                        if is_full:
                            pipe.command_stack = [_allowed_when_full(*command) for command in pipe.command_stack]
                        commands = pipe.command_stack
                        pipe.execute()
                except WatchError:
                    repeats += 1
                    time.sleep(pause_s(repeats))
                    continue
                except RedisFailure as error:
                    if (is_wrong_type(error) or is_no_sum(error)) and not is_mended:
                        is_mended = True
                        pipe.reset()
                        self._mend([*watched_keys, *texts_in(commands)], transaction.places.owners())
                        continue
                    if is_full or is_new_work or not redis_errors.is_full(error):
                        raise
                    is_full = True
                    continue
                for action in transaction.after_commit:
                    action()
                return result

    def claim_page(self, claim: PageClaim) -> bool:
        """Make a page's claim in one step; return whether what it had read was still stored. Raises RedisFailure."""
        self._queue.prepare()
        with self._redis.pipeline(transaction=True) as pipe:  # a transaction, because replicas confirm only these
            claim.write(pipe, self._queue)
            return bool(pipe.execute()[0])

    def _mend(self, keys: Iterable[str], owners: set[str]) -> None:
        """Remove what is damaged among those keys, and among those that every transaction may need."""
        of_jobs = [f"{key}:{part}" for key in keys if key.startswith(redis_keys.job("")) for part in PARTS_OF_JOB]
        remove_wrong_types(self._redis, [*fixed_keys(), *keys_of_queues(self._queue.names), *keys, *of_jobs])
        remove_wrong_sums(self._redis, keys)
        owners = (
            owners | self._redis.smembers(redis_keys.WAITING_OWNERS) | set(self._redis.hkeys(redis_keys.PLACES_TAKEN))
        )
        remove_wrong_types(self._redis, [name(one) for one in owners for name in WAITING_LISTS])

    def run_on_record(self, change: Callable[[Transaction], T], job_id: str) -> T:
        """Call `change` as `run` does, watching a job's record and waiting pages.

        Whatever takes a page from an attempt writes the record, but a claim of another page does not.
        """
        return self.run(change, [redis_keys.job(job_id), redis_keys.waiting_pages(job_id)])

    def run_on_job(self, change: Callable[[Transaction], T], job_id: str, *, is_new_work: bool = False) -> T:
        """Call `change` as `run` does, watching a job's record, pages, waiting pages and exports."""
        return self.run(
            change,
            [
                redis_keys.job(job_id),
                redis_keys.job_pages(job_id),
                redis_keys.waiting_pages(job_id),
                redis_keys.job_exports(job_id),
            ],
            is_new_work=is_new_work,
        )


def pause_s(repeats: int) -> float:
    """Return how long to wait before a transaction is made again that was in vain so often.

    The longer, the more clients change the same job at the same moment; the first time at once. At most 64 ms.
    """
    return random.uniform(0, 0.001 * 2 ** min(repeats, 6)) if repeats > 1 else 0.0  # noqa: S311


def _allowed_when_full(args: tuple[Any, ...], options: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return a queued command so that it may take memory although there is none left."""
    if args[0] in _NEEDS_NO_MEMORY:
        return args, options
    if len(args) > _MAX_ARGUMENTS:  # Lua cannot unpack them; the error would come in the middle of the transaction
        raise OutOfMemoryError("Redis has no memory left for so large a change.")
    return ("EVAL", _ALLOW_WHEN_FULL, 0, *args), options


def keys_of_job(job_id: str) -> list[str]:
    """Return the keys that live as long as a job, its record first."""
    return [
        redis_keys.job(job_id),
        redis_keys.job_pages(job_id),
        redis_keys.waiting_pages(job_id),
        redis_keys.page_edges(job_id),
        redis_keys.job_events(job_id),
        redis_keys.job_exports(job_id),
    ]
