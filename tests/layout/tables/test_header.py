"""The lines and rows that name columns, and the heads of several lines in them."""

from __future__ import annotations

import pytest

from ocrdesk.layout.tables.columns import Columns, header_lines, text_lines
from ocrdesk.layout.tables.header import HeaderCell, count_header_lines, count_header_rows, spread, stack_header
from ocrdesk.layout.tables.model import Scale, TableWord, cell_text
from ocrdesk.layout.tables.rules import Stroke
from tests.helpers.sample_pages import HEIGHT, LETTER, PITCH, line

SCALE = Scale(HEIGHT, LETTER)
COLUMNS = Columns(0, [(10 * LETTER, 15 * LETTER), (22 * LETTER, 25 * LETTER), (32 * LETTER, 35 * LETTER)], 42 * LETTER)


def words_of(text: str) -> list[TableWord]:
    found = []
    for number, shown in enumerate(text.strip("\n").split("\n")):
        for word in line(shown, 0, PITCH * number).words:
            found.append(TableWord(len(found), number, word))
    return found


def stacked(text: str, *strokes: Stroke) -> list[HeaderCell]:
    lines = header_lines(text_lines(words_of(text), COLUMNS, SCALE), COLUMNS, SCALE)
    return stack_header(spread(lines, strokes, COLUMNS))


def shown(cells: list[HeaderCell]) -> list[tuple[str, int, int, int]]:
    return [(cell_text(cell.words), cell.level, cell.first, cell.last) for cell in cells]


def test_lines_of_a_head_are_one_cell() -> None:
    assert shown(
        stacked("""
                Amount    borrowed
Country         in all    per head
""")
    ) == [("Amount in all", 0, 1, 1), ("borrowed per head", 0, 2, 2), ("Country", 0, 0, 0)]


def test_a_head_in_the_middle_over_others_is_over_them() -> None:
    assert shown(
        stacked("""
                     Both
                 low      high
""")
    ) == [("Both", 0, 1, 2), ("low", 1, 1, 1), ("high", 1, 2, 2)]


def test_a_line_below_a_head_reaches_over_its_columns() -> None:
    below = Stroke(HEIGHT + 10, 15 * LETTER, 42 * LETTER)
    (cell,) = stacked("                Year", below)
    assert (cell.first, cell.last) == (1, 3)


def test_the_header_ends_above_the_first_numbers() -> None:
    lines = text_lines(
        words_of("""
               2023      2024
Country         low      high
Alpha            12        13
Beta             14        15
"""),
        COLUMNS,
        SCALE,
    )
    assert count_header_lines(lines, frozenset({1, 2}), []) == 2
    assert count_header_lines(lines, frozenset(), [1]) == 1


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ([["", "low", "high"], ["A", "1", "2"], ["B", "3", "4"]], 1),
        ([["", "2023", "2024"], ["A", "1", "2"], ["B", "3", "4"]], 1),
        ([["", "both", ""], ["", "low", "high"], ["A", "1", "2"], ["B", "3", "4"]], 2),
        ([["A", "1", "2"], ["B", "3", "4"]], 0),
        ([["Item", "Text"], ["A", "one"], ["B", "two"]], 1),
    ],
    ids=["one row", "years", "two rows", "none", "words"],
)
def test_header_rows_are_above_the_first_row_of_numbers(rows: list[list[str]], count: int) -> None:
    cells = [[(column, column, text) for column, text in enumerate(row)] for row in rows]
    assert count_header_rows(cells, len(rows[0])) == count
