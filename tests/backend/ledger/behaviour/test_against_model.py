"""The ledger does what its model does, whatever is called in whatever order.

Hypothesis calls the ledger as the api, several workers and the reaper do: also twice, too late, for things that are
gone, and by attempts that were given up. After each call the records, the leases, the queue and the sums are compared
with the model, and every key must have the lifetime that `redis_keys` describes. In the end all work is done: every
job must end, and nothing may be left. LONG_TESTS tries many more sequences.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from redis import ConnectionPool, Redis

from ocrdesk.backend import redis_keys
from ocrdesk.backend.ledger.idempotency import IdempotencyConflictError, IdempotencyKey
from ocrdesk.backend.ledger.jobs import RevisionConflictError
from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.ledger.transaction import keys_of_job
from ocrdesk.backend.records import Attempt, JobRecord, ReleaseReason, Unit, UnitKind
from ocrdesk.backend.redis_key_table import KEYS
from ocrdesk.contract.jobs import JobOptions
from ocrdesk.contract.states import JobState, PageState
from tests.helpers.ledger_jobs import BAD_PAGE, new_attempt, new_job_record
from tests.helpers.ledger_model import LedgerModel, ModelJob
from tests.helpers.long_form import LONG_TESTS

T = TypeVar("T")

OWNER = "me"
QUEUE = redis_keys.rq_queue("ocrdesk")
PAST = 8
"""How many attempts that lost or ended their units are remembered, to call again."""
FINAL_PAGES = (PageState.FINISHED, PageState.FAILED, PageState.TIMEOUT)

MOST_JOBS = 4

number = st.integers(0, 60)
"""Chooses one of the jobs, units or attempts that there are."""
number_limit = st.integers(1, 3)
"""How many pages of a job may be in the queue or held."""
file_pages = st.integers(3, 6)


def chosen(things: Sequence[T], at: int) -> T:
    return things[at % len(things)]


class LedgerMachine(RuleBasedStateMachine):
    def __init__(self, redis: Any, make_ledger: Callable[[], Ledger]) -> None:
        super().__init__()
        redis.flushall()
        self.redis = redis
        self.bytes_redis: Any = Redis(connection_pool=_pool_of_bytes(redis))
        self.waiting_lists = {redis_keys.waiting_units(OWNER), redis_keys.waiting_exports(OWNER)}
        self.saved: Any = None
        self.saved_model: Any = None
        self.ledgers = itertools.cycle([make_ledger(), make_ledger()])  # as two processes
        self.model = LedgerModel()
        self.past: list[tuple[Attempt, Unit]] = []
        self.attempts: dict[str, Attempt] = {}
        self.seen: list[str] = []
        """All ids of jobs, also of deleted ones."""
        self.once: dict[str, tuple[str, str]] = {}
        self.blobs = itertools.count()

    @property
    def ledger(self) -> Ledger:
        return next(self.ledgers)

    def new_attempt(self) -> Attempt:
        attempt = new_attempt()
        self.attempts[attempt.id] = attempt
        return attempt

    def any_job(self, at: int) -> str:
        return chosen(self.seen, at)

    def holders(self, *kinds: UnitKind) -> list[tuple[Attempt, Unit]]:
        """Return who holds units of these kinds, and who did until lately."""
        held = [(self.attempts[attempt], unit) for attempt, unit in self.model.leases.items()]
        return [(attempt, unit) for attempt, unit in held + self.past if unit.kind in kinds]

    def forget(self, attempt: Attempt, unit: Unit) -> None:
        """Remember that the attempt does not hold the unit any more."""
        self.past = [*self.past, (attempt, unit)][-PAST:]

    # ── the api ──────────────────────────────────────────────────────────────────────────────────

    @initialize(planned=st.integers(0, 2), limit=number_limit, file_pages=file_pages)
    def start(self, planned: int, limit: int, file_pages: int) -> None:
        """Begin with some jobs whose pages are in the queue, because most that can go wrong happens to pages."""
        for at in range(planned + 1):
            self.create("", None, False)
            if at:
                self.work(0)
                self.plan(0, file_pages, limit, False)

    @precondition(lambda self: len(self.model.jobs) < MOST_JOBS)
    @rule(pages=st.sampled_from(["", "", "2-", "1,3"]), key=st.sampled_from([None, None, "a", "b"]), same=st.booleans())
    def create(self, pages: str, key: str | None, same: bool) -> None:
        record = new_job_record(OWNER)
        record = _with_pages(record, pages)
        known = self.once.get(key or "")
        digest = known[1] if known and same else f"digest-{record.job_id}"
        once = IdempotencyKey(OWNER, key, digest) if key else None
        if known is not None and digest != known[1]:
            try:
                self.ledger.jobs.create(record, once)
            except IdempotencyConflictError:
                return
            raise AssertionError("another submission was accepted under the same key")
        job_id = self.ledger.jobs.create(record, once)
        if known is not None:
            assert job_id == known[0]
            return
        assert job_id == record.job_id
        self.model.create(record)
        self.seen.append(job_id)
        if key:
            self.once[key] = (job_id, digest)

    @precondition(lambda self: self.seen)
    @rule(at=number)
    def cancel(self, at: int) -> None:
        job_id = self.any_job(at)
        state = self.model.cancel(job_id)
        found = self.ledger.jobs.cancel(job_id)
        assert (found.state if found else None) == state

    @precondition(lambda self: self.seen)
    @rule(at=number)
    def delete(self, at: int) -> None:
        job_id = self.any_job(at)
        if job_id in self.model.jobs:  # not the key of a job that has expired
            self.once = {key: known for key, known in self.once.items() if known[0] != job_id}
        self.model.delete(job_id)
        self.ledger.jobs.delete(job_id)

    @precondition(lambda self: self.seen)
    @rule(at=number, limit=number_limit)
    def retry(self, at: int, limit: int) -> None:
        job_id = self.any_job(at)
        known = self.model.jobs.get(job_id)
        self.model.retry(job_id)
        found = self.ledger.jobs.retry(job_id, inflight_limit=limit)
        assert (found.state if found else None) == (known.state if known else None)

    @precondition(lambda self: self.seen)
    @rule(at=number, page=number, expected=st.sampled_from([None, 0, 1, 2]))
    def revise(self, at: int, page: int, expected: int | None) -> None:
        job = self.model.jobs.get(self.any_job(at))
        if job is None or not job.count(PageState.FINISHED):
            return
        read = chosen([n for n, found in (job.pages or {}).items() if found.state is PageState.FINISHED], page)
        before, blob = (job.pages or {})[read].blob, f"corrected-{next(self.blobs)}"
        try:
            outcome, conflict = self.ledger.jobs.revise(job.id, {read: blob}, expected), None
        except RevisionConflictError as error:
            outcome, conflict = None, error.revision
        if conflict is not None:
            assert conflict == job.revision != expected
            assert job.state is JobState.FINISHED
            return
        assert self.model.revise(job.id, read, blob) == (outcome is not None)
        if outcome is not None:
            assert outcome[1] == [before]

    @precondition(lambda self: self.model.jobs)
    @rule(at=number, name=st.sampled_from(["pdf", "docx", "image_1_800"]))
    def request_export(self, at: int, name: str) -> None:
        job = chosen(list(self.model.jobs.values()), at)
        if job.state is JobState.FINISHED:
            state = self.model.request_export(job.id, name)
            found = self.ledger.exports.request(job.id, name, 60.0)
            assert found is not None
            assert found.state is state

    @rule()
    def recount(self) -> None:
        self.ledger.backlog.recount()

    @precondition(lambda self: self.seen)
    @rule(at=number)
    def expire(self, at: int) -> None:
        """Let the time of a job that has ended be over."""
        job = self.model.jobs.get(self.any_job(at))
        if job is not None and job.state.is_final and not job.exports:
            self.redis.delete(*keys_of_job(job.id))
            del self.model.jobs[job.id]

    # ── workers ──────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.redis.llen(QUEUE))
    @rule(at=number)
    def work(self, at: int) -> None:
        """Take a task from the queue, and claim its unit."""
        rq_id = chosen(self.redis.lrange(QUEUE, 0, -1), at)
        self.redis.lrem(QUEUE, 0, rq_id)
        self.claim(Unit.from_key(rq_id.rpartition("-")[0]), self.new_attempt())

    @precondition(lambda self: self.redis.llen(QUEUE))
    @rule(tasks=st.integers(1, 6), limit=number_limit)
    def make_progress(self, tasks: int, limit: int) -> None:
        """Run tasks from the front of the queue as a worker does to which nothing happens."""
        for _ in range(tasks):
            self.run_task(limit)

    def run_task(self, limit: int) -> None:
        if rq_id := self.redis.lpop(QUEUE):
            unit, attempt = Unit.from_key(rq_id.rpartition("-")[0]), self.new_attempt()
            self.claim(unit, attempt)
            if self.model.leases.get(attempt.id) == unit:
                self.end(unit, attempt, limit)

    @precondition(lambda self: self.redis.llen(QUEUE))
    @rule(at=number)
    def lose_task(self, at: int) -> None:
        """Let a worker die that has taken a task and not claimed its unit."""
        self.redis.lrem(QUEUE, 0, chosen(self.redis.lrange(QUEUE, 0, -1), at))

    @precondition(lambda self: self.past or self.model.leases)
    @rule(at=number, same=st.booleans())
    def claim_again(self, at: int, same: bool) -> None:
        """Claim a unit a second time: from a second task, or because the answer was lost."""
        attempt, unit = chosen(self.holders(*UnitKind), at)
        if same and self.model.leases.get(attempt.id) != unit:
            return  # a process claims nothing after it has lost its unit
        self.claim(unit, attempt if same else self.new_attempt())

    def claim(self, unit: Unit, attempt: Attempt) -> None:
        before = self.model.leases.get(attempt.id)
        may = not self.is_waiting(unit) and self.model.claim(unit, attempt.id)
        if unit.kind is UnitKind.EXPORT:
            got = self.ledger.exports.claim(unit.job_id, unit.export, attempt) is not None
        else:
            got = self.ledger.leases.claim(unit, attempt) is not None
        assert got == may
        if not may and before is None:
            self.forget(attempt, unit)

    def is_waiting(self, unit: Unit) -> bool:
        """Return whether it is a page that is not in the queue yet: no task may take it, not even an old one."""
        return str(unit.page) in self.redis.lrange(redis_keys.waiting_pages(unit.job_id), 0, -1)

    @precondition(lambda self: self.holders(UnitKind.PREPARE))
    @rule(at=number, file_pages=file_pages, limit=number_limit, inline=st.booleans())
    def plan(self, at: int, file_pages: int, limit: int, inline: bool) -> None:
        attempt, unit = chosen(self.holders(UnitKind.PREPARE), at)
        may = self.model.plan(unit.job_id, attempt.id, file_pages, inline=inline)
        found = self.ledger.pages.plan(unit.job_id, attempt, file_pages, inflight_limit=limit, inline=inline)
        assert (found is not None) == may
        self.forget(attempt, unit)

    @precondition(lambda self: self.holders(UnitKind.PAGE))
    @rule(
        at=number,
        state=st.sampled_from((*FINAL_PAGES, PageState.FINISHED)),
        limit=number_limit,
        goes_on=st.booleans(),
        take_next=st.booleans(),
    )
    def commit(self, at: int, state: PageState, limit: int, goes_on: bool, take_next: bool) -> None:
        attempt, unit = chosen(self.holders(UnitKind.PAGE), at)
        before = self.model.jobs.get(unit.job_id)
        was_committed = before is not None and unit.page in (before.pages or {}) and self.has_committed(unit, attempt)
        blob = f"page-{next(self.blobs)}" if state is PageState.FINISHED else None
        may = self.model.commit(unit.job_id, unit.page, attempt.id, state, blob)
        result = self.ledger.pages.commit(
            unit.job_id,
            unit.page,
            attempt.id,
            state,
            inflight_limit=limit,
            blob=blob,
            error=None if blob else BAD_PAGE,
            continue_as=attempt if goes_on else None,
            take_next=take_next and goes_on,
        )
        assert (result is not None) == (may or was_committed)
        if not may or result is None:
            return
        self.forget(attempt, unit)
        job = self.model.jobs[unit.job_id]
        assert result.closes == (goes_on and job.all_ended)
        if result.closes:
            self.model.close_with(unit.job_id, attempt.id)
        if result.next_page is not None:
            assert take_next
            assert goes_on
            self.model.continue_with(unit.job_id, result.next_page, attempt.id)

    def has_committed(self, unit: Unit, attempt: Attempt) -> bool:
        """Return whether the attempt has ended the page of a job that goes on: it gets the same answer again."""
        job = self.model.jobs[unit.job_id]
        page = self.ledger.pages.get(unit.job_id, unit.page)
        return job.state is JobState.STARTED and page.state.is_final and page.attempt == attempt.id

    @precondition(lambda self: self.holders(UnitKind.CLOSE))
    @rule(at=number)
    def finish(self, at: int) -> None:
        attempt, unit = chosen(self.holders(UnitKind.CLOSE), at)
        may = self.model.finish(unit.job_id, attempt.id)
        found = self.ledger.jobs.finish(unit.job_id, attempt.id)
        assert (found is not None) == may
        if found is not None:
            assert found.state is self.model.jobs[unit.job_id].state
        self.forget(attempt, unit)

    @precondition(lambda self: self.holders(UnitKind.PREPARE, UnitKind.CLOSE))
    @rule(at=number)
    def fail(self, at: int) -> None:
        attempt, unit = chosen(self.holders(UnitKind.PREPARE, UnitKind.CLOSE), at)
        if self.model.leases.get(attempt.id, unit) != unit:
            return  # it goes on with a page of the job
        may = self.model.fail(unit.job_id, attempt.id)
        assert (self.ledger.jobs.fail(unit.job_id, attempt.id, BAD_PAGE) is not None) == may
        self.forget(attempt, unit)

    @precondition(lambda self: self.holders(UnitKind.EXPORT))
    @rule(at=number, state=st.sampled_from(FINAL_PAGES))
    def commit_export(self, at: int, state: PageState) -> None:
        attempt, unit = chosen(self.holders(UnitKind.EXPORT), at)
        known = self.ledger.exports.get(unit.job_id, unit.export)
        repeats = known is not None and known.state.is_final and known.attempt == attempt.id
        may = self.model.commit_export(unit.job_id, unit.export, attempt.id, state)
        old = self.ledger.exports.commit(unit.job_id, unit.export, attempt.id, state, blob="blob")
        assert (old is not None) == (may or repeats)
        self.forget(attempt, unit)

    # ── the reaper ───────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.past or self.model.leases)
    @rule(at=number, reason=st.sampled_from(ReleaseReason), limit=number_limit)
    def release(self, at: int, reason: ReleaseReason, limit: int) -> None:
        attempt, unit = chosen(self.holders(*UnitKind), at)
        expected = self.model.release(attempt.id, reason)
        assert self.ledger.leases.release(attempt.id, reason, inflight_limit=limit) == expected
        self.forget(attempt, unit)

    @rule(limit=number_limit)
    def deliver_lost_tasks(self, limit: int) -> None:
        queued = self.ledger.lost_work.queued_ids()
        for entry in self.ledger.lost_work.pending():
            if entry.rq_id not in queued:
                self.give_back_unclaimed(entry.unit, entry.rq_id, ReleaseReason.HANDED_BACK, limit)

    @precondition(lambda self: self.redis.llen(QUEUE))
    @rule(at=number, reason=st.sampled_from(ReleaseReason), limit=number_limit)
    def end_before_claim(self, at: int, reason: ReleaseReason, limit: int) -> None:
        """Let a worker take a task and end before the claim; its pool notices."""
        rq_id = chosen(self.redis.lrange(QUEUE, 0, -1), at)
        self.redis.lrem(QUEUE, 0, rq_id)
        self.give_back_unclaimed(Unit.from_key(rq_id.rpartition("-")[0]), rq_id, reason, limit)

    def give_back_unclaimed(self, unit: Unit, rq_id: str, reason: ReleaseReason, limit: int) -> None:
        pending = {entry.unit: entry.rq_id for entry in self.ledger.lost_work.pending()}.get(unit)
        is_queued = pending is not None and pending != rq_id
        may = pending is not None and self.model.give_back_unclaimed(unit, reason, is_queued=is_queued)
        assert self.ledger.leases.give_back_unclaimed(unit, rq_id, reason, inflight_limit=limit) == may

    @precondition(lambda self: self.attempts)
    @rule(at=number)
    def renew(self, at: int) -> None:
        attempt = chosen(list(self.attempts), at)
        assert self.ledger.leases.renew(attempt) == (attempt in self.model.leases)

    # ── Redis ────────────────────────────────────────────────────────────────────────────────────

    @rule()
    def save(self) -> None:
        """Remember everything that is stored."""
        keys = self.bytes_redis.keys()
        self.saved = {key: (self.bytes_redis.dump(key), max(0, self.bytes_redis.pttl(key))) for key in keys}
        self.saved_model = copy.deepcopy((self.model, self.once))

    @precondition(lambda self: self.saved is not None)
    @rule()
    def roll_back(self) -> None:
        """Let Redis come back as it was some time ago: the attempts of today do not know it."""
        self.past = [*self.past, *((self.attempts[at], unit) for at, unit in self.model.leases.items())][-PAST:]
        self.redis.flushall()
        for key, (content, ttl_ms) in self.saved.items():
            self.bytes_redis.restore(key, ttl_ms, content)
        self.model, self.once = copy.deepcopy(self.saved_model)

    # ── comparisons ──────────────────────────────────────────────────────────────────────────────

    @invariant()
    def nothing_differs_from_the_model(self) -> None:
        self.records_are_those_of_the_model()
        self.leases_are_those_of_the_model()
        self.every_unit_is_queued_or_waits_or_is_held()
        self.sums_are_those_of_the_model()
        self.every_key_lives_as_long_as_described()

    def records_are_those_of_the_model(self) -> None:
        ledger = self.ledger
        for job_id in self.seen:
            stored, job = ledger.jobs.get(job_id), self.model.jobs.get(job_id)
            assert (stored is None) == (job is None)
            if stored is not None and job is not None:
                assert _outline_of_record(stored) == _outline_of_model(job)
                pages = {page.number: (page.state, page.blob) for page in ledger.pages.of_job(stored)}
                assert pages == {at: (page.state, page.blob) for at, page in (job.pages or {}).items()}
                for name, export in job.exports.items():
                    made = ledger.exports.get(job_id, name)
                    assert made is not None
                    assert (made.state, made.deaths, made.losses) == (export.state, export.deaths, export.losses)

    def leases_are_those_of_the_model(self) -> None:
        assert {lease.attempt.id: lease.unit for lease in self.ledger.leases.active()} == self.model.leases

    def every_unit_is_queued_or_waits_or_is_held(self) -> None:
        pending = {entry.unit for entry in self.ledger.lost_work.pending()}
        assert {unit.job_id for unit in pending} <= set(self.model.jobs) | self._expired()
        for job in self.model.jobs.values():
            needed, queued = set(self.model.free_units(job)), {unit for unit in pending if unit.job_id == job.id}
            waiting = {int(text) for text in self.redis.lrange(redis_keys.waiting_pages(job.id), 0, -1)}
            assert len(waiting) == self.redis.llen(redis_keys.waiting_pages(job.id))
            if job.state.is_final:
                assert not waiting
                assert {unit for unit in queued if unit.kind is UnitKind.EXPORT} == needed
            else:
                waiting_units = {Unit(job.id, UnitKind.PAGE, page) for page in waiting}
                assert queued | waiting_units == needed
                assert not queued & waiting_units
                held = {unit for unit in self.model.leases.values() if unit.job_id == job.id}
                running = [unit for unit in held if self.is_running(unit)]
                stored = self.ledger.jobs.get(job.id)
                assert stored is not None
                assert stored.inflight == len(running) + sum(unit.kind is UnitKind.PAGE for unit in queued)

    def is_running(self, unit: Unit) -> bool:
        job = self.model.jobs[unit.job_id]
        page = (job.pages or {}).get(unit.page)
        return unit.kind is UnitKind.PAGE and page is not None and page.state is PageState.STARTED

    def _expired(self) -> set[str]:
        return {job_id for job_id in self.seen if job_id not in self.model.jobs}

    def sums_are_those_of_the_model(self) -> None:
        load, active = self.ledger.backlog.load(), self.model.active()
        assert load.jobs == len(active)
        assert load.pages == sum(job.pages_left for job in active)
        assert load.size_bytes == sum(job.record.size_bytes for job in active)
        fields = self.redis.hgetall(redis_keys.BACKLOG)
        assert all(int(value) >= 0 for value in fields.values())

    def every_key_lives_as_long_as_described(self) -> None:
        keys = [
            key for key in self.redis.scan_iter(count=1000) if not key.startswith("rq:job:") and key != "rq:queues"
        ]  # RQ's alone
        with self.redis.pipeline(transaction=False) as pipe:
            for key in keys:
                pipe.ttl(key)
            lasting = [key for key, ttl in zip(keys, pipe.execute(), strict=True) if ttl == -1]
        for key in lasting:
            (described,) = [known for known in KEYS if known.matches(key)] or [None]
            assert described is not None, f"{key} is not described"
            if described.lifetime.startswith("none") or key in self.waiting_lists:
                continue
            job_id = key.split(":")[2]
            job = self.model.jobs.get(job_id)
            assert job is not None, f"{key} has no expiry, and its job is gone"
            assert not job.state.is_final, f"{key} has no expiry, and its job has ended"

    # ── the end ──────────────────────────────────────────────────────────────────────────────────

    def teardown(self) -> None:
        """Do all work: every job ends, and nothing is left of it."""
        for attempt in list(self.model.leases):
            self.model.release(attempt, ReleaseReason.HANDED_BACK)
            self.ledger.leases.release(attempt, ReleaseReason.HANDED_BACK, inflight_limit=3)
        for _ in range(200):
            self.deliver_lost_tasks(2)
            if not self.redis.llen(QUEUE):
                break
            self.run_task(limit=2)
        assert not self.model.active()
        self.records_are_those_of_the_model()
        self.sums_are_those_of_the_model()
        assert self.ledger.leases.active() == []
        assert self.ledger.lost_work.pending() == []
        counters = self.redis.hgetall(redis_keys.METRICS)
        counted = {name: counters.get(name) or counters.get(f"{name}:none") for name in self.model.ended}
        assert {name: int(value or 0) for name, value in counted.items()} == dict(self.model.ended)
        listed, cursor = self.ledger.job_list.read(OWNER, 1000)
        assert cursor is None
        assert {job.job_id for job in listed} == set(self.model.jobs)
        assert self.redis.zcard(redis_keys.owner_jobs(OWNER)) == len(self.model.jobs)

    def end(self, unit: Unit, attempt: Attempt, limit: int) -> None:
        """Do the work of a unit that the attempt holds."""
        job_id = unit.job_id
        if unit.kind is UnitKind.PREPARE:
            self.model.plan(job_id, attempt.id, 3, inline=False)
            assert self.ledger.pages.plan(job_id, attempt, 3, inflight_limit=limit, inline=False)
        elif unit.kind is UnitKind.PAGE:
            self.model.commit(job_id, unit.page, attempt.id, PageState.FINISHED, "last")
            assert self.ledger.pages.commit(
                job_id, unit.page, attempt.id, PageState.FINISHED, inflight_limit=limit, blob="last"
            )
        elif unit.kind is UnitKind.CLOSE:
            assert self.model.finish(job_id, attempt.id)
            assert self.ledger.jobs.finish(job_id, attempt.id)
        else:
            self.model.commit_export(job_id, unit.export, attempt.id, PageState.FINISHED)
            assert self.ledger.exports.commit(job_id, unit.export, attempt.id, PageState.FINISHED) is not None


def _pool_of_bytes(redis: Any) -> ConnectionPool:
    pool = redis.connection_pool
    return ConnectionPool(pool.connection_class, **pool.connection_kwargs | {"decode_responses": False})


def _with_pages(record: JobRecord, pages: str) -> JobRecord:
    return replace(record, options=JobOptions(pages=pages))


def _outline_of_record(job: JobRecord) -> tuple[Any, ...]:
    held = job.attempt if not job.state.is_final else None
    return (
        *(job.state, job.file_pages, job.pages_done, job.pages_failed, job.revision, held),
        *(job.deaths, job.losses, job.ended_at is not None),
    )


def _outline_of_model(job: ModelJob) -> tuple[Any, ...]:
    done, failed = job.count(PageState.FINISHED), job.count(PageState.FAILED, PageState.TIMEOUT)
    return (
        *(job.state, job.file_pages, done, failed, job.revision, job.holder),
        *(job.deaths, job.losses, job.state.is_final),
    )


@pytest.mark.parametrize("run", range(30 if LONG_TESTS else 1))
def test_any_sequence_of_calls_leaves_the_ledger_as_its_model(
    run: int, redis: Redis, make_ledger: Callable[[], Ledger]
) -> None:
    run_state_machine_as_test(
        lambda: LedgerMachine(redis, make_ledger),
        settings=settings(
            max_examples=100 if LONG_TESTS else 25,
            stateful_step_count=40,
            deadline=None,
            derandomize=not LONG_TESTS,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
