"""A pool announces its capabilities while it runs, and stops cleanly."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from ocrdesk.client import Client
from ocrdesk.contract.engines import INCLUDED_ENGINES
from tests.helpers.processes import clean_env, running_api_process, running_pool
from tests.helpers.sample_files import scan_pdf, text_png
from tests.helpers.wait import wait_until


@pytest.fixture
def pool(redis_url: str, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A pool with one worker and a package with a broken engine."""
    announced = tmp_path / "packages" / "broken_engine-1.0.dist-info"
    announced.mkdir(parents=True)
    (announced / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-engine\nVersion: 1.0\n")
    (announced / "entry_points.txt").write_text("[ocrdesk.engines]\nbroken = no_such_module:FACTORY\n")
    env = clean_env(
        REDIS_URL=redis_url, STORAGE_URL=(tmp_path / "blobs").as_uri(), PYTHONPATH=str(tmp_path / "packages")
    )
    command = [sys.executable, "-m", "ocrdesk_worker", "--workers", "1"]
    with (tmp_path / "pool.log").open("wb") as log:
        process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    yield process
    process.kill()
    process.wait()


def test_a_pool_announces_its_engines_and_why_others_cannot_be_used_and_leaves_in_order(
    pool: subprocess.Popen[bytes], redis_url: str, tmp_path: Path
) -> None:
    redis: Any = Redis.from_url(redis_url, decode_responses=True)
    (name,) = wait_until(lambda: redis.smembers("ocrdesk:nodes"), "the first heartbeat")
    announced = json.loads(redis.get(f"ocrdesk:node:{name}"))
    reasons = dict(announced["unusable_engines"])
    assert announced["workers"] == 1
    assert "tesseract" in announced["engines"]
    assert "ModuleNotFoundError" in reasons["broken"]
    assert "broken" not in announced["engines"]
    assert set(INCLUDED_ENGINES) <= {*announced["engines"], *reasons}
    log = (tmp_path / "pool.log").read_text()
    assert "the engine broken" in log
    wait_until(lambda: redis.smembers("rq:workers:ocrdesk-webhooks"), "the webhook worker")
    wait_until(lambda: redis.smembers("rq:workers:ocrdesk-images"), "the image worker")
    pool.send_signal(signal.SIGTERM)
    assert pool.wait(60) == 0
    assert not redis.smembers("ocrdesk:nodes")


def test_a_page_image_does_not_wait_for_the_recognition(redis_url: str, tmp_path: Path) -> None:
    redis: Any = Redis.from_url(redis_url, decode_responses=True)
    environment = {"REDIS_URL": redis_url, "STORAGE_URL": (tmp_path / "blobs").as_uri()}
    path = tmp_path / "letter.png"
    path.write_bytes(text_png("A short letter"))
    with running_api_process(**environment) as api, running_pool(**environment), Client(api.url) as client:
        job_id = client.submit(path)
        client.wait(job_id)
        busy = [int(redis.hget(key, "pid")) for key in redis.smembers("rq:workers:ocrdesk")]
        assert len(busy) == 1
        os.kill(busy[0], signal.SIGSTOP)  # as if it read a page that takes long
        try:
            assert client.page_image(job_id, 1, width=200, wait_s=30)
        finally:
            os.kill(busy[0], signal.SIGCONT)
        wait_until(lambda: not redis.llen("rq:queue:ocrdesk"), "the common queue is empty")
        assert client.page_image(job_id, 1, width=200)


def test_a_sole_pool_begins_before_all_is_loaded_and_replaces_its_first_workers(redis_url: str, tmp_path: Path) -> None:
    redis: Any = Redis.from_url(redis_url, decode_responses=True)
    environment = {"REDIS_URL": redis_url, "STORAGE_URL": (tmp_path / "blobs").as_uri()}
    image, book = tmp_path / "letter.png", tmp_path / "book.pdf"
    image.write_bytes(text_png("A short letter"))
    book.write_bytes(scan_pdf(["Page one", "Page two", "Page three"]))
    command = [sys.executable, "-m", "ocrdesk_worker", "--workers", "1", "--sole"]
    log = tmp_path / "pool.log"
    with running_api_process(**environment) as api, Client(api.url) as client, log.open("wb") as out:
        pool = subprocess.Popen(command, env=clean_env(**environment), stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        try:
            (first,) = wait_until(lambda: redis.smembers("rq:workers:ocrdesk"), "the first worker")
            assert client.wait(client.submit(image)).text == "A short letter\n"
            wait_until(lambda: redis.smembers("rq:workers:ocrdesk") - {first}, "the worker that replaces it")
            (second,) = wait_until(lambda: redis.smembers("rq:workers:ocrdesk") - {first}, "it alone")
            assert client.wait(client.submit(book)).text == "Page one\n\fPage two\n\fPage three\n"
            assert redis.smembers("rq:workers:ocrdesk") == {second}, "it is not replaced again"
            pool.send_signal(signal.SIGTERM)
            assert pool.wait(60) == 0
        finally:
            pool.kill()
            pool.wait()
    assert "starting another" not in log.read_text()
