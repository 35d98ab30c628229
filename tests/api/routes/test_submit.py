"""Submitting over real HTTP: every supported type is read."""

from __future__ import annotations

import re

import pytest

from tests.api.conftest import Api
from tests.helpers.processes import Backend
from tests.helpers.sample_files import (
    image_bytes,
    multipage_tiff,
    scan_pdf,
    text_image,
    text_pdf,
    text_png,
)

WORDS = "Quarterly revenue grew"


PICTURE = text_image(WORDS)


READABLE: dict[str, tuple[str, bytes]] = {
    "pdf of text": ("a.pdf", text_pdf([WORDS])),
    "pdf of scans": ("a.pdf", scan_pdf([WORDS])),
    "png": ("a.png", image_bytes(PICTURE, "PNG")),
    "jpeg": ("a.jpg", image_bytes(PICTURE, "JPEG")),
    "tiff": ("a.tif", image_bytes(PICTURE, "TIFF")),
    "compressed tiff": ("a.tif", multipage_tiff([WORDS])),
    "webp": ("a.webp", image_bytes(PICTURE, "WEBP", lossless=True)),
    "bmp": ("a.bmp", image_bytes(PICTURE, "BMP")),
    "gif": ("a.gif", image_bytes(PICTURE, "GIF")),
    "pdf after junk": ("a.pdf", b"\r\nHTTP/1.1 200 OK\r\n\r\n" + text_pdf([WORDS])),
    "png by the wrong name": ("a.pdf", image_bytes(PICTURE, "PNG")),
}


@pytest.mark.parametrize("kind", READABLE)
def test_every_supported_type_is_read(api: Api, kind: str) -> None:
    name, data = READABLE[kind]
    result = api.result(api.submit(data, name))
    assert result["status"] == "finished", result
    assert result["error"] is None
    assert WORDS in result["text"]


def test_the_answer_to_a_submit_is_the_specifications(api: Api, backend: Backend) -> None:
    answer = api.post(text_png("Hello"))
    assert answer.status_code == 202
    body = answer.json()
    assert body["message"] == "Job submitted successfully"
    assert set(body) == {"job_id", "message", "position", "estimated_seconds"}
    assert answer.headers["location"] == f"{backend.api}/ocr/result/{body['job_id']}"
    assert int(answer.headers["retry-after"]) > 0


def test_a_job_id_cannot_be_guessed(api: Api) -> None:
    first, second = api.submit(text_png("One")), api.submit(text_png("Two"))
    assert first != second
    assert re.fullmatch(r"[0-9a-f]{32}", first)


def test_the_pages_of_a_tiff_and_a_pdf_come_in_order(api: Api) -> None:
    for data in (multipage_tiff(["First page", "Second page"]), scan_pdf(["First page", "Second page"])):
        result = api.result(api.submit(data))
        assert result["text"] == "First page\n\fSecond page\n"
        assert (result["page_count"], result["pages_done"], result["pages_failed"]) == (2, 2, 0)
        assert [page["status"] for page in result["pages"]] == ["finished", "finished"]


def test_a_blank_page_finishes_without_text(api: Api) -> None:
    result = api.result(api.submit(text_png("")))
    assert (result["status"], result["text"], result["error"]) == ("finished", "", None)


def test_the_engine_and_the_language_can_be_chosen(api: Api) -> None:
    job_id = api.submit(text_png("Hello world"), engine="tesseract-cli", languages="deu+eng")
    assert "Hello world" in api.result(job_id)["text"]
    page = api.http.get(f"/ocr/jobs/{job_id}/pages/1").json()
    assert page["source"] == "tesseract-cli"
    assert page["languages"] == ["deu", "eng"]


def test_languages_can_be_detected(api: Api) -> None:
    text = "Der Gemeinderat beriet am Donnerstag\ndie neuen Wege zwischen den Dörfern und\nauch das Geld dafür."
    job_id = api.submit(text_pdf([text]), languages="auto", mode="force")
    assert api.result(job_id)["text"].split() == text.split()
    page = api.http.get(f"/ocr/jobs/{job_id}/pages/1").json()
    assert page["languages"] == ["deu"]
    assert api.http.get(f"/ocr/jobs/{job_id}").json()["options"]["languages"] == ["auto"]


@pytest.mark.parametrize("text", ["", "  ", "eng", "eng,deu", "deu eng", "eng+eng"])
def test_languages_may_be_written_loosely(api: Api, text: str) -> None:
    job_id = api.submit(text_png("Hello"), languages=text)
    asked = api.http.get(f"/ocr/jobs/{job_id}").json()["options"]["languages"]
    assert asked == list(dict.fromkeys(re.findall(r"\w+", text) or ["eng"]))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("scan.png", "scan.png"),
        ("C:\\Users\\me\\scan.png", "scan.png"),
        ("../../etc/passwd", "passwd"),
        ("Rechnung März 2031 (Kopie); final.png", "Rechnung März 2031 (Kopie); final.png"),
        ("文書.png", "文書.png"),
        ("🧾.png", "🧾.png"),
        ("x" * 300 + ".png", "x" * 196 + ".png"),
    ],
)
def test_a_files_name_is_kept_without_its_folders(api: Api, given: str, kept: str) -> None:
    job_id = api.submit(text_png("Hello"), given)
    assert api.http.get(f"/ocr/jobs/{job_id}").json()["file_name"] == kept
