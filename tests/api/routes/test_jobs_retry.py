"""Retrying jobs."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from PIL import Image

from ocrdesk.backend.storage.blob_store import UPLOAD
from tests.api.conftest import Api, error_code, open_http
from tests.helpers.processes import Backend
from tests.helpers.sample_files import multipage_tiff
from tests.helpers.wait import wait_until


def damaged_tiff() -> bytes:
    """Return a TIFF of three pages, of which the second is damaged."""
    tiff = bytearray(multipage_tiff(["Good", "Bad", "Fine"]))
    with Image.open(io.BytesIO(tiff)) as opened:
        opened.seek(1)
        (strip, *_) = opened.tag_v2[273]  # type: ignore[attr-defined]  # a TIFF has it
    tiff[strip + 2 : strip + 400] = b"\xff" * 398
    return bytes(tiff)


@pytest.fixture(scope="module")
def done(backend: Backend) -> Iterator[tuple[Api, str]]:
    """A finished job of two pages that no test changes."""
    with open_http(backend.api, backend.token) as http:
        api = Api(http)
        job_id = api.submit(multipage_tiff(["Hello world", "Second page"]), "Ünï code.tiff")
        assert api.result(job_id)["status"] == "finished"
        yield api, job_id


def test_a_retry_reads_the_bad_page_again_and_leaves_the_good_ones(unlimited_api: Api) -> None:
    job_id = unlimited_api.submit(damaged_tiff())
    first = unlimited_api.result(job_id)
    assert [page["status"] for page in first["pages"]] == ["finished", "failed", "finished"]
    answer = unlimited_api.http.post(f"/ocr/jobs/{job_id}/retry")
    assert (answer.status_code, answer.json()["status"], answer.json()["pages_done"]) == (202, "started", 2)
    second = unlimited_api.result(job_id)
    assert second["text"] == first["text"]
    for before, after in zip(first["pages"], second["pages"], strict=True):
        assert (before == after) is (before["status"] == "finished")
    assert second["pages"][1]["status"] == "failed"


def test_a_cancelled_job_resumes(unlimited_api: Api) -> None:
    job_id = unlimited_api.submit(multipage_tiff([f"Page {number}" for number in range(1, 13)]))
    wait_until(lambda: unlimited_api.http.get(f"/ocr/jobs/{job_id}").json()["pages_done"], "a page is read")
    assert unlimited_api.http.post(f"/ocr/jobs/{job_id}/cancel").json()["status"] == "cancelled"
    assert unlimited_api.http.post(f"/ocr/jobs/{job_id}/retry").status_code == 202
    result = unlimited_api.result(job_id)
    assert result["status"] == "finished"
    assert result["text"] == "\f".join(f"Page {number}\n" for number in range(1, 13))


def test_there_must_be_something_to_retry_and_something_to_retry_it_with(
    done: tuple[Api, str], unlimited_api: Api, backend: Backend
) -> None:
    api, job_id = done
    answer = api.http.post(f"/ocr/jobs/{job_id}/retry")
    assert (answer.status_code, error_code(answer)) == (409, "nothing_to_retry")
    assert api.result(job_id)["status"] == "finished"
    broken = unlimited_api.submit(damaged_tiff())
    unlimited_api.result(broken)
    (backend.blobs / broken / UPLOAD).unlink()
    answer = unlimited_api.http.post(f"/ocr/jobs/{broken}/retry")
    assert (answer.status_code, error_code(answer)) == (409, "upload_lost")
    long = unlimited_api.submit(multipage_tiff(["Page"] * 20))
    answer = unlimited_api.http.post(f"/ocr/jobs/{long}/retry")
    assert (answer.status_code, error_code(answer)) == (409, "not_ready")
    unlimited_api.http.delete(f"/ocr/jobs/{long}")
