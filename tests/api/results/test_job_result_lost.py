"""Results whose stored pages are gone: no response begins that cannot end, and retry reads them again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from ocrdesk.backend import redis_keys
from ocrdesk.backend.ledger.storage_trust import SUSPICIOUS_S
from ocrdesk.contract.jobs import ResultFormat
from tests.api.conftest import Api, error_code
from tests.helpers.processes import Backend
from tests.helpers.sample_files import multipage_tiff
from tests.helpers.wait import wait_until

Lose = Callable[[str, str], None]


@pytest.fixture
def lose(backend: Backend) -> Lose:
    """Return a function that deletes those of a job's files whose names match a pattern, behind the server's back."""

    def delete(job_id: str, pattern: str) -> None:
        found = [path for path in Path(backend.blobs / job_id).glob(pattern) if path.is_file()]
        assert found
        for path in found:
            path.unlink()

    return delete


@pytest.fixture
def job_id(api: Api) -> str:
    """A finished job of two pages."""
    job_id = api.submit(multipage_tiff(["First page", "Second page"]), "two.tif")
    assert api.result(job_id)["status"] == "finished"
    return job_id


def paths(job_id: str) -> list[str]:
    """Return the paths of all responses that need both pages."""
    job = f"/ocr/jobs/{job_id}"
    files = [f"{job}/file?format={form}" for form in ResultFormat]
    return [*files, f"/ocr/result/{job_id}?format=hocr", f"{job}/document", f"{job}/pages/2", f"{job}/review"]


def test_without_a_page_every_response_is_an_error_that_says_what_happens(api: Api, lose: Lose, job_id: str) -> None:
    lose(job_id, "page-2-*")
    lose(job_id, "text-*")
    for path in (*paths(job_id), f"/ocr/result/{job_id}"):
        answer = api.http.get(path)
        assert (answer.status_code, error_code(answer)) == (409, "not_ready"), path
        assert answer.json()["message_id"] == "result_incomplete"
        assert int(answer.headers["Retry-After"]) > 0
    assert api.http.get(f"/ocr/jobs/{job_id}/pages/1").status_code == 200


def test_the_response_says_when_a_storage_that_is_not_yet_trusted_is_repaired(
    api: Api, backend: Backend, lose: Lose, job_id: str
) -> None:
    """Nothing is repaired for an hour after another storage appeared: the folder may only not be mounted."""
    redis: Any = Redis.from_url(backend.redis_url)
    lose(job_id, "page-2-*")
    key = redis_keys.STORAGE
    wait_until(lambda: redis.hget(key, "trusted_from"), "the reconciler knows the storage")
    before = redis.hget(key, "trusted_from")
    redis.hset(key, "trusted_from", int(redis.time()[0]) + SUSPICIOUS_S)
    try:
        answer = api.http.get(f"/ocr/jobs/{job_id}/pages/2")
        assert answer.json()["message_id"] == "result_incomplete"
        assert int(answer.headers["Retry-After"]) > SUSPICIOUS_S - 60
        assert f"Ask again in {answer.headers['Retry-After']} s." in answer.text
    finally:
        redis.hset(key, "trusted_from", before)


def test_a_correction_of_a_lost_page_is_refused(api: Api, lose: Lose, job_id: str) -> None:
    document = api.http.get(f"/ocr/jobs/{job_id}/document").json()
    lose(job_id, "page-2-*")
    answer = api.http.put(f"/ocr/jobs/{job_id}/document", json=document)
    assert (answer.status_code, error_code(answer)) == (409, "not_ready")


def test_retry_reads_lost_pages_again(api: Api, lose: Lose, job_id: str) -> None:
    before = api.result(job_id)["text"]
    lose(job_id, "page-1-*")
    answer = api.http.post(f"/ocr/jobs/{job_id}/retry")
    assert (answer.status_code, answer.json()["pages_done"]) == (202, 1)
    again = api.result(job_id)
    assert (again["status"], again["text"]) == ("finished", before)
    assert api.http.get(f"/ocr/jobs/{job_id}/document").status_code == 200


def test_retry_without_the_file_says_to_submit_it_again(api: Api, lose: Lose, job_id: str) -> None:
    lose(job_id, "*")
    answer = api.http.post(f"/ocr/jobs/{job_id}/retry")
    assert (answer.status_code, error_code(answer)) == (409, "upload_lost")
    assert "Submit it again" in answer.json()["detail"]


def test_lost_texts_are_made_from_the_pages(api: Api, lose: Lose, job_id: str) -> None:
    before = api.result(job_id)["text"]
    lose(job_id, "text-0")
    lose(job_id, "page-*.txt")
    assert api.result(job_id)["text"] == before


def test_a_lost_export_is_made_again(api: Api, lose: Lose, job_id: str) -> None:
    path = f"/ocr/jobs/{job_id}/file?format=docx&wait=30"
    assert api.http.get(path).status_code == 200
    lose(job_id, "export-docx-*")
    assert api.http.get(path).status_code == 200


def test_the_replaced_result_stays_for_a_while(api: Api, backend: Backend, job_id: str) -> None:
    """Until it is certain that Redis has the correction: an older record refers to the older pages."""
    older = {path.name for path in (backend.blobs / job_id).iterdir()}
    document = api.http.get(f"/ocr/jobs/{job_id}/document").json()
    assert api.http.put(f"/ocr/jobs/{job_id}/document", json=document).status_code == 200
    assert older <= {path.name for path in (backend.blobs / job_id).iterdir()}


def test_a_deleted_job_that_comes_back_with_older_redis_data_fails_and_says_what_to_do(
    api: Api, backend: Backend, job_id: str
) -> None:
    """Redis is restored from before the deletion: the record is there again, its files are not."""
    # Without decoding: what DUMP returns is no text.
    redis = Redis.from_url(backend.redis_url)
    before = {key: (redis.dump(key), max(0, redis.pttl(key))) for key in redis.keys(f"*{job_id}*")}
    assert api.http.delete(f"/ocr/jobs/{job_id}").status_code == 204
    wait_until(lambda: not (backend.blobs / job_id).exists(), "the deletion of the job's files")
    for key, (value, expires_in_ms) in before.items():
        redis.restore(key, expires_in_ms, value, replace=True)

    answer = api.http.get(f"/ocr/result/{job_id}")
    assert (answer.status_code, answer.json()["message_id"]) == (409, "result_incomplete")
    redis.zadd(redis_keys.CLEANUP, {f"{job_id}/": 0}, xx=True)  # no test waits for the period of grace

    def failed() -> dict[str, Any] | None:
        answer = api.http.get(f"/ocr/result/{job_id}")
        return answer.json() if answer.status_code == 200 else None

    body = wait_until(failed, "the repair of the job")
    assert (body["status"], body["error_code"]) == ("failed", "upload_lost")
    assert body["error"].endswith("Submit the file again.")
    assert api.http.get(f"/ocr/jobs/{job_id}").json()["status"] == "failed"
