"""A worker that is told to stop takes no further page, ends the one it has or gives it back at once, and loses none."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from ocrdesk.backend import redis_keys
from ocrdesk.client import Client
from ocrdesk.contract.jobs import JobOptions
from ocrdesk.contract.states import JobState
from tests.chaos.conftest import dense_page, pdf_of
from tests.helpers.processes import logged_pool, run_valkey, running_api_process, short_folder
from tests.helpers.refusing_relay import Command, RefusingRelay, passes_all, refusing_relay
from tests.helpers.sample_files import image_bytes, scan_pdf
from tests.helpers.served_backend import assert_each_page_once
from tests.helpers.sparse_pages import prose
from tests.helpers.wait import wait_until

QUICK = JobOptions(engine="tesseract", languages=("eng",))
LIGHT_PAGES = 12


@dataclass(frozen=True, slots=True)
class Service:
    """A Valkey with a relay before it, which the pools use, and an api."""

    relay: RefusingRelay
    redis: Any
    client: Client
    log: Path

    @contextlib.contextmanager
    def pool(self, **env: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run a pool with one worker behind the relay."""
        with logged_pool(self.log, REDIS_URL=self.relay.url, **env) as pool:
            yield pool

    def worker(self) -> tuple[str, int]:
        """Return the name and the process id of the only worker that reads pages."""
        (key,) = wait_until(lambda: self.redis.smembers("rq:workers:ocrdesk"), "the worker")
        return key.removeprefix("rq:worker:"), int(self.redis.hget(key, "pid"))

    def events(self) -> list[str]:
        return [json.loads(line)["event"] for line in self.log.read_text().splitlines() if line.startswith("{")]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with (
        short_folder() as folder,
        run_valkey(folder) as url,
        refusing_relay(url.removeprefix("unix://"), folder / "relay") as relay,
        running_api_process(REDIS_URL=url, MAX_PDF_PAGES="0", OCR_TIMEOUT_PER_PAGE="120") as api,
        Client(api.url) as client,
    ):
        log = tmp_path_factory.mktemp("draining") / "pool.log"
        yield Service(relay, Redis.from_url(url, decode_responses=True), client, log)


@pytest.fixture
def service(running: Service) -> Iterator[Service]:
    running.relay.refuse = passes_all
    yield running
    running.redis.flushall()


def test_what_a_worker_fetched_just_before_it_is_stopped_is_given_back_at_once(service: Service) -> None:
    with service.pool():
        name, pid = service.worker()
        hit: list[bytes] = []

        def stop_between_fetching_and_beginning(command: Command) -> None:
            if not hit and command[0].upper() == b"HGETALL" and command[1].startswith(b"rq:job:"):
                hit.append(command[1])
                os.kill(pid, signal.SIGTERM)

        service.relay.refuse = stop_between_fetching_and_beginning
        job_id = service.client.submit(scan_pdf(["Page one", "Page two"]), QUICK, name="two.pdf")
        result = service.client.wait(job_id, timeout_s=90)
        assert hit
        assert result.status is JobState.FINISHED
        assert all(page.worker != name for page in result.pages)
        assert_each_page_once(service.client, result)
    assert not [event for event in service.events() if "queued again" in event], "it counts as lost"


def test_a_stopped_worker_takes_no_further_page_of_a_light_file(service: Service) -> None:
    pages = [prose() for _ in range(LIGHT_PAGES)]
    light = image_bytes(pages[0], "PDF", save_all=True, append_images=pages[1:], resolution=200)
    with service.pool(WORKER_GRACE_S="60") as pool:
        _, pid = service.worker()
        hit: list[bytes] = []

        def stop_at_the_first_commit(command: Command) -> None:
            if not hit and b"page_status" in command:
                hit.append(command[1])
                os.kill(pid, signal.SIGTERM)
                os.kill(pool.pid, signal.SIGTERM)

        service.relay.refuse = stop_at_the_first_commit
        job_id = service.client.submit(light, QUICK, name="light.pdf")
        assert pool.wait(90) == 0
    # the commit of the first page had claimed the second
    assert service.client.job(job_id).pages_done == 2
    assert not service.redis.hgetall(redis_keys.LEASES)


def test_a_page_that_takes_longer_than_the_grace_is_given_back_at_once(service: Service, tmp_path: Path) -> None:
    job_id = service.client.submit(pdf_of([dense_page(1)], tmp_path / "long.pdf"), QUICK)
    with service.pool(WORKER_GRACE_S="0") as pool:
        wait_until(lambda: service.redis.hlen(redis_keys.LEASES), "a page in work")
        pool.send_signal(signal.SIGTERM)
        assert pool.wait(60) == 0
        assert not service.redis.hgetall(redis_keys.LEASES)
        assert service.redis.llen("rq:queue:ocrdesk"), "it waits for its lease to end"
        record = json.loads(next(iter(service.redis.hgetall(redis_keys.job_pages(job_id)).values()), "{}"))
        assert not record.get("losses")
        assert not record.get("deaths")
