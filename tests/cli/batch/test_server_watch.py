"""A run that waits for a server that cannot work says why."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from ocrdesk.cli.batch import run as batch_run
from ocrdesk.cli.batch import server_watch
from ocrdesk.cli.batch.output import Output
from ocrdesk.cli.batch.server_watch import ServerWatch
from ocrdesk.client import Client, ServerUnavailableError
from ocrdesk.contract.jobs import JobOptions
from tests.helpers.processes import running_api, running_pool
from tests.helpers.sample_files import text_png
from tests.helpers.wait import wait_until


@pytest.fixture(autouse=True)
def soon_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_watch, "QUIET_S", 0.2)


@pytest.fixture
def url(redis_url: str) -> Iterator[str]:
    """A server without workers."""
    with running_api(REDIS_URL=redis_url) as url:
        yield url.removesuffix("/api/v1")


def test_a_run_without_workers_says_so_and_ends_once_there_is_one(
    url: str, redis_url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "page.png"
    picture.write_bytes(text_png("Read at last"))
    failed: list[int] = []
    said: list[str] = []

    def run() -> None:
        output = Output(path=tmp_path / "page.txt")
        failed.append(batch_run.run([str(picture)], JobOptions(), output, (url, None, None), quiet=False))

    def has_said_why() -> bool:
        said.append(capfd.readouterr().err)
        return "No worker is alive" in "".join(said)

    running = threading.Thread(target=run, daemon=True)
    running.start()
    wait_until(has_said_why, "the reason")
    with running_pool(REDIS_URL=redis_url):
        running.join(60)
    assert failed == [0]
    assert (tmp_path / "page.txt").read_text() == "Read at last\n"
    assert "".join(said).count("No worker is alive") == 1, "each problem is said once"


def test_a_full_server_is_named_again_only_after_it_was_well(url: str, redis_url: str) -> None:
    said: list[str] = []
    redis: Any = Redis.from_url(redis_url)
    with Client(url) as client:
        watch = ServerWatch(client, said.append)
        for times in (1, 2):
            redis.config_set("maxmemory", 1)
            try:
                wait_until(lambda: "memory" in _problems(client), "the server that is full")
                watch.ask()
                watch.ask()
            finally:
                redis.config_set("maxmemory", 0)
            assert len(said) == times, "each problem is said once"
            wait_until(lambda: "memory" not in _problems(client), "room again")
            watch.ask()
    assert "memory" in said[0]
    assert said[0] == said[1]


def test_a_server_that_works_or_does_not_answer_is_not_mentioned(url: str, redis_url: str) -> None:
    said: list[str] = []
    with running_pool(REDIS_URL=redis_url), Client(url) as client:
        wait_until(lambda: client.health().workers == 1, "a worker")
        ServerWatch(client, said.append).ask()
    with Client("http://127.0.0.1:9") as client:
        ServerWatch(client, said.append).ask()
    assert said == []


def _problems(client: Client) -> str:
    """Return what the server finds wrong with itself."""
    try:
        return "\n".join(finding.message for finding in client.health().findings)
    except ServerUnavailableError as error:
        return str(error)
