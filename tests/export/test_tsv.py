"""TSV: Tesseract's columns and levels, for programs that read Tesseract's files."""

from __future__ import annotations

from ocrdesk.contract.document import Document
from ocrdesk.export.tsv import tsv
from tests.helpers.export_readers import read_tsv
from tests.helpers.sample_pages import NASTY, block, document, failed, page, row


def rows_of(found: Document) -> list[dict[str, str]]:
    return read_tsv("".join(tsv(found.head, found.pages)))


def test_the_columns_are_tesseracts() -> None:
    heading = next(iter(tsv(document().head, ())))
    assert heading == (
        "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
    )


def test_each_level_has_its_row_and_numbers() -> None:
    rows = rows_of(document(page(block("Hello world", "again"), block("next"), number=2)))
    place = ("level", "page_num", "block_num", "par_num", "line_num", "word_num")
    assert [tuple(int(row[name]) for name in place) for row in rows] == [
        (1, 2, 0, 0, 0, 0),
        (2, 2, 1, 0, 0, 0),
        (3, 2, 1, 1, 0, 0),
        (4, 2, 1, 1, 1, 0),
        (5, 2, 1, 1, 1, 1),
        (5, 2, 1, 1, 1, 2),
        (4, 2, 1, 1, 2, 0),
        (5, 2, 1, 1, 2, 1),
        (2, 2, 2, 0, 0, 0),
        (3, 2, 2, 1, 0, 0),
        (4, 2, 2, 1, 1, 0),
        (5, 2, 2, 1, 1, 1),
    ]
    assert [row["text"] for row in rows if row["level"] == "5"] == ["Hello", "world", "again", "next"]


def test_words_have_confidence_and_place_and_others_minus_one() -> None:
    rows = rows_of(document(page(block("Hello", left=7, top=9))))
    assert [row["conf"] for row in rows] == ["-1", "-1", "-1", "-1", "90.00"]
    assert [rows[-1][name] for name in ("left", "top", "width", "height")] == ["7", "9", "100", "30"]


def test_pages_that_failed_are_a_row() -> None:
    rows = rows_of(document(failed(1), failed(2)))
    assert [(row["level"], row["page_num"], row["width"]) for row in rows] == [("1", "1", "0"), ("1", "2", "0")]


def test_nothing_in_a_word_breaks_a_row() -> None:
    found = rows_of(document(page(row(NASTY))))
    words = [row["text"] for row in found if row["level"] == "5"]
    assert {'"', "<b>\"&amp;'</b>", "a b c", "tab here", "two lines", "sep arated", "𝔘𝔫𝔦", "שלום"} <= set(words)
