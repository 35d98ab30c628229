"""Many workers on one document do not stand in each other's way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.ledger.transaction import Transaction, pause_s
from ocrdesk.backend.records import Attempt, JobRecord, ReleaseReason
from ocrdesk.backend.redis_keys import PENDING_UNITS, job, job_pages
from ocrdesk.contract.states import PageState
from tests.bench.claimants import Claimants
from tests.helpers.ledger_jobs import new_attempt, page_unit, pending_units, planned, stored
from tests.helpers.redis_calls import calls_of

MANY = 50


def test_many_workers_claim_pages_of_one_document_at_once_in_one_transaction_each(redis_url: str) -> None:
    claimants = Claimants(redis_url, MANY, page_s=0.2, spread_s=0.2)
    claimants.read(MANY + 10)
    assert claimants.first_claims == MANY


def meanwhile(monkeypatch: pytest.MonkeyPatch, do: Callable[[], Any]) -> list[str]:
    """Do something between the reads and the writes of the next transaction; return how often one began to write."""
    begun: list[str] = []
    multi = Transaction.multi

    def multi_later(transaction: Transaction) -> None:
        begun.append("multi")
        if len(begun) == 1:
            do()
        multi(transaction)

    monkeypatch.setattr(Transaction, "multi", multi_later)
    return begun


def committed(ledger: Ledger, job: JobRecord, attempt: Attempt) -> bool:
    """Commit the first page; return whether the attempt still held it."""
    result = ledger.pages.commit(job.job_id, 1, attempt.id, PageState.FINISHED, inflight_limit=4, blob="page-1")
    return result is not None


def test_a_claim_of_another_page_does_not_repeat_a_commit(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    job, attempt = planned(ledger, 3), new_attempt()
    assert ledger.leases.claim(page_unit(job, 1), attempt)
    begun = meanwhile(monkeypatch, lambda: ledger.leases.claim(page_unit(job, 2), new_attempt()))
    assert committed(ledger, job, attempt)
    assert len(begun) == 1
    assert ledger.pages.get(job.job_id, 2).state is PageState.STARTED


def test_a_commit_of_a_page_that_is_taken_back_meanwhile_is_refused(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, attempt = planned(ledger, 3), new_attempt()
    assert ledger.leases.claim(page_unit(job, 1), attempt)
    released: list[object] = []

    def release() -> None:
        if not released:
            released.append("begun")
            released.append(ledger.leases.release(attempt.id, ReleaseReason.LOST, inflight_limit=4))

    meanwhile(monkeypatch, release)
    assert not committed(ledger, job, attempt)
    assert released == ["begun", page_unit(job, 1)]
    assert ledger.pages.get(job.job_id, 1).state is PageState.QUEUED
    assert stored(ledger, job).pages_done == 0


@pytest.mark.parametrize("change", ["cancel", "delete", "other attempt", "other file"])
def test_a_claim_is_refused_if_its_job_or_page_is_changed_after_it_was_read(
    ledger: Ledger, redis: Any, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    job_, other = planned(ledger, 3), new_attempt()
    claim_page = ledger.leases._transactions.claim_page

    def changed_first(claim: Any) -> bool:
        monkeypatch.undo()
        if change == "cancel":
            ledger.jobs.cancel(job_.job_id)
        elif change == "delete":
            redis.delete(job(job_.job_id), job_pages(job_.job_id))
        elif change == "other attempt":
            assert ledger.leases.claim(page_unit(job_, 1), other)
        else:
            redis.hset(job(job_.job_id), "file_pages", "0")
        before = redis.hgetall(PENDING_UNITS)
        is_made = claim_page(claim)
        assert redis.hgetall(PENDING_UNITS) == before
        return is_made

    monkeypatch.setattr(ledger.leases._transactions, "claim_page", changed_first)
    assert ledger.leases.claim(page_unit(job_, 1), new_attempt()) is None
    held = [lease.attempt.id for lease in ledger.leases.active()]
    assert held == ([other.id] if change == "other attempt" else [])


def test_a_claim_frees_the_place_in_the_queue_and_takes_one_for_the_attempt(ledger: Ledger, redis: Any) -> None:
    job_, attempt = planned(ledger, 3), new_attempt()
    before = calls_of(redis)["watch"]
    claimed = ledger.leases.claim(page_unit(job_, 2), attempt)
    assert claimed is not None
    assert calls_of(redis)["watch"] == before, "nothing that other pages change is watched"
    assert page_unit(job_, 2).key not in pending_units(redis)
    tokens = set(redis.hkeys("ocrdesk:places"))
    assert attempt.id in tokens
    assert page_unit(job_, 2).key not in tokens
    again = ledger.leases.claim(page_unit(job_, 2), attempt)
    assert again is not None, "its answer may have been lost"


def test_transactions_that_are_in_vain_wait_longer_each_time() -> None:
    assert pause_s(1) == 0
    assert max(pause_s(2) for _ in range(100)) <= 0.004
    assert 0.004 < max(pause_s(50) for _ in range(200)) <= 0.064
