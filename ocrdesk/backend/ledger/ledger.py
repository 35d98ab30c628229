"""The job ledger in Redis: the only speller of our keys, and the only writer of job and page states.

Three rules hold everything together:

* Every change of state is one optimistic transaction (WATCH, MULTI) that also writes its event and
  pushes the work that follows from it. There is no moment at which one is there without the other.
* Work in the queue is a hint. What decides is the claim: a unit (a job to prepare or close, a page) is
  claimed by one attempt, and every write of that attempt is fenced by its id. A second delivery, or
  an attempt that was given up for dead, finds its claim or its commit refused and stops.
* A unit that is not over is either pending (in the queue) or running (held by an attempt). So the
  reaper finds whatever a dead horse, worker, machine or Redis left behind.

Keys, all under `ocrdesk:`
    job:ID             hash    the job's record
    job:ID:pages       hash    page number → its record; a page without one is queued
    job:ID:waiting     list    pages that wait for their turn to be queued
    job:ID:events      stream  the job's events
    job:ID:exports     hash    export name → its record
    jobs:OWNER         zset    the owner's job ids by creation time
    once:OWNER:HASH    string  what was submitted under an Idempotency-Key, for a day
    events             stream  all events of all owners, bounded, under the same ids
    active             zset    jobs that are not over by creation time
    backlog            hash    pages and bytes of the jobs that are not over
    drain:BUCKET       hash    pages that ended in five minutes, and the seconds that they took
    pending            hash    unit → RQ id and time
    running            hash    attempt → unit, node, worker, time
    nodes, node:ID     set, string with a TTL: the live worker pools
    metrics            hash    counters (see metrics)
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from redis import Redis
from redis.client import Pipeline
from redis.exceptions import WatchError

from ocrdesk.backend import job_log, metrics
from ocrdesk.backend.api_keys.store import count_usage
from ocrdesk.backend.events.stream import GLOBAL_EVENTS, emit, event_fields, event_from, events_key
from ocrdesk.backend.records import (
    MAX_DEATHS,
    MAX_LOSSES,
    ActiveLease,
    Attempt,
    ExportRecord,
    JobRecord,
    Limits,
    NodeInfo,
    PageRecord,
    PageStats,
    QueuedUnit,
    ReleaseReason,
    Unit,
    UnitKind,
    WebhookTarget,
    utc_now,
)
from ocrdesk.backend.task_queue import TaskQueue
from ocrdesk.backend.webhooks import deliveries
from ocrdesk.contract.error_messages import error_message
from ocrdesk.contract.errors import ErrorCode, ErrorInfo
from ocrdesk.contract.events import Event, EventType
from ocrdesk.contract.jobs import JobOptions
from ocrdesk.contract.states import JobState, PageState

T = TypeVar("T")

NODE_TTL_S = 15
"""A worker pool that was silent for so long is taken for dead."""

_PENDING = "ocrdesk:pending"
_RUNNING = "ocrdesk:running"
_NODES = "ocrdesk:nodes"
_ACTIVE = "ocrdesk:active"
_BACKLOG = "ocrdesk:backlog"
_DRAIN_BUCKET_S = 300
_DRAIN_BUCKETS = 6
_FIRST_GUESS_PAGE_S = 2.0
"""What a page is taken to need before any was measured."""
_ONCE_TTL_S = 86_400
_EXPORT_RETRY_AFTER_S = 60
"""An export that failed is tried again when it is asked for so long afterwards."""
_SCANNED_PER_LIST = 5_000
"""Jobs that one call of `jobs` looks at, at most, for those that its filter wants."""

# As a script, because a job must be deletable also when Redis has no memory left.
_TAKE_OFF = """#!lua flags=allow-oom
redis.call('HINCRBY', KEYS[1], 'pages', ARGV[1])
redis.call('HINCRBY', KEYS[1], 'bytes', ARGV[2])
"""

# What is written to a job after its end expires with it.
_SAME_TTL = """#!lua flags=allow-oom
local left = redis.call('PTTL', KEYS[1])
if left > 0 then
    for i = 2, #KEYS do redis.call('PEXPIRE', KEYS[i], left) end
end
"""

_ERROR_EXPORT_CRASHED = ErrorInfo.of(ErrorCode.EXPORT_FAILED, error_message("export_crashed"))
_ERROR_CRASHED = ErrorInfo.of(ErrorCode.CRASHED, error_message("page_crashed"))
_ERROR_FILE_CRASHED = ErrorInfo.of(ErrorCode.CRASHED, error_message("file_crashed"))


def _job_key(job_id: str) -> str:
    return f"ocrdesk:job:{job_id}"


def _pages_key(job_id: str) -> str:
    return f"ocrdesk:job:{job_id}:pages"


def _waiting_key(job_id: str) -> str:
    return f"ocrdesk:job:{job_id}:waiting"


def _exports_key(job_id: str) -> str:
    return f"ocrdesk:job:{job_id}:exports"


def _jobs_key(owner: str) -> str:
    return f"ocrdesk:jobs:{owner}"


def _node_key(node: str) -> str:
    return f"ocrdesk:node:{node}"


@dataclass(frozen=True, slots=True)
class CommitResult:
    """A page's commit that was taken. `closes`: the attempt now holds the job's closing as well.

    `next_page` is the waiting page that it holds now instead, when it asked for one.
    """

    job: JobRecord
    closes: bool
    next_page: int | None = None


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """An Idempotency-Key of an owner, and the digest of what was submitted under it."""

    owner: str
    key: str
    digest: str

    @property
    def redis_key(self) -> str:
        return f"ocrdesk:once:{self.owner}:{hashlib.sha256(self.key.encode()).hexdigest()}"


class IdempotencyConflictError(Exception):
    """Something else was submitted under this Idempotency-Key."""


class RevisionConflictError(Exception):
    """The result was corrected by another since; `revision` is what it is now."""

    def __init__(self, revision: int) -> None:
        super().__init__(f"the result is at revision {revision}")
        self.revision = revision


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Which jobs a list is to have. None: all."""

    states: frozenset[JobState] | None = None
    name: str | None = None
    """A part of the file's name, in any case."""
    since: datetime | None = None
    until: datetime | None = None

    def wants(self, job: JobRecord) -> bool:
        return (
            (self.states is None or job.state in self.states)
            and (self.name is None or self.name.casefold() in job.file_name.casefold())
            and (self.since is None or job.created_at >= self.since)
            and (self.until is None or job.created_at < self.until)
        )


@dataclass(frozen=True, slots=True)
class Load:
    """What waits: jobs, pages and bytes that are not over, and how fast pages go (pages a second)."""

    jobs: int
    pages: int
    size_bytes: int
    pages_per_s: float


class Ledger:
    """Reads and changes jobs. Every method is one round trip or one transaction."""

    def __init__(self, redis: Redis, queue: TaskQueue, result_ttl_s: int) -> None:
        self._redis: Any = redis  # sync, answers text; redis-py types its answers as maybe awaitable
        self._queue = queue
        self._result_ttl_s = result_ttl_s

    # ── reading ──────────────────────────────────────────────────────────────────────────────────

    def ping(self) -> None:
        """Raises one of connections.RedisAway when Redis does not answer."""
        self._redis.ping()

    def job(self, job_id: str) -> JobRecord | None:
        return _job_from(job_id, self._redis.hgetall(_job_key(job_id)))

    def state(self, job_id: str) -> JobState | None:
        """The job's state alone, for those who ask often; None when the job is gone."""
        state = self._redis.hget(_job_key(job_id), "state")
        return JobState(state) if state else None

    def pages(self, job: JobRecord) -> list[PageRecord]:
        """The pages of a job that are read, in order; none while their number is not known."""
        stored = {int(n): _page_from(int(n), text) for n, text in self._redis.hgetall(_pages_key(job.job_id)).items()}
        return [stored.get(n) or PageRecord(n) for n in job.page_numbers]

    def page(self, job_id: str, number: int) -> PageRecord:
        """One page's record; a queued one where there is none."""
        return _page_from(number, self._redis.hget(_pages_key(job_id), str(number)))

    def jobs(
        self, owner: str, limit: int, cursor: str | None = None, wanted: JobFilter | None = None
    ) -> tuple[list[JobRecord], str | None]:
        """The owner's newest jobs, newest first, and the cursor of what comes after them (None: nothing).

        Drops the ids of expired jobs on the way. Raises ValueError for a cursor that is none. With a
        filter fewer than `limit` may come although a cursor follows: one call looks at so many and no more.
        """
        place = _Place.parse(cursor) if cursor else _Place(math.inf, "")
        found: list[JobRecord] = []
        scanned = 0
        while scanned < _SCANNED_PER_LIST:
            step = min(1_000, limit - len(found) + 1 if wanted is None else 1_000)
            entries = self._jobs_before(owner, place, step)
            gone = [entry.job_id for entry, job in entries if job is None]
            if gone:
                self._redis.zrem(_jobs_key(owner), *gone)
            for entry, job in entries:
                if job is not None and (wanted is None or wanted.wants(job)):
                    if len(found) == limit:
                        return found, str(place)
                    found.append(job)
                place = entry
            scanned += len(entries)
            if len(entries) < step:
                return found, None
        return found, str(place)

    def _jobs_before(self, owner: str, place: _Place, count: int) -> list[tuple[_Place, JobRecord | None]]:
        """Up to `count` of the owner's jobs that come after a place in the list."""
        start: Any = "+inf" if place.score == math.inf else repr(place.score)
        answer = self._redis.zrange(
            _jobs_key(owner), start, "-inf", desc=True, byscore=True, offset=0, num=count + 64, withscores=True
        )
        # Jobs made at the same microsecond are ordered by id, which the range by score cannot tell apart.
        places = [_Place(score, job_id) for job_id, score in answer]
        places = [found for found in places if found.comes_after(place)][:count]
        with self._redis.pipeline(transaction=False) as pipe:
            for found in places:
                pipe.hgetall(_job_key(found.job_id))
            return [
                (found, _job_from(found.job_id, fields)) for found, fields in zip(places, pipe.execute(), strict=True)
            ]

    def load(self) -> Load:
        """What waits now, and the rate at which pages were read of late."""
        now = int(time.time() / _DRAIN_BUCKET_S)
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.zcard(_ACTIVE)
            pipe.hgetall(_BACKLOG)
            for bucket in range(now - _DRAIN_BUCKETS + 1, now + 1):
                pipe.hgetall(_drain_key(bucket))
            active, backlog, *buckets = pipe.execute()
        pages = sum(int(bucket.get("pages", 0)) for bucket in buckets)
        seconds = sum(float(bucket.get("seconds", 0)) for bucket in buckets)
        page_s = seconds / pages if pages else _FIRST_GUESS_PAGE_S
        workers = sum(node.workers for node in self.nodes())
        return Load(
            jobs=int(active),
            pages=max(0, int(backlog.get("pages", 0))),
            size_bytes=max(0, int(backlog.get("bytes", 0))),
            pages_per_s=max(1, workers) / max(page_s, 0.001),
        )

    def recount(self) -> None:
        """Counts the backlog anew from the jobs that are not over, should the sums ever have drifted."""
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.watch(_BACKLOG, _ACTIVE)
            ids = pipe.zrange(_ACTIVE, 0, -1)
            jobs = {job_id: self._read_job(pipe, job_id) for job_id in ids}
            alive = [job for job in jobs.values() if job is not None and not job.state.is_final]
            over = [job_id for job_id, job in jobs.items() if job is None or job.state.is_final]
            pipe.multi()
            if over:
                pipe.zrem(_ACTIVE, *over)
            sums = {"pages": sum(job.pages_left for job in alive), "bytes": sum(job.size_bytes for job in alive)}
            pipe.hset(_BACKLOG, mapping=sums)
            with contextlib.suppress(WatchError):  # someone is busy: the next round will do
                pipe.execute()

    def remaining_ttl_s(self, job_id: str) -> int | None:
        """Seconds that a job's record has left; None while it does not expire, or when it is gone."""
        left = int(self._redis.ttl(_job_key(job_id)))
        return left if left >= 0 else None

    # ── the life of a job ────────────────────────────────────────────────────────────────────────

    def create(self, job: JobRecord, once: IdempotencyKey | None = None) -> str:
        """Accepts a job: its record, its event and its place in the queue, all or nothing; its id.

        With `once`, what was submitted under that Idempotency-Key before is not accepted again: the id
        of that job is answered. Raises OnceConflict when it was something else.
        """
        self._queue.warm()
        with self._redis.pipeline(transaction=True) as pipe:
            while True:
                if once is not None:
                    pipe.watch(once.redis_key)
                    if known := pipe.get(once.redis_key):
                        return _known_job(known, once)
                pipe.multi()
                if once is not None:
                    pipe.set(once.redis_key, json.dumps([job.job_id, once.digest]), ex=_ONCE_TTL_S)
                    job = replace(job, idempotency=once.redis_key)
                _put_job(pipe, job)
                pipe.zadd(_jobs_key(job.owner), {job.job_id: job.created_at.timestamp()})
                self._count_in(pipe, job)
                count_usage(pipe, job.owner, size_bytes=job.size_bytes)
                self._emit(pipe, job)
                self._push(pipe, Unit(job.job_id, UnitKind.PREPARE), job)
                metrics.count_submitted(pipe)
                try:
                    pipe.execute()
                except WatchError:
                    continue
                break
        job_log.job_accepted(job)
        return job.job_id

    def claim(self, unit: Unit, attempt: Attempt) -> JobRecord | None:
        """Takes a unit for an attempt, or answers None: it is over, gone, or held by another."""

        def change(pipe: Any) -> JobRecord | None:
            job = self._read_job(pipe, unit.job_id)
            page = self._read_page(pipe, unit.job_id, unit.page) if unit.page else None
            pipe.multi()
            if job is not None and _is_held(job, page, attempt.id):
                return job  # our own claim, whose answer was lost on the way
            if job is None or job.state.is_final or not _is_free(unit, job, page):
                if job is None or job.state.is_final:
                    pipe.hdel(_PENDING, unit.key)
                return None
            if page is not None:
                started = page.moved(PageState.STARTED, attempt=attempt.id, worker=attempt.worker, started_at=utc_now())
                _put_page(pipe, unit.job_id, started)
            elif job.state is JobState.QUEUED:
                job = job.moved(JobState.STARTED, attempt=attempt.id, started_at=utc_now())
                self._emit(pipe, job)
            else:
                job = replace(job, attempt=attempt.id)
            _put_job(pipe, job)
            pipe.hdel(_PENDING, unit.key)
            self._hold(pipe, unit, attempt)
            return job

        return self._transact(change, unit.job_id)

    def plan(self, job_id: str, attempt: Attempt, file_pages: int, *, window: int, inline: bool) -> JobRecord | None:
        """Records how many pages a prepared job's file has, and queues the first `window` of those to read.

        With `inline` the first of them is claimed by the same attempt, which goes on with it at once.
        None when the attempt no longer holds the job.
        """

        def change(pipe: Any) -> JobRecord | None:
            job = self._read_job(pipe, job_id)
            pipe.multi()
            if job is None or job.state.is_final or job.attempt != attempt.id:
                return None
            job = replace(job, file_pages=file_pages, attempt=None, deaths=0, losses=0)
            numbers = job.page_numbers
            pipe.hincrby(_BACKLOG, "pages", len(numbers) - 1)
            job = replace(job, page_count=len(numbers))
            if inline:
                page = PageRecord(numbers[0]).moved(
                    PageState.STARTED, attempt=attempt.id, worker=attempt.worker, started_at=utc_now()
                )
                _put_page(pipe, job_id, page)
                self._hold(pipe, Unit(job_id, UnitKind.PAGE, numbers[0]), attempt)
                job = self._queue_pages(pipe, job, numbers[1:], max(0, window - 1))
                job = replace(job, inflight=job.inflight + 1)
            else:
                pipe.hdel(_RUNNING, attempt.id)
                job = self._queue_pages(pipe, job, numbers, window)
            _put_job(pipe, job)
            self._emit(pipe, job)
            return job

        return self._transact(change, job_id)

    def commit_page(
        self,
        job_id: str,
        number: int,
        attempt_id: str,
        state: PageState,
        *,
        window: int,
        blob: str | None = None,
        error: ErrorInfo | None = None,
        goes_on: Attempt | None = None,
        reading: PageStats | None = None,
        takes_next: bool = False,
    ) -> CommitResult | None:
        """Ends a page, once. None when the attempt no longer holds it.

        Queues as many waiting pages as the window leaves room for. After the last page the closing is
        held by `goes_on`, when the caller lives on to do it, and is queued otherwise. With `takes_next`
        `goes_on` holds the first waiting page, if there is one, which then is not queued.
        """

        def change(pipe: Any) -> CommitResult | None:
            job = self._read_job(pipe, job_id)
            page = self._read_page(pipe, job_id, number)
            waiting = pipe.lrange(_waiting_key(job_id), 0, window)
            following = self._read_page(pipe, job_id, int(waiting[0])) if takes_next and waiting else None
            if following is not None and following.state is not PageState.QUEUED:
                following = None  # another took it between our two reads; then the WATCH has us look again
            pipe.multi()
            if job is None or job.state is not JobState.STARTED or page.attempt != attempt_id:
                return None
            if page.state.is_final:  # our own commit, whose answer was lost on the way
                return CommitResult(job, closes=job.attempt == attempt_id)
            pipe.hdel(_RUNNING, attempt_id)
            if following is None or goes_on is None:
                return self._end_page(
                    pipe, job, page, state, waiting, window, blob=blob, error=error, goes_on=goes_on, reading=reading
                )
            pipe.lpop(_waiting_key(job_id))
            ended = self._end_page(
                pipe, job, page, state, waiting[1:], window - 1, blob=blob, error=error, reading=reading
            )
            return self._take_page(pipe, ended, following, goes_on)

        return self._transact(change, job_id)

    def finish(self, job_id: str, attempt_id: str) -> JobRecord | None:
        """Ends a job whose pages are all over: finished with at least one good page, else failed.

        None when the attempt does not hold the closing any more.
        """

        def change(pipe: Any) -> JobRecord | None:
            job = self._read_job(pipe, job_id)
            pages = self._read_pages(pipe, job) if job else []
            pipe.multi()
            pipe.hdel(_RUNNING, attempt_id)
            if job is None or job.state.is_final or job.attempt != attempt_id or not job.all_pages_ended:
                return None
            state = JobState.FINISHED if job.pages_done else JobState.FAILED
            return self._end_job(pipe, job, state, _summary(job, pages))

        return self._transact(change, job_id)

    def fail(self, job_id: str, attempt_id: str, error: ErrorInfo) -> JobRecord | None:
        """Ends a job that could not be prepared or closed. None when the attempt does not hold it."""

        def change(pipe: Any) -> JobRecord | None:
            job = self._read_job(pipe, job_id)
            pipe.multi()
            pipe.hdel(_RUNNING, attempt_id)
            if job is None or job.state.is_final or job.attempt != attempt_id:
                return None
            return self._end_job(pipe, job, JobState.FAILED, error)

        return self._transact(change, job_id)

    def cancel(self, job_id: str) -> JobRecord | None:
        """Ends a job now; whoever works on it is stopped by its worker. None for an unknown job.

        A job that is over stays as it is.
        """

        def change(pipe: Any) -> JobRecord | None:
            job = self._read_job(pipe, job_id)
            pipe.multi()
            if job is None or job.state.is_final:
                return job
            return self._end_job(pipe, job, JobState.CANCELLED, None)

        return self._transact(change, job_id)

    def retry(self, job_id: str, *, window: int) -> JobRecord | None:
        """Sets a job that is over going again for the pages that were not read. None for an unknown job.

        A job that is under way, or whose pages are all good, stays as it is.
        """

        def change(pipe: Any) -> JobRecord | None:
            job = self._read_job(pipe, job_id)
            pages = self._read_pages(pipe, job) if job else []
            pipe.multi()
            if job is None or not job.state.is_final:
                return job
            anew = replace(job, started_at=None, ended_at=None, error=None, attempt=None, deaths=0, losses=0)
            anew = replace(anew, revision=job.revision + 1)  # what was made of the old result is stale
            if job.page_count is None:
                anew = anew.moved(JobState.QUEUED)
                self._push(pipe, Unit(job_id, UnitKind.PREPARE), anew)
            else:
                good = {page.number for page in pages if page.state is PageState.FINISHED}
                numbers = [number for number in job.page_numbers if number not in good]
                if not numbers:
                    return job
                pipe.hdel(_pages_key(job_id), *map(str, numbers))
                anew = anew.moved(
                    JobState.STARTED, started_at=utc_now(), pages_done=len(good), pages_failed=0, inflight=0
                )
                anew = self._queue_pages(pipe, anew, numbers, window)
            for key in self._keys_of(job_id):
                pipe.persist(key)
            _put_job(pipe, anew)
            metrics.count_retried(pipe)
            pipe.to_say.append(lambda: job_log.job_retried(anew))
            self._count_in(pipe, anew)
            self._emit(pipe, anew)
            return anew

        return self._transact(change, job_id)

    def revise(self, job_id: str, blobs: dict[int, str], expected: int | None) -> tuple[JobRecord, list[str]] | None:
        """Points pages at corrected results; the job as it is then, and the blobs that nothing points at any more.

        None for an unknown job, or one that is not finished. Raises StaleRevision unless the result is
        at the revision that is expected (None: whichever).
        """

        def change(pipe: Any) -> tuple[JobRecord, list[str]] | None:
            job = self._read_job(pipe, job_id)
            pages = {page.number: page for page in self._read_pages(pipe, job)} if job else {}
            pipe.multi()
            if job is None or job.state is not JobState.FINISHED:
                return None
            if expected is not None and expected != job.revision:
                raise RevisionConflictError(job.revision)
            job = replace(job, revision=job.revision + 1)
            left = []
            for number, blob in blobs.items():
                left.append(pages[number].blob or "")
                _put_page(pipe, job_id, replace(pages[number], blob=blob))
            _put_job(pipe, job)
            self._keep(pipe, job_id)
            self._emit(pipe, job, kind=EventType.REVISED)
            return job, [blob for blob in left if blob]

        return self._transact(change, job_id)

    def delete(self, job_id: str) -> None:
        """Removes a job and all that the ledger and the queue know of it, whatever its state."""

        def change(pipe: Any) -> None:
            job = self._read_job(pipe, job_id)
            event_ids = [entry[0] for entry in pipe.xrange(events_key(job_id))]
            units = [Unit(job_id, kind).key for kind in (UnitKind.PREPARE, UnitKind.CLOSE)]
            units += [Unit(job_id, UnitKind.PAGE, number).key for number in (job.page_numbers if job else ())]
            units += [Unit(job_id, UnitKind.EXPORT, export=name).key for name in pipe.hkeys(_exports_key(job_id))]
            pushed = [json.loads(entry)[0] for entry in pipe.hmget(_PENDING, units) if entry]
            pipe.multi()
            pipe.delete(*self._keys_of(job_id))
            deliveries.forget(pipe, job_id)
            self._queue.withdraw(pipe, pushed)
            pipe.hdel(_PENDING, *units)
            for start in range(0, len(event_ids), 500):
                pipe.xdel(GLOBAL_EVENTS, *event_ids[start : start + 500])
            if job is not None:
                if job.idempotency:
                    pipe.delete(job.idempotency)
                if not job.state.is_final:
                    self._count_out(pipe, job)
                pipe.zrem(_jobs_key(job.owner), job_id)
                state = job.state if job.state.is_final else JobState.CANCELLED
                ended = replace(job, state=state)
                if not job.state.is_final:
                    metrics.count_job(pipe, state)
                    pipe.to_say.append(lambda: job_log.job_ended(ended))
                self._emit(pipe, ended, kind=EventType.DELETED)

        self._transact(change, job_id)

    # ── files made of a result ───────────────────────────────────────────────────────────────────

    def export(self, job_id: str, name: str) -> ExportRecord | None:
        """The record of an export; None when it was never asked for."""
        return _export_from(name, self._redis.hget(_exports_key(job_id), name))

    def request_export(self, job_id: str, name: str, limit_s: float) -> ExportRecord | None:
        """The export as it is; one that is missing, stale or failed a while ago is queued. None for an unknown job.

        `limit_s` is the time that making it may take.
        """

        def change(pipe: Any) -> ExportRecord | None:
            job = self._read_job(pipe, job_id)
            known = self._read_export(pipe, job_id, name)
            pipe.multi()
            if job is None:
                return None
            if known is not None and known.revision == job.revision and not _is_worth_another_try(known):
                return known
            fresh = ExportRecord(name, job.revision, limit_s, blob=known.blob if known else None)
            self._put_export(pipe, job_id, fresh)
            self._push(pipe, Unit(job_id, UnitKind.EXPORT, export=name), job, at_front=True, limit_s=limit_s)
            return fresh

        return self._transact(change, job_id)

    def claim_export(self, job_id: str, name: str, attempt: Attempt) -> tuple[JobRecord, ExportRecord] | None:
        """Takes an export for an attempt, or answers None: it is made, gone, or held by another."""
        unit = Unit(job_id, UnitKind.EXPORT, export=name)

        def change(pipe: Any) -> tuple[JobRecord, ExportRecord] | None:
            job = self._read_job(pipe, job_id)
            export = self._read_export(pipe, job_id, name)
            pipe.multi()
            if job is None or export is None:
                pipe.hdel(_PENDING, unit.key)
                return None
            if export.state is PageState.STARTED and export.attempt == attempt.id:
                return job, export  # our own claim, whose answer was lost on the way
            if export.state is not PageState.QUEUED:
                return None
            export = export.moved(PageState.STARTED, attempt=attempt.id)
            self._put_export(pipe, job_id, export)
            pipe.hdel(_PENDING, unit.key)
            self._hold(pipe, unit, attempt)
            return job, export

        return self._transact(change, job_id)

    def commit_export(
        self,
        job_id: str,
        name: str,
        attempt_id: str,
        state: PageState,
        *,
        blob: str | None = None,
        media_type: str = "",
        error: ErrorInfo | None = None,
    ) -> str | None:
        """Ends an export, once; the blob that nothing points at any more, "" for none.

        None when the attempt no longer holds it: then its own blob is the one to drop.
        """

        def change(pipe: Any) -> str | None:
            job = self._read_job(pipe, job_id)
            export = self._read_export(pipe, job_id, name)
            pipe.multi()
            pipe.hdel(_RUNNING, attempt_id)
            if job is None or export is None or export.attempt != attempt_id:
                return None
            if export.state.is_final:
                return ""  # our own commit, whose answer was lost on the way
            self._end_export(pipe, job, export, state, blob=blob, media_type=media_type, error=error)
            return export.blob or ""

        return self._transact(change, job_id)

    def _end_export(
        self,
        pipe: Any,
        job: JobRecord,
        export: ExportRecord,
        state: PageState,
        *,
        blob: str | None = None,
        media_type: str = "",
        error: ErrorInfo | None = None,
    ) -> None:
        export = export.moved(state, ended_at=utc_now(), blob=blob, media_type=media_type, error=error)
        self._put_export(pipe, job.job_id, export)
        self._emit(pipe, job, kind=EventType.EXPORT, export=export)

    def _release_export(self, pipe: Any, job: JobRecord, unit: Unit, attempt_id: str, died: int, lost: int) -> None:
        """Inside `release`, before its MULTI: queues an export again, or gives it up."""
        export = self._read_export(pipe, job.job_id, unit.export)
        pipe.multi()
        pipe.hdel(_RUNNING, attempt_id)
        if export is None or export.state is not PageState.STARTED or export.attempt != attempt_id:
            return
        export = replace(export, deaths=export.deaths + died, losses=export.losses + lost)
        if export.deaths >= MAX_DEATHS or export.losses >= MAX_LOSSES:
            self._end_export(pipe, job, export, PageState.FAILED, error=_ERROR_EXPORT_CRASHED)
            return
        self._put_export(pipe, job.job_id, export.moved(PageState.QUEUED, attempt=None))
        self._push(pipe, unit, job, at_front=True, limit_s=export.limit_s)

    # ── taking back ──────────────────────────────────────────────────────────────────────────────

    def release(self, attempt_id: str, ending: ReleaseReason, *, window: int) -> Unit | None:
        """Takes a unit from an attempt that is no more, and queues it again in front of the others.

        What has ended too many attempts' lives fails instead (see MAX_DEATHS, MAX_LOSSES). Answers
        the unit, or None when the attempt held nothing.
        """
        entry = self._redis.hget(_RUNNING, attempt_id)
        if entry is None:
            return None
        unit = _running_from(attempt_id, entry).unit
        died, lost = int(ending is ReleaseReason.DIED), int(ending is ReleaseReason.LOST)

        def change(pipe: Any) -> None:
            job = self._read_job(pipe, unit.job_id)
            if unit.kind is UnitKind.EXPORT and job is not None:
                self._release_export(pipe, job, unit, attempt_id, died, lost)
                return
            page = self._read_page(pipe, unit.job_id, unit.page) if unit.page else None
            waiting = pipe.lrange(_waiting_key(unit.job_id), 0, window)
            pipe.multi()
            pipe.hdel(_RUNNING, attempt_id)
            if job is None or job.state.is_final:
                return
            if page is not None:
                if page.state is not PageState.STARTED or page.attempt != attempt_id:
                    return
                page = replace(page, deaths=page.deaths + died, losses=page.losses + lost)
                if page.deaths >= MAX_DEATHS or page.losses >= MAX_LOSSES:
                    self._end_page(pipe, job, page, PageState.FAILED, waiting, window, error=_ERROR_CRASHED)
                    return
                _put_page(pipe, job.job_id, page.moved(PageState.QUEUED, attempt=None, worker=None, started_at=None))
            else:
                if job.attempt != attempt_id:
                    return
                job = replace(job, attempt=None, deaths=job.deaths + died, losses=job.losses + lost)
                if job.deaths >= MAX_DEATHS or job.losses >= MAX_LOSSES:
                    self._end_job(pipe, job, JobState.FAILED, _ERROR_FILE_CRASHED)
                    return
                _put_job(pipe, job)
            self._push(pipe, unit, job, at_front=True)

        self._transact(change, unit.job_id)
        return unit

    # ── for the reaper ───────────────────────────────────────────────────────────────────────────

    def held_by(self, attempt_id: str) -> Unit | None:
        """The unit that an attempt holds now."""
        entry = self._redis.hget(_RUNNING, attempt_id)
        return _running_from(attempt_id, entry).unit if entry else None

    def running(self) -> list[ActiveLease]:
        return [_running_from(attempt, entry) for attempt, entry in self._redis.hgetall(_RUNNING).items()]

    def overdue(self, older_than_s: float) -> list[QueuedUnit]:
        """Units that have been pending for longer than that."""
        limit = time.time() - older_than_s
        pending = [_pending_from(key, entry) for key, entry in self._redis.hgetall(_PENDING).items()]
        return [entry for entry in pending if entry.since < limit]

    def queued_ids(self) -> set[str]:
        """RQ ids that wait in the queue."""
        return set(self._redis.lrange(self._queue.key, 0, -1))

    def intermediate_ids(self) -> set[str]:
        """RQ ids that a worker took and has not begun to work on."""
        return set(self._redis.lrange(self._queue.intermediate_key, 0, -1))

    def drop_intermediate(self, rq_ids: Iterable[str]) -> None:
        for rq_id in rq_ids:
            self._redis.lrem(self._queue.intermediate_key, 0, rq_id)

    def redeliver(self, lost: QueuedUnit) -> bool:
        """Pushes a unit again whose delivery was lost; False when it is not pending under that id any more."""

        def change(pipe: Any) -> bool:
            pipe.watch(_PENDING)
            entry = pipe.hget(_PENDING, lost.unit.key)
            job = self._read_job(pipe, lost.unit.job_id)
            export = self._read_export(pipe, lost.unit.job_id, lost.unit.export) if lost.unit.export else None
            pipe.multi()
            if entry is None or _pending_from(lost.unit.key, entry).rq_id != lost.rq_id:
                return False
            if job is None or (job.state.is_final and lost.unit.kind is not UnitKind.EXPORT):
                pipe.hdel(_PENDING, lost.unit.key)
                return False
            self._push(pipe, lost.unit, job, at_front=True, limit_s=export.limit_s if export else None)
            return True

        return self._transact(change, lost.unit.job_id)

    def lock_reaper(self, ttl_s: float) -> Any:
        """A lock that one reaper at a time holds; owned by token, gone after its TTL."""
        return self._redis.lock("ocrdesk:reaper", timeout=ttl_s, blocking=False)

    def heartbeat(self, info: NodeInfo, ttl_s: int = NODE_TTL_S) -> None:
        """Says that a worker pool lives, and what it can do."""
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(_node_key(info.node), json.dumps(asdict(info)), ex=ttl_s)
            pipe.sadd(_NODES, info.node)
            pipe.execute()

    def nodes(self) -> list[NodeInfo]:
        """The live worker pools; forgets the dead."""
        names = sorted(self._redis.smembers(_NODES))
        if not names:
            return []
        texts = self._redis.mget([_node_key(name) for name in names])
        dead = [name for name, text in zip(names, texts, strict=True) if text is None]
        if dead:
            self._redis.srem(_NODES, *dead)
        return [_node_from(text) for text in texts if text is not None]

    def forget_node(self, node: str) -> None:
        """Declares a worker pool dead at once."""
        self._redis.delete(_node_key(node))
        self._redis.srem(_NODES, node)

    def forget_all_nodes(self) -> None:
        """Declares every worker pool dead: for whoever knows that none can live (the local backend's start)."""
        for node in self._redis.smembers(_NODES):
            self.forget_node(node)

    def exists(self, job_id: str) -> bool:
        return bool(self._redis.exists(_job_key(job_id)))

    def queue_length(self) -> int:
        """Units that wait in the queue."""
        return int(self._redis.llen(self._queue.key))

    def counters(self) -> metrics.Counters:
        """What the service has counted so far."""
        return metrics.counters_from(self._redis.hgetall(metrics.KEY))

    def backlog(self) -> metrics.Backlog:
        """What waits now, and who is there to do it."""
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.llen(self._queue.key)
            pipe.hgetall(_PENDING)
            pipe.hvals(_RUNNING)
            pipe.hgetall(_BACKLOG)
            pipe.zcard(_ACTIVE)
            queued, waiting, held, left, active = pipe.execute()
        pages_left = max(0, int(left.get("pages", 0)))
        pages_read = sum(_running_from("", entry).unit.kind is UnitKind.PAGE for entry in held)
        now = time.time()
        oldest = min((_pending_from(key, entry).since for key, entry in waiting.items()), default=now)
        return metrics.Backlog(
            jobs=int(active),
            units_waiting=int(queued),
            units_running=len(held),
            pages_waiting=max(0, pages_left - pages_read),
            size_bytes=max(0, int(left.get("bytes", 0))),
            oldest_s=max(0.0, now - oldest),
            nodes=tuple(self.nodes()),
        )

    # ── events ───────────────────────────────────────────────────────────────────────────────────

    def events(self, job_id: str, after: str = "0", count: int = 500) -> list[Event]:
        """A job's events after an event id, oldest first."""
        entries = self._redis.xrange(events_key(job_id), min=f"({after}", count=count)
        return [event_from(event_id, fields) for event_id, fields in entries]

    # ── inside a transaction ─────────────────────────────────────────────────────────────────────

    def _transact(self, change: Callable[[Any], T], job_id: str) -> T:
        """Runs `change` on a pipeline that watches the job, until no one else wrote in between.

        `change` reads first, calls `multi()`, then queues its writes. What it leaves in `pipe.to_say` is
        called once they are done.
        """
        self._queue.warm()
        with self._redis.pipeline(transaction=True) as pipe:
            while True:
                try:
                    pipe.watch(_job_key(job_id), _pages_key(job_id), _waiting_key(job_id), _exports_key(job_id))
                    pipe.to_say = []
                    result = change(pipe)
                    pipe.execute()
                except WatchError:
                    continue
                for say in pipe.to_say:
                    say()
                return result

    def _read_job(self, pipe: Any, job_id: str) -> JobRecord | None:
        return _job_from(job_id, pipe.hgetall(_job_key(job_id)))

    def _read_page(self, pipe: Any, job_id: str, number: int) -> PageRecord:
        return _page_from(number, pipe.hget(_pages_key(job_id), str(number)))

    def _read_pages(self, pipe: Any, job: JobRecord) -> list[PageRecord]:
        stored = pipe.hgetall(_pages_key(job.job_id))
        return [_page_from(int(number), text) for number, text in sorted(stored.items(), key=lambda item: int(item[0]))]

    def _hold(self, pipe: Pipeline, unit: Unit, attempt: Attempt) -> None:
        entry = json.dumps([unit.key, attempt.node, attempt.worker, time.time()])
        pipe.hset(_RUNNING, attempt.id, entry)

    def _push(
        self, pipe: Pipeline, unit: Unit, job: JobRecord, *, at_front: bool = False, limit_s: float | None = None
    ) -> None:
        limit_s = limit_s or job.limits.page_timeout_s
        rq_id = self._queue.push(pipe, unit, limit_s, at_front=at_front, request_id=job.request_id)
        pipe.hset(_PENDING, unit.key, json.dumps([rq_id, time.time()]))

    def _queue_pages(self, pipe: Pipeline, job: JobRecord, numbers: Sequence[int], window: int) -> JobRecord:
        """Queues the first `window` of these pages; the others wait for their turn."""
        if rest := numbers[window:]:
            pipe.rpush(_waiting_key(job.job_id), *rest)
        for number in numbers[:window]:
            self._push(pipe, Unit(job.job_id, UnitKind.PAGE, number), job)
        return replace(job, inflight=len(numbers[:window]))

    def _read_export(self, pipe: Any, job_id: str, name: str) -> ExportRecord | None:
        return _export_from(name, pipe.hget(_exports_key(job_id), name))

    def _put_export(self, pipe: Any, job_id: str, export: ExportRecord) -> None:
        pipe.hset(_exports_key(job_id), export.name, _export_text(export))
        self._keep(pipe, job_id)

    def _keep(self, pipe: Any, job_id: str) -> None:
        """What is written after a job's end is not kept for longer than was promised at its end, but for as long."""
        pipe.eval(_SAME_TTL, len(self._keys_of(job_id)), *self._keys_of(job_id))

    def _keys_of(self, job_id: str) -> list[str]:
        """The job's own keys, its record first."""
        return [
            _job_key(job_id),
            _pages_key(job_id),
            _waiting_key(job_id),
            events_key(job_id),
            _exports_key(job_id),
        ]

    def _count_in(self, pipe: Any, job: JobRecord) -> None:
        pipe.zadd(_ACTIVE, {job.job_id: job.created_at.timestamp()})
        pipe.hincrby(_BACKLOG, "pages", job.pages_left)
        pipe.hincrby(_BACKLOG, "bytes", job.size_bytes)

    def _count_out(self, pipe: Any, job: JobRecord) -> None:
        pipe.zrem(_ACTIVE, job.job_id)
        pipe.eval(_TAKE_OFF, 1, _BACKLOG, -job.pages_left, -job.size_bytes)

    def _count_page(self, pipe: Any, page: PageRecord) -> None:
        """Takes a page that ended off the backlog, and notes how long it took."""
        pipe.hincrby(_BACKLOG, "pages", -1)
        if page.started_at and page.ended_at:
            key = _drain_key(int(time.time() / _DRAIN_BUCKET_S))
            pipe.hincrby(key, "pages", 1)
            pipe.hincrbyfloat(key, "seconds", round((page.ended_at - page.started_at).total_seconds(), 3))
            pipe.expire(key, _DRAIN_BUCKET_S * (_DRAIN_BUCKETS + 1))

    def _end_page(
        self,
        pipe: Any,
        job: JobRecord,
        page: PageRecord,
        state: PageState,
        waiting: Sequence[str],
        window: int,
        *,
        blob: str | None = None,
        error: ErrorInfo | None = None,
        goes_on: Attempt | None = None,
        reading: PageStats | None = None,
    ) -> CommitResult:
        good = state is PageState.FINISHED
        page = page.moved(state, ended_at=utc_now(), blob=blob, error=error)
        _put_page(pipe, job.job_id, page)
        self._count_page(pipe, page)
        count_usage(pipe, job.owner, pages=1)
        metrics.count_page(pipe, reading.engine if reading else None, state, page.seconds)
        pipe.to_say.append(lambda: job_log.page_ended(job, page, reading))
        job = replace(
            job,
            pages_done=job.pages_done + good,
            pages_failed=job.pages_failed + (not good),
            inflight=job.inflight - 1,
        )
        for number in waiting[: max(0, window - job.inflight)]:
            pipe.lpop(_waiting_key(job.job_id))
            self._push(pipe, Unit(job.job_id, UnitKind.PAGE, int(number)), job)
            job = replace(job, inflight=job.inflight + 1)
        if job.all_pages_ended:
            closing = Unit(job.job_id, UnitKind.CLOSE)
            if goes_on is not None:
                job = replace(job, attempt=goes_on.id)
                self._hold(pipe, closing, goes_on)
            else:
                self._push(pipe, closing, job, at_front=True)
        _put_job(pipe, job)
        self._emit(pipe, job, page)
        return CommitResult(job, closes=job.all_pages_ended and goes_on is not None)

    def _take_page(self, pipe: Any, ended: CommitResult, page: PageRecord, attempt: Attempt) -> CommitResult:
        """Gives a page that was waiting to an attempt that has just ended another."""
        started = page.moved(PageState.STARTED, attempt=attempt.id, worker=attempt.worker, started_at=utc_now())
        job = replace(ended.job, inflight=ended.job.inflight + 1)
        _put_page(pipe, job.job_id, started)
        _put_job(pipe, job)
        self._hold(pipe, Unit(job.job_id, UnitKind.PAGE, page.number), attempt)
        return replace(ended, job=job, next_page=page.number)

    def _end_job(self, pipe: Any, job: JobRecord, state: JobState, error: ErrorInfo | None) -> JobRecord:
        self._count_out(pipe, job)
        job = job.moved(state, ended_at=utc_now(), attempt=None, error=error)
        _put_job(pipe, job)
        metrics.count_job(pipe, state)
        pipe.to_say.append(lambda: job_log.job_ended(job))
        self._emit(pipe, job)
        deliveries.schedule(pipe, job, self._result_ttl_s)
        pipe.delete(_waiting_key(job.job_id))
        for key in self._keys_of(job.job_id):
            pipe.expire(key, self._result_ttl_s)
        return job

    def _emit(
        self,
        pipe: Any,
        job: JobRecord,
        page: PageRecord | None = None,
        *,
        kind: EventType | None = None,
        export: ExportRecord | None = None,
    ) -> None:
        """Writes an event to the stream of all and to the job's own, unless that goes with the job."""
        kind = kind or (EventType.PAGE if page else EventType.JOB)
        emit(pipe, job.owner, event_fields(job, kind, page, export))


@dataclass(frozen=True, slots=True)
class _Place:
    """A job's place in its owner's list: when it was made, and its id."""

    score: float
    job_id: str

    @classmethod
    def parse(cls, cursor: str) -> _Place:
        score, _, job_id = cursor.partition("~")
        place = cls(float(score), job_id)
        if not job_id.isalnum() or not math.isfinite(place.score):
            raise ValueError(cursor)
        return place

    def __str__(self) -> str:
        return f"{self.score!r}~{self.job_id}"

    def comes_after(self, other: _Place) -> bool:
        """Newest first, and of those made at the same time the greater id."""
        return (self.score, self.job_id) < (other.score, other.job_id) or other.score == math.inf


def _drain_key(bucket: int) -> str:
    return f"ocrdesk:drain:{bucket}"


def _known_job(known: str, once: IdempotencyKey) -> str:
    job_id, digest = json.loads(known)
    if digest != once.digest:
        raise IdempotencyConflictError(once.key)
    return str(job_id)


def _is_worth_another_try(export: ExportRecord) -> bool:
    if export.state not in (PageState.FAILED, PageState.TIMEOUT) or export.ended_at is None:
        return False
    return (utc_now() - export.ended_at).total_seconds() > _EXPORT_RETRY_AFTER_S


def _is_free(unit: Unit, job: JobRecord, page: PageRecord | None) -> bool:
    if page is not None:
        return page.state is PageState.QUEUED and job.page_count is not None
    if unit.kind is UnitKind.PREPARE:
        return job.page_count is None and job.attempt is None
    return job.all_pages_ended and job.attempt is None


def _is_held(job: JobRecord, page: PageRecord | None, attempt_id: str) -> bool:
    if page is not None:
        return page.state is PageState.STARTED and page.attempt == attempt_id
    return not job.state.is_final and job.attempt == attempt_id


def _summary(job: JobRecord, pages: Sequence[PageRecord]) -> ErrorInfo | None:
    """The job's error made of its pages': None when all are good."""
    bad = [page for page in pages if page.error]
    if not bad or bad[0].error is None:
        return None
    first = bad[0].error
    if job.page_count == 1 and job.file_pages == 1:
        return first
    numbers = ", ".join(str(page.number) for page in bad[:10]) + (", …" if len(bad) > 10 else "")
    message = error_message(
        "page_failed" if len(bad) == 1 else "pages_failed",
        numbers=numbers,
        count=job.file_pages or 0,
        cause=first.error_message,
    )
    return ErrorInfo.of(first.code, message)


# ── records as Redis stores them ─────────────────────────────────────────────────────────────────


def _time(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _put_job(pipe: Any, job: JobRecord) -> None:
    fields = {
        "owner": job.owner,
        "state": job.state.value,
        "file_name": job.file_name,
        "media_type": job.media_type,
        "size_bytes": job.size_bytes,
        "options": job.options.model_dump_json(),
        "limits": json.dumps(asdict(job.limits)),
        "created_at": job.created_at.isoformat(),
        "started_at": job.started_at.isoformat() if job.started_at else "",
        "ended_at": job.ended_at.isoformat() if job.ended_at else "",
        "file_pages": "" if job.file_pages is None else job.file_pages,
        "page_count": "" if job.page_count is None else job.page_count,
        "pages_done": job.pages_done,
        "pages_failed": job.pages_failed,
        "inflight": job.inflight,
        "attempt": job.attempt or "",
        "deaths": job.deaths,
        "losses": job.losses,
        "error": job.error.model_dump_json() if job.error else "",
        "revision": job.revision,
        "idempotency": job.idempotency,
        "webhook": json.dumps(asdict(job.webhook)) if job.webhook else "",
        "request_id": job.request_id or "",
    }
    pipe.hset(_job_key(job.job_id), mapping=fields)


def _job_from(job_id: str, fields: dict[str, str]) -> JobRecord | None:
    if not fields:
        return None
    created = _time(fields["created_at"])
    if created is None:
        raise ValueError(f"job {job_id} has no creation time")
    return JobRecord(
        job_id=job_id,
        owner=fields["owner"],
        state=JobState(fields["state"]),
        file_name=fields["file_name"],
        media_type=fields["media_type"],
        size_bytes=int(fields["size_bytes"]),
        options=JobOptions.model_validate_json(fields["options"]),
        limits=Limits(**json.loads(fields["limits"])),
        created_at=created,
        started_at=_time(fields["started_at"]),
        ended_at=_time(fields["ended_at"]),
        file_pages=int(fields["file_pages"]) if fields["file_pages"] else None,
        page_count=int(fields["page_count"]) if fields["page_count"] else None,
        pages_done=int(fields["pages_done"]),
        pages_failed=int(fields["pages_failed"]),
        inflight=int(fields["inflight"]),
        attempt=fields["attempt"] or None,
        deaths=int(fields["deaths"]),
        losses=int(fields["losses"]),
        error=ErrorInfo.model_validate_json(fields["error"]) if fields["error"] else None,
        revision=int(fields["revision"]),
        idempotency=fields["idempotency"],
        webhook=WebhookTarget(**json.loads(fields["webhook"])) if fields.get("webhook") else None,
        request_id=fields.get("request_id") or None,
    )


def _put_page(pipe: Any, job_id: str, page: PageRecord) -> None:
    """Written short, because a book has thousands: what is unset is left out."""
    fields: dict[str, Any] = {
        "state": page.state.value,
        "attempt": page.attempt,
        "worker": page.worker,
        "deaths": page.deaths,
        "losses": page.losses,
        "started_at": page.started_at.isoformat() if page.started_at else None,
        "ended_at": page.ended_at.isoformat() if page.ended_at else None,
        "blob": page.blob,
        "error": page.error.model_dump(mode="json") if page.error else None,
    }
    text = json.dumps({name: value for name, value in fields.items() if value}, separators=(",", ":"))
    pipe.hset(_pages_key(job_id), str(page.number), text)


def _page_from(number: int, text: str | None) -> PageRecord:
    if text is None:
        return PageRecord(number)
    fields = json.loads(text)
    return PageRecord(
        number=number,
        state=PageState(fields["state"]),
        attempt=fields.get("attempt"),
        worker=fields.get("worker"),
        deaths=fields.get("deaths", 0),
        losses=fields.get("losses", 0),
        started_at=_time(fields.get("started_at")),
        ended_at=_time(fields.get("ended_at")),
        blob=fields.get("blob"),
        error=ErrorInfo(**fields["error"]) if fields.get("error") else None,
    )


def _export_text(export: ExportRecord) -> str:
    fields = asdict(export) | {
        "ended_at": export.ended_at.isoformat() if export.ended_at else None,
        "error": export.error.model_dump(mode="json") if export.error else None,
    }
    return json.dumps(fields)


def _export_from(name: str, text: str | None) -> ExportRecord | None:
    if text is None:
        return None
    fields = json.loads(text)
    return ExportRecord(
        name=name,
        revision=fields["revision"],
        limit_s=fields["limit_s"],
        state=PageState(fields["state"]),
        attempt=fields["attempt"],
        deaths=fields["deaths"],
        losses=fields["losses"],
        ended_at=_time(fields["ended_at"]),
        blob=fields["blob"],
        media_type=fields["media_type"],
        error=ErrorInfo(**fields["error"]) if fields["error"] else None,
    )


def _running_from(attempt_id: str, entry: str) -> ActiveLease:
    key, node, worker, since = json.loads(entry)
    return ActiveLease(Unit.from_key(key), Attempt(attempt_id, node, worker), since)


def _pending_from(key: str, entry: str) -> QueuedUnit:
    rq_id, since = json.loads(entry)
    return QueuedUnit(Unit.from_key(key), rq_id, since)


def _node_from(text: str) -> NodeInfo:
    fields = json.loads(text)
    return NodeInfo(
        node=fields["node"],
        workers=fields["workers"],
        engines=tuple(fields["engines"]),
        languages=tuple(fields["languages"]),
        version=fields["version"],
    )
