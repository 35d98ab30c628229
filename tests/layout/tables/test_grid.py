"""Columns are found between words, and cells are filled."""

from __future__ import annotations

from ocrdesk.layout.tables.grid import fill_cells, find_gutters, merge_sparse_columns, split_at_gutter
from ocrdesk.layout.tables.model import Cells, Row, Scale, Segment, TableWord, cell_text
from tests.helpers.sample_pages import HEIGHT, LETTER, line

SCALE = Scale(HEIGHT, LETTER)


def rows_of(text: str) -> list[Row]:
    """Return rows as they look in a monospaced font; three spaces or more separate segments."""
    rows: list[Row] = []
    index = 0
    for number, shown in enumerate(text.strip("\n").split("\n")):
        row: list[list[TableWord]] = []
        for found in line(shown, 0, 60 * number).words:
            if not row or found.box.left - row[-1][-1].box.right >= 3 * LETTER:
                row.append([])
            row[-1].append(TableWord(index, number, found))
            index += 1
        rows.append([Segment.of(words) for words in row])
    return rows


def texts(grid: list[Cells]) -> list[list[str]]:
    return [[cell_text(cell) for cell in cells] for cells in grid]


PRICES = """
Item            Quantity      Price
Apples                12       3.60
Pears                  4       2.20
Quinces                1      10.00
"""


def test_gutters_are_the_straight_gaps_below_the_heads() -> None:
    gutters = find_gutters(rows_of(PRICES), SCALE)
    assert gutters == [(7 * LETTER, 22 * LETTER), (24 * LETTER, 30 * LETTER)]


def test_heads_over_several_columns_hide_no_gutter() -> None:
    rows = rows_of("""
             2023 and before     2024
           low   high        low   high
Alpha       12     34         56     78
Beta        11     33         55     77
""")
    assert len(find_gutters(rows, SCALE)) == 4


def test_cells_are_filled_between_gutters() -> None:
    rows = rows_of(PRICES)
    assert texts(fill_cells(rows, find_gutters(rows, SCALE), SCALE))[:2] == [
        ["Item", "Quantity", "Price"],
        ["Apples", "12", "3.60"],
    ]


def test_a_heading_over_two_columns_stays_whole_in_the_first() -> None:
    rows = rows_of("Two columns of one  heading over both\n" + PRICES.strip("\n"))
    filled = texts(fill_cells(rows, [(7 * LETTER, 16 * LETTER), (24 * LETTER, 30 * LETTER)], SCALE))
    assert filled[0] == ["Two columns of one heading over both", "", ""]
    assert filled[2] == ["Apples", "12", "3.60"]


def test_an_overhanging_heading_makes_no_column() -> None:
    rows = rows_of("""
A          1          heading
B          2
C          3
D          4
E          5
""")
    assert len(find_gutters(rows, SCALE)) == 1


def test_text_without_straight_gaps_has_no_gutters() -> None:
    rows = rows_of("""
one     two three     four
five six     seven eight
nine ten eleven     twelve
""")
    assert find_gutters(rows, SCALE) == []


def test_a_column_of_hardly_any_cells_is_merged_with_the_one_before() -> None:
    rows = rows_of("""
Apples     12     a
Pears      4
Plums      7
Figs       9
Nuts       3
Dates      2
""")
    gutters = [(7 * LETTER, 11 * LETTER), (13 * LETTER, 18 * LETTER)]
    grid = fill_cells(rows, gutters, SCALE)
    assert {len(cells) for cells in grid} == {3}
    merged, left = merge_sparse_columns(grid, gutters)
    assert texts(merged)[0] == ["Apples", "12 a"]
    assert left == gutters[:1]


def test_a_column_of_units_is_merged_with_its_numbers_unless_it_has_a_head() -> None:
    body = "".join(f"\n{age} years     {count}" for age, count in enumerate((2468, 2375, 2325, 2237), 40))
    gutters = [(2 * LETTER, 3 * LETTER), (8 * LETTER, 13 * LETTER)]
    for head, expected in (("", ["40 years", "2468"]), ("Age Unit     Count", ["40", "years", "2468"])):
        grid = [[[word] for segment in row for word in segment.words] for row in rows_of(head + body)]
        merged, left = merge_sparse_columns(grid, gutters)
        assert texts(merged)[-4] == expected
        assert len(left) == len(expected) - 1


def test_rows_that_are_no_table_are_split_at_the_gutter_beside_prose() -> None:
    prose = ["the report of the mayor was", "read aloud to all those who", "came to the hall that night"]
    rows = rows_of(
        "\n".join(f"{left}     {name:<12}{at}" for at, (left, name) in enumerate(zip(prose, "abc", strict=True)))
    )
    gutters = find_gutters(rows, SCALE)
    assert len(gutters) == 2
    left, right = split_at_gutter(rows, gutters, SCALE)
    assert [" ".join(found.word.text for found in segment.words) for segment in left] == prose
    assert {found.word.text for segment in right for found in segment.words} == {*"abc", *"012"}
