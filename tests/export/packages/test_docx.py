"""Word documents: other programs can open them; they contain the text, the tables and the pages."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import docx
import pytest
from docx.document import Document as WordDocument

from ocrdesk.contract.document import Block, Document
from ocrdesk.contract.structure import BlockRole
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
from tests.helpers.structured_pages import SPANS, heading, item, items, note, page_of, part


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


# ── roles ────────────────────────────────────────────────────────────────────────────────────────


def opened(*blocks: Block) -> WordDocument:
    """Return the document as python-docx reads it."""
    return docx.Document(io.BytesIO(written(document(page_of(*blocks)))))


def test_parts_have_the_styles_of_word() -> None:
    blocks = (
        heading("Title"),
        heading("Part", 6),
        block("text"),
        part(BlockRole.CAPTION, "Figure 1"),
        part(BlockRole.VERSE, "one", "two"),
        part(BlockRole.CODE, "f():", "    x"),
        note("A note", "7"),
    )
    found = [(it.style.name if it.style else None, it.text) for it in opened(*blocks).paragraphs]
    assert found == [
        ("Heading 1", "Title"),
        ("Heading 6", "Part"),
        ("Normal", "text"),
        ("Caption", "Figure 1"),
        ("Quote", "one\ntwo"),
        ("Code", "f():\n    x"),
        ("footnote text", "7 A note"),
    ]


def numbering(found: WordDocument) -> list[tuple[str, int, str | None, str | None]]:
    """Return style, level, format and first number of each item's list."""
    root = found.part.numbering_part.element
    rows = []
    for paragraph in found.paragraphs:
        properties = paragraph._p.pPr.numPr  # python-docx has no public access
        level = properties.ilvl.val
        (entry,) = root.xpath(f"w:num[@w:numId={properties.numId.val}]")
        form = f"w:abstractNum[@w:abstractNumId={entry.xpath('w:abstractNumId/@w:val')[0]}]/w:lvl[@w:ilvl={level}]"
        (kind,), (text,) = root.xpath(f"{form}/w:numFmt/@w:val"), root.xpath(f"{form}/w:lvlText/@w:val")
        start = entry.xpath(f"w:lvlOverride[@w:ilvl={level}]/w:startOverride/@w:val")
        rows.append((paragraph.style.name, level, f"{kind} {text}", start[0] if start else None))
    return rows


def test_list_items_number_themselves() -> None:
    listed = [item("a", "1."), item("b", "2."), item("c", "(d)", 2), item("d", "(e)", 2), item("e", "•", 3)]
    assert numbering(opened(*listed)) == [
        ("List Number", 0, "decimal %1.", "1"),
        ("List Number", 0, "decimal %1.", "1"),
        ("List Number 2", 1, "lowerLetter (%2)", "4"),
        ("List Number 2", 1, "lowerLetter (%2)", "4"),
        ("List Bullet 3", 2, "bullet ▪", None),
    ]


def test_a_jump_of_numbers_and_another_list_number_anew() -> None:
    listed = [*items("1.", "3."), block("text"), *items("1.")]
    ids = [it._p.pPr.numPr.numId.val for it in opened(*listed).paragraphs if it._p.pPr.numPr is not None]
    assert len(set(ids)) == 3


def test_checkboxes_and_other_markers_are_text() -> None:
    found = opened(item("milk", "☐", ticked=False), item("eggs", "☑", ticked=True), item("Costs", "§ 3"))
    assert [it.text for it in found.paragraphs] == ["☐\tmilk", "☑\teggs", "§ 3\tCosts"]


def test_tables_have_merged_cells_and_repeated_header_rows() -> None:
    (found,) = opened(SPANS).tables
    assert [[cell.text for cell in row.cells] for row in found.rows] == [
        ["Name", "Years", "Years"],
        ["Name", "2019", "2020"],
        ["Apples", "", "3.60"],
    ]
    assert [row._tr.xpath("w:trPr/w:tblHeader") != [] for row in found.rows] == [True, True, False]
    assert found.style is not None
    assert found.style.name == "Table Grid"


def test_marks_of_notes_are_raised() -> None:
    first, second = opened(block("It was1 so."), note("First", "1")).paragraphs
    assert [(run.text, run.font.superscript) for run in first.runs] == [
        ("It was", None),
        ("1", True),
        (" so.", None),
    ]
    assert (second.text, second.runs[0].font.superscript) == ("1 First", True)


def test_properties_of_paragraphs_are_in_the_order_of_the_schema() -> None:
    order = ["pStyle", "pageBreakBefore", "numPr", "bidi", "spacing", "ind"]
    pages = (page_of(SPANS, item("שלום", "1.")), page_of(item("שלום", "§ 3"), number=2))
    body = read_docx(written(document(*pages)))
    for properties in body.iter(f"{WORD}pPr"):
        names = [it.tag.removeprefix(WORD) for it in properties]
        assert names == sorted(names, key=order.index)
