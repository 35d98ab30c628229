"""Word documents: other programs can open them; they contain the text, the tables and the pages."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import pytest

from ocrdesk.contract.document import Document
from ocrdesk.export.packages.docx import write
from tests.helpers.export_readers import WORD, docx_paragraphs, docx_tables, read_docx
from tests.helpers.sample_pages import (
    NASTY,
    PRICES,
    PRICES_ROWS,
    block,
    coded,
    document,
    failed,
    page,
    page_with_header_and_footer,
    row,
)


def written(found: Document) -> bytes:
    out = io.BytesIO()
    write(found.head, iter(found.pages), out)
    return out.getvalue()


def test_paragraphs_are_joined_lines() -> None:
    body = read_docx(written(document(page(block("Hello wor-", "ld again"), block("next")))))
    assert docx_paragraphs(body) == ["Hello world again", "next"]


def test_a_page_begins_on_a_new_page() -> None:
    body = read_docx(
        written(document(page(block("one")), page(block("two"), number=2), page(block("three"), number=3)))
    )
    breaks = [found.find(f"{WORD}pPr/{WORD}pageBreakBefore") is not None for found in body.findall(f"{WORD}p")]
    assert breaks == [False, True, True]


def test_an_empty_page_is_an_empty_page() -> None:
    body = read_docx(written(document(page(block("one")), page(number=2), page(block("three"), number=3))))
    assert docx_paragraphs(body) == ["one", "", "three"]
    assert len(list(body.iter(f"{WORD}pageBreakBefore"))) == 2


def test_tables_are_tables_where_they_stood() -> None:
    body = read_docx(written(document(page(block("Above", top=10), *PRICES.blocks, block("Below", top=900)))))
    assert docx_tables(body) == [[list(cells) for cells in PRICES_ROWS]]
    assert [found.tag.removeprefix(WORD) for found in body] == ["p", "tbl", "p", "sectPr"]


def test_neighbouring_and_last_tables_have_a_paragraph_after_them() -> None:
    below = block(
        "Place         Height     Depth", "Here             120        12", "There             80         9", top=2000
    )
    body = read_docx(written(document(page(*PRICES.blocks, below), PRICES.model_copy(update={"number": 2}))))
    kinds = [found.tag.removeprefix(WORD) for found in body]
    assert kinds == ["tbl", "p", "tbl", "p", "p", "tbl", "p", "sectPr"]


def test_codes_are_paragraphs_at_the_pages_end() -> None:
    body = read_docx(written(document(coded("https://example.org", "two\nlines"), page(block("next"), number=2))))
    assert docx_paragraphs(body) == ["Pay here", "QRCode: https://example.org", "QRCode: two lines", "next"]


def test_failed_pages_are_reported() -> None:
    body = read_docx(written(document(failed(1, "It <b>broke</b>."), page(block("two"), number=2))))
    assert docx_paragraphs(body) == ["Page 1 was not read: It <b>broke</b>.", "two"]


def test_a_document_of_nothing_opens() -> None:
    assert docx_paragraphs(read_docx(written(document()))) == []


def test_no_word_breaks_the_package() -> None:
    (text,) = docx_paragraphs(read_docx(written(document(page(row(NASTY)), file_name="\x00<&>\ud7ff.pdf")))) or [""]
    assert all(part in text for part in ("<b>\"&amp;'</b>", "]]>", "𝔘𝔫𝔦", "🧾", "שלום", "文書認識", "&#0;"))
    assert not any(sign in text for sign in "\x00\x0b\x1f\ufffe\uffff")


def test_right_to_left_paragraphs_are_marked_so() -> None:
    body = read_docx(written(document(page(block("שלום עולם"), block("Hello"), languages=("heb",)))))
    marked = [found.find(f"{WORD}pPr/{WORD}bidi") is not None for found in body.findall(f"{WORD}p")]
    assert marked == [True, False]


def test_the_paper_is_the_scans() -> None:
    a4 = page(block("one")).model_copy(update={"width": 2480, "height": 3508, "dpi": 300.0})
    size = read_docx(written(document(a4))).find(f"{WORD}sectPr/{WORD}pgSz")
    assert [round(int(size.get(f"{WORD}{name}")) / 1440, 2) for name in ("w", "h")] == [8.27, 11.69]
    screenshot = a4.model_copy(update={"dpi": 72.0})
    size = read_docx(written(document(screenshot))).find(f"{WORD}sectPr/{WORD}pgSz")
    assert [int(size.get(f"{WORD}{name}")) / 1440 for name in ("w", "h")] == [8.5, 11]


def test_libreoffice_reads_it(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: soffice is not on the PATH")
    pages = (
        page(block("Hello wor-", "ld again"), row(NASTY, top=400), block("שלום עולם", top=600)),
        PRICES.model_copy(update={"number": 2}),
        failed(3),
    )
    (tmp_path / "it.docx").write_bytes(written(document(*pages)))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "it.docx")], check=True, capture_output=True, timeout=150)
    text = (tmp_path / "it.txt").read_text("utf-8-sig")
    assert "Hello world again" in text
    assert "שלום עולם" in text
    assert "Page 3 was not read" in text
    assert [part for part in text.split("\n") if part in ("Quinces", "10.00")] == ["Quinces", "10.00"]


def test_pandoc_reads_it(tmp_path: Path) -> None:
    pandoc = shutil.which("pandoc")
    if pandoc is None:
        pytest.skip("pandoc is not on the PATH")
    (tmp_path / "it.docx").write_bytes(written(document(page(block("Hello wor-", "ld again")), PRICES)))
    done = subprocess.run(
        [pandoc, "--to", "plain", str(tmp_path / "it.docx")], check=True, capture_output=True, text=True, timeout=60
    )
    assert "Hello world again" in done.stdout
    assert "Quinces" in done.stdout


def test_headers_and_footers_are_paragraphs_of_their_own_and_can_be_left_out() -> None:
    whole = document(page_with_header_and_footer())
    assert docx_paragraphs(read_docx(written(whole))) == ["Town of Eastport Report", "The old bridge stands", "- 4 -"]
    assert docx_paragraphs(read_docx(written(document(page_with_header_and_footer().omit_headers_footers())))) == [
        "The old bridge stands"
    ]


def test_right_to_left_paragraphs_have_runs_for_each_direction() -> None:
    body = read_docx(written(document(page(block("התוכנה Firefox מותקנת 245"), block("plain text")))))
    rtl, plain = body.findall(f".//{WORD}p")
    assert rtl.find(f"{WORD}pPr/{WORD}bidi") is not None
    runs = [("".join(run.itertext()), run.find(f"{WORD}rPr/{WORD}rtl") is not None) for run in rtl.iter(f"{WORD}r")]
    assert runs == [("התוכנה ", True), ("Firefox", False), (" מותקנת 245", True)]
    assert plain.find(f"{WORD}pPr/{WORD}bidi") is None
    assert plain.find(f".//{WORD}rtl") is None
