"""Results over real HTTP: exact shapes, waiting, and formats."""

from __future__ import annotations

import threading
from datetime import datetime

import httpx2
import pytest

from ocrdesk.contract.document import Document, Word
from ocrdesk.contract.jobs import JobResult
from tests.api.conftest import Api, error_code
from tests.helpers.processes import Backend
from tests.helpers.sample_files import encrypted_pdf, multipage_tiff, text_png


def test_a_result_has_the_specifications_fields(api: Api, two_pages: str) -> None:
    body = api.http.get(f"/ocr/result/{two_pages}").json()
    assert (body["status"], body["text"], body["error"]) == ("finished", "First page\n\fSecond page\n", None)


def test_a_result_says_who_did_what_and_when(api: Api, two_pages: str) -> None:
    body = api.http.get(f"/ocr/result/{two_pages}").json()
    result = JobResult.model_validate(body)
    assert result.started_at is not None
    assert result.ended_at is not None
    assert result.created_at <= result.started_at <= result.ended_at
    assert [page.number for page in result.pages] == [1, 2]
    assert all(page.worker and page.started_at and page.ended_at for page in result.pages)
    assert datetime.fromisoformat(body["created_at"]).tzinfo is not None


def test_a_result_before_the_end_has_no_text_and_no_error(unlimited_api: Api, long_job: str) -> None:
    body = unlimited_api.http.get(f"/ocr/result/{long_job}").json()
    assert (body["status"], body["text"], body["error"]) == ("started", None, None)
    unlimited_api.http.delete(f"/ocr/jobs/{long_job}")


def test_waiting_answers_at_the_end_of_the_job(api: Api) -> None:
    job_id = api.submit(text_png("Hello"))
    assert api.http.get(f"/ocr/result/{job_id}", params={"wait": 60}).json()["status"] == "finished"


def test_waiting_answers_with_the_state_when_the_time_is_over(unlimited_api: Api, long_job: str) -> None:
    answer = unlimited_api.http.get(f"/ocr/result/{long_job}", params={"wait": 0.1})
    assert answer.json()["status"] == "started"
    unlimited_api.http.delete(f"/ocr/jobs/{long_job}")


@pytest.mark.parametrize("wait", ["-1", "61", "inf", "nan", "soon", ""])
def test_a_wait_that_makes_no_sense_is_refused(api: Api, two_pages: str, wait: str) -> None:
    answer = api.http.get(f"/ocr/result/{two_pages}", params={"wait": wait})
    assert api.refusal(answer) == "bad_request"
    assert "wait" in answer.json()["detail"]


def test_the_text_can_be_had_as_it_is(api: Api, two_pages: str) -> None:
    answer = api.http.get(f"/ocr/result/{two_pages}", params={"format": "text"})
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text == "First page\n\fSecond page\n"


def test_the_document_can_be_had_with_boxes(api: Api, two_pages: str) -> None:
    answer = api.http.get(f"/ocr/result/{two_pages}", params={"format": "json"})
    assert answer.headers["content-type"] == "application/json"
    document = Document.model_validate_json(answer.content)
    assert (document.job_id, document.file_name, document.media_type) == (two_pages, "two.tif", "image/tiff")
    assert [[word.text for word in page.words()] for page in document.pages] == [["First", "page"], ["Second", "page"]]
    for page in document.pages:
        for word in page.words():
            assert 0 <= word.box.left < word.box.right <= page.width
            assert 0 <= word.box.top < word.box.bottom <= page.height


def test_a_document_survives_a_file_name_with_quotes(api: Api) -> None:
    name = "Grüße & 'co' \\ <b>.png"
    job_id = api.submit(text_png("Hello"), name)
    api.result(job_id)
    document = Document.model_validate_json(api.http.get(f"/ocr/result/{job_id}?format=json").content)
    assert document.file_name == api.http.get(f"/ocr/jobs/{job_id}").json()["file_name"]


def test_an_unknown_format_is_refused_by_name(api: Api, two_pages: str) -> None:
    answer = api.http.get(f"/ocr/result/{two_pages}", params={"format": "papyrus"})
    assert api.refusal(answer) == "unknown_format"
    assert "papyrus" in answer.json()["detail"]
    assert "text, json" in answer.json()["detail"]


def test_a_format_of_a_job_that_is_not_over_is_not_ready(unlimited_api: Api, long_job: str) -> None:
    answer = unlimited_api.http.get(f"/ocr/result/{long_job}", params={"format": "text"})
    assert (answer.status_code, error_code(answer)) == (409, "not_ready")
    assert answer.headers["retry-after"] == "1"
    unlimited_api.http.delete(f"/ocr/jobs/{long_job}")


def test_a_format_of_a_failed_job_says_why_there_is_none(api: Api) -> None:
    job_id = api.submit(encrypted_pdf(["Secret"]))
    api.result(job_id)
    answer = api.http.get(f"/ocr/result/{job_id}", params={"format": "json"})
    assert (answer.status_code, error_code(answer)) == (409, "not_ready")
    assert "password" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/ocr/result/{}"),
        ("GET", "/ocr/result/{}?wait=30"),
        ("GET", "/ocr/result/{}?format=text"),
        ("GET", "/ocr/jobs/{}"),
        ("POST", "/ocr/jobs/{}/cancel"),
        ("DELETE", "/ocr/jobs/{}"),
        ("GET", "/ocr/jobs/{}/pages/1"),
        ("GET", "/ocr/events/{}"),
    ],
)
@pytest.mark.parametrize("job_id", ["0f8fad5bd9cb469fa16570867728950e", "..%2f..%2fetc", "a:pages", "%00"])
def test_an_unknown_job_is_not_found(api: Api, method: str, path: str, job_id: str) -> None:
    answer = api.http.request(method, path.format(job_id))
    assert (answer.status_code, error_code(answer)) == (404, "not_found")


def test_an_unknown_address_is_not_found(api: Api) -> None:
    answer = api.http.get("/ocr/nothing/here")
    assert (answer.status_code, error_code(answer)) == (404, "not_found")
    assert "/api/v1/ocr/nothing/here" in answer.json()["detail"]


def test_a_result_read_during_a_correction_is_one_of_its_versions(unlimited_api: Api) -> None:
    two_pages = unlimited_api.submit(multipage_tiff(["First page", "Second page"]), "two.tif")
    assert unlimited_api.result(two_pages)["status"] == "finished"
    api, job = unlimited_api.http, f"/ocr/jobs/{two_pages}"
    document = Document.model_validate_json(api.get(f"{job}/document").content)
    is_over = threading.Event()
    answers: list[tuple[str, int]] = []

    def read() -> None:
        result = f"/ocr/result/{two_pages}"
        paths = (result, f"{result}?format=text", f"{result}?format=json", f"{result}?format=tsv", f"{job}/pages/1")
        while not is_over.is_set():
            answers.extend((path, api.get(path).status_code) for path in paths)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(60):

        def named(word: Word, number: int = number) -> Word:
            return word.model_copy(update={"text": f"word{number}"})

        corrected = document.with_words(named).model_dump_json()
        assert api.put(f"{job}/document", content=corrected).status_code == 200
    is_over.set()
    for reader in readers:
        reader.join()
    assert len(answers) > 60
    assert {status for _, status in answers} == {200}, [answer for answer in answers if answer[1] != 200][:5]


def test_a_wait_ends_when_the_job_is_deleted(unlimited_api: Api, backend: Backend, long_job: str) -> None:
    answers: list[httpx2.Response] = []
    waiting = threading.Thread(
        target=lambda: answers.append(unlimited_api.http.get(f"/ocr/result/{long_job}", params={"wait": 60}))
    )
    waiting.start()
    unlimited_api.http.delete(f"/ocr/jobs/{long_job}")
    waiting.join(50)
    assert [answer.status_code for answer in answers] == [404]
