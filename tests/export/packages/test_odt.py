"""OpenDocument texts: headings, lists, tables and notes, with styles that exist."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from ocrdesk.contract.document import Block, Document
from ocrdesk.contract.structure import BlockRole
from ocrdesk.export.packages import odt
from tests.helpers.export_readers import ODF, Element, read_odt
from tests.helpers.sample_pages import block, coded, document, failed, page
from tests.helpers.structured_pages import SPANS, heading, item, items, note, page_of, part


def written(found: Document) -> bytes:
    out = io.BytesIO()
    odt.write(found.head, iter(found.pages), out)
    return out.getvalue()


def text_of(*blocks: Block) -> Element:
    return read_odt(written(document(page_of(*blocks))))


def texts(element: Element, path: str) -> list[str]:
    return ["".join(found.itertext()).strip() for found in element.xpath(path, namespaces=ODF)]


def values(element: Element, path: str) -> list[str]:
    return [str(value) for value in element.xpath(path, namespaces=ODF)]


def test_headings_have_their_level() -> None:
    found = text_of(heading("Title"), heading("Part", 6), block("te-", "xt"))
    assert texts(found, "text:h") == ["Title", "Part"]
    assert values(found, "text:h/@text:outline-level") == ["1", "6"]
    assert texts(found, "text:p") == ["text"]


def test_lists_are_nested_and_numbered() -> None:
    found = text_of(item("one", "•"), item("two", "(b)", 2), item("three", "(c)", 2), item("four", "(f)", 2))
    assert texts(found, "text:list/text:list-item/text:p") == ["one"]
    assert texts(found, "text:list/text:list-item/text:list/text:list-item") == ["two", "three", "four"]
    assert values(found, "//text:list-item/@text:start-value") == ["2", "6"]


def test_other_markers_and_checkboxes_are_text() -> None:
    found = text_of(*items("§ 3"), item("milk", "☐", ticked=False), item("eggs", "☑", ticked=True))
    assert texts(found, "//text:list-item") == ["§ 3 text", "☐ milk", "☑ eggs"]


def test_tables_have_header_rows_and_covered_cells() -> None:
    (found,) = text_of(SPANS).xpath("table:table", namespaces=ODF)
    assert len(found.xpath("table:table-header-rows/table:table-row", namespaces=ODF)) == 2
    kinds = [[cell.tag.rpartition("}")[2] for cell in row] for row in found.xpath(".//table:table-row", namespaces=ODF)]
    cell, covered = "table-cell", "covered-table-cell"
    assert kinds == [[cell, cell, covered], [covered, cell, cell], [cell, cell, cell]]
    assert values(found, "//@table:number-rows-spanned | //@table:number-columns-spanned") == ["2", "2"]
    assert texts(found, ".//text:p") == ["Name", "Years", "2019", "2020", "Apples", "3.60"]


def test_notes_are_footnotes_where_their_mark_is() -> None:
    found = text_of(block("It was1 so."), note("First", "1"), note("No mark", "7"))
    (footnote,) = found.xpath("text:p/text:note", namespaces=ODF)
    assert texts(footnote, "text:note-citation | text:note-body") == ["1", "First"]
    assert footnote.tail == " so."
    assert texts(found, "text:p")[1] == "7 No mark"


def test_code_keeps_its_white_space_and_verse_its_lines() -> None:
    code, verse = text_of(part(BlockRole.CODE, "f():", "    x"), part(BlockRole.VERSE, "one", "two"))
    assert values(code, "text:s/@text:c") == ["4"]
    assert [len(it.xpath("text:line-break", namespaces=ODF)) for it in (code, verse)] == [1, 1]


def test_each_page_begins_on_a_new_page() -> None:
    pages = (page_of(block("one")), page(number=2), page_of(SPANS, number=3), failed(4), coded("x", number=5))
    found = read_odt(written(document(*pages)))
    breaks = [it for it in found.iter() if (it.get(f"{{{ODF['text']}}}style-name") or "").endswith("_Page")]
    assert len(breaks) == 4
    assert texts(found, "text:p")[-1] == "QRCode: x"


def test_libreoffice_reads_it(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: soffice is not on the PATH")
    found = document(page_of(heading("Title"), *items("1.", "2."), SPANS, block("It was1 so."), note("First", "1")))
    (tmp_path / "it.odt").write_bytes(written(found))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "it.odt")], check=True, capture_output=True, timeout=150)
    text = (tmp_path / "it.txt").read_text("utf-8-sig")
    assert [part for part in ("Title", "Apples", "3.60", "It was") if part not in text] == []


def test_paragraphs_have_their_direction() -> None:
    found = written(document(page_of(block("שלום עולם"), block("Hello"), languages=("heb",))))
    names = values(read_odt(found), "text:p/@text:style-name")
    with zipfile.ZipFile(io.BytesIO(found)) as package:
        styles = etree.fromstring(package.read("styles.xml"))
    modes = [
        values(styles, f"//style:style[@style:name='{name}']/style:paragraph-properties/@style:writing-mode")
        for name in names
    ]
    assert modes == [["rl-tb"], []]
    assert values(styles, "//style:default-style/style:paragraph-properties/@style:writing-mode") == ["lr-tb"]
