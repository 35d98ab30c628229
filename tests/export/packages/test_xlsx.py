"""Excel workbooks: the tables, as another library reads them."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook

from ocrdesk.contract.document import Document
from ocrdesk.export.packages import xlsx
from tests.helpers.export_readers import read_xlsx
from tests.helpers.sample_pages import NASTY, PRICES, PRICES_ROWS, block, document, failed, page
from tests.helpers.structured_pages import SPANS, page_of, table


def read(found: Document) -> Workbook:
    out = io.BytesIO()
    xlsx.write(found.head, iter(found.pages), out)
    return read_xlsx(out.getvalue())


def cells(*texts: str, languages: tuple[str, ...] = ("eng",)) -> list[object]:
    """Return what a workbook has for these cells of one row, below a header."""
    made = [(1, number, 1, 1, text) for number, text in enumerate(texts)]
    whole = table(made, rows=2, columns=len(texts))
    (sheet,) = read(document(page_of(whole, languages=languages)))
    return [cell.value for cell in sheet[2]]


def test_each_table_is_a_sheet_named_by_page_and_number() -> None:
    pages = (page_of(SPANS, SPANS), page_of(block("text"), number=2), page_of(SPANS, number=12))
    assert read(document(*pages)).sheetnames == ["Page 1, table 1", "Page 1, table 2", "Page 12, table 1"]


def test_a_table_that_is_found_is_the_one_of_the_page() -> None:
    (sheet,) = read(document(PRICES))
    rows = [[cell.value for cell in row] for row in sheet]
    assert rows[0] == list(PRICES_ROWS[0])
    assert rows[1] == ["Apples", 12, 3.6]
    assert sheet.cell(2, 3).number_format == "0.00"


def test_cells_that_span_are_merged_and_heads_are_bold_and_frozen() -> None:
    (sheet,) = read(document(page_of(SPANS)))
    assert {str(merged) for merged in sheet.merged_cells.ranges} == {"A1:A2", "B1:C1"}
    assert sheet.freeze_panes == "A3"
    assert [sheet.cell(row, 1).font.bold for row in (1, 3)] == [True, False]
    assert [[cell.value for cell in row] for row in sheet] == [
        ["Name", "Years", None],
        [None, "2019", "2020"],
        ["Apples", None, 3.6],
    ]


def test_a_table_without_a_head_has_nothing_frozen() -> None:
    (sheet,) = read(document(page_of(table([(0, 0, 1, 1, "a")], rows=1, columns=1, header_rows=0))))
    assert sheet.freeze_panes is None


def test_numbers_are_those_of_the_pages_language() -> None:
    assert cells("3.60", "3,60", "1.234", languages=("eng",)) == [3.6, "3,60", 1.234]
    assert cells("3.60", "3,60", "1.234", languages=("deu",)) == ["3.60", 3.6, "1.234"]


def test_texts_stay_texts() -> None:
    kept = ["007", "+49", "5%", "$5.00", "1,000", "12345678901234567890", "TRUE", "#N/A", "2026-11-30", "'a", "1e5"]
    assert cells(*kept) == kept


@pytest.mark.parametrize(
    "text", ["=1+1", "@SUM(A1)", "+cmd|'/C'!A0", "-2+3", "{=1}", "http://example.org", "mailto:a@b"]
)
def test_nothing_is_a_formula_or_a_link(text: str) -> None:
    assert cells(text) == [text]


def test_hostile_texts_are_kept_as_far_as_xml_can() -> None:
    texts = [text for text in NASTY if text.isprintable() and " " not in text]
    assert cells(*texts, "_x000D_") == [*texts, "_x000D_"]
    assert cells("a\x00b\x0bc\x1f", "\ufffe!") == ["a b c", "!"]


def test_a_text_that_is_too_long_ends_where_excel_ends_it() -> None:
    (found,) = cells("x" * 40_000)
    assert found == "x" * 32_767


def test_a_table_from_right_to_left_is_a_sheet_from_right_to_left() -> None:
    (sheet,) = read(document(page_of(table([(0, 0, 1, 1, "שלום")], rows=1, columns=1))))
    assert sheet.sheet_view.rightToLeft


def test_columns_are_as_wide_as_their_texts() -> None:
    (sheet,) = read(document(page_of(table([(0, 0, 1, 1, "x" * 30), (0, 1, 1, 1, "y")], rows=1, columns=2))))
    widths = [sheet.column_dimensions[name].width for name in "AB"]
    assert widths[0] > 30 > widths[1]


def test_a_document_without_tables_is_a_workbook_that_says_so() -> None:
    assert read(document(page(block("text")), failed(2))).sheetnames == ["No tables"]


def test_the_last_sheet_says_how_many_tables_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "_MAX_SHEETS", 2)
    book = read(document(page_of(SPANS, SPANS, SPANS, SPANS)))
    assert book.sheetnames[2:] == ["Tables left out"]
    assert book["Tables left out"]["A1"].value == "2 more tables are not in this file."


def test_the_largest_table_of_the_contract_is_written() -> None:
    made = [(row, 0, 1, 1, "1") for row in range(10_000)]
    (sheet,) = read(document(page_of(table(made, rows=10_000, columns=20))))
    assert (sheet.max_row, sheet.cell(10_000, 1).value) == (10_000, 1)
