"""Metrics read from Redis, as Prometheus sees them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families

from ocrdesk.backend import redis_keys
from ocrdesk.backend.ledger.codec import node_text
from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.records import NodeInfo
from ocrdesk.backend.redis_connection import connect
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.task_queue import TaskQueue
from ocrdesk.contract.states import PageState
from ocrdesk_api import redis_metrics
from ocrdesk_worker.sandbox.confinement import MEASURES
from tests.helpers.ledger_jobs import created, finished, planned, read
from tests.helpers.redis_groups import running_pair
from tests.helpers.wait import wait_until


def ledger_at(url: str) -> Ledger:
    settings = Settings(redis_url=url)
    return Ledger(connect(settings, text=True), TaskQueue(connect(settings, text=False), settings.queue_name), 3600)


class Collector:
    def __init__(self, found: list[Metric]) -> None:
        self.collect: Callable[[], list[Metric]] = lambda: found


def samples(ledger: Ledger) -> dict[tuple[str, ...], float]:
    """Return every sample, as Prometheus reads it, by its name and the values of its labels (sorted by name)."""
    registry = CollectorRegistry()
    registry.register(Collector(redis_metrics.read(ledger)))  # type: ignore[arg-type]
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(generate_latest(registry).decode())
        for sample in family.samples
    }


def test_jobs_and_pages_are_counted_by_outcome(redis_url: str) -> None:
    ledger = ledger_at(redis_url)
    finished(ledger, 2)
    job = planned(ledger, 3)
    read(ledger, job, 1, PageState.FAILED)
    ledger.jobs.cancel(job.job_id)
    found = samples(ledger)
    assert found["ocrdesk_redis_up",] == 1
    assert found["ocrdesk_jobs_submitted_total",] == 2
    assert found["ocrdesk_jobs_total", "finished"] == found["ocrdesk_jobs_total", "cancelled"] == 1
    assert found["ocrdesk_jobs_total", "failed"] == 0
    assert found["ocrdesk_pages_total", "none", "finished"] == 2
    assert found["ocrdesk_pages_total", "none", "failed"] == 1


def test_the_seconds_of_pages_are_a_histogram_that_only_grows(redis_url: str) -> None:
    ledger = ledger_at(redis_url)
    finished(ledger, 3)
    found = samples(ledger)
    buckets = [value for name, value in found.items() if name[0] == "ocrdesk_page_duration_seconds_bucket"]
    assert buckets == sorted(buckets)
    assert buckets[-1] == found["ocrdesk_page_duration_seconds_bucket", "none", "+Inf"] == 3
    assert found["ocrdesk_page_duration_seconds_count", "none"] == 3


def test_waiting_work_and_workers_are_reported(redis_url: str) -> None:
    ledger = ledger_at(redis_url)
    job = created(ledger)
    ledger.nodes.heartbeat(NodeInfo("one", 2, ("rapid", "tesseract"), ("eng",), "1"))
    ledger.nodes.heartbeat(NodeInfo("two", 3, ("tesseract",), ("eng",), "1", sandbox=("files",)))
    found = samples(ledger)
    assert found["ocrdesk_workers",] == 5
    assert found["ocrdesk_sandbox_workers", "files"] == 3
    assert (found["ocrdesk_engine_workers", "tesseract"], found["ocrdesk_engine_workers", "rapid"]) == (5, 2)
    assert (found["ocrdesk_jobs_active",], found["ocrdesk_pages_waiting",], found["ocrdesk_queue_units",]) == (1, 1, 1)
    assert found["ocrdesk_backlog_bytes",] == job.size_bytes


def test_without_redis_that_alone_is_reported(tmp_path: Path) -> None:
    assert samples(ledger_at(f"unix://{tmp_path}/no.sock")) == {
        ("ocrdesk_redis_up",): 0,
        ("ocrdesk_redis_writable",): 0,
    }


def test_a_redis_without_memory_answers_and_accepts_no_changes(redis_url: str) -> None:
    ledger = ledger_at(redis_url)
    assert samples(ledger)["ocrdesk_redis_writable",] == 1
    redis = connect(Settings(redis_url=redis_url), text=True)
    redis.config_set("maxmemory", 1)
    try:
        found = samples(ledger)
    finally:
        redis.config_set("maxmemory", 0)
    assert (found["ocrdesk_redis_up",], found["ocrdesk_redis_writable",]) == (1, 0)
    assert found["ocrdesk_redis_memory_max_bytes",] == 1
    assert found["ocrdesk_redis_memory_used_bytes",] > 1


def test_a_replica_that_is_lost_is_seen(tmp_path: Path) -> None:
    with running_pair(tmp_path) as (primary, replica):
        ledger = ledger_at(f"redis://127.0.0.1:{primary.port}/0")

        def count() -> float:
            return samples(ledger)["ocrdesk_redis_replicas",]

        wait_until(lambda: count() == 1, "the replica that the primary sends its changes to")
        replica.kill()
        wait_until(lambda: count() == 0, "the loss")


def test_what_can_go_wrong_is_reported_before_it_does(redis_url: str) -> None:
    found = samples(ledger_at(redis_url))
    assert found["ocrdesk_failed_units_total", "out_of_memory", "page"] == 0
    assert found["ocrdesk_lost_attempts_total", "died"] == found["ocrdesk_webhook_attempts_total", "given_up"] == 0
    assert found["ocrdesk_pages_total", "none", "failed"] == 0
    assert {measure: found["ocrdesk_sandbox_workers", measure] for measure in MEASURES} == dict.fromkeys(MEASURES, 0)


def test_the_clock_that_is_farthest_from_that_of_redis_is_reported(redis_url: str) -> None:
    ledger = ledger_at(redis_url)
    redis = connect(Settings(redis_url=redis_url), text=True)
    redis.sadd(redis_keys.NODES, "one", "two")
    for name, offset_s in (("one", 2.0), ("two", -40.0)):
        pool = NodeInfo(name, 1, ("tesseract",), ("eng",), "1", clock_offset_s=offset_s)
        redis.set(redis_keys.node(name), node_text(pool))
    found = samples(ledger)
    assert found["ocrdesk_clock_offset_seconds", "workers"] == -40
    assert abs(found["ocrdesk_clock_offset_seconds", "api"]) < 5
