"""Page ranges of a job."""

from __future__ import annotations

import json

import pytest

from tests.api.conftest import Api, error_code
from tests.helpers.sample_files import scan_pdf, text_png


def test_only_the_pages_that_were_asked_for_are_read(unlimited_api: Api) -> None:
    job_id = unlimited_api.submit(scan_pdf(["One", "Two", "Three", "Four"]), pages="2,4-")
    result = unlimited_api.result(job_id)
    assert (result["text"], result["page_count"]) == ("Two\n\fFour\n", 2)
    assert [page["number"] for page in result["pages"]] == [2, 4]
    assert unlimited_api.http.get(f"/ocr/jobs/{job_id}").json()["file_pages"] == 4
    assert unlimited_api.http.get(f"/ocr/jobs/{job_id}/pages/4").json()["number"] == 4
    answer = unlimited_api.http.get(f"/ocr/jobs/{job_id}/pages/1")
    assert (answer.status_code, error_code(answer)) == (404, "not_found")


def test_a_single_page_of_many_is_read_at_once_and_counts_alone_against_the_limit(api: Api) -> None:
    result = api.result(api.submit(scan_pdf(["One", "Two", "Three"]), pages="3"))  # the limit is 2
    assert (result["status"], result["text"]) == ("finished", "Three\n")


def test_ranges_beyond_the_file_fail_the_job_and_name_its_page_count(api: Api) -> None:
    result = api.result(api.submit(text_png("One"), pages="5-9"))
    assert (result["status"], result["error_code"]) == ("failed", "invalid_pages")
    assert "1 page" in result["error"]
    assert "5-9" in result["error"]


def test_chosen_pages_that_the_file_does_not_have_are_named_in_a_warning(unlimited_api: Api) -> None:
    job_id = unlimited_api.submit(scan_pdf(["One", "Two", "Three"]), pages="1-3,7")
    result = unlimited_api.result(job_id)
    assert (result["status"], result["page_count"], result["error"]) == ("finished", 3, None)
    (warning,) = result["warnings"]
    assert warning["text"] == "This file has 3 pages, so these were left out: 7."
    assert (warning["message_id"], warning["params"]) == ("pages_left_out", {"count": 3, "missing": "7"})
    assert unlimited_api.http.get(f"/ocr/jobs/{job_id}").json()["warnings"] == result["warnings"]
    lines = unlimited_api.http.get(f"/ocr/events/{job_id}").text.splitlines()
    events = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
    last = [event for event in events if event["type"] == "job"][-1]
    assert [found["text"] for found in last["warnings"]] == [warning["text"]]


@pytest.mark.parametrize("pages", ["", "1-", "-1", "1"])
def test_pages_that_the_file_has_cause_no_warning(api: Api, pages: str) -> None:
    assert api.result(api.submit(text_png("One"), pages=pages))["warnings"] == []


@pytest.mark.parametrize("pages", ["0", "3-1", "x", "1,,2"])
def test_invalid_ranges_are_refused(api: Api, pages: str) -> None:
    answer = api.post(text_png("One"), pages=pages)
    assert api.refusal(answer) == "invalid_pages"
    assert "1-3,7,10-" in answer.json()["detail"] or "pages count from 1" in answer.json()["detail"]
