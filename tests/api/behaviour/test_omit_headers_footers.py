"""The former names of `omit_headers_footers` keep working for one release, also between old and new processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.records import ExportRecord
from ocrdesk.backend.redis_connection import connect
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.storage.folder_store import FolderStore
from ocrdesk.backend.task_queue import TaskQueue
from tests.api.conftest import Api, open_http
from tests.helpers import plain_http
from tests.helpers.export_readers import docx_paragraphs, read_docx, read_epub, read_odt
from tests.helpers.logged_processes import lines_of, logged_api
from tests.helpers.processes import Backend
from tests.helpers.sample_pdfs import PROSE, pdf_with_header_and_footer
from tests.helpers.wait import wait_until

OLD_NAME, NEW_NAME = "docx_without_furniture", "docx_omit_headers_footers"
BODY = "\n".join(PROSE * 4) + "\n"


@pytest.fixture(scope="module")
def report(backend: Backend) -> Iterator[str]:
    """A job of a page with a header and a footer."""
    with open_http(backend.api, backend.token) as http:
        api = Api(http)
        job_id = api.submit(pdf_with_header_and_footer(), "report.pdf")
        assert api.result(job_id)["status"] == "finished"
        yield job_id


def test_the_old_parameter_is_accepted(unlimited_api: Api, report: str) -> None:
    def text(**params: str) -> str:
        return unlimited_api.http.get(f"/ocr/result/{report}", params={"format": "text", **params}).text

    assert text(without_furniture="true") == text(omit_headers_footers="true") == BODY
    assert text(without_furniture="false") == text() != BODY


def test_only_the_new_parameter_is_described(backend: Backend) -> None:
    schema = plain_http.get(f"{backend.url}/openapi.json", trust_env=False).json()
    parameters = schema["paths"]["/api/v1/ocr/jobs/{job_id}/file"]["get"]["parameters"]
    assert "omit_headers_footers" in {parameter["name"] for parameter in parameters}
    assert "without_furniture" not in str(schema)


def test_the_deprecation_is_logged_once(backend: Backend, report: str, tmp_path: Path) -> None:
    shared = {"REDIS_URL": backend.redis_url, "STORAGE_URL": backend.storage_url, "LOG_FORMAT": "json"}
    with logged_api(tmp_path / "api.log", **shared, LOCAL_TOKEN=backend.token) as api:
        key = {"X-API-Key": backend.token}
        path = f"/ocr/result/{report}?format=text"
        for query in ("omit_headers_footers=true", "omit_headers_footers=true&without_furniture=true"):
            assert api.get(f"{path}&{query}", **key).text == BODY
        assert [line for line in lines_of(api.log) if "deprecated" in line["event"]] == []
        for _ in range(2):
            assert api.get(f"{path}&without_furniture=true", **key).text == BODY
        (line,) = [line for line in lines_of(api.log) if "deprecated" in line["event"]]
    assert (line["level"], line["logger"]) == ("warning", "ocrdesk_api.routes.results")
    assert "omit_headers_footers" in line["event"]


def test_the_api_requests_the_word_export_by_the_name_that_older_workers_know(
    unlimited_api: Api, backend: Backend, report: str
) -> None:
    params = {"format": "docx", "omit_headers_footers": "true", "wait": "30"}
    answer = unlimited_api.http.get(f"/ocr/result/{report}", params=params)
    assert docx_paragraphs(read_docx(answer.content)) == [" ".join(PROSE * 4)]
    blobs = [path.name for path in (backend.blobs / report).iterdir()]
    assert [name for name in blobs if name.startswith(f"export-{OLD_NAME}")]
    assert [name for name in blobs if name.startswith(f"export-{NEW_NAME}")] == []


@pytest.mark.parametrize("name", [OLD_NAME, NEW_NAME])
def test_workers_make_the_word_export_by_either_name(backend: Backend, report: str, name: str) -> None:
    settings = Settings(redis_url=backend.redis_url)
    ledger = Ledger(
        connect(settings, text=True), TaskQueue(connect(settings, text=False), settings.queue_name), settings.result_ttl
    )

    def made() -> ExportRecord | None:
        export = ledger.exports.request(report, name, 60.0)
        return export if export and export.state.is_final else None

    export = wait_until(made, f"the export {name}", 30)
    assert export is not None
    assert export.blob is not None, export.error
    content = FolderStore(backend.blobs).read(report, export.blob)
    assert docx_paragraphs(read_docx(content)) == [" ".join(PROSE * 4)]


@pytest.mark.parametrize(("form", "read"), [("odt", read_odt), ("epub", read_epub)])
def test_other_formats_for_reading_omit_them_too(
    unlimited_api: Api, report: str, form: str, read: Callable[[bytes], Any]
) -> None:
    params = {"format": form, "omit_headers_footers": "true", "wait": "30"}
    body = read(unlimited_api.http.get(f"/ocr/result/{report}", params=params).content)
    text = body.text if form == "epub" else " ".join(body.itertext())
    assert " ".join(PROSE * 4) in text
    whole = read(
        unlimited_api.http.get(f"/ocr/result/{report}", params=params | {"omit_headers_footers": "false"}).content
    )
    assert len(whole.text if form == "epub" else " ".join(whole.itertext())) > len(text)
