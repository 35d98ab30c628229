"""Options of a searchable PDF over HTTP: each is another file, and errors that an option avoids have their own code."""

from __future__ import annotations

import io

import httpx2
import pikepdf

from tests.api.conftest import Api, error_code
from tests.helpers.sample_files import scan_pdf
from tests.helpers.special_pdfs import signed_pdf


def ask(api: Api, job_id: str, path: str = "jobs/{}/file", **options: str) -> httpx2.Response:
    return api.http.get(f"/ocr/{path.format(job_id)}", params={"format": "pdf", "wait": 60, **options})


def test_options_apply_to_one_file_each(api: Api) -> None:
    job_id = api.submit(scan_pdf(["Scanned words"]))
    plain = ask(api, job_id)
    for path in ("jobs/{}/file", "result/{}"):
        archived = ask(api, job_id, path, pdfa="true", deskew="true", rotate="false")
        assert archived.status_code == 200, archived.text
        with pikepdf.open(io.BytesIO(archived.content)) as pdf, pdf.open_metadata() as metadata:
            assert metadata["pdfaid:part"] == "2"
    assert plain.status_code == 200
    with pikepdf.open(io.BytesIO(plain.content)) as pdf:
        assert "/OutputIntents" not in pdf.Root


def test_a_signed_file_has_a_code_of_its_own(api: Api) -> None:
    job_id = api.submit(signed_pdf(scan_pdf(["Scanned words"])))
    warnings = api.result(job_id)["warnings"]
    assert [warning["message_id"] for warning in warnings] == ["pdf_is_signed"]
    refused = ask(api, job_id)
    assert (refused.status_code, error_code(refused)) == (422, "signed_pdf")
    assert ask(api, job_id, invalidate_signatures="true").status_code == 200


def test_an_option_with_an_impossible_value_is_refused(api: Api) -> None:
    job_id = api.submit(scan_pdf(["Scanned words"]))
    assert api.refusal(ask(api, job_id, pdfa="perhaps")) == "bad_request"
