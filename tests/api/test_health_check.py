"""The state of the service: work without workers, and workers with other settings."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ocrdesk.backend.records import NodeInfo
from ocrdesk.backend.redis_keys import NODES_LAST_SEEN
from ocrdesk.backend.services import Services
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.shared_settings import fingerprints
from ocrdesk_api.health_check import HealthCheck
from tests.helpers.cloud_servers import cloud_server, missing_server
from tests.helpers.ledger_jobs import created
from tests.helpers.processes import short_folder
from tests.helpers.wait import wait_until


@pytest.fixture
def services(redis_url: str, tmp_path: Path) -> Services:
    return Services.open(Settings(redis_url=redis_url, storage_url=(tmp_path / "blobs").as_uri()))


def a_node(services: Services, name: str = "node", **changed: Any) -> NodeInfo:
    """Return a pool of two workers with the api's settings, except the changed ones."""
    settings = services.settings.model_copy(update=changed)
    return NodeInfo(name, 2, ("tesseract",), ("eng",), "1", settings=fingerprints(settings, services.blobs))


def test_an_idle_service_without_workers_is_well(services: Services) -> None:
    report = HealthCheck(services).examine()
    assert (report.workers, report.queued, report.findings) == (0, 0, ())


def test_work_without_workers_is_found_as_soon_as_it_waits(services: Services) -> None:
    created(services.ledger)
    report = HealthCheck(services).examine()
    assert [found.message_id for found in report.findings] == ["no_worker_alive"]
    assert report.findings[0].params == {"jobs": 1}
    services.ledger.nodes.heartbeat(a_node(services))
    report = HealthCheck(services).examine()
    assert (report.workers, report.queued, report.findings) == (2, 1, ())
    services.ledger.nodes.remove("node")
    assert HealthCheck(services).examine().no_worker is not None


def test_work_is_unserved_since_the_last_heartbeat_and_since_this_process_runs(services: Services) -> None:
    redis: Any = services.ledger._redis
    check = HealthCheck(services)
    created(services.ledger)
    redis.zadd("ocrdesk:active", {"old": 1_000_000})
    old_process = HealthCheck(services)
    old_process._started -= 5_000
    assert old_process.examine().unserved_s == pytest.approx(5_000, abs=100)
    assert check.examine().unserved_s < 1_000
    redis.set(NODES_LAST_SEEN, int(redis.time()[0]) - 2_000)
    assert old_process.examine().unserved_s == pytest.approx(2_000, abs=100)


def test_settings_that_differ_are_named_without_values_or_workers(services: Services) -> None:
    services.ledger.nodes.heartbeat(a_node(services, "like-the-api"))
    services.ledger.nodes.heartbeat(a_node(services, "one", result_ttl=3600))
    services.ledger.nodes.heartbeat(a_node(services, "two", keep_uploads=False, result_ttl=60))
    report = HealthCheck(services).examine()
    (found,) = report.findings
    assert (found.message_id, found.params) == ("settings_differ", {"names": "KEEP_UPLOADS, RESULT_TTL"})
    assert report.nodes == {"one": ("RESULT_TTL",), "two": ("KEEP_UPLOADS", "RESULT_TTL")}
    assert report.workers == 6


def test_workers_of_an_older_version_are_not_compared(services: Services) -> None:
    services.ledger.nodes.heartbeat(replace(a_node(services, result_ttl=3600), settings={}))
    assert HealthCheck(services).examine().findings == ()


def test_workers_on_another_queue_do_not_count(services: Services) -> None:
    services.ledger.nodes.heartbeat(a_node(services, queue_name="other"))
    created(services.ledger)
    report = HealthCheck(services).examine()
    assert report.workers == 0
    assert [found.message_id for found in report.findings] == ["no_worker_alive", "settings_differ"]


def test_each_finding_is_logged_once_with_the_workers_name(
    services: Services, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ocrdesk_api.health_check._LOG_EVERY_S", 0.01)
    caplog.set_level(logging.INFO, "ocrdesk_api.health_check")
    created(services.ledger)
    check = HealthCheck(services)

    def lines() -> list[str]:
        return [record.getMessage() for record in caplog.records if record.name == "ocrdesk_api.health_check"]

    async def run() -> None:
        async with check.logging_findings():
            await until(lambda: len(lines()) == 1)
            services.ledger.nodes.heartbeat(a_node(services, "pool-7", result_ttl=3600))
            await until(lambda: len(lines()) == 3)

    asyncio.run(run())
    assert lines()[0].startswith("No worker is alive.")
    assert sorted(lines()[1:]) == [
        "the worker pool pool-7 has other values of RESULT_TTL than this api",
        "waiting jobs have a worker again",
    ]


async def until(condition: Callable[[], bool]) -> None:
    await asyncio.to_thread(wait_until, condition, "the lines")


def test_the_log_goes_on_after_an_outage_of_redis(
    services: Services, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ocrdesk_api.health_check._LOG_EVERY_S", 0.01)
    redis: Any = services.ledger._redis
    created(services.ledger)
    key = "ocrdesk:nodes"
    redis.set(key, "not a set")  # every check fails with an error of Redis

    async def run() -> None:
        async with HealthCheck(services).logging_findings():
            calls = int(redis.info("commandstats").get("cmdstat_smembers", {}).get("calls", 0))
            await until(lambda: int(redis.info("commandstats")["cmdstat_smembers"]["calls"]) > calls + 2)
            redis.delete(key)
            await until(lambda: "No worker is alive" in caplog.text)

    asyncio.run(run())


def test_a_storage_that_was_away_at_the_start_is_no_difference_later(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The api could not ask the bucket for its id when it started; a worker could."""
    if reason := missing_server("rclone"):
        pytest.skip(reason)
    with short_folder() as folder, cloud_server("rclone", folder) as server:
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        settings = Settings(redis_url=redis_url, storage_url=server.url(server.new_bucket()))
        worker = a_node(Services.open(settings))
        server.stop()
        services = Services.open(settings)
        check = HealthCheck(services)
        services.ledger.nodes.heartbeat(worker)
        assert {found.message_id for found in check.examine().findings} == {"storage_unavailable", "settings_differ"}
        server.start()
        wait_until(lambda: not check.examine().findings, "the end of all findings")
