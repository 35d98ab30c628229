"""Corrected documents: what they change, and which are refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ocrdesk.backend.services import Services
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.storage.page_results import pack
from ocrdesk.contract.document import Document, Page
from ocrdesk.contract.jobs import ResultFormat
from ocrdesk.contract.states import PageState
from ocrdesk.export.package_names import PACKAGE_FORMATS
from ocrdesk_api.errors import HttpError
from ocrdesk_api.results.corrections import correct
from tests.api.conftest import Api, error_code, open_http
from tests.helpers.barcode_images import code_image
from tests.helpers.ledger_jobs import finished
from tests.helpers.processes import Backend
from tests.helpers.sample_files import image_bytes, multipage_tiff, text_image, text_png

MISSING = "0f8fad5bd9cb469fa16570867728950e"


@pytest.fixture(scope="module")
def done(backend: Backend) -> Iterator[tuple[Api, str]]:
    """A finished job of two pages that no test changes."""
    with open_http(backend.api, backend.token) as http:
        api = Api(http)
        job_id = api.submit(multipage_tiff(["Hello world", "Second page"]), "Ünï code.tiff")
        assert api.result(job_id)["status"] == "finished"
        yield api, job_id


def corrected(api: Api, job_id: str) -> tuple[dict[str, Any], str]:
    """Return the Document with its first word corrected, and its ETag."""
    answer = api.http.get(f"/ocr/jobs/{job_id}/document")
    document: dict[str, Any] = answer.json()
    document["pages"][0]["blocks"][0]["lines"][0]["words"][0] |= {"text": "Mended", "source": "corrected"}
    return document, answer.headers["ETag"]


def test_every_format_comes_from_the_corrected_document(unlimited_api: Api) -> None:
    api = unlimited_api
    job_id = api.submit(multipage_tiff(["Hello world", "Second page"]))
    api.result(job_id)
    assert api.http.get(f"/ocr/result/{job_id}", params={"format": "docx"}).status_code == 200  # outdated later
    document, etag = corrected(api, job_id)
    answer = api.http.put(f"/ocr/jobs/{job_id}/document", json=document, headers={"If-Match": etag})
    assert (answer.status_code, answer.json()["revision"], answer.headers["ETag"]) == (200, 1, '"1"')
    assert api.result(job_id)["text"] == "Mended world\n\fSecond page\n"
    for form in ResultFormat:
        if form in (ResultFormat.PDF, ResultFormat.CSV, ResultFormat.XLSX):
            continue  # "pdf" has a separate test, and the others have only tables
        body = api.http.get(f"/ocr/result/{job_id}", params={"format": form.value}).content
        if form in PACKAGE_FORMATS:
            package = zipfile.ZipFile(io.BytesIO(body))
            body = b"".join(map(package.read, package.namelist()))
        assert b"Mended" in body, form
        assert b"Hello" not in body, form
    page = api.http.get(f"/ocr/jobs/{job_id}/pages/1").json()
    assert page["blocks"][0]["lines"][0]["words"][0]["source"] == "corrected"


def test_words_to_check_are_counted_by_page_until_they_are_corrected(unlimited_api: Api) -> None:
    job_id = unlimited_api.submit(multipage_tiff(["Hello world", "Second page"]))
    unlimited_api.result(job_id)
    document, _ = corrected(unlimited_api, job_id)
    words = document["pages"][1]["blocks"][0]["lines"][0]["words"]
    words[0] |= {"confidence": 0.5, "source": "rapid"}
    words[1] |= {"confidence": 0.89, "source": "rapid"}
    path = f"/ocr/jobs/{job_id}"
    assert unlimited_api.http.put(f"{path}/document", json=document).status_code == 200
    before = unlimited_api.http.get(f"{path}/review").json()
    assert {"number": 2, "words": 2} in before["pages"]
    assert before["revision"] == 1
    words[0] |= {"confidence": 1.0, "source": "corrected"}
    page_alone = document | {"pages": document["pages"][1:]}
    assert unlimited_api.http.put(f"{path}/document", json=page_alone).status_code == 200
    after = unlimited_api.http.get(f"{path}/review").json()
    assert {"number": 2, "words": 1} in after["pages"]
    assert (after["revision"], after["words"]) == (2, before["words"] - 1)
    assert unlimited_api.result(job_id)["text"] == "Mended world\n\fSecond page\n"


def test_an_unfinished_job_has_no_words_to_check(api: Api) -> None:
    job_id = api.submit(b"%PDF-1.4 nothing")
    api.result(job_id)
    answer = api.http.get(f"/ocr/jobs/{job_id}/review")
    assert (answer.status_code, error_code(answer)) == (409, "not_ready")


def test_a_correction_of_an_old_revision_is_refused(unlimited_api: Api) -> None:
    job_id = unlimited_api.submit(text_png("Hello world"))
    unlimited_api.result(job_id)
    document, etag = corrected(unlimited_api, job_id)
    path = f"/ocr/jobs/{job_id}/document"
    assert unlimited_api.http.put(path, json=document, headers={"If-Match": etag}).status_code == 200
    answer = unlimited_api.http.put(path, json=document, headers={"If-Match": etag})
    assert (answer.status_code, error_code(answer)) == (412, "revision_conflict")
    assert unlimited_api.http.put(path, json=document, headers={"If-Match": "*"}).json()["revision"] == 2
    assert unlimited_api.http.put(path, json=document).json()["revision"] == 3
    answer = unlimited_api.http.put(path, json=document, headers={"If-Match": '"x"'})
    assert (answer.status_code, error_code(answer)) == (400, "bad_request")


def test_pages_that_are_left_out_stay_and_sizes_are_not_the_callers(unlimited_api: Api) -> None:
    job_id = unlimited_api.submit(multipage_tiff(["Hello world", "Second page"]))
    unlimited_api.result(job_id)
    document, _ = corrected(unlimited_api, job_id)
    width = document["pages"][0]["width"]
    document["pages"] = [document["pages"][0] | {"width": width + 500, "dpi": 1.0}]
    assert unlimited_api.http.put(f"/ocr/jobs/{job_id}/document", json=document).status_code == 200
    after = unlimited_api.http.get(f"/ocr/jobs/{job_id}/document").json()
    assert after["pages"][0]["width"] == width
    assert unlimited_api.result(job_id)["text"] == "Mended world\n\fSecond page\n"


def test_a_correction_leaves_codes_as_they_were_found(unlimited_api: Api) -> None:
    picture = text_image("Scan this", (900, 700), 60).convert("L")
    picture.paste(code_image("https://example.org/pay", "QRCode", pixels=8), (300, 250))
    job_id = unlimited_api.submit(image_bytes(picture), "code.png")
    assert unlimited_api.result(job_id)["status"] == "finished"
    path = f"/ocr/jobs/{job_id}/document"
    document = unlimited_api.http.get(path).json()
    (found,) = document["pages"][0]["codes"]
    assert (found["format"], found["text"]) == ("QRCode", "https://example.org/pay")
    document["pages"][0]["codes"] = []
    document["pages"][0]["blocks"][0]["lines"][0]["words"][0] |= {"text": "Skan", "source": "corrected"}
    assert unlimited_api.http.put(path, json=document).status_code == 200
    after = unlimited_api.http.get(path).json()["pages"][0]
    assert after["codes"] == [found]
    assert after["blocks"][0]["lines"][0]["words"][0]["text"] == "Skan"


def outside(document: dict[str, Any]) -> None:
    document["pages"][0]["blocks"][0]["lines"][0]["words"][0]["box"] = [0, 0, 10**6, 10]


def twice(document: dict[str, Any]) -> None:
    document["pages"] += document["pages"]


def of_another(document: dict[str, Any]) -> None:
    document["job_id"] = MISSING


def without_text(document: dict[str, Any]) -> None:
    document["pages"][0]["blocks"][0]["lines"][0]["words"][0]["text"] = ""


def beyond(document: dict[str, Any]) -> None:
    document["pages"][0]["number"] = 99


@pytest.mark.parametrize("spoil", [outside, twice, of_another, without_text, beyond])
def test_an_invalid_or_foreign_document_is_refused_and_changes_nothing(
    done: tuple[Api, str], backend: Backend, spoil: Any
) -> None:
    api, job_id = done
    document, _ = corrected(api, job_id)
    spoil(document)
    blobs = sorted(path.name for path in (backend.blobs / job_id).iterdir())
    answer = api.http.put(f"/ocr/jobs/{job_id}/document", json=document)
    assert (answer.status_code, error_code(answer)) == (400, "invalid_document")
    assert sorted(path.name for path in (backend.blobs / job_id).iterdir()) == blobs
    assert api.http.get(f"/ocr/jobs/{job_id}").json()["revision"] == 0


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b'{"pages": 1}', b"[" * 100_000])
def test_invalid_document_json_is_refused(done: tuple[Api, str], body: bytes) -> None:
    api, job_id = done
    answer = api.http.put(f"/ocr/jobs/{job_id}/document", content=body)
    assert (answer.status_code, error_code(answer)) == (400, "invalid_document")


def test_a_document_that_is_too_large_is_refused(done: tuple[Api, str]) -> None:
    api, job_id = done
    answer = api.http.put(f"/ocr/jobs/{job_id}/document", content=b" " * (16 * 2**20 + 1))
    assert (answer.status_code, error_code(answer)) == (413, "body_too_large")
    assert "16 MB" in answer.json()["detail"]


def test_only_finished_jobs_can_be_corrected(unlimited_api: Api, done: tuple[Api, str]) -> None:
    document, _ = corrected(*done)
    job_id = unlimited_api.submit(b"%PDF-1.4 nothing")
    unlimited_api.result(job_id)
    answer = unlimited_api.http.put(f"/ocr/jobs/{job_id}/document", json=document)
    assert (answer.status_code, error_code(answer)) == (409, "not_ready")


def test_a_correction_whose_answer_was_lost_keeps_its_pages(
    redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transaction whose answer is lost is repeated, and then finds that the result has changed: by itself."""
    services = Services.open(Settings(redis_url=redis_url, storage_url=tmp_path.as_uri()))
    job = finished(services.ledger)
    page = Page(number=1, status=PageState.FINISHED, width=10, height=10)
    services.page_results.write_page(job.job_id, "page-1", pack(page))
    revise = services.ledger.jobs.revise

    def lose_the_answer(*arguments: Any) -> None:
        revise(*arguments)
        revise(*arguments)

    monkeypatch.setattr(services.ledger.jobs, "revise", lose_the_answer)
    document = Document(job_id=job.job_id, file_name="a", media_type="application/pdf", pages=(page,))
    with pytest.raises(HttpError, match="revision 1"):
        correct(services, job, document.model_dump_json().encode(), expected=0)
    blob = services.ledger.pages.get(job.job_id, 1).blob
    assert blob
    assert blob != "page-1"
    assert services.page_results.read_page(job.job_id, blob) == page


def test_roles_and_cells_of_a_corrected_document_are_kept(unlimited_api: Api) -> None:
    api = unlimited_api
    job_id = api.submit(text_png("Hello world"))
    api.result(job_id)
    document = api.http.get(f"/ocr/jobs/{job_id}/document").json()
    (block,) = document["pages"][0]["blocks"]
    words = block["lines"][0]["words"]
    heading = block | {"role": "heading", "level": 2}
    cells = [{"row": 0, "column": number, "column_span": 1 + number, "box": block["box"]} for number in (0, 1)]
    lines = [block["lines"][0] | {"words": [word], "cell": number} for number, word in enumerate(words)]
    table = block | {"role": "table", "lines": lines, "table": {"rows": 1, "columns": 3, "cells": cells}}
    document["pages"][0] |= {"blocks": [heading, table], "has_structure": True}
    answer = api.http.put(f"/ocr/jobs/{job_id}/document", json=document)
    assert answer.status_code == 200, answer.text
    kept = Document.model_validate(api.http.get(f"/ocr/jobs/{job_id}/document").json())
    assert kept.pages[0].blocks == Document.model_validate(document).pages[0].blocks
    text = api.http.get(f"/ocr/result/{job_id}", params={"format": "md"}).text
    assert text == "## Hello world\n\n| Hello | world |  |\n| --- | --- | --- |\n"


def test_the_structure_of_a_document_without_roles_is_determined_again(unlimited_api: Api) -> None:
    """A client of an older version sends back only what it knows."""
    api = unlimited_api
    job_id = api.submit(text_png("Hello world"))
    api.result(job_id)
    document = api.http.get(f"/ocr/jobs/{job_id}/document").json()
    assert document["pages"][0].pop("has_structure")
    assert api.http.put(f"/ocr/jobs/{job_id}/document", json=document).status_code == 200
    assert not api.http.get(f"/ocr/jobs/{job_id}/document").json()["pages"][0]["has_structure"]
    assert "Hello world" in api.http.get(f"/ocr/result/{job_id}", params={"format": "html"}).text
