"""The primary of a real group of Valkeys is killed or stopped under load: Sentinels or a cluster replace it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from ocrdesk.client import Client, ServerUnavailableError
from ocrdesk.contract.states import JobState
from tests.helpers.long_form import LONG_TESTS
from tests.helpers.processes import running_api_process, running_pool, short_folder
from tests.helpers.redis_groups import Group, Node, running_cluster, running_sentinels
from tests.helpers.sample_files import multipage_tiff
from tests.helpers.served_backend import assert_each_page_once
from tests.helpers.wait import wait_until

SHORT = {"sentinel-stopped-redis", "cluster-killed-folder"}
"""What every run tries; the others are tried with `check.sh --long`."""
BEFORE, AFTER = 6, 6
"""Jobs that are accepted before the primary is killed, and after another one has replaced it."""


class Submitters:
    """Threads that submit files until they are stopped, and go on after a refusal, as users do."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._stopped = threading.Event()
        self._content = multipage_tiff(["Ships and harbours", "Boats and quays"])
        self.accepted: list[str] = []
        self.refused = 0
        self._threads = [threading.Thread(target=self._run) for _ in range(3)]

    def __enter__(self) -> Submitters:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        with Client(self._url) as client:
            while not self._stopped.is_set():
                try:
                    self.accepted.append(client.submit(self._content, name="a.tiff"))
                except ServerUnavailableError:
                    self.refused += 1


def kill_and_start(old: Node, group: Group) -> None:
    old.kill()
    group.primary()
    old.start()  # as a replica: a cluster's slot has no other one


def stop_and_resume(old: Node, group: Group) -> None:
    """Let it come back as a stale primary: it knows nothing of the other, and does what it was sent meanwhile."""
    old.stop()
    group.primary()
    old.resume()
    wait_until(old.is_replica, "the stale primary has become a replica")


@pytest.mark.parametrize("files", ["folder", "redis"])
@pytest.mark.parametrize("loss", [kill_and_start, stop_and_resume], ids=["killed", "stopped"])
@pytest.mark.parametrize("running", [running_sentinels, running_cluster], ids=["sentinel", "cluster"])
def test_failover_loses_no_accepted_job_and_commits_no_page_twice(
    running: Callable[[Path], AbstractContextManager[Group]],
    loss: Callable[[Node, Group], None],
    files: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    if not LONG_TESTS and request.node.callspec.id not in SHORT:
        pytest.skip("takes long; sh packaging/check.sh --long runs it")
    (tmp_path / "blobs").mkdir()
    with short_folder() as folder, running(folder) as group:
        env = {"REDIS_URL": group.url, "REDIS_REPLICAS": "1"}
        env |= {"STORAGE_URL": (tmp_path / "blobs").as_uri()} if files == "folder" else {}
        with running_api_process(**env) as api, running_pool(workers=2, **env), Client(api.url) as client:
            with Submitters(api.url) as submitters:
                wait_until(lambda: len(submitters.accepted) >= BEFORE, "jobs before the failover")
                loss(group.primary(), group)
                so_far = len(submitters.accepted)
                wait_until(lambda: len(submitters.accepted) >= so_far + AFTER, "jobs after the failover")
            for job_id in submitters.accepted:
                result = wait_until(lambda job_id=job_id: _ended(client, job_id), "the job's end")
                assert result.status is JobState.FINISHED
                assert result.page_count == 2
                assert_each_page_once(client, result)


def _ended(client: Client, job_id: str):
    result = client.result(job_id)
    return result if result.status.is_final else None
