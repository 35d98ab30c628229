"""Exports as other programs read them: every format of one job, and its page images."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from PIL import Image

from ocrdesk.contract.document import Document, Word
from ocrdesk.contract.jobs import ResultFormat
from ocrdesk.export.formats import FORMATS
from tests.api.conftest import Api, error_code, open_http
from tests.helpers.export_readers import (
    ALTO,
    docx_paragraphs,
    hocr_elements,
    read_alto,
    read_csv,
    read_docx,
    read_hocr,
    read_markdown,
    read_tsv,
)
from tests.helpers.pdf_reading import assert_sound, needs_pdftotext, needs_qpdf, poppler_words
from tests.helpers.processes import Backend
from tests.helpers.sample_files import image_bytes, scan_pdf, text_image, text_png, truncated_pdf
from tests.helpers.sample_pdfs import PROSE, pdf_with_header_and_footer

TEXTS = ("First page of a scan", "Second page of it")
WORDS = [text.split() for text in TEXTS]
ALL_WORDS = [word for words in WORDS for word in words]
NEAR_PT = 1.5
_PT_PER_INCH = 72
_ORIENTATION, _TURN_CLOCKWISE = 0x0112, 6  # of EXIF


@dataclass(frozen=True, slots=True)
class Served:
    """A finished job, and its results."""

    api: Api
    job_id: str
    document: Document

    def ask(self, form: ResultFormat, **choices: bool) -> httpx2.Response:
        params = {"format": form.value, "wait": 60, **choices}
        answer = self.api.http.get(f"/ocr/result/{self.job_id}", params=params)
        assert answer.status_code == 200, answer.text
        return answer

    def saved(self, form: ResultFormat, folder: Path) -> Path:
        path = folder / f"result.{form.value}"
        path.write_bytes(self.ask(form).content)
        return path

    def image(self, number: int, **params: float) -> httpx2.Response:
        return self.api.http.get(f"/ocr/jobs/{self.job_id}/pages/{number}/image", params=params)


@pytest.fixture(scope="module")
def scan(backend: Backend) -> Iterator[Served]:
    """Two scanned pages."""
    with open_http(backend.api, backend.token) as http:
        yield served(Api(http), scan_pdf(TEXTS))


def served(api: Api, data: bytes) -> Served:
    job_id = api.submit(data, "scan")
    assert api.result(job_id)["status"] == "finished"
    return Served(api, job_id, Document.model_validate(api.http.get(f"/ocr/jobs/{job_id}/document").json()))


def words_of(page: int, document: Document) -> list[Word]:
    return list(document.pages[page].words())


def test_the_scan_was_read_as_it_is(scan: Served) -> None:
    """Otherwise the following tests would compare nothing with nothing."""
    assert [[word.text for word in words_of(page, scan.document)] for page in (0, 1)] == WORDS


def test_alto_is_valid_by_its_schema(scan: Served) -> None:
    root = read_alto(scan.ask(ResultFormat.ALTO).text)
    assert [found.get("CONTENT") for found in root.iter(f"{ALTO}String")] == ALL_WORDS


def test_hocr_is_valid_by_its_specification(scan: Served) -> None:
    root = read_hocr(scan.ask(ResultFormat.HOCR).text)
    assert ["".join(found.itertext()) for found in hocr_elements(root, "ocrx_word")] == ALL_WORDS


def test_tables_of_text_and_markdown_are_read(scan: Served) -> None:
    rows = read_tsv(scan.ask(ResultFormat.TSV).text)
    assert [row["text"] for row in rows if row["level"] == "5"] == ALL_WORDS
    assert read_markdown(scan.ask(ResultFormat.MD).text).paragraphs == TEXTS
    assert read_csv(scan.ask(ResultFormat.CSV).content.decode()) == []


@pytest.fixture(scope="module")
def book(backend: Backend) -> Iterator[Served]:
    """A page with its own text, a header and a page number."""
    with open_http(backend.api, backend.token) as http:
        yield served(Api(http), pdf_with_header_and_footer())


def test_headers_and_footers_say_so_in_json(book: Served) -> None:
    assert [found["kind"] for found in book.ask(ResultFormat.JSON).json()["pages"][0]["blocks"]] == [
        "header",
        "text",
        "footer",
    ]


def test_headers_and_footers_are_kept_unless_they_are_not_wanted(book: Served) -> None:
    body = " ".join(PROSE * 4)
    whole = ("The Old Bridge", body, "Page 4 of 12")
    assert read_markdown(book.ask(ResultFormat.MD).text).paragraphs == whole
    assert read_markdown(book.ask(ResultFormat.MD, omit_headers_footers=True).text).paragraphs == (body,)
    assert tuple(docx_paragraphs(read_docx(book.ask(ResultFormat.DOCX).content))) == whole
    assert docx_paragraphs(read_docx(book.ask(ResultFormat.DOCX, omit_headers_footers=True).content)) == [body]
    assert book.ask(ResultFormat.TEXT).text.split("\n\n") == ["The Old Bridge", "\n".join(PROSE * 4), "Page 4 of 12\n"]
    assert book.ask(ResultFormat.TEXT, omit_headers_footers=True).text == "\n".join(PROSE * 4) + "\n"
    assert book.ask(ResultFormat.TEXT, omit_headers_footers=True, join_lines=True).text == body + "\n"


@pytest.mark.parametrize("form", [ResultFormat.JSON, ResultFormat.HOCR, ResultFormat.ALTO, ResultFormat.TSV])
def test_formats_of_places_keep_all(book: Served, form: ResultFormat) -> None:
    assert book.ask(form, omit_headers_footers=True).content == book.ask(form).content


def test_json_is_the_document(scan: Served) -> None:
    assert Document.model_validate_json(scan.ask(ResultFormat.JSON).content) == scan.document


@needs_pdftotext
def test_a_pdfs_words_are_found_where_they_are_seen(scan: Served, tmp_path: Path) -> None:
    path = scan.saved(ResultFormat.PDF, tmp_path)
    for number, page in enumerate(scan.document.pages, 1):
        size, words = poppler_words(path, number)
        assert [found.text for found in words] == WORDS[number - 1]
        scale = _PT_PER_INCH / page.dpi
        assert size == pytest.approx((page.width * scale, page.height * scale), abs=NEAR_PT)
        for found, word in zip(words, page.words(), strict=True):
            assert (found.place[0], found.place[2]) == pytest.approx(
                (word.box.left * scale, word.box.right * scale), abs=NEAR_PT
            )
            middle = (found.place[1] + found.place[3]) / 2
            assert word.box.top * scale <= middle <= word.box.bottom * scale


@needs_qpdf
def test_a_pdf_is_sound(scan: Served, tmp_path: Path) -> None:
    assert_sound(scan.saved(ResultFormat.PDF, tmp_path))


def test_a_pdf_comes_under_its_media_type_to_be_saved(scan: Served) -> None:
    answer = scan.ask(ResultFormat.PDF)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'attachment; filename="scan.pdf"'
    asked = scan.api.http.get(f"/ocr/result/{scan.job_id}", headers={"Accept": "application/pdf"})
    assert asked.content == answer.content


@pytest.mark.parametrize(
    ("file_name", "header"),
    [
        ("scan.png", 'filename="scan.txt"'),
        ("my scan (2), final.png", 'filename="my scan (2), final.txt"'),
        ("Ünï.png", "filename=\"Uni.txt\"; filename*=UTF-8''%C3%9Cn%C3%AF.txt"),
        ("文書.png", "filename=\"__.txt\"; filename*=UTF-8''%E6%96%87%E6%9B%B8.txt"),
        ("50%.png", "filename=\"50_.txt\"; filename*=UTF-8''50%25.txt"),
        ("x\ufffd.png", "filename=\"x_.txt\"; filename*=UTF-8''x%EF%BF%BD.txt"),
        ('a"b;c.png', "filename=\"a_b;c.txt\"; filename*=UTF-8''a%22b%3Bc.txt"),
    ],
)
def test_a_file_has_a_plain_name_and_an_encoded_one_where_it_is_needed(api: Api, file_name: str, header: str) -> None:
    boundary, quoted = "edge", file_name.replace('"', r"\"")
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n\r\n'.encode()
    answer = api.http.post(
        "/ocr/submit",
        content=head + text_png("Hello") + f"\r\n--{boundary}--\r\n".encode(),
        headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
    )
    job_id = answer.json()["job_id"]
    assert api.result(job_id)["file_name"] == file_name
    shown = api.http.get(f"/ocr/result/{job_id}", params={"format": "text"})
    assert shown.headers["content-disposition"] == f"inline; {header}"
    saved = api.http.get(f"/ocr/jobs/{job_id}/file", params={"format": "text"})
    assert saved.headers["content-disposition"] == f"attachment; {header}"
    assert saved.content == shown.content


@pytest.mark.parametrize("form", list(ResultFormat))
def test_a_file_comes_as_bytes_of_no_type_to_callers_that_accept_only_those(scan: Served, form: ResultFormat) -> None:
    path, params = f"/ocr/jobs/{scan.job_id}/file", {"format": form.value, "wait": "30"}
    typed = scan.api.http.get(path, params=params)
    untyped = scan.api.http.get(path, params=params, headers={"Accept": "application/octet-stream"})
    assert typed.headers["content-type"] == FORMATS[form].media_type
    assert untyped.headers["content-type"] == "application/octet-stream"
    assert untyped.content == typed.content == scan.ask(form).content
    assert typed.headers["content-disposition"] == f'attachment; filename="scan{FORMATS[form].suffix}"'


@needs_pdftotext
def test_a_corrected_words_pdf_has_the_correction(backend: Backend, tmp_path: Path) -> None:
    with open_http(backend.api, backend.token) as http:
        scan = served(Api(http), scan_pdf(["Wrong word"]))
        assert [found.text for found in poppler_words(scan.saved(ResultFormat.PDF, tmp_path))[1]] == ["Wrong", "word"]
        document = json.loads(scan.document.model_dump_json())
        document["pages"][0]["blocks"][0]["lines"][0]["words"][0] |= {"text": "Right", "source": "corrected"}
        assert http.put(f"/ocr/jobs/{scan.job_id}/document", json=document).status_code == 200
        assert [found.text for found in poppler_words(scan.saved(ResultFormat.PDF, tmp_path))[1]] == ["Right", "word"]


def test_a_word_file_is_a_sound_package(scan: Served) -> None:
    assert [text for text in docx_paragraphs(read_docx(scan.ask(ResultFormat.DOCX).content)) if text] == list(TEXTS)


def test_a_word_file_is_opened_by_libreoffice(scan: Served, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: soffice is not on the PATH")
    path = scan.saved(ResultFormat.DOCX, tmp_path)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=150)
    text = (tmp_path / "result.txt").read_text("utf-8-sig")
    assert [line for line in text.splitlines() if line.strip()] == list(TEXTS)


# ── page images ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("wanted", "given"), [(1, 200), (200, 200), (201, 400), (800, 800)])
def test_a_page_is_drawn_in_the_requested_width_or_the_next(scan: Served, wanted: int, given: int) -> None:
    answer = scan.image(2, width=wanted)
    assert answer.status_code == 200, answer.text
    with Image.open(io.BytesIO(answer.content)) as image:
        assert answer.headers["content-type"] == f"image/{(image.format or '').lower()}"
        assert image.width == given
        page = scan.document.pages[1]
        assert image.height == pytest.approx(page.height * given / page.width, abs=1)


def test_boxes_fit_the_picture_after_scaling(scan: Served) -> None:
    """There is ink inside the words' boxes, and nowhere else."""
    with Image.open(io.BytesIO(scan.image(1, width=800).content)) as image:
        ink = image.convert("L").point(lambda value: 255 if value < 128 else 0)
    scale = ink.width / scan.document.pages[0].width
    for word in words_of(0, scan.document):
        box = (
            word.box.left * scale - 2,
            word.box.top * scale - 2,
            word.box.right * scale + 2,
            word.box.bottom * scale + 2,
        )
        assert ink.crop(tuple(map(round, box))).getbbox(), word.text
        ink.paste(0, tuple(map(round, box)))
    assert ink.getbbox() is None


def test_a_sideways_photo_is_drawn_upright(backend: Backend) -> None:
    exif = Image.Exif()
    exif[_ORIENTATION] = _TURN_CLOCKWISE
    photo = image_bytes(text_image("This way up").transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif)
    with open_http(backend.api, backend.token) as http:
        job = served(Api(http), photo)
        with Image.open(io.BytesIO(job.image(1, width=800).content)) as image:
            assert image.width > image.height
        assert [word.text for word in words_of(0, job.document)] == ["This", "way", "up"]


@pytest.mark.parametrize("params", [{"width": 0}, {"width": 4001}, {"width": 1.5}, {"wait": 61}, {"wait": -1}])
def test_a_picture_that_makes_no_sense_is_refused(scan: Served, params: dict[str, float]) -> None:
    assert scan.api.refusal(scan.image(1, **params)) == "bad_request"


def test_a_page_beyond_the_last_has_no_picture(scan: Served) -> None:
    answer = scan.image(3)
    assert (answer.status_code, error_code(answer)) == (404, "not_found")


def test_a_file_that_could_not_be_opened_has_no_picture_and_the_caller_is_told_why(api: Api) -> None:
    job_id = api.submit(truncated_pdf())
    reason = api.result(job_id)["error"]
    answer = api.http.get(f"/ocr/jobs/{job_id}/pages/1/image")
    assert (answer.status_code, error_code(answer)) == (409, "not_ready")
    assert reason in answer.json()["detail"]
    assert "retry-after" not in answer.headers


def test_without_the_original_there_is_neither_picture_nor_pdf(api: Api, backend: Backend) -> None:
    job_id = api.submit(text_png("Hello"))
    api.result(job_id)
    (backend.blobs / job_id / "upload").unlink()
    for path in (f"/ocr/jobs/{job_id}/pages/1/image", f"/ocr/result/{job_id}?format=pdf"):
        answer = api.http.get(path)
        assert (answer.status_code, error_code(answer)) == (409, "upload_lost")
