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
    jobs:OWNER         zset    the owner's job ids by creation time
    events             stream  all events of all owners, bounded: wakes followers up
    pending            hash    unit → RQ id and time
    running            hash    attempt → unit, node, worker, time
    nodes, node:ID     set, string with a TTL: the live worker pools
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from redis import Redis
from redis.client import Pipeline
from redis.exceptions import WatchError

from ocrdesk.backend.queue import TaskQueue
from ocrdesk.backend.records import (
    MAX_DEATHS,
    MAX_LOSSES,
    Attempt,
    Ending,
    JobRecord,
    Limits,
    NodeInfo,
    PageRecord,
    Pending,
    Running,
    Unit,
    UnitKind,
    utc_now,
)
from ocrdesk.contract.errors import ErrorCode, ErrorInfo
from ocrdesk.contract.events import Event, EventType
from ocrdesk.contract.jobs import JobOptions
from ocrdesk.contract.states import JobState, PageState

T = TypeVar("T")

NODE_TTL_S = 15
"""A worker pool that was silent for so long is taken for dead."""

GLOBAL_EVENTS = "ocrdesk:events"
_GLOBAL_EVENTS_KEPT = 20_000
_PENDING = "ocrdesk:pending"
_RUNNING = "ocrdesk:running"
_NODES = "ocrdesk:nodes"
_ERROR_CRASHED = ErrorInfo(
    code=ErrorCode.CRASHED,
    message="Reading this page ended its process again and again, so it was given up. The file may be damaged; "
    "try to save or print it anew with another program.",
)
_ERROR_FILE_CRASHED = ErrorInfo(
    code=ErrorCode.CRASHED,
    message="Opening this file ended its process again and again, so it was given up. The file may be damaged; "
    "try to save or print it anew with another program.",
)


def _job_key(job_id: str) -> str:
    return f"ocrdesk:job:{job_id}"


def _pages_key(job_id: str) -> str:
    return f"ocrdesk:job:{job_id}:pages"


def _waiting_key(job_id: str) -> str:
    return f"ocrdesk:job:{job_id}:waiting"


def _events_key(job_id: str) -> str:
    return f"ocrdesk:job:{job_id}:events"


def _jobs_key(owner: str) -> str:
    return f"ocrdesk:jobs:{owner}"


def _node_key(node: str) -> str:
    return f"ocrdesk:node:{node}"


@dataclass(frozen=True, slots=True)
class Committed:
    """A page's commit that was taken. `closes`: the attempt now holds the job's closing as well.

    `next_page` is the waiting page that it holds now instead, when it asked for one.
    """

    job: JobRecord
    closes: bool
    next_page: int | None = None


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
        """All pages of a job in order; none while their number is not known."""
        stored = {int(n): _page_from(int(n), text) for n, text in self._redis.hgetall(_pages_key(job.job_id)).items()}
        return [stored.get(n) or PageRecord(n) for n in range(1, (job.page_count or 0) + 1)]

    def page(self, job_id: str, number: int) -> PageRecord:
        """One page's record; a queued one where there is none."""
        return _page_from(number, self._redis.hget(_pages_key(job_id), str(number)))

    def jobs(self, owner: str, limit: int) -> list[JobRecord]:
        """The owner's newest jobs, newest first; drops the ids of expired ones on the way."""
        key = _jobs_key(owner)
        while True:
            ids: list[str] = self._redis.zrange(key, 0, limit - 1, desc=True)
            with self._redis.pipeline(transaction=False) as pipe:
                for job_id in ids:
                    pipe.hgetall(_job_key(job_id))
                found = [_job_from(job_id, fields) for job_id, fields in zip(ids, pipe.execute(), strict=True)]
            gone = [job_id for job_id, job in zip(ids, found, strict=True) if job is None]
            if not gone:
                return [job for job in found if job is not None]
            self._redis.zrem(key, *gone)  # and look again: older ones move up

    # ── the life of a job ────────────────────────────────────────────────────────────────────────

    def create(self, job: JobRecord) -> None:
        """Accepts a job: its record, its event and its place in the queue, all or nothing."""
        self._queue.warm()
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.multi()
            _put_job(pipe, job)
            pipe.zadd(_jobs_key(job.owner), {job.job_id: job.created_at.timestamp()})
            self._emit(pipe, job)
            self._push(pipe, Unit(job.job_id, UnitKind.PREPARE), job)
            pipe.execute()

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

    def plan(self, job_id: str, attempt: Attempt, page_count: int, *, window: int, inline: bool) -> JobRecord | None:
        """Records a prepared job's pages and queues the first `window` of them.

        With `inline` the job's only page is claimed by the same attempt, which goes on with it at once.
        None when the attempt no longer holds the job.
        """

        def change(pipe: Any) -> JobRecord | None:
            job = self._read_job(pipe, job_id)
            pipe.multi()
            if job is None or job.state.is_final or job.attempt != attempt.id:
                return None
            job = replace(job, page_count=page_count, attempt=None, deaths=0, losses=0)
            if inline:
                page = PageRecord(1).moved(
                    PageState.STARTED, attempt=attempt.id, worker=attempt.worker, started_at=utc_now()
                )
                _put_page(pipe, job_id, page)
                self._hold(pipe, Unit(job_id, UnitKind.PAGE, 1), attempt)
                job = replace(job, inflight=1)
            else:
                pipe.hdel(_RUNNING, attempt.id)
                first = list(range(1, page_count + 1))[:window]
                rest = range(len(first) + 1, page_count + 1)
                if rest:
                    pipe.rpush(_waiting_key(job_id), *rest)
                for number in first:
                    self._push(pipe, Unit(job_id, UnitKind.PAGE, number), job)
                job = replace(job, inflight=len(first))
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
        takes_next: bool = False,
    ) -> Committed | None:
        """Ends a page, once. None when the attempt no longer holds it.

        Queues as many waiting pages as the window leaves room for. After the last page the closing is
        held by `goes_on`, when the caller lives on to do it, and is queued otherwise. With `takes_next`
        `goes_on` holds the first waiting page, if there is one, which then is not queued.
        """

        def change(pipe: Any) -> Committed | None:
            job = self._read_job(pipe, job_id)
            page = self._read_page(pipe, job_id, number)
            waiting = pipe.lrange(_waiting_key(job_id), 0, window)
            following = self._read_page(pipe, job_id, int(waiting[0])) if takes_next and waiting else None
            if following is not None and following.state is not PageState.QUEUED:
                raise WatchError  # another took it between our two reads: look again
            pipe.multi()
            if job is None or job.state is not JobState.STARTED or page.attempt != attempt_id:
                return None
            if page.state.is_final:  # our own commit, whose answer was lost on the way
                return Committed(job, closes=job.attempt == attempt_id)
            pipe.hdel(_RUNNING, attempt_id)
            if following is None or goes_on is None:
                return self._end_page(pipe, job, page, state, waiting, window, blob=blob, error=error, goes_on=goes_on)
            pipe.lpop(_waiting_key(job_id))
            ended = self._end_page(pipe, job, page, state, waiting[1:], window - 1, blob=blob, error=error)
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

    def delete(self, job_id: str) -> None:
        """Removes a job and all that the ledger knows of it, whatever its state."""

        def change(pipe: Any) -> None:
            job = self._read_job(pipe, job_id)
            pipe.multi()
            pipe.delete(_job_key(job_id), _pages_key(job_id), _waiting_key(job_id), _events_key(job_id))
            if job is not None:
                pipe.zrem(_jobs_key(job.owner), job_id)
                state = job.state if job.state.is_final else JobState.CANCELLED
                _announce(pipe, job.owner, _event_fields(replace(job, state=state), EventType.DELETED))

        self._transact(change, job_id)

    def release(self, attempt_id: str, ending: Ending, *, window: int) -> Unit | None:
        """Takes a unit from an attempt that is no more, and queues it again in front of the others.

        What has ended too many attempts' lives fails instead (see MAX_DEATHS, MAX_LOSSES). Answers
        the unit, or None when the attempt held nothing.
        """
        entry = self._redis.hget(_RUNNING, attempt_id)
        if entry is None:
            return None
        unit = _running_from(attempt_id, entry).unit
        died, lost = int(ending is Ending.DIED), int(ending is Ending.LOST)

        def change(pipe: Any) -> None:
            job = self._read_job(pipe, unit.job_id)
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

    def running(self) -> list[Running]:
        return [_running_from(attempt, entry) for attempt, entry in self._redis.hgetall(_RUNNING).items()]

    def overdue(self, older_than_s: float) -> list[Pending]:
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

    def redeliver(self, lost: Pending) -> bool:
        """Pushes a unit again whose delivery was lost; False when it is not pending under that id any more."""

        def change(pipe: Any) -> bool:
            pipe.watch(_PENDING)
            entry = pipe.hget(_PENDING, lost.unit.key)
            job = self._read_job(pipe, lost.unit.job_id)
            pipe.multi()
            if entry is None or _pending_from(lost.unit.key, entry).rq_id != lost.rq_id:
                return False
            if job is None or job.state.is_final:
                pipe.hdel(_PENDING, lost.unit.key)
                return False
            self._push(pipe, lost.unit, job, at_front=True)
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

    # ── events ───────────────────────────────────────────────────────────────────────────────────

    def events(self, job_id: str, after: str = "0", count: int = 500) -> list[Event]:
        """A job's events after an event id, oldest first."""
        entries = self._redis.xrange(_events_key(job_id), min=f"({after}", count=count)
        return [_event_from(event_id, fields) for event_id, fields in entries]

    def all_events(self, owner: str, after: str, count: int = 500) -> tuple[list[Event], str]:
        """The owner's events of all jobs after an event id, and the id of the last one looked at."""
        entries = self._redis.xrange(GLOBAL_EVENTS, min=f"({after}", count=count)
        found = [_event_from(event_id, fields) for event_id, fields in entries if fields["owner"] == owner]
        return found, entries[-1][0] if entries else after

    def last_event_id(self) -> str:
        """The id of the newest event of all, "0-0" when there was none."""
        newest = self._redis.xrevrange(GLOBAL_EVENTS, count=1)
        return str(newest[0][0]) if newest else "0-0"

    # ── inside a transaction ─────────────────────────────────────────────────────────────────────

    def _transact(self, change: Callable[[Any], T], job_id: str) -> T:
        """Runs `change` on a pipeline that watches the job, until no one else wrote in between.

        `change` reads first, calls `multi()`, then queues its writes.
        """
        self._queue.warm()
        with self._redis.pipeline(transaction=True) as pipe:
            while True:
                try:
                    pipe.watch(_job_key(job_id), _pages_key(job_id), _waiting_key(job_id))
                    result = change(pipe)
                    pipe.execute()
                except WatchError:
                    continue
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

    def _push(self, pipe: Pipeline, unit: Unit, job: JobRecord, *, at_front: bool = False) -> None:
        rq_id = self._queue.push(pipe, unit, job.limits.page_timeout_s, at_front=at_front)
        pipe.hset(_PENDING, unit.key, json.dumps([rq_id, time.time()]))

    def _end_page(
        self,
        pipe: Pipeline,
        job: JobRecord,
        page: PageRecord,
        state: PageState,
        waiting: Sequence[str],
        window: int,
        *,
        blob: str | None = None,
        error: ErrorInfo | None = None,
        goes_on: Attempt | None = None,
    ) -> Committed:
        good = state is PageState.FINISHED
        page = page.moved(state, ended_at=utc_now(), blob=blob, error=error)
        _put_page(pipe, job.job_id, page)
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
        return Committed(job, closes=job.all_pages_ended and goes_on is not None)

    def _take_page(self, pipe: Pipeline, ended: Committed, page: PageRecord, attempt: Attempt) -> Committed:
        """Gives a page that was waiting to an attempt that has just ended another."""
        started = page.moved(PageState.STARTED, attempt=attempt.id, worker=attempt.worker, started_at=utc_now())
        job = replace(ended.job, inflight=ended.job.inflight + 1)
        _put_page(pipe, job.job_id, started)
        _put_job(pipe, job)
        self._hold(pipe, Unit(job.job_id, UnitKind.PAGE, page.number), attempt)
        return replace(ended, job=job, next_page=page.number)

    def _end_job(self, pipe: Pipeline, job: JobRecord, state: JobState, error: ErrorInfo | None) -> JobRecord:
        job = job.moved(state, ended_at=utc_now(), attempt=None, error=error)
        _put_job(pipe, job)
        self._emit(pipe, job)
        pipe.delete(_waiting_key(job.job_id))
        for key in (_job_key(job.job_id), _pages_key(job.job_id), _events_key(job.job_id)):
            pipe.expire(key, self._result_ttl_s)
        return job

    def _emit(self, pipe: Any, job: JobRecord, page: PageRecord | None = None) -> None:
        fields = _event_fields(job, EventType.PAGE if page else EventType.JOB, page)
        pipe.xadd(_events_key(job.job_id), fields)
        _announce(pipe, job.owner, fields)


def _announce(pipe: Any, owner: str, fields: dict[str, str]) -> None:
    pipe.xadd(GLOBAL_EVENTS, fields | {"owner": owner}, maxlen=_GLOBAL_EVENTS_KEPT, approximate=True)


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
    if job.page_count == 1:
        return first
    numbers = ", ".join(str(page.number) for page in bad[:10]) + (", …" if len(bad) > 10 else "")
    which = f"Page {numbers}" if len(bad) == 1 else f"Pages {numbers}"
    return ErrorInfo(code=first.code, message=f"{which} of {job.page_count} could not be read. {first.message}")


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
        "page_count": "" if job.page_count is None else job.page_count,
        "pages_done": job.pages_done,
        "pages_failed": job.pages_failed,
        "inflight": job.inflight,
        "attempt": job.attempt or "",
        "deaths": job.deaths,
        "losses": job.losses,
        "error": job.error.model_dump_json() if job.error else "",
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
        page_count=int(fields["page_count"]) if fields["page_count"] else None,
        pages_done=int(fields["pages_done"]),
        pages_failed=int(fields["pages_failed"]),
        inflight=int(fields["inflight"]),
        attempt=fields["attempt"] or None,
        deaths=int(fields["deaths"]),
        losses=int(fields["losses"]),
        error=ErrorInfo.model_validate_json(fields["error"]) if fields["error"] else None,
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


def _running_from(attempt_id: str, entry: str) -> Running:
    key, node, worker, since = json.loads(entry)
    return Running(Unit.from_key(key), Attempt(attempt_id, node, worker), since)


def _pending_from(key: str, entry: str) -> Pending:
    rq_id, since = json.loads(entry)
    return Pending(Unit.from_key(key), rq_id, since)


def _node_from(text: str) -> NodeInfo:
    fields = json.loads(text)
    return NodeInfo(
        node=fields["node"],
        workers=fields["workers"],
        engines=tuple(fields["engines"]),
        languages=tuple(fields["languages"]),
        version=fields["version"],
    )


def _event_fields(job: JobRecord, kind: EventType, page: PageRecord | None = None) -> dict[str, str]:
    fields = {
        "type": kind.value,
        "job_id": job.job_id,
        "at": utc_now().isoformat(),
        "status": job.state.value,
        "done": str(job.pages_done),
        "failed": str(job.pages_failed),
    }
    if job.page_count is not None:
        fields["count"] = str(job.page_count)
    error = page.error if page else job.error
    if page:
        fields |= {"page": str(page.number), "page_status": page.state.value}
    if error:
        fields |= {"error": error.message, "code": error.code.value}
    return fields


def _event_from(event_id: str, fields: dict[str, str]) -> Event:
    return Event(
        id=event_id,
        type=EventType(fields["type"]),
        job_id=fields["job_id"],
        at=datetime.fromisoformat(fields["at"]),
        status=JobState(fields["status"]),
        page_count=int(fields["count"]) if "count" in fields else None,
        pages_done=int(fields["done"]),
        pages_failed=int(fields["failed"]),
        page=int(fields["page"]) if "page" in fields else None,
        page_status=PageState(fields["page_status"]) if "page_status" in fields else None,
        error=fields.get("error"),
        error_code=fields.get("code"),
    )
