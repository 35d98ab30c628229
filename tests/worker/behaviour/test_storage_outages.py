"""The storage folder goes away while jobs run: nothing is accepted, nothing is lost, and work goes on afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ocrdesk.client import Client, ServerUnavailableError
from ocrdesk.contract.states import JobState
from tests.helpers import plain_http
from tests.helpers.processes import ApiProcess, running_api_process, running_pool
from tests.helpers.sample_files import scan_pdf
from tests.helpers.wait import wait_until


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def api(redis_url: str, folder: Path) -> Iterator[ApiProcess]:
    with running_api_process(REDIS_URL=redis_url, STORAGE_URL=folder.as_uri()) as started:
        yield started


@pytest.fixture
def client(api: ApiProcess) -> Iterator[Client]:
    with Client(api.url, retry_policy=0) as client:
        yield client


def test_a_folder_that_goes_away_loses_no_job(
    redis_url: str, tmp_path: Path, folder: Path, api: ApiProcess, client: Client
) -> None:
    page, away = tmp_path / "page.pdf", tmp_path / "away"
    page.write_bytes(scan_pdf(["Read at last", "Second page"]))
    with running_pool(REDIS_URL=redis_url, STORAGE_URL=folder.as_uri()):
        wait_until(lambda: client.health().workers, "a worker")
        before = client.submit(page)
        assert client.wait(before, 60).status is JobState.FINISHED
        waiting = [client.submit(page) for _ in range(4)]
        folder.rename(away)
        folder.mkdir()  # as the place of a folder that is not mounted
        calls: list[Callable[[], object]] = [
            lambda: client.submit(page),
            lambda: client.document(before),
            lambda: client.export(before, "pdf"),
        ]
        for call in calls:
            with pytest.raises(ServerUnavailableError) as raised:
                call()
            assert raised.value.code == "storage_unavailable"
            assert raised.value.retry_after_s
        wait_until(lambda: not client.health().workers, "workers that take no work")
        assert client.health().findings[0].message_id == "storage_unavailable"
        assert plain_http.get(f"{api.api}/health/ready", trust_env=False).status_code == 503
        assert list(folder.iterdir()) == []
        folder.rmdir()
        away.rename(folder)
        for job_id in waiting:
            assert client.wait(job_id, 60).status is JobState.FINISHED
        assert client.document(before).pages
        wait_until(lambda: client.health().status == "healthy", "a healthy service")


def test_a_job_of_that_time_can_be_deleted(folder: Path, api: ApiProcess, client: Client, tmp_path: Path) -> None:
    page = tmp_path / "page.pdf"
    page.write_bytes(scan_pdf(["A page"]))
    job_id = client.submit(page)
    folder.rename(tmp_path / "away")
    client.delete(job_id)
    assert client.jobs() == ()
