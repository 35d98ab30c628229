"""Parts become a table without empty rows and columns, and no word is lost."""

from __future__ import annotations

from ocrdesk.layout.tables.assembly import Part, assembled
from ocrdesk.layout.tables.model import TableWord
from tests.helpers.sample_pages import word


def part(index: int, row: int, first: int, *, last_row: int | None = None, last: int | None = None) -> Part:
    found = [TableWord(index, index, word(f"w{index}", 100 * first, 100 * row))]
    return Part(row, row if last_row is None else last_row, first, first if last is None else last, found)


def test_empty_rows_and_columns_are_left_out() -> None:
    table = assembled([part(0, 0, 0), part(1, 0, 5), part(2, 7, 0), part(3, 7, 5)], 1, 0.9)
    assert table is not None
    assert (table.row_count, table.column_count, table.header_rows) == (2, 2, 1)
    assert table.confidence == 0.9


def test_parts_at_one_place_are_one_cell() -> None:
    wide = part(0, 0, 0, last_row=1, last=1)
    table = assembled([wide, part(1, 1, 1), part(2, 0, 0), part(3, 2, 1)], 0, 0.9)
    assert table is not None
    assert sorted(index for cell in table.cells for index in cell.words) == [0, 1, 2, 3]


def test_empty_cells_make_a_table_less_certain() -> None:
    table = assembled([part(0, 0, 0), part(1, 1, 1)], 0, 0.9)
    assert table is not None
    assert table.confidence < 0.8


def test_one_row_or_one_column_is_no_table() -> None:
    assert assembled([part(0, 0, 0), part(1, 0, 1)], 0, 0.9) is None
    assert assembled([part(0, 0, 0), part(1, 1, 0)], 0, 0.9) is None


def test_a_table_with_more_places_than_a_document_may_hold_is_none() -> None:
    assert assembled([part(at, at, at % 2) for at in range(10_001)], 0, 0.9) is None
    assert assembled([part(at, at % 2, at) for at in range(501)], 0, 0.9) is None
