"""With uploads in Redis, killed task processes and killed pools leave no file behind."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import psutil
import pytest
from PIL import Image
from redis import Redis

from ocrdesk.client import Client
from tests.helpers.processes import running_api_process, running_pool
from tests.helpers.sample_files import image_bytes
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
