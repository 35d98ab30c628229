"""EPUB books: valid packages with contents, pages and notes."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import pytest

from ocrdesk.contract.document import Document
from ocrdesk.export.packages import epub
from tests.helpers.export_readers import Book, Element, read_epub
from tests.helpers.sample_pages import NASTY, block, coded, document, failed, page, page_with_header_and_footer, row
from tests.helpers.structured_pages import SPANS, heading, item, note, page_of


def written(found: Document) -> bytes:
    out = io.BytesIO()
    epub.write(found.head, iter(found.pages), out)
    return out.getvalue()


def read(*pages: object, file_name: str = "scan.pdf") -> Book:
    return read_epub(written(document(*pages, file_name=file_name)))  # type: ignore[arg-type]


def contents(book: Book) -> list[object]:
    """Return the table of contents as nested lists of texts."""
    return _entries(book.contents.xpath("//*[@role='doc-toc']/*[local-name()='ol']")[0])


def _entries(found: Element) -> list[object]:
    entries: list[object] = []
    for entry in found:
        entries.append(entry[0].text)
        entries += [_entries(inner) for inner in entry[1:]]
    return entries


def test_headings_are_the_contents() -> None:
    pages = (page_of(heading("One"), heading("A", 2), heading("Deep", 5)), page_of(heading("Two"), number=2))
    assert contents(read(*pages)) == ["One", ["A", ["Deep"]], "Two"]


def test_a_book_that_begins_with_a_lower_heading_has_contents_too() -> None:
    assert contents(read(page_of(heading("Part", 3), heading("Title", 1), heading("Next", 2)))) == [
        "Part",
        "Title",
        ["Next"],
    ]


def test_without_headings_the_pages_are_the_contents() -> None:
    book = read(page_of(block("one")), page_of(block("two"), number=7))
    assert contents(book) == ["1", "7"]
    assert book.contents.xpath("//*[@role='doc-pagelist']//*[local-name()='a']/text()") == ["1", "7"]


def test_large_books_have_several_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(epub, "_CHAPTER_CHARACTERS", 1)
    pages = [
        page_of(heading(f"Page {n}"), block(f"It{n} was so."), note("A note", f"{n}"), number=n) for n in (1, 2, 3)
    ]
    book = read(*pages)
    assert len(book.chapters) == 3
    assert contents(book) == ["Page 1", "Page 2", "Page 3"]


def test_title_language_and_direction_are_in_the_package() -> None:
    book = read(page_of(block("שלום עולם"), languages=("heb",)), file_name='"<b>&.pdf')
    names = {"o": "http://www.idpf.org/2007/opf", "d": "http://purl.org/dc/elements/1.1/"}
    assert book.package.findtext(".//d:title", namespaces=names) == '"<b>&.pdf'
    assert book.package.findtext(".//d:language", namespaces=names) == "he"
    assert book.package.xpath("//o:spine/@page-progression-direction", namespaces=names) == ["rtl"]


def test_a_job_has_the_same_identifier_again() -> None:
    names = {"d": "http://purl.org/dc/elements/1.1/"}
    first, second = (read(page()).package.findtext(".//d:identifier", namespaces=names) for _ in range(2))
    assert first == second


def test_a_document_of_nothing_is_a_book() -> None:
    assert contents(read()) == ["scan.pdf"]


def test_the_books_checker_finds_no_errors(tmp_path: Path) -> None:
    checker = shutil.which("epubcheck")
    if checker is None:
        pytest.skip("epubcheck is not on the PATH")
    pages = (
        page_of(heading("Title"), item("x", "(a)"), item("y", "☐", ticked=False), SPANS, row(NASTY)),
        page_of(block("It was1 so."), note("A note", "1"), number=2),
        page_with_header_and_footer(3),
        coded("x", number=4),
        failed(5),
    )
    (tmp_path / "it.epub").write_bytes(written(document(*pages)))
    done = subprocess.run([checker, str(tmp_path / "it.epub")], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
