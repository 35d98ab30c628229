"""Pages over their time limit, files that need too much memory, cancelled jobs: each ends alone, others continue."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ocrdesk.backend.redis_keys import EVENTS
from ocrdesk.backend.storage.folder_store import IDENTITY_FILE
from ocrdesk.client import NotFoundError
from ocrdesk.contract.states import JobState, PageState
from tests.chaos.conftest import dense_page, pdf_of
from tests.helpers.redis_dump import everything_in
from tests.helpers.served_backend import is_alive, serving
from tests.helpers.wait import wait_until


@pytest.fixture(scope="module")
def slow_in_the_middle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three pages, of which the second is noise that keeps Tesseract busy for a long time."""
    blank = Image.new("L", (1000, 400), "white")
    noise = Image.effect_noise((4200, 5400), 120).point(lambda value: 255 if value > 120 else 0)
    first, last = blank.copy(), blank.copy()
    first.paste(dense_page(1).crop((0, 0, 1000, 400)))
    last.paste(dense_page(3).crop((0, 0, 1000, 400)))
    return pdf_of([first, noise, last], tmp_path_factory.mktemp("files") / "slow.pdf")


def test_a_page_over_its_time_is_marked_and_the_others_continue(tmp_path: Path, slow_in_the_middle: Path) -> None:
    with (
        serving(tmp_path / "data", OCR_TIMEOUT_PER_PAGE="3", MAX_FILE_SIZE_MB="100") as server,
        server.client(key=False) as client,
    ):
        result = client.wait(client.submit(slow_in_the_middle))
        assert [page.status for page in result.pages] == [PageState.FINISHED, PageState.TIMEOUT, PageState.FINISHED]
        assert result.status is JobState.FINISHED
        assert result.error_code == "timeout"
        assert "Page 2 of 3" in (result.error or "")
        assert "OCR_TIMEOUT_PER_PAGE" in (result.error or "")
        assert "PAGE 1" in (result.text or "")
        assert "PAGE 3" in (result.text or "")


def test_a_cancelled_job_stops_its_process_and_stays_until_it_is_deleted(tmp_path: Path, long_pdf: Path) -> None:
    with serving(tmp_path / "data") as server, server.client() as client:
        job_id = client.submit(long_pdf)
        process = server.process_on_page(client, job_id)
        assert client.cancel(job_id).status is JobState.CANCELLED
        wait_until(lambda: not is_alive(process), "the task process is stopped")
        assert client.job(job_id).status is JobState.CANCELLED
        client.delete(job_id)
        assert not (server.data_dir / "blobs" / job_id).exists()


def test_a_deleted_job_leaves_no_blob_and_no_record(tmp_path: Path, long_pdf: Path) -> None:
    with serving(tmp_path / "data") as server, server.client() as client:
        job_id = client.submit(long_pdf)
        process = server.process_on_page(client, job_id)
        client.delete(job_id)
        wait_until(lambda: not is_alive(process), "the task process is stopped")
        with pytest.raises(NotFoundError):
            client.job(job_id)
        wait_until(lambda: set(os.listdir(server.data_dir / "blobs")) <= {IDENTITY_FILE}, "all blobs are gone")  # noqa: PTH208
        with server.redis() as redis:
            wait_until(lambda: _keys_naming(redis, job_id) == [EVENTS], "only the word of its deletion")
            (told,) = (fields for _, fields in redis.xrange(EVENTS) if job_id in str(fields))
            assert "deleted" in str(told)


def test_a_picture_that_needs_too_much_memory_fails_alone(tmp_path: Path) -> None:
    huge, small = tmp_path / "huge.png", tmp_path / "small.png"
    Image.new("L", (16_000, 18_000), "white").save(huge)
    dense_page(1).crop((0, 0, 1000, 400)).save(small)
    with serving(tmp_path / "data", WORKER_MEMORY_MB="512") as server, server.client() as client:
        bad, good = client.submit(huge), client.submit(small)
        failed = client.wait(bad)
        assert failed.status is JobState.FAILED
        assert failed.error_code in ("out_of_memory", "crashed")
        assert client.wait(good).status is JobState.FINISHED


def _keys_naming(redis: Any, job_id: str) -> list[str]:
    """Return the Redis keys that have the job in their name or value.

    RQ's own record of a stopped task process also names the job; it contains none of its data, and expires.
    """
    lines = [line for line in everything_in(redis).splitlines() if job_id in line]
    return [key for key in (line.split()[0] for line in lines) if not key.startswith("rq:")]
