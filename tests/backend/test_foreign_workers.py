"""RQ workers that are not ours are named in the log, once each."""

from __future__ import annotations

from typing import Any

import pytest
from redis import Redis
from rq import Worker

from ocrdesk.backend.foreign_workers import OWN_FIELD, ForeignWorkers
from ocrdesk.backend.ledger.nodes import Nodes
from ocrdesk.backend.records import NodeInfo
from ocrdesk.backend.settings import Settings


class OwnWorker(Worker):
    def serialize(self) -> dict[str, Any]:
        return super().serialize() | {OWN_FIELD: "1.0"}


@pytest.fixture
def foreign(redis_url: str) -> ForeignWorkers:
    return ForeignWorkers(Settings(redis_url=redis_url))


@pytest.fixture
def raw(redis_url: str) -> Redis:
    return Redis.from_url(redis_url)


def start(raw: Redis, name: str, queue: str = "ocrdesk", kind: type[Worker] = Worker) -> Worker:
    worker = kind([queue], name=name, connection=raw)
    worker.register_birth()
    return worker


def test_a_worker_of_another_class_is_named_once(
    foreign: ForeignWorkers, raw: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    worker = start(raw, "plain")
    for _ in range(3):
        foreign.log_new()
    (line,) = caplog.messages
    assert (
        f"the RQ worker plain (host {worker.hostname}, process {worker.pid}) takes work from the queue ocrdesk" in line
    )
    assert "rq worker -w ocrdesk_worker.RqWorker" in line
    start(raw, "hooks", "ocrdesk-webhooks")
    foreign.log_new()
    assert "the RQ worker hooks" in caplog.messages[-1]


def test_ours_and_those_of_other_queues_are_not_named(
    foreign: ForeignWorkers, raw: Redis, redis: Any, caplog: pytest.LogCaptureFixture
) -> None:
    start(raw, "ours", kind=OwnWorker)
    start(raw, "elsewhere", "default")
    start(raw, "dead").register_death()
    Nodes(redis).heartbeat(NodeInfo("host-1", 1, (), (), "0.0"))
    start(raw, "host-1-older")
    foreign.log_new()
    assert caplog.messages == []


def test_a_record_of_another_type_keeps_no_other_worker_from_being_named(
    foreign: ForeignWorkers, raw: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    raw.set("rq:worker:damaged", "x")
    raw.sadd("rq:workers:ocrdesk", "rq:worker:damaged")
    start(raw, "stranger")
    foreign.log_new()
    assert "stranger" in caplog.text
