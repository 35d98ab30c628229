"""A caller with a single image is served while another one has every kind of work in great numbers."""

from __future__ import annotations

import itertools

from tests.api.conftest import Api
from tests.helpers.sample_files import multipage_tiff, text_png


def _flood(api: Api) -> list[str]:
    """Give the workers far more to do than they can do at once; return the jobs."""
    finished = api.submit(multipage_tiff([f"Read {number}" for number in range(2)]))
    assert api.result(finished)["status"] == "finished"
    jobs = [api.submit(text_png(f"Small {number}")) for number in range(10)]
    for job_id in jobs[6:]:  # resumed at once
        api.http.post(f"/ocr/jobs/{job_id}/cancel")
        api.http.post(f"/ocr/jobs/{job_id}/retry")
    jobs.append(api.submit(multipage_tiff([f"Page {number}" for number in range(40)])))
    for number, width in itertools.product((1, 2), (200, 400, 800, 1600, 3200)):
        api.http.get(f"/ocr/jobs/{finished}/pages/{number}/image", params={"width": width, "wait": 0})
    assert api.http.get(f"/ocr/jobs/{jobs[-1]}").json()["status"] in ("queued", "started")
    return [finished, *jobs]


def _waiting(api: Api) -> int:
    queued = api.http.get("/health").json()["queued"]
    assert isinstance(queued, int)
    return queued


def test_a_single_image_does_not_wait_for_all_work_of_another_caller(api: Api, unlimited_api: Api) -> None:
    jobs = _flood(unlimited_api)
    try:
        before = _waiting(api)
        assert before > 10
        job_id = api.submit(text_png("Mine"))
        assert api.result(job_id)["text"] == "Mine\n"
        assert _waiting(api) > before / 2, "the work of the other caller came first"
    finally:
        for job_id in jobs:
            unlimited_api.http.delete(f"/ocr/jobs/{job_id}")
