"""Complete jobs with real parts: many at the same time, hostile files, and storage in Redis only."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from redis import Redis

from ocrdesk.client import Client, InvalidRequestError, NotFoundError
from ocrdesk.contract.jobs import JobOptions, ResultFormat
from ocrdesk.contract.states import JobState
from tests.helpers.processes import Backend, run_valkey, running_api_process, running_pool, short_folder
from tests.helpers.sample_files import image_bytes, multipage_tiff, scan_pdf, text_image, text_png
from tests.helpers.wait import wait_until


@pytest.fixture
def client(backend: Backend) -> Iterator[Client]:
    with Client(backend.url, backend.token) as client:
        yield client


def test_many_files_together_each_get_their_own_text(client: Client, tmp_path: Path) -> None:
    words = [f"Document number {number}" for number in range(721, 745)]
    paths = []
    for number, text in enumerate(words):
        path = tmp_path / f"{number}"
        path.write_bytes(text_png(text) if number % 2 else scan_pdf([text]))
        paths.append(path)

    def text_of(path: Path) -> str | None:
        job_id = client.submit(path)
        return client.wait(job_id).text

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(text_of, paths)) == [f"{text}\n" for text in words]


def test_a_long_document_keeps_its_order(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "book"
    path.write_bytes(multipage_tiff([f"Page {number}" for number in range(1, 41)]))
    result = client.wait(client.submit(path))
    assert result.text == "\f".join(f"Page {number}\n" for number in range(1, 41))


def test_a_new_file_gets_its_turn_while_a_book_is_read(client: Client, tmp_path: Path) -> None:
    book, letter = tmp_path / "book", tmp_path / "letter"
    book.write_bytes(multipage_tiff([f"Page {number}" for number in range(150)]))
    letter.write_bytes(text_png("A short letter"))
    book_id = client.submit(book)
    wait_until(lambda: client.job(book_id).pages_done > 0, "the book's first page")
    assert client.wait(client.submit(letter)).text == "A short letter\n"
    assert client.cancel(book_id).status is JobState.CANCELLED


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA", "I;16", "CMYK"])
def test_pictures_of_every_depth_are_read(client: Client, tmp_path: Path, mode: str) -> None:
    picture = text_image("Every depth")
    if mode == "I;16":
        picture = picture.convert("L").convert("I").point(lambda value: value * 257).convert("I;16")
    path = tmp_path / "picture"
    path.write_bytes(image_bytes(picture.convert(mode), "TIFF" if mode == "CMYK" else "PNG"))
    result = client.wait(client.submit(path))
    assert (result.status, result.text) == (JobState.FINISHED, "Every depth\n"), result.error


def test_a_screenshot_of_a_very_long_page_is_read(client: Client, tmp_path: Path) -> None:
    """It is longer than the 32,767 pixels that Tesseract accepts in one image."""
    page = Image.new("L", (1000, 40_000), 255)
    page.paste(text_image("At the top").convert("L"), (0, 0))
    page.paste(text_image("At the bottom").convert("L"), (0, 39_700))
    path = tmp_path / "long"
    path.write_bytes(image_bytes(page))
    result = client.wait(client.submit(path))
    assert result.status is JobState.FINISHED, result.error
    assert result.text is not None
    assert "At the top" in result.text
    assert "At the bottom" in result.text


@pytest.mark.parametrize("size", [(1, 1), (5000, 1), (1, 5000), (10, 10)])
def test_a_picture_too_small_for_text_finishes_without_any(
    client: Client, tmp_path: Path, size: tuple[int, int]
) -> None:
    path = tmp_path / "tiny"
    path.write_bytes(image_bytes(Image.new("RGB", size, "white")))
    result = client.wait(client.submit(path))
    assert (result.status, result.text) == (JobState.FINISHED, ""), result.error


@pytest.mark.usefixtures("corpus")
def test_every_hostile_file_ends_in_a_typed_outcome(backend: Backend, corpus: Path) -> None:
    """Submitted without a key, with limits; immediate refusals have a type too."""
    with Client(backend.url) as stranger:
        jobs: dict[str, str] = {}
        refusals: dict[str, str] = {}
        for path in sorted((corpus / "hostile").iterdir()):
            try:
                jobs[path.name] = stranger.submit(path)
            except InvalidRequestError as refused:
                refusals[path.name] = refused.code
        assert set(refusals.values()) <= {"unsupported_type", "file_too_large", "empty_file"}, refusals
        for name, job_id in jobs.items():
            result = stranger.wait(job_id)
            assert result.status in (JobState.FINISHED, JobState.FAILED), name
            assert result.error_code != "internal", name
            if result.status is JobState.FAILED:
                assert result.error, name
        assert stranger.health().workers == 2
    assert len(jobs) > 20


# ── REDIS_URL alone ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def redis_alone() -> Iterator[tuple[str, str]]:
    """An api and a worker pool that share only Redis; yields the URLs of both the api and Redis."""
    with (
        short_folder() as folder,
        run_valkey(folder) as redis_url,
        running_api_process(REDIS_URL=redis_url) as api,
        running_pool(REDIS_URL=redis_url),
    ):
        with Client(api.url) as client:
            wait_until(lambda: client.health().workers == 1, "the worker")
        yield api.url, redis_url


def test_files_travel_through_redis_where_nothing_else_is_shared(redis_alone: tuple[str, str], tmp_path: Path) -> None:
    path = tmp_path / "scan"
    path.write_bytes(image_bytes(text_image("Through Redis", (1600, 1200)), "BMP"))
    assert path.stat().st_size > 5_000_000
    with Client(redis_alone[0]) as client:
        job_id = client.submit(path, JobOptions())
        assert client.wait(job_id).text == "Through Redis\n"
        assert client.export(job_id, ResultFormat.TEXT) == b"Through Redis\n"
        client.delete(job_id)
        with pytest.raises(NotFoundError):
            client.job(job_id)
    assert keys_of(redis_alone[1], job_id) == []


def test_everything_of_a_finished_job_expires(redis_alone: tuple[str, str], tmp_path: Path) -> None:
    path = tmp_path / "scan"
    path.write_bytes(scan_pdf(["One", "Two"]))
    with Client(redis_alone[0]) as client:
        job_id = client.submit(path)
        client.wait(job_id)
    redis: Any = Redis.from_url(redis_alone[1], decode_responses=True)
    assert len(keys_of(redis_alone[1], job_id)) >= 6

    def all_expire() -> bool:
        # RQ deletes its own record of the last page just after our commit
        return all(redis.ttl(key) != -1 for key in keys_of(redis_alone[1], job_id))

    wait_until(all_expire, "every key of the job has a time to live")
    assert all(redis.ttl(key) <= 86_400 for key in keys_of(redis_alone[1], job_id))


def keys_of(redis_url: str, job_id: str) -> list[str]:
    redis: Any = Redis.from_url(redis_url, decode_responses=True)
    return [key for key in redis.keys("*") if job_id in key]
