"""Jobs that the tests of several routes use."""

from __future__ import annotations

import pytest

from tests.api.conftest import Api
from tests.helpers.sample_files import multipage_tiff
from tests.helpers.wait import wait_until


@pytest.fixture
def two_pages(api: Api) -> str:
    """A finished job of two pages."""
    job_id = api.submit(multipage_tiff(["First page", "Second page"]), "two.tif")
    assert api.result(job_id)["status"] == "finished"
    return job_id


@pytest.fixture
def long_job(unlimited_api: Api) -> str:
    """A job that has started and takes long."""
    job_id = unlimited_api.submit(multipage_tiff([f"Page {number}" for number in range(1, 121)]), "book.tif")
    wait_until(lambda: unlimited_api.http.get(f"/ocr/jobs/{job_id}/pages/1").status_code == 200, "the first page")
    return job_id
