"""The option `mode` over real HTTP: kept text, forced recognition, and none at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ocrdesk.client import Client
from ocrdesk.contract.jobs import JobOptions, RecognitionMode
from tests.api.conftest import Api
from tests.helpers.processes import Backend, run_ocrdesk
from tests.helpers.sample_files import scan_pdf, text_png
from tests.helpers.sample_pdfs import PROSE, PdfPage, layered_pdf, lines

TEXT = layered_pdf(PdfPage(lines(PROSE)))


def page_of(api: Api, job_id: str) -> dict[str, Any]:
    page: dict[str, Any] = api.http.get(f"/ocr/jobs/{job_id}/pages/1").json()
    return page


@pytest.mark.parametrize(
    ("mode", "source", "reason"),
    [
        ({}, "text-layer", "text layer kept: 53 words"),
        ({"mode": ""}, "text-layer", "text layer kept: 53 words"),
        ({"mode": "auto"}, "text-layer", "text layer kept: 53 words"),
        ({"mode": "force"}, "tesseract", None),
        ({"mode": "text-layer-only"}, "text-layer", "text layer kept: 53 words"),
    ],
    ids=str,
)
def test_the_mode_decides_where_the_text_comes_from(
    api: Api, mode: dict[str, str], source: str, reason: str | None
) -> None:
    job_id = api.submit(TEXT, **mode)
    assert api.result(job_id)["text"].split() == " ".join(PROSE).split()
    page = page_of(api, job_id)
    assert (page["source"], page["source_reason"]) == (source, reason)
    assert api.http.get(f"/ocr/jobs/{job_id}").json()["options"]["mode"] == (mode.get("mode") or "auto")


@pytest.mark.parametrize("data", [scan_pdf(["A scan"]), text_png("A picture")], ids=["scan", "image"])
def test_a_file_without_text_fails_when_it_may_not_be_recognised(api: Api, data: bytes) -> None:
    result = api.result(api.submit(data, mode="text-layer-only"))
    assert (result["status"], result["error_code"]) == ("failed", "no_text_layer")
    assert "mode=auto" in result["error"]


def test_a_blank_page_finishes_in_every_mode(api: Api) -> None:
    for mode in RecognitionMode:
        result = api.result(api.submit(layered_pdf(PdfPage("")), mode=mode.value))
        assert (result["status"], result["text"]) == ("finished", ""), mode


def test_the_client_and_the_command_line_send_the_mode(backend: Backend, tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(scan_pdf(["Hello world"]))
    with Client(backend.url, backend.token) as client:
        options = JobOptions(mode=RecognitionMode.TEXT_LAYER_ONLY)
        assert client.wait(client.submit(path, options)).error_code == "no_text_layer"
    server = ("--server", backend.url, "--api-key", backend.token)
    done = run_ocrdesk("ocr", *server, "--mode", "text-layer-only", path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "no text of its own" in done.stderr
    assert run_ocrdesk("ocr", *server, "--mode", "force", path).stdout == "Hello world\n"
