"""Tables for writers: their places, and tables that are mostly empty."""

from __future__ import annotations

from ocrdesk.export.table_texts import cell_texts, table_text, text_rows, with_covered
from tests.helpers.sample_pages import block
from tests.helpers.structured_pages import SPANS, table


def test_places_are_those_that_no_other_cell_covers() -> None:
    found = table_text(SPANS)
    assert found is not None
    assert [[cell and cell.text for cell in row] for row in found.places] == [
        ["Name", "Years"],
        ["2019", "2020"],
        ["Apples", None, "3.60"],
    ]
    assert (found.columns, found.header_rows, found.is_rtl) == (3, 2, False)


def test_covered_places_have_the_cell_that_covers_them() -> None:
    found = table_text(SPANS)
    assert found is not None
    assert [[cell and cell.text for cell in row] for row in with_covered(found)] == [
        ["Name", "Years", "Years"],
        ["Name", "2019", "2020"],
        ["Apples", None, "3.60"],
    ]


def test_empty_rows_of_a_form_stay() -> None:
    form = table([(0, 0, 1, 1, "Name"), (0, 1, 1, 1, "Age")], rows=4, columns=2)
    assert text_rows(form) == [["Name", "Age"], ["", ""], ["", ""], ["", ""]]


def test_a_large_table_without_cells_in_most_places_loses_them() -> None:
    cells = [(0, 0, 1, 500, "Title"), (2, 0, 300, 1, "a"), (2, 400, 1, 1, "b"), (350, 400, 2, 1, "c")]
    sparse = table(cells, rows=400, columns=500)
    assert text_rows(sparse) == [["Title", ""], ["a", "b"], ["", "c"]]
    found = table_text(sparse)
    assert found is not None
    spans = [(it.cell.row_span, it.cell.column_span) for row in found.places for it in row if it]
    assert spans == [(1, 2), (1, 1), (1, 1), (1, 1)]


def test_lines_of_a_cell_are_joined_and_lines_without_one_are_left_out() -> None:
    whole = table([(0, 0, 1, 1, "wrap-")], rows=1, columns=1)
    more = block("ped", "outside").lines
    lines = (*whole.lines, more[0].model_copy(update={"cell": 0}), more[1])
    assert [found.text for found in cell_texts(whole.model_copy(update={"lines": lines}))] == ["wrapped"]


def test_a_block_without_cells_is_no_table() -> None:
    assert table_text(block("text")) is None
    assert table_text(table([], rows=3, columns=3)) is None
    assert text_rows(block("text")) == []
