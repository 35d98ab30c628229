"""The queue: every task name that is pushed has a callable behind it in the worker."""

from __future__ import annotations

import importlib
import inspect
import json
from typing import Any

import pytest
from rq.job import Job

from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.records import UnitKind
from ocrdesk.backend.task_queue import TASK_NAMES, open_queue
from tests.helpers.ledger_jobs import created, planned


@pytest.mark.parametrize("kind", UnitKind)
def test_every_task_name_resolves_to_a_callable(kind: UnitKind) -> None:
    module, _, name = TASK_NAMES[kind].rpartition(".")
    task = getattr(importlib.import_module(module), name)
    takes = list(inspect.signature(task).parameters)
    more = {UnitKind.PAGE: ["number"], UnitKind.EXPORT: ["name"]}
    assert takes == ["job_id", *more.get(kind, [])]


def rq_jobs(redis: Any, redis_url: str) -> list[Job]:
    from redis import Redis

    return open_queue(Redis.from_url(redis_url), "ocrdesk").get_jobs()


def test_a_task_is_stored_as_json_never_as_pickle(ledger: Ledger, redis: Any, redis_url: str) -> None:
    job = created(ledger)
    (task,) = rq_jobs(redis, redis_url)
    assert json.loads(task.data) == [TASK_NAMES[UnitKind.PREPARE], None, [job.job_id], {}]


def test_a_page_task_names_its_page(ledger: Ledger, redis: Any, redis_url: str) -> None:
    job = planned(ledger, 2)
    pages = [task for task in rq_jobs(redis, redis_url) if task.func_name == TASK_NAMES[UnitKind.PAGE]]
    assert [tuple(task.args) for task in pages] == [(job.job_id, 1), (job.job_id, 2)]


def test_a_task_is_kept_no_longer_than_it_is_needed(ledger: Ledger, redis: Any, redis_url: str) -> None:
    created(ledger)
    (task,) = rq_jobs(redis, redis_url)
    assert task.result_ttl == 0
    assert task.failure_ttl is not None
    assert task.failure_ttl <= 3600


def test_a_task_knows_its_pages_limit_and_rq_neither_ends_nor_repeats_it(
    ledger: Ledger, redis: Any, redis_url: str
) -> None:
    created(ledger)
    (task,) = rq_jobs(redis, redis_url)
    assert task.meta == {"limit_s": 10, "owner": "me"}
    assert task.timeout == -1
    assert not task.retries_left


def test_there_is_one_queue(ledger: Ledger, redis: Any) -> None:
    created(ledger)
    planned(ledger, 3)
    assert set(redis.smembers("rq:queues")) == {"rq:queue:ocrdesk"}
