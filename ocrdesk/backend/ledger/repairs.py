"""Finds jobs that nothing continues, and continues or ends them.

A job that has not ended has a unit in the queue or in work. One that has none was damaged: by a record that cannot be
read, or by somebody who changed Redis. The records of its pages say what is left to do.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from redis import Redis

from ocrdesk.backend import redis_keys
from ocrdesk.backend.ledger import backlog, codec
from ocrdesk.backend.ledger.pages import queue_pages
from ocrdesk.backend.ledger.quarantine import Quarantine
from ocrdesk.backend.ledger.transaction import Transaction, Transactions, keys_of_job
from ocrdesk.backend.records import JobRecord, PageRecord, Unit, UnitKind
from ocrdesk.contract.states import PageState

_log = logging.getLogger(__name__)


class Repairs:
    """Checks and repairs jobs that have not ended."""

    def __init__(self, redis: Redis, transactions: Transactions, quarantine: Quarantine, result_ttl_s: int) -> None:
        self._redis: Any = redis  # sync, answers text; redis-py types its answers as maybe awaitable
        self._transactions = transactions
        self._quarantine = quarantine
        self._result_ttl_s = result_ttl_s

    def stuck_jobs(self) -> set[str]:
        """Return the jobs that have not ended and have no unit in the queue or in work, at about this moment."""
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.zrange(redis_keys.ACTIVE_JOBS, 0, -1)
            pipe.hkeys(redis_keys.PENDING_UNITS)
            pipe.hgetall(redis_keys.LEASES)
            active, pending, held = pipe.execute()
        return set(active) - {key.rpartition("-")[0] for key in pending} - set(_jobs_held(held).values())

    def repair(self, job_id: str, *, inflight_limit: int) -> None:
        """Queue what is left of a stuck job; set aside one that cannot be read."""

        def change(transaction: Transaction) -> JobRecord | None:
            job = transaction.read_job(job_id)
            pages = {page.number: page for page in transaction.read_stored_pages(job)} if job else {}
            transaction.multi()
            if job is None or job.state.is_final:
                backlog.forget_job(transaction.pipe, job_id)
                if job is not None and not job.is_readable:
                    for key in keys_of_job(job_id):
                        transaction.pipe.expire(key, self._result_ttl_s)
                return job
            _continue(transaction, job, pages, inflight_limit)
            return job

        if job_id not in self.stuck_jobs():
            return
        job = self._transactions.run_on_job(change, job_id)
        if job is not None and not job.is_readable:
            self._quarantine.report(job_id)
        elif job is not None and not job.state.is_final:
            _log.warning("nothing continued job %s: its unfinished work is queued again", job_id)

    def set_aside(self, job_id: str) -> None:
        """Stop all work on a job whose keys have a wrong type, and let them expire."""
        units = [key for key in self._redis.hkeys(redis_keys.PENDING_UNITS) if key.rpartition("-")[0] == job_id]
        held = _jobs_held(self._redis.hgetall(redis_keys.LEASES))
        attempts = [attempt for attempt, job in held.items() if job == job_id]
        with self._redis.pipeline(transaction=True) as pipe:
            for key, names in ((redis_keys.PENDING_UNITS, units), (redis_keys.LEASES, attempts)):
                if names:
                    pipe.hdel(key, *names)
            backlog.forget_job(pipe, job_id)
            for key in keys_of_job(job_id):
                pipe.expire(key, self._result_ttl_s)
            pipe.execute()
        self._quarantine.report(job_id)


def _continue(transaction: Transaction, job: JobRecord, pages: dict[int, PageRecord], inflight_limit: int) -> None:
    """Queue a job's next step. What its pages' records say replaces the job's own counts."""
    job = replace(job, attempt=None)
    if job.page_count is None:
        transaction.put_job(job)
        transaction.push(Unit(job.job_id, UnitKind.PREPARE), job)
        return
    states = {number: pages[number].state if number in pages else PageState.QUEUED for number in job.page_numbers}
    done = sum(state is PageState.FINISHED for state in states.values())
    left = [number for number, state in states.items() if not state.is_final]
    job = replace(job, pages_done=done, pages_failed=len(states) - done - len(left), inflight=0)
    for number in left:
        if (page := pages.get(number)) and page.state is PageState.STARTED:
            page = page.moved(PageState.QUEUED, attempt=None, worker=None, started_at=None)
            transaction.put_page(job.job_id, page)
    transaction.pipe.delete(redis_keys.waiting_pages(job.job_id))
    if left:
        job = queue_pages(transaction, job, left, inflight_limit)
    else:
        transaction.push(Unit(job.job_id, UnitKind.CLOSE), job)
    transaction.put_job(job)


def _jobs_held(entries: Mapping[str, str]) -> dict[str, str]:
    """Return the job that each attempt works on, from the entries of their leases."""
    leases = [codec.readable_lease(attempt, entry) for attempt, entry in entries.items()]
    return {lease.attempt.id: lease.unit.job_id for lease in leases if lease is not None}
