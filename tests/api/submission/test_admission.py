"""Jobs are accepted or refused by load, and learn their position."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ocrdesk.backend.settings import Settings
from ocrdesk_api.access.authentication import Principal
from ocrdesk_api.submission.admission import page_timeout_s
from tests.api.conftest import Api, error_code, open_http
from tests.helpers.processes import Backend, running_api
from tests.helpers.sample_files import multipage_tiff, text_png
from tests.helpers.wait import wait_until


def test_a_submit_returns_the_jobs_position(unlimited_api: Api) -> None:
    long = unlimited_api.submit(multipage_tiff([f"Page {number}" for number in range(40)]))
    answer = unlimited_api.post(text_png("Next"))
    assert answer.json()["position"] >= 2
    assert answer.json()["estimated_seconds"] > 0
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    unlimited_api.http.delete(f"/ocr/jobs/{long}")


@pytest.fixture(scope="module")
def tight(backend: Backend) -> Iterator[Api]:
    """An api that accepts few pages and bytes at a time, with the same workers."""
    with (
        running_api(
            REDIS_URL=backend.redis_url,
            STORAGE_URL=backend.storage_url,
            MAX_QUEUED_PAGES="10",
            MAX_QUEUED_MB="1.5",
            MAX_FILE_SIZE_MB="2",
        ) as url,
        open_http(url) as http,
    ):
        yield Api(http)


def test_more_pages_than_the_bound_are_refused_until_there_is_room(tight: Api, unlimited_api: Api) -> None:
    long = unlimited_api.submit(multipage_tiff([f"Page {number}" for number in range(60)]))
    wait_until(lambda: unlimited_api.http.get(f"/ocr/jobs/{long}").json()["page_count"], "the pages are counted")
    answer = tight.post(text_png("No room"))
    assert (answer.status_code, error_code(answer)) == (503, "queue_full")
    assert int(answer.headers["Retry-After"]) >= 1
    assert answer.headers["Retry-After"] in answer.json()["detail"]
    assert unlimited_api.post(text_png("Always")).status_code == 202  # this machine's own desktop
    unlimited_api.http.delete(f"/ocr/jobs/{long}")
    job_id = wait_until(lambda: tight.post(text_png("Room")).json().get("job_id"), "there is room again")
    assert tight.result(str(job_id))["text"] == "Room\n"


def test_a_retry_needs_room_as_a_new_job_does(tight: Api, unlimited_api: Api) -> None:
    """Otherwise a caller who cancels and retries could fill the queue for all."""
    job_id = tight.submit(multipage_tiff([f"Page {number}" for number in range(8)]))
    assert tight.http.post(f"/ocr/jobs/{job_id}/cancel").json()["status"] == "cancelled"
    long = unlimited_api.submit(multipage_tiff([f"Page {number}" for number in range(60)]))
    wait_until(lambda: unlimited_api.http.get(f"/ocr/jobs/{long}").json()["page_count"], "the pages are counted")
    answer = tight.http.post(f"/ocr/jobs/{job_id}/retry")
    assert (answer.status_code, error_code(answer)) == (503, "queue_full")
    assert tight.http.get(f"/ocr/jobs/{job_id}").json()["status"] == "cancelled"
    unlimited_api.http.delete(f"/ocr/jobs/{long}")
    wait_until(lambda: tight.http.post(f"/ocr/jobs/{job_id}/retry").status_code == 202, "there is room again")
    tight.http.delete(f"/ocr/jobs/{job_id}")


def test_more_bytes_than_the_bound_are_refused_unless_nothing_waits(tight: Api, unlimited_api: Api) -> None:
    big = text_png("Big").ljust(1_600_000, b"\0")
    job_id = wait_until(lambda: tight.post(big).json().get("job_id"), "nothing waits")
    assert tight.result(str(job_id))["text"] == "Big\n"
    long = unlimited_api.submit(multipage_tiff([f"Page {number}" for number in range(5)]))
    answer = tight.post(big)
    assert (answer.status_code, error_code(answer)) == (503, "queue_full")
    unlimited_api.http.delete(f"/ocr/jobs/{long}")


@pytest.mark.parametrize(("unlimited", "setting", "limit"), [(False, 10, 10), (True, 10, 300), (True, 600, 600)])
def test_this_machines_own_desktop_may_process_a_page_for_long(unlimited: bool, setting: float, limit: float) -> None:
    principal = Principal("me", unlimited=unlimited)
    assert page_timeout_s(Settings(ocr_timeout_per_page=setting), principal) == limit
