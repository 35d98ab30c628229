"""PDFs with a password over HTTP: the right one opens them, and no response, record or file shows it."""

from __future__ import annotations

import pytest

from tests.api.conftest import Api, error_code
from tests.helpers.folders import files_below
from tests.helpers.locked_pdfs import METHODS, locked_pdf
from tests.helpers.processes import Backend
from tests.helpers.redis_dump import everything_in, readable
from tests.helpers.sample_files import text_pdf, text_png

WORD = "Forget-me-not"
LOCKED = locked_pdf(text_pdf(["Payslip of May"]), "256-bit AES", user=WORD)


@pytest.mark.parametrize("method", METHODS)
def test_the_password_opens_the_file(api: Api, method: str) -> None:
    content = locked_pdf(text_pdf(["Payslip of May"]), method, user=WORD)
    result = api.result(api.submit(content, "a.pdf", password=WORD))
    assert (result["status"], result["text"]) == ("finished", "Payslip of May\n")


@pytest.mark.parametrize(("password", "code"), [("", "encrypted_pdf"), ("tulip", "wrong_password")])
def test_without_it_the_job_fails_and_a_retry_with_it_reads_the_file(
    unlimited_api: Api, password: str, code: str
) -> None:
    job_id = unlimited_api.submit(LOCKED, "a.pdf", password=password)
    assert unlimited_api.result(job_id)["error_code"] == code
    again = unlimited_api.http.post(f"/ocr/jobs/{job_id}/retry", data={"password": WORD})
    assert again.status_code == 202, again.text
    assert unlimited_api.result(job_id)["text"] == "Payslip of May\n"


def test_nothing_shows_the_password(unlimited_api: Api, backend: Backend) -> None:
    job_id = unlimited_api.submit(LOCKED, "a.pdf", password=WORD)
    assert WORD not in everything_in(readable(backend.redis_url))
    unlimited_api.result(job_id)
    answers = [unlimited_api.http.get(f"/ocr/{path}") for path in ("jobs", f"jobs/{job_id}", f"result/{job_id}")]
    assert all(WORD not in answer.text for answer in answers)
    assert WORD not in everything_in(readable(backend.redis_url))
    assert [path for path in files_below(backend.blobs / job_id) if WORD.encode() in path.read_bytes()] == []
    names = {path.name for path in files_below(backend.blobs / job_id)}
    assert "locked-upload" in names
    assert "password-pad" not in names


def test_other_files_ignore_a_password(api: Api) -> None:
    assert api.result(api.submit(text_png("Hello"), "a.png", password=WORD))["status"] == "finished"
    assert api.result(api.submit(text_pdf(["Hello"]), "a.pdf", password=WORD))["status"] == "finished"


@pytest.mark.parametrize("route", ["submit", "retry"])
def test_an_overlong_password_is_refused_without_repeating_it(api: Api, route: str) -> None:
    long = "Forget-me-not " * 50
    if route == "submit":
        answer = api.post(LOCKED, "a.pdf", password=long)
    else:
        answer = api.http.post(f"/ocr/jobs/{api.submit(text_png(chr(72)))}/retry", data={"password": long})
    assert api.refusal(answer) == "bad_request"
    assert "Forget" not in answer.text
    assert "password" in answer.text


def test_another_password_under_the_same_idempotency_key_is_another_upload(api: Api, backend: Backend) -> None:
    headers = {"Idempotency-Key": "payslip-may"}

    def post(password: str) -> tuple[int, str]:
        files = {"file": ("a.pdf", LOCKED)}
        answer = api.http.post("/ocr/submit", files=files, data={"password": password}, headers=headers)
        return answer.status_code, answer.json()["job_id"] if answer.status_code == 202 else error_code(answer)

    first = post(WORD)
    assert first[0] == 202
    assert post(WORD) == first
    assert post("tulip") == (409, "idempotency_conflict")
    assert WORD not in everything_in(readable(backend.redis_url))
