"""Single pages, and the words to check."""

from __future__ import annotations

import pytest

from ocrdesk.contract.document import Document, Page, Word
from tests.api.conftest import Api, error_code
from tests.helpers.sample_files import text_png


def test_a_page_can_be_had_alone(api: Api, two_pages: str) -> None:
    page = Page.model_validate_json(api.http.get(f"/ocr/jobs/{two_pages}/pages/2").content)
    assert page.number == 2
    assert [line.text for line in page.lines()] == ["Second page"]


def test_a_page_can_be_had_while_others_are_being_read(unlimited_api: Api, long_job: str) -> None:
    last = unlimited_api.http.get(f"/ocr/jobs/{long_job}/pages/120")
    first = unlimited_api.http.get(f"/ocr/jobs/{long_job}/pages/1")
    unlimited_api.http.delete(f"/ocr/jobs/{long_job}")
    assert (last.status_code, error_code(last)) == (409, "not_ready")
    assert last.headers["retry-after"] == "1"
    assert first.status_code == 200
    assert first.json()["number"] == 1


@pytest.mark.parametrize("number", ["3", "999999999999999999999999"])
def test_a_page_beyond_the_last_is_not_found(api: Api, two_pages: str, number: str) -> None:
    answer = api.http.get(f"/ocr/jobs/{two_pages}/pages/{number}")
    assert (answer.status_code, error_code(answer)) == (404, "not_found")


@pytest.mark.parametrize("number", ["0", "-1", "one", "1.5"])
def test_a_page_number_that_is_none_is_refused(api: Api, two_pages: str, number: str) -> None:
    assert api.refusal(api.http.get(f"/ocr/jobs/{two_pages}/pages/{number}")) == "bad_request"


def test_the_document_names_the_words_to_check(api: Api) -> None:
    job_id = api.submit(text_png("Perhaps certainly"))
    assert api.result(job_id)["status"] == "finished"
    document = Document.model_validate_json(api.http.get(f"/ocr/jobs/{job_id}/document").content)

    def doubted(word: Word) -> Word:
        return word.model_copy(update={"confidence": 0.3 if word.text == "Perhaps" else 0.95})

    changed = document.with_words(doubted).model_dump_json()
    assert api.http.put(f"/ocr/jobs/{job_id}/document", content=changed).status_code == 200
    for path, params in ((f"/ocr/jobs/{job_id}/document", {}), (f"/ocr/result/{job_id}", {"format": "json"})):
        answer = Document.model_validate_json(api.http.get(path, params=params).content)
        assert [(doubt.page, doubt.text, doubt.confidence) for doubt in answer.review] == [(1, "Perhaps", 0.3)]
