"""CSV: only the tables, readable by any program, without formulas for a spreadsheet."""

from __future__ import annotations

import pytest

from ocrdesk.contract.document import Document
from ocrdesk.export.csv_tables import csv_tables
from tests.helpers.export_readers import read_csv
from tests.helpers.sample_pages import PRICES, PRICES_ROWS, block, document, failed, page


def written(found: Document) -> str:
    return "".join(csv_tables(found.head, found.pages))


def test_a_table_is_rows_of_cells() -> None:
    text = written(document(PRICES))
    assert text.startswith("Item,Quantity,Price\r\nApples,12,3.60\r\n")
    assert read_csv(text) == [[list(row) for row in PRICES_ROWS]]


def test_text_around_a_table_is_left_out() -> None:
    assert written(document(page(block("Above the table", top=10), *PRICES.blocks))) == written(document(PRICES))


def test_several_tables_are_parted_by_an_empty_line() -> None:
    below = block(
        "Place         Height     Depth", "Here             120        12", "There             80         9", top=2000
    )
    pages = (page(*PRICES.blocks, below), failed(2), page(*PRICES.blocks, number=3))
    text = written(document(*pages))
    assert [len(table) for table in read_csv(text)] == [5, 3, 5]
    assert text.count("\r\n\r\n") == 2
    assert "\r\n\r\n\r\n" not in text


def test_without_tables_there_is_nothing() -> None:
    prose = page(block("Just a line of text,", "and another one", "and a third"))
    assert written(document(prose, failed(2), page(number=3))) == written(document()) == ""


def cells(*column: str) -> list[str]:
    """Return what a spreadsheet shows of these cells, the first column of a table."""
    rows = [f"{text:<30}{number:>5}{number:>10}" for number, text in enumerate(("Heading", *column), 11)]
    (table,) = read_csv(written(document(page(block(*rows)))))
    return [row[0] for row in table[1:]]


def test_commas_quotes_and_scripts_survive() -> None:
    strange = ["Smith, John", 'the "best"', "a;b", "שלום", "文書", "𝔘𝔫𝔦", "'"]
    assert cells(*strange) == strange


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "=HYPERLINK(1)", "+cmd|'/C", "-cmd|x", "-2+3+cmd", "＝1"])
def test_formulas_are_disarmed(text: str) -> None:
    assert cells("a", text, "b") == ["a", f"'{text}", "b"]


@pytest.mark.parametrize("text", ["-3", "-3.5%", "+12,5", "-", "--", "–5", "-1.200,00", "+49 30 123456", "(3)"])
def test_numbers_with_signs_are_left_as_they_are(text: str) -> None:
    assert cells("a", text, "b") == ["a", text, "b"]
