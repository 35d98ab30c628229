"""The worker probe with real worker processes: running, killed, stopped, of another machine, and without Redis."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import psutil
import pytest
from redis import Redis

from ocrdesk.backend.ledger.nodes import Nodes
from ocrdesk.backend.process_ids import own_process
from ocrdesk.backend.records import NodeInfo
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.worker_probe import ProbeError, check_workers
from tests.helpers.processes import run_valkey, running_pool, short_folder
from tests.helpers.wait import wait_until


@dataclass(frozen=True, slots=True)
class Workers:
    """A worker pool with two workers and a separate Redis."""

    redis_url: str
    pool: subprocess.Popen[bytes]

    def problem(self, pid: int | None = None) -> str:
        """Return the problem that the probe finds; empty if there is none."""
        try:
            check_workers(Settings(redis_url=self.redis_url), pid)
        except ProbeError as error:
            return str(error)
        return ""

    def children(self) -> list[psutil.Process]:
        return list(psutil.Process(self.pool.pid).children())

    def are_healthy(self) -> bool:
        return not self.problem()


@pytest.fixture
def workers() -> Iterator[Workers]:
    with (
        short_folder() as folder,
        run_valkey(folder) as url,
        running_pool(workers=2, REDIS_URL=url) as pool,
    ):
        found = Workers(url, pool)
        wait_until(found.are_healthy, "the workers")
        yield found


def test_running_workers_are_healthy(workers: Workers) -> None:
    assert check_workers(Settings(redis_url=workers.redis_url)) == "healthy; workers: 2"
    assert workers.problem(workers.pool.pid) == ""
    assert "has sent no heartbeat" in workers.problem(os.getpid())


def test_a_killed_pool_has_ended_at_once_and_another_one_counts(workers: Workers) -> None:
    workers.pool.kill()
    workers.pool.wait()
    assert workers.problem() == f"The worker pool (process {workers.pool.pid}) has ended."
    with running_pool(REDIS_URL=workers.redis_url) as other:
        wait_until(workers.are_healthy, "the other pool")
        assert workers.problem(other.pid) == ""
        assert workers.problem(workers.pool.pid) != ""


def test_a_stopped_pool_is_found_at_once(workers: Workers) -> None:
    workers.pool.send_signal(signal.SIGSTOP)
    wait_until(workers.problem, "the finding")
    assert workers.problem() == (
        f"The worker pool (process {workers.pool.pid}) is stopped. Continue it with SIGCONT, or restart it."
    )
    workers.pool.send_signal(signal.SIGCONT)
    wait_until(workers.are_healthy, "healthy workers")


def test_a_stopped_worker_is_found(workers: Workers) -> None:
    child = workers.children()[0]
    child.suspend()
    wait_until(workers.problem, "the finding")
    assert f"The worker process {child.pid} is stopped." in workers.problem()
    child.resume()
    wait_until(workers.are_healthy, "healthy workers")


def test_a_killed_worker_is_missing_until_the_pool_has_started_another(workers: Workers) -> None:
    child = workers.children()[0]
    workers.pool.send_signal(signal.SIGSTOP)  # so that it starts no new worker yet
    wait_until(workers.problem, "the stop")
    child.kill()
    wait_until(lambda: child.status() == psutil.STATUS_ZOMBIE, "its end")
    workers.pool.send_signal(signal.SIGCONT)
    assert "has 3 of its 4 processes" in wait_until(workers.problem, "the finding")
    wait_until(workers.are_healthy, "another worker")


def test_a_pool_that_has_sent_no_heartbeat_for_long_is_not_healthy(workers: Workers) -> None:
    """Its processes run, but its heartbeat is missing in Redis, as after 15 s of silence."""
    with Redis.from_url(workers.redis_url) as redis:
        workers.pool.send_signal(signal.SIGSTOP)
        wait_until(workers.problem, "the stop")
        redis.delete(*redis.keys("ocrdesk:node:*"))
        assert "has sent no heartbeat lately" in workers.problem()
        workers.pool.send_signal(signal.SIGCONT)


def test_without_redis_the_workers_are_not_healthy(workers: Workers) -> None:
    with Redis.from_url(workers.redis_url) as redis:
        redis.shutdown(nosave=True)
    assert workers.problem() == "Redis does not respond, so the workers get no work. Check REDIS_URL."


def test_a_password_that_redis_refuses_is_named_and_not_shown(redis_url: str) -> None:
    with pytest.raises(ProbeError, match="Redis") as found:
        check_workers(Settings(redis_url=redis_url.replace("unix://", "unix://somebody:wrong@")))
    assert "wrong" not in str(found.value)


def test_a_pool_of_another_machine_or_an_earlier_process_is_not_this_one(redis_url: str) -> None:
    nodes = Nodes(Redis.from_url(redis_url, decode_responses=True))
    own = own_process()
    info = NodeInfo("node", 1, ("tesseract",), ("eng",), "1", process=replace(own, space="another"))
    nodes.heartbeat(info)
    with pytest.raises(ProbeError, match="has sent no heartbeat lately"):
        check_workers(Settings(redis_url=redis_url))
    nodes.heartbeat(replace(info, process=replace(own, started="1")))
    with pytest.raises(ProbeError, match=r"\(process \d+\) has ended"):
        check_workers(Settings(redis_url=redis_url))


def test_a_pool_of_an_older_version_is_not_known_by_its_process(redis_url: str) -> None:
    nodes = Nodes(Redis.from_url(redis_url, decode_responses=True))
    nodes.heartbeat(NodeInfo("node", 1, ("tesseract",), ("eng",), "0.1"), ttl_s=60)
    with pytest.raises(ProbeError, match="has sent no heartbeat lately"):
        check_workers(Settings(redis_url=redis_url))
    assert time.time() - nodes.last_seen() < 60
