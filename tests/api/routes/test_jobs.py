"""Jobs are listed, cancelled and deleted, and a deleted job leaves nothing behind."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest

from tests.api.conftest import Api
from tests.helpers.folders import everything_below
from tests.helpers.processes import Backend
from tests.helpers.sample_files import multipage_tiff, text_png
from tests.helpers.wait import wait_until


def test_jobs_are_listed_newest_first_without_their_texts(api: Api) -> None:
    ids = [api.submit(text_png("Hello"), f"{number}.png") for number in range(3)]
    listed = api.http.get("/ocr/jobs").json()["jobs"]
    assert [job["job_id"] for job in listed[:3]] == ids[::-1]
    assert "text" not in listed[0]
    assert api.http.get("/ocr/jobs", params={"limit": 2}).json()["jobs"][1]["file_name"] == "1.png"


@pytest.mark.parametrize("limit", ["0", "-1", "1001", "all"])
def test_a_list_of_an_impossible_length_is_refused(api: Api, limit: str) -> None:
    assert api.refusal(api.http.get("/ocr/jobs", params={"limit": limit})) == "bad_request"


def test_a_cancelled_job_keeps_the_pages_that_were_read_and_its_upload_for_a_retry(
    unlimited_api: Api, backend: Backend, long_job: str
) -> None:
    answer = unlimited_api.http.post(f"/ocr/jobs/{long_job}/cancel")
    assert answer.status_code == 200
    assert answer.json()["status"] == "cancelled"
    result = unlimited_api.result(long_job)
    assert (result["status"], result["text"]) == ("cancelled", None)
    assert (backend.blobs / long_job / "upload").exists()
    assert unlimited_api.http.get(f"/ocr/jobs/{long_job}/pages/1").status_code == 200
    redis: Any = backend.redis()
    wait_until(lambda: not any(long_job in entry for entry in redis.hvals("ocrdesk:running")), "the end of all tasks")
    assert unlimited_api.result(long_job)["status"] == "cancelled"


def test_cancelling_twice_or_after_the_end_changes_nothing(api: Api, two_pages: str) -> None:
    for _ in range(2):
        answer = api.http.post(f"/ocr/jobs/{two_pages}/cancel")
        assert (answer.status_code, answer.json()["status"]) == (200, "finished")
    assert api.result(two_pages)["text"] is not None


def traces(backend: Backend, job_id: str) -> list[str]:
    """Return every key, value of a shared hash, and file that still names the job.

    RQ's own record of a stopped process also names the job; it contains none of its data, and expires.
    """
    redis: Any = backend.redis()
    keys = [key for key in redis.keys("*") if job_id in key]
    found = [key for key in keys if not (key.startswith("rq:") and 0 < redis.ttl(key) <= 3600)]
    found += [f"running {entry}" for entry in redis.hvals("ocrdesk:running") if job_id in entry]
    found += [f"pending {unit}" for unit in redis.hkeys("ocrdesk:pending") if job_id in unit]
    found += [f"queued {rq_id}" for rq_id in redis.lrange("rq:queue:ocrdesk", 0, -1) if job_id in rq_id]
    found += [str(path) for path in everything_below(backend.blobs) if job_id in str(path)]
    return found


def assert_no_trace_stays(backend: Backend, job_id: str) -> None:
    seen: list[str] = []

    def gone() -> bool:
        seen[:] = traces(backend, job_id)
        return not seen

    with contextlib.suppress(AssertionError):
        wait_until(gone, timeout_s=20)
    assert seen == []


def test_a_deleted_job_leaves_no_key_and_no_file(api: Api, backend: Backend, two_pages: str) -> None:
    assert traces(backend, two_pages)
    answer = api.http.delete(f"/ocr/jobs/{two_pages}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert_no_trace_stays(backend, two_pages)
    assert api.http.get(f"/ocr/result/{two_pages}").status_code == 404
    assert api.http.delete(f"/ocr/jobs/{two_pages}").status_code == 404


def test_a_job_deleted_while_it_is_read_leaves_no_key_and_no_file(
    unlimited_api: Api, backend: Backend, long_job: str
) -> None:
    unlimited_api.http.delete(f"/ocr/jobs/{long_job}")
    assert_no_trace_stays(backend, long_job)


def test_jobs_deleted_at_any_moment_leave_nothing(unlimited_api: Api, backend: Backend) -> None:
    ids = [unlimited_api.submit(multipage_tiff(["One", "Two"])) for _ in range(12)]
    for number, job_id in enumerate(ids):
        for _ in range(3 * (number % 5)):  # so that the deletions are spread over the jobs' lifetimes
            unlimited_api.http.get(f"/ocr/jobs/{job_id}")
        unlimited_api.http.delete(f"/ocr/jobs/{job_id}")
    for job_id in ids:
        assert_no_trace_stays(backend, job_id)
