"""With uploads in Redis, killed task processes and killed pools leave no file behind."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path
from typing import Any

import psutil
import pytest
from PIL import Image
from redis import Redis

from ocrdesk.client import Client
from ocrdesk.contract.states import JobState
from ocrdesk.export.text import document_text
from ocrdesk_worker.processes.scratch import remove_ownerless
from tests.helpers.processes import running_api_process, running_pool
from tests.helpers.sample_files import image_bytes, text_png
from tests.helpers.served_backend import is_alive
from tests.helpers.wait import wait_until


def files_in(folder: Path) -> list[Path]:
    """Return the files of tasks; a pool's lock is none."""
    return [path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"]


def task_processes(pool: Any) -> list[psutil.Process]:
    """Return the children of a pool's workers."""
    try:
        return [task for worker in psutil.Process(pool.pid).children() for task in worker.children()]
    except psutil.NoSuchProcess:
        return []


@pytest.fixture
def upload(tmp_path: Path) -> Path:
    """A file that takes long to open: noise that has to be decoded and recognised."""
    path = tmp_path / "noise.png"
    path.write_bytes(image_bytes(Image.effect_noise((2400, 3200), 90), "PNG"))
    return path


def test_nothing_is_left_by_a_killed_task_process_or_a_killed_pool(
    redis_url: str, tmp_path: Path, upload: Path
) -> None:
    scratch = tmp_path / "scratch"
    env = {"REDIS_URL": redis_url, "SCRATCH_DIR": str(scratch), "OCR_TIMEOUT_PER_PAGE": "60"}
    redis: Any = Redis.from_url(redis_url, decode_responses=True)
    with running_api_process(REDIS_URL=redis_url) as api, Client(api.url) as client:
        with running_pool(**env) as pool:
            job_id = client.submit(upload)
            in_use = wait_until(lambda: files_in(scratch), "the upload in the scratch folder")
            wait_until(lambda: task_processes(pool), "a task process")[0].kill()
            wait_until(lambda: not any(path.exists() for path in in_use), "the end of what it left")
            wait_until(lambda: files_in(scratch), "the second attempt")
            processes = wait_until(lambda: task_processes(pool), "its process")
            pool.send_signal(signal.SIGKILL)
            pool.wait()
            wait_until(lambda: not any(map(is_alive, processes)), "the end of the pool's processes")
            left = list(scratch.iterdir())  # its folder; whether a file is in it depends on the moment
            assert left
        client.delete(job_id)
        with running_pool(**env) as later:
            wait_until(lambda: not any(path.exists() for path in left), "the next pool's start")
            assert later.poll() is None
        assert list(scratch.iterdir()) == []
        assert not [key for key in redis.keys("ocrdesk:blob*") if job_id in key]
        assert job_id not in {job.job_id for job in client.jobs()}


def test_a_removed_folder_is_made_again_and_work_goes_on(redis_url: str, tmp_path: Path) -> None:
    scratch, page = tmp_path / "scratch", tmp_path / "page.png"
    page.write_bytes(text_png("Still read"))
    with running_api_process(REDIS_URL=redis_url) as api, Client(api.url) as client:
        with running_pool(REDIS_URL=redis_url, SCRATCH_DIR=str(scratch), XDG_CACHE_HOME=str(tmp_path / "cache")):
            assert document_text(client.recognise(page)).strip() == "Still read"
            shutil.rmtree(scratch)
            assert document_text(client.recognise(page)).strip() == "Still read"
            wait_until(lambda: list(scratch.glob("*/.lock")), "the lock of the new folder")
            remove_ownerless(scratch)
            assert list(scratch.glob("*/.lock")), "another pool leaves it alone"
            (tmp_path / "cache").rename(tmp_path / "removed")
            wait_until(lambda: list(tmp_path.glob("cache/ocrdesk/*/eng.traineddata")), "new links to the languages")
            assert document_text(client.recognise(page)).strip() == "Still read"
        assert list(scratch.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_reported_and_work_waits_for_it(redis_url: str, tmp_path: Path) -> None:
    scratch, page = tmp_path / "scratch", tmp_path / "page.png"
    page.write_bytes(text_png("Read later"))
    with (
        running_api_process(REDIS_URL=redis_url) as api,
        Client(api.url) as client,
        running_pool(REDIS_URL=redis_url, SCRATCH_DIR=str(scratch)),
    ):
        wait_until(lambda: client.health().workers, "a worker")
        shutil.rmtree(scratch)
        scratch.write_text("in the way")
        wait_until(lambda: not client.health().workers, "a pool that cannot work")
        job_id = client.submit(page)
        (found,) = client.health().findings
        assert found.message_id == "no_worker_alive"
        assert client.job(job_id).status is JobState.QUEUED
        scratch.unlink()
        assert client.wait(job_id, 60).status is JobState.FINISHED
        assert client.health().workers == 1
