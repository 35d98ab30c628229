"""A single `rq worker` with our class is a complete node: it reads, recovers, delivers webhooks and stops."""

from __future__ import annotations

import contextlib
import json
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from redis import Redis

from ocrdesk.client import Client
from ocrdesk.contract.jobs import JobResult
from ocrdesk.contract.states import JobState, PageState
from tests.chaos.conftest import dense_page, pdf_of
from tests.helpers.long_form import IN_LONG_FORM
from tests.helpers.processes import run_valkey, running_api, short_folder
from tests.helpers.refusing_relay import Command, RefusingRelay, refusing_relay
from tests.helpers.rq_workers import OURS, run_rq, running_rq
from tests.helpers.sample_files import text_png
from tests.helpers.served_backend import assert_each_page_once, is_alive
from tests.helpers.wait import wait_until
from tests.helpers.webhook_receiver import run_webhook_receiver

NOWHERE = "redis://127.0.0.1:9/0"


@dataclass(frozen=True, slots=True)
class Service:
    """An api without workers; `folder` is empty except for logs."""

    client: Client
    redis_url: str
    folder: Path

    @property
    def redis(self) -> Any:
        return Redis.from_url(self.redis_url, decode_responses=True)

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / "rq.log").read_text().splitlines() if line.startswith("{")]


@pytest.fixture(scope="module")
def valkey_url() -> Iterator[str]:
    with short_folder() as folder, run_valkey(folder) as url:
        yield url


@pytest.fixture
def service(valkey_url: str, tmp_path: Path) -> Iterator[Service]:
    Redis.from_url(valkey_url).flushall()
    with (
        running_api(
            REDIS_URL=valkey_url, OCR_TIMEOUT_PER_PAGE="60", MAX_PDF_PAGES="0", WEBHOOK_ALLOWED_HOSTS="127.0.0.1"
        ) as url,
        Client(url.removesuffix("/api/v1")) as client,
    ):
        yield Service(client, valkey_url, tmp_path)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "scan.png"
    path.write_bytes(text_png("Hello world"))
    return path


def finished(service: Service, job_id: str) -> JobResult:
    result = service.client.wait(job_id)
    assert result.status is JobState.FINISHED, result.error
    return result


def test_the_specified_command_reads_a_job(service: Service, picture: Path) -> None:
    """With the class from the environment, a queue name that is ignored, and a --url that wins over REDIS_URL."""
    job_id = service.client.submit(picture)
    env = {"RQ_WORKER_CLASS": "ocrdesk_worker.RqWorker", "REDIS_URL": NOWHERE}
    with running_rq("worker", "--url", service.redis_url, "default", folder=service.folder, **env) as worker:
        assert finished(service, job_id).text == "Hello world\n"
        assert service.client.health().workers == 1
        worker.terminate()
        assert worker.wait(60) == 0
    assert service.client.health().workers == 0
    lines = service.lines()
    (ignored,) = [line["event"] for line in lines if "ignored" in line["event"]]
    assert ignored == "listening to the queue ocrdesk (QUEUE_NAME); default is ignored"
    assert [line["event"] for line in lines if line["level"] not in ("info", "debug")] == []


def test_burst_reads_all_that_waits_delivers_the_webhooks_and_ends(service: Service, tmp_path: Path) -> None:
    """It waits for no work: Redis might hand some to a process that is just told to stop, and that would lie there."""
    pages = pdf_of([dense_page(n, (850, 1100)) for n in range(1, 4)], tmp_path / "three.pdf")
    with run_webhook_receiver() as receiver, relay_of(service) as relay:
        job_id = service.client.submit(pages, webhook_url=receiver.url())
        env = {"WEBHOOK_ALLOWED_HOSTS": "127.0.0.1"}
        done = run_rq("worker", *OURS, "--burst", "--url", relay.url, folder=service.folder, **env)
        assert done.returncode == 0, done.stderr
        assert service.client.result(job_id).status is JobState.FINISHED
        assert [request.json["data"]["job_id"] for request in receiver.received] == [job_id]
        assert b"LMOVE" in relay.seen
        assert b"BLMOVE" not in relay.seen


def test_what_a_worker_of_a_burst_fetched_just_before_it_is_stopped_is_given_back(
    service: Service, picture: Path
) -> None:
    service.client.submit(picture)
    hit: list[bytes] = []

    def stop_between_fetching_and_beginning(command: Command) -> None:
        if not hit and command[0].upper() == b"HGETALL" and command[1].startswith(b"rq:job:"):
            hit.append(command[1])
            (key,) = service.redis.smembers("rq:workers:ocrdesk")
            os.kill(int(service.redis.hget(key, "pid")), signal.SIGTERM)

    with relay_of(service) as relay:
        relay.refuse = stop_between_fetching_and_beginning
        done = run_rq("worker", *OURS, "--burst", "--url", relay.url, folder=service.folder)
    assert done.returncode == 0, done.stderr
    assert hit
    assert service.redis.lrange("rq:queue:ocrdesk", 0, -1) == [hit[0].decode().removeprefix("rq:job:")]
    assert service.redis.lrange("rq:queue:ocrdesk:intermediate", 0, -1) == []


@contextlib.contextmanager
def relay_of(service: Service) -> Iterator[RefusingRelay]:
    """Run a relay before the service's Valkey."""
    with short_folder() as folder, refusing_relay(service.redis_url.removeprefix("unix://"), folder / "relay") as relay:
        yield relay


@IN_LONG_FORM
def test_a_node_killed_in_the_middle_of_a_page_and_started_again_loses_nothing(
    service: Service, tmp_path: Path
) -> None:
    pages = pdf_of([dense_page(n) for n in range(1, 5)], tmp_path / "four.pdf")
    job_id = service.client.submit(pages)
    command = ("worker", *OURS, "--url", service.redis_url)
    with running_rq(*command, folder=service.folder) as worker:
        task = wait_until(lambda: task_on_page(service, job_id), "a task process in the middle of a page")
        family = psutil.Process(worker.pid).children(recursive=True)
        worker.kill()
        worker.wait()
        wait_until(lambda: not any(map(is_alive, [task, *family])), "the end of all its processes")
    assert not service.client.result(job_id).status.is_final
    with running_rq(*command, folder=service.folder):
        result = finished(service, job_id)
    assert [text.split()[:2] for text in (result.text or "").split("\f")] == [["PAGE", str(n)] for n in range(1, 5)]
    assert_each_page_once(service.client, result)


def task_on_page(service: Service, job_id: str) -> psutil.Process | None:
    """Return the task process of a page that is being read."""
    for page in service.client.result(job_id).pages:
        if page.status is PageState.STARTED:
            pid = service.redis.hget(f"rq:worker:{page.worker}", "pid")
            return next(iter(psutil.Process(int(pid)).children()), None)
    return None


def test_it_delivers_a_webhook(service: Service, picture: Path) -> None:
    with run_webhook_receiver() as receiver:
        job_id = service.client.submit(picture, webhook_url=receiver.url())
        env = {"WEBHOOK_ALLOWED_HOSTS": "127.0.0.1"}
        with running_rq("worker", *OURS, "--url", service.redis_url, folder=service.folder, **env):
            wait_until(lambda: receiver.received, "the webhook")
        (request,) = receiver.received
        assert (request.json["data"]["job_id"], request.json["data"]["status"]) == (job_id, "finished")


def test_two_of_rqs_own_pool_are_two_nodes(service: Service, picture: Path) -> None:
    with running_rq("worker-pool", *OURS, "-n", "2", "--url", service.redis_url, folder=service.folder) as pool:
        wait_until(lambda: service.client.health().workers == 2, "both workers")
        assert finished(service, service.client.submit(picture)).text == "Hello world\n"
        pool.terminate()
        assert pool.wait(60) == 0
    assert service.client.health().workers == 0


def test_a_file_in_the_folder_names_redis_and_the_queue(service: Service, picture: Path) -> None:
    """Neither the command line nor the environment names them."""
    (service.folder / ".env").write_text(f"REDIS_URL={service.redis_url}\nQUEUE_NAME=scans\n")
    with running_rq("worker", *OURS, "scans", folder=service.folder):
        wait_until(lambda: service.redis.smembers("rq:workers:scans"), "a worker of this queue")
        assert not service.redis.smembers("rq:workers:ocrdesk")
    assert not [line for line in service.lines() if "ignored" in line["event"]]


def test_a_secret_file_names_redis(service: Service) -> None:
    (service.folder / "url").write_text(f"{service.redis_url}\n")
    with running_rq("worker", *OURS, folder=service.folder, REDIS_URL_FILE=str(service.folder / "url")):
        wait_until(lambda: service.client.health().workers == 1, "the worker")


def test_its_name_begins_the_nodes_name(service: Service) -> None:
    with running_rq("worker", *OURS, "-n", "left", "--url", service.redis_url, folder=service.folder):
        (node,) = wait_until(lambda: service.redis.smembers("ocrdesk:nodes"), "the node")
        assert node.startswith("left-")


def test_after_a_number_of_units_it_ends(service: Service, picture: Path) -> None:
    jobs = [service.client.submit(picture) for _ in range(2)]
    command = ("worker", *OURS, "--max-jobs", "1", "--url", service.redis_url)
    assert run_rq(*command, folder=service.folder).returncode == 0
    assert sorted(service.client.result(job).status for job in jobs) == [JobState.FINISHED, JobState.QUEUED]


@pytest.mark.parametrize(
    ("file", "env", "said"),
    [
        ("", {"MAX_PDF_PAGES": "many"}, "MAX_PDF_PAGES: this must be a whole number"),
        ("", {"STORAGE_URL": "ftp://bucket"}, "STORAGE_URL: use file:///a/folder"),
        ("MAX_PDF_PAGES 7\n", {}, ".env, line 1: write NAME=value, or begin the line with #."),
    ],
)
def test_a_wrong_setting_is_one_sentence(
    valkey_url: str, tmp_path: Path, file: str, env: dict[str, str], said: str
) -> None:
    if file:
        (tmp_path / ".env").write_text(file)
    done = run_rq("worker", *OURS, "--url", valkey_url, folder=tmp_path, **env)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_rqs_overview_knows_the_class(service: Service) -> None:
    with running_rq("worker", *OURS, "--url", service.redis_url, folder=service.folder):
        wait_until(lambda: service.client.health().workers == 1, "the worker")
        shown = run_rq("info", *OURS, "--url", service.redis_url, folder=service.folder)
        assert shown.returncode == 0, shown.stderr
        assert "ocrdesk" in shown.stdout


@pytest.mark.parametrize("scheme", ["redis+sentinel", "redis+cluster"])
@pytest.mark.parametrize("is_typed", [True, False])
def test_sentinels_and_clusters_are_refused_with_the_command_that_works(
    tmp_path: Path, scheme: str, is_typed: bool
) -> None:
    url = f"{scheme}://127.0.0.1:9" + ("/main" if scheme.endswith("sentinel") else "")
    done = run_rq("worker", *OURS, *(["--url", url] if is_typed else []), "default", folder=tmp_path, REDIS_URL=url)
    assert done.returncode == 2
    assert "ocrdesk worker" in done.stderr
    assert "Traceback" not in done.stderr
