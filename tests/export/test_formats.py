"""The registry of formats: each is described, streams its output, and can write any page."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ocrdesk.contract.document import Box, Document, Line, Page
from ocrdesk.contract.jobs import EngineName, ResultFormat
from ocrdesk.contract.media_types import MediaType
from ocrdesk.export.formats import FORMATS
from ocrdesk.export.package_names import PACKAGE_FORMATS
from ocrdesk.export.xml_text import legal
from ocrdesk.layout.line_joining import one_line
from ocrdesk_worker.engines.languages.tessdata import collect
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.pipeline.page import read_page
from ocrdesk_worker.render.open_file import open_source
from tests.helpers.any_records import documents
from tests.helpers.export_readers import (
    ALTO,
    docx_paragraphs,
    docx_tables,
    hocr_box,
    hocr_elements,
    read_alto,
    read_csv,
    read_docx,
    read_epub,
    read_hocr,
    read_html,
    read_markdown,
    read_odt,
    read_tsv,
    read_xlsx,
)
from tests.helpers.long_form import LONG_TESTS
from tests.helpers.sample_pages import NASTY, PRICES, block, document, failed, page, row

READERS: dict[ResultFormat, Callable[[str], object]] = {
    ResultFormat.TEXT: str,
    ResultFormat.JSON: Document.model_validate_json,
    ResultFormat.HOCR: read_hocr,
    ResultFormat.ALTO: read_alto,
    ResultFormat.TSV: read_tsv,
    ResultFormat.MD: read_markdown,
    ResultFormat.HTML: read_html,
    ResultFormat.CSV: read_csv,
}
PACKAGES: dict[ResultFormat, Callable[[bytes], object]] = {
    ResultFormat.DOCX: read_docx,
    ResultFormat.ODT: read_odt,
    ResultFormat.EPUB: read_epub,
    ResultFormat.XLSX: read_xlsx,
}
STREAMED = [form for form, found in FORMATS.items() if not found.is_made_in_worker]


def written(form: ResultFormat, found: Document) -> str:
    write = FORMATS[form].write
    assert write is not None
    return "".join(write(found.head, iter(found.pages)))


def packed(form: ResultFormat, found: Document) -> bytes:
    out = io.BytesIO()
    import_module(f"ocrdesk.export.packages.{form}").write(found.head, iter(found.pages), out)
    return out.getvalue()


# ── the registry ─────────────────────────────────────────────────────────────────────────────────


def test_every_format_is_in_it() -> None:
    assert list(FORMATS) == list(ResultFormat)
    made = [form for form in ResultFormat if FORMATS[form].is_made_in_worker]
    assert made == [*PACKAGE_FORMATS, ResultFormat.PDF]
    assert set(READERS) == set(STREAMED)


def test_no_two_share_an_ending_a_media_type_or_a_name() -> None:
    for names in zip(*[(found.suffix, found.media_type, found.label) for found in FORMATS.values()], strict=True):
        assert len(set(names)) == len(FORMATS)


def test_texts_name_their_encoding() -> None:
    for found in FORMATS.values():
        assert found.media_type.startswith("text/") == found.media_type.endswith("; charset=utf-8")
        assert found.suffix.startswith(".")


# ── streaming ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", STREAMED)
def test_pages_are_pulled_one_by_one(form: ResultFormat) -> None:
    """A page's output is written before the second page after it is requested: a book is never in memory as a whole."""
    pulled: list[int] = []
    out = io.StringIO()
    behind: list[int] = []

    def book() -> Iterator[Page]:
        for number in range(1, 21):
            # By now the words of all requested pages except the last one or two must be in the output.
            behind.append(len(pulled) - sum(f"Unique{seen}x" in out.getvalue() for seen in pulled))
            pulled.append(number)
            rows = [f"{name:<20}{12:>8}{3:>8}" for name in (f"Unique{number}x", "Pears", "Total")]
            yield page(block(*rows), number=number)

    write = FORMATS[form].write
    assert write is not None
    for part in write(document().head, book()):
        out.write(part)
    assert len(pulled) == 20
    assert max(behind) <= 1
    assert all(f"Unique{number}x" in out.getvalue() for number in pulled)


# ── unusual pages ────────────────────────────────────────────────────────────────────────────────

ODD: dict[str, tuple[Page, ...]] = {
    "no pages": (),
    "an empty page": (page(),),
    "failed pages alone": (failed(1), failed(2)),
    "a failed page between": (page(block("one")), failed(2, "<&> -- ]]> \x00"), page(block("three"), number=3)),
    "a blank block": (Page(number=1, width=10, height=10, blocks=(block("x").model_copy(update={"lines": ()}),)),),
    "a blank line": (page(block("x").model_copy(update={"lines": (Line(box=Box(0, 0, 1, 1), words=()),)})),),
    "words that break things": (page(row(NASTY)),),
    "a table of them": (page(*(row([*NASTY[at : at + 3], "1", "2"], top=100 + 60 * at) for at in range(9))),),
    "languages unknown": (page(block("x"), languages=("my_model", "script/Latin")),),
    "some pages of a file": (page(block("seven"), number=7), page(block("nine"), number=9)),
}


@pytest.mark.parametrize("pages", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("form", STREAMED)
def test_every_format_accepts_unusual_pages(form: ResultFormat, pages: tuple[Page, ...]) -> None:
    READERS[form](written(form, document(*pages, file_name='"<&>;\x01.pdf')))


@pytest.mark.parametrize("pages", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("form", PACKAGES)
def test_every_package_accepts_unusual_pages(form: ResultFormat, pages: tuple[Page, ...]) -> None:
    PACKAGES[form](packed(form, document(*pages, file_name='"<&>;\x01.pdf')))


@settings(
    max_examples=1000 if LONG_TESTS else 25,
    deadline=None,
    derandomize=not LONG_TESTS,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(documents(), st.booleans())
def test_any_document_is_valid_in_every_format_and_has_all_words(whole: Document, omits: bool) -> None:
    if omits:
        whole = whole.model_copy(update={"pages": tuple(page.omit_headers_footers() for page in whole.pages)})
    found = {form: READERS[form](written(form, whole)) for form in STREAMED}
    for form, read in PACKAGES.items():
        read(packed(form, whole))
    words = [word for page in whole.pages for word in page.words()]
    json: Any = found[ResultFormat.JSON]
    assert json.model_copy(update={"review": whole.review}) == whole
    tsv: Any = found[ResultFormat.TSV]
    rows = [row for row in tsv if row["level"] == "5"]
    assert [row["text"] for row in rows] == [one_line(word.text) for word in words]
    assert [float(row["conf"]) for row in rows] == [pytest.approx(100 * word.confidence, abs=0.01) for word in words]
    plain = [(legal(word.text), word.box) for word in words if legal(word.text)]
    hocr = hocr_elements(found[ResultFormat.HOCR], "ocrx_word")  # type: ignore[arg-type]
    assert [("".join(element.itertext()), Box(*hocr_box(element))) for element in hocr] == plain
    alto: Any = found[ResultFormat.ALTO]
    assert sorted(element.get("CONTENT") for element in alto.iter(f"{ALTO}String")) == sorted(text for text, _ in plain)
    text = str(found[ResultFormat.TEXT])
    assert text.count("\f") - sum("\f" in word.text for word in words) >= len(whole.pages) - 1 - len(words)
    assert letters(text) == letters("".join(word.text for word in words))


def letters(text: str) -> Counter[str]:
    """Count the letters and digits of a text, whose order depends on the format."""
    return Counter(letter for letter in text if letter.isalnum())


# ── a real scan through the real engine ──────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def scan(corpus: Path) -> Document:
    """Return a printed page with a table above running text, as Tesseract reads it."""
    engine = Engines(collect()).choose(EngineName.TESSERACT, ("eng",))
    source = open_source(corpus / "pages" / "image" / "table_09.png", MediaType.PNG)
    try:
        return document(read_page(source, 1, lambda: engine, ("eng",)), file_name="table_09.png")
    finally:
        source.close()


def test_a_real_scan_is_the_same_in_every_format(scan: Document) -> None:
    words = [found.text for found in scan.pages[0].words()]
    assert len(words) > 250
    hocr = hocr_elements(read_hocr(written(ResultFormat.HOCR, scan)), "ocrx_word")
    assert [found.text for found in hocr] == words
    alto = read_alto(written(ResultFormat.ALTO, scan)).iter(f"{ALTO}String")
    assert [found.get("CONTENT") for found in alto] == words
    assert [row["text"] for row in read_tsv(written(ResultFormat.TSV, scan)) if row["level"] == "5"] == words


def test_a_real_scans_table_is_found_and_its_text_is_no_table(scan: Document) -> None:
    (table,) = read_csv(written(ResultFormat.CSV, scan))
    assert table[0] == ["Variable", "Mean", "Max", "Min", "Std"]
    assert ["ADIR", "66.28", "210.00", "1.00", "51.08"] in table
    assert 21 <= len(table) <= 24
    markdown = read_markdown(written(ResultFormat.MD, scan))
    assert [list(map(list, found)) for found in markdown.tables] == [table]
    assert any("a variety of technological cost savings" in text for text in markdown.paragraphs)
    body = read_docx(packed(ResultFormat.DOCX, scan))
    assert docx_tables(body) == [table]
    assert [text for text in docx_paragraphs(body) if text] == list(markdown.paragraphs)


def test_real_prose_has_no_tables(corpus: Path) -> None:
    engine = Engines(collect()).choose(EngineName.TESSERACT, ("eng",))
    for name in ("singlecol_01.png", "filing_03.png"):
        source = open_source(corpus / "pages" / "image" / name, MediaType.PNG)
        found = document(read_page(source, 1, lambda: engine, ("eng",)))
        source.close()
        assert written(ResultFormat.CSV, found) == ""


def test_all_formats_with_tables_have_the_table_of_prices() -> None:
    whole = document(PRICES)
    assert len(read_csv(written(ResultFormat.CSV, whole))) == 1
    assert len(read_markdown(written(ResultFormat.MD, whole)).tables) == 1
    assert len(docx_tables(read_docx(packed(ResultFormat.DOCX, whole)))) == 1


def test_a_writer_does_not_touch_pages_before_it_is_asked() -> None:
    def broken() -> Iterable[Page]:
        raise AssertionError("pulled")
        yield  # pragma: no cover

    for form in STREAMED:
        write = FORMATS[form].write
        assert write is not None
        write(document().head, broken())
