"""Formats by parameter and by Accept header."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ocrdesk.contract.jobs import ResultFormat
from ocrdesk.export.formats import FORMATS
from ocrdesk.export.package_names import PACKAGE_FORMATS
from tests.api.conftest import Api, error_code, open_http
from tests.helpers.processes import Backend
from tests.helpers.sample_files import multipage_tiff, text_png


@pytest.fixture(scope="module")
def done(backend: Backend) -> Iterator[tuple[Api, str]]:
    """A finished job of two pages that no test changes."""
    with open_http(backend.api, backend.token) as http:
        api = Api(http)
        job_id = api.submit(multipage_tiff(["Hello world", "Second page"]), "Ünï code.tiff")
        assert api.result(job_id)["status"] == "finished"
        yield api, job_id


STREAMED = [form for form, found in FORMATS.items() if not found.is_made_in_worker]


@pytest.mark.parametrize("form", ResultFormat)
def test_each_format_comes_under_its_media_type_and_name(done: tuple[Api, str], form: ResultFormat) -> None:
    if form is ResultFormat.PDF:
        pytest.skip("has a separate test")
    api, job_id = done
    answer = api.http.get(f"/ocr/result/{job_id}", params={"format": form.value, "wait": 30})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == FORMATS[form].media_type
    if form is not ResultFormat.JSON:
        assert answer.headers["content-disposition"].endswith(f"%C3%9Cn%C3%AF%20code{FORMATS[form].suffix}")
    assert (b"Hello" in answer.content) is (form not in (ResultFormat.CSV, *PACKAGE_FORMATS))


@pytest.mark.parametrize("form", [form for form in STREAMED if form is not ResultFormat.JSON])
def test_accept_asks_for_a_format_too(done: tuple[Api, str], form: ResultFormat) -> None:
    api, job_id = done
    kind = FORMATS[form].media_type.partition(";")[0]
    answer = api.http.get(f"/ocr/result/{job_id}", headers={"Accept": f"application/zip, {kind};q=0.9"})
    assert answer.headers["content-type"] == FORMATS[form].media_type
    asked = api.http.get(f"/ocr/result/{job_id}", params={"format": form.value})
    assert answer.content == asked.content


@pytest.mark.parametrize(
    "accept",
    [
        "*/*",
        "application/json",
        "application/json, text/plain;q=0.5",
        "text/plain;q=0.5, application/json",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "application/zip",
        "text/plain;q=0",
        "text/plain;q=x",
        ";;,,",
    ],
)
def test_without_a_preference_the_response_is_json(done: tuple[Api, str], accept: str) -> None:
    api, job_id = done
    answer = api.http.get(f"/ocr/result/{job_id}", headers={"Accept": accept})
    assert answer.json()["status"] == "finished"


def test_programs_that_accept_only_html_get_it_and_browsers_do_not(done: tuple[Api, str]) -> None:
    api, job_id = done
    for accept in ("text/html", "text/html, application/json;q=0.5", "text/html;q=0.9, text/plain;q=0.8"):
        answer = api.http.get(f"/ocr/result/{job_id}", headers={"Accept": accept})
        assert answer.headers["content-type"] == FORMATS[ResultFormat.HTML].media_type
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    answer = api.http.get(f"/ocr/result/{job_id}", headers={"Accept": "text/html, */*;q=0.1"})
    assert answer.headers["content-type"] == "application/json"


def test_the_format_parameter_beats_accept(done: tuple[Api, str]) -> None:
    api, job_id = done
    answer = api.http.get(f"/ocr/result/{job_id}", params={"format": "tsv"}, headers={"Accept": "text/plain"})
    assert answer.headers["content-type"] == FORMATS[ResultFormat.TSV].media_type


def test_lines_can_be_joined(unlimited_api: Api) -> None:
    job_id = unlimited_api.submit(text_png("First line of a paragraph\nand the second one"))
    lines = unlimited_api.result(job_id)["text"].strip().splitlines()
    params = {"format": "text", "join_lines": "true"}
    joined = unlimited_api.http.get(f"/ocr/result/{job_id}", params=params).text.strip()
    assert len(lines) == 2
    assert joined == " ".join(lines)


def test_a_job_without_a_result_has_no_formats(unlimited_api: Api) -> None:
    job_id = unlimited_api.submit(b"%PDF-1.4 nothing")
    unlimited_api.result(job_id)
    for form in ResultFormat:
        answer = unlimited_api.http.get(f"/ocr/result/{job_id}", params={"format": form.value})
        assert (answer.status_code, error_code(answer)) == (409, "not_ready"), form
