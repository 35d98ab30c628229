"""What a task works with: its attempt, its limits, and the job in its log lines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from redis import Redis

from ocrdesk.backend import logs
from ocrdesk.backend.records import NodeInfo
from ocrdesk_worker.jobs import context
from ocrdesk_worker.jobs.context import INFLIGHT_PAGES_PER_WORKER, Context
from tests.helpers.ledger_jobs import new_attempt, new_job_record, page_unit
from tests.helpers.redis_calls import calls_of


def test_a_task_process_has_its_own_attempt(work: Context) -> None:
    attempt = new_attempt()
    context.enter(work, attempt)
    entered, current = context.current()
    assert current == entered.attempt == attempt
    assert work.attempt is None
    assert entered.ledger is work.ledger


def test_pages_in_flight_follow_the_live_workers(work: Context) -> None:
    assert work.inflight_limit() == INFLIGHT_PAGES_PER_WORKER, "at least as for one worker"
    for name, workers in (("one", 2), ("two", 3)):
        work.ledger.nodes.heartbeat(NodeInfo(name, workers, ("tesseract",), ("eng",), "1"))
    assert work.inflight_limit() == 5 * INFLIGHT_PAGES_PER_WORKER
    work.ledger.shares.repair(work.ledger.nodes.worker_count())
    assert work.inflight_limit() == 5 * INFLIGHT_PAGES_PER_WORKER, "also as the reaper has counted them"
    work.ledger.shares.repair(7)
    assert work.inflight_limit() == 7 * INFLIGHT_PAGES_PER_WORKER


def test_pages_in_flight_cost_the_same_with_hundreds_of_pools(work: Context, redis_url: str) -> None:
    for number in range(200):
        work.ledger.nodes.heartbeat(NodeInfo(f"node{number}", 4, ("tesseract",), ("eng",), "1"))
    work.ledger.shares.repair(work.ledger.nodes.worker_count())
    with Redis.from_url(redis_url, decode_responses=True) as redis:
        before = calls_of(redis)
        assert work.inflight_limit() == 800 * INFLIGHT_PAGES_PER_WORKER
        asked = calls_of(redis) - before
    assert (asked["get"], asked["mget"], asked["smembers"]) == (1, 0, 0)


def test_lines_about_a_unit_name_the_request_of_its_job(work: Context) -> None:
    job = replace(new_job_record(), request_id="request-1")
    work.ledger.jobs.create(job)
    with work.lines_about(page_unit(job, 3)):
        assert logs.request_id() == "request-1"
    assert logs.request_id() is None


def test_a_task_has_a_folder_of_its_own_for_temporary_files(work: Context, tmp_path: Path) -> None:
    context.enter(work, new_attempt(), tmp_path)
    assert context.current()[0].scratch == tmp_path
    assert work.scratch is None
