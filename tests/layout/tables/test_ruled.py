"""Tables in ruling lines: every line between two cells counts, and missing ones make cells wider and higher."""

from __future__ import annotations

import pytest

from ocrdesk.contract.document import Page
from ocrdesk.contract.word_spacing import join_words
from ocrdesk.layout.page_marks import PageMarks
from ocrdesk.layout.tables.finder import find_tables
from ocrdesk.layout.tables.model import Table
from tests.helpers.ruled_pages import drawn


def table_of(text: str) -> tuple[Page, Table]:
    page, marks = drawn(text)
    (table,) = find_tables(page, marks)
    return page, table


def rows_of(page: Page, table: Table) -> list[list[str]]:
    words = list(page.words())
    grid = [[""] * table.column_count for _ in range(table.row_count)]
    for cell in table.cells:
        grid[cell.row][cell.column] = join_words([words[index] for index in cell.words])
    return grid


def rows(text: str) -> list[list[str]]:
    return rows_of(*table_of(text))


def spans(table: Table) -> dict[tuple[int, int], tuple[int, int]]:
    return {
        (cell.row, cell.column): (cell.row_span, cell.column_span)
        for cell in table.cells
        if cell.row_span > 1 or cell.column_span > 1
    }


def test_cells_are_between_lines() -> None:
    text = """
+--------------------+----------------+
| Level of income    | Share of all   |
+--------------------+----------------+
| Low income         | Less than half |
+--------------------+----------------+
| Upper income       | A fifth        |
+--------------------+----------------+
"""
    page, table = table_of(text)
    assert rows_of(page, table) == [
        ["Level of income", "Share of all"],
        ["Low income", "Less than half"],
        ["Upper income", "A fifth"],
    ]
    assert table.header_rows == 1
    assert table.confidence > 0.9
    assert all(cell.box is not None and cell.box.width > 300 for cell in table.cells)


def test_two_rows_in_a_frame_are_a_table() -> None:
    assert rows("""
+------+------+
| one  | two  |
+------+------+
| tree | four |
+------+------+
""") == [["one", "two"], ["tree", "four"]]


def test_lines_of_one_cell_are_one_cell() -> None:
    assert rows("""
+-----------+---------------------+
| Item      | Reason of change    |
+-----------+---------------------+
| Clarity   | Reported as not     |
|           | relevant by most    |
+-----------+---------------------+
| Range     | Many answer at the  |
|           | floor or ceiling    |
+-----------+---------------------+
""") == [
        ["Item", "Reason of change"],
        ["Clarity", "Reported as not relevant by most"],
        ["Range", "Many answer at the floor or ceiling"],
    ]


def test_numbers_on_each_line_are_rows() -> None:
    assert rows("""
+--------+-------+-------+
| Age    | First | Other |
+--------+-------+-------+
| three  |  1530 |  1029 |
| four   |  1253 |   855 |
| Total  |  2783 |  1884 |
+--------+-------+-------+
""") == [["Age", "First", "Other"], ["three", "1530", "1029"], ["four", "1253", "855"], ["Total", "2783", "1884"]]


def test_missing_lines_merge_cells() -> None:
    page, table = table_of("""
+--------+---------------+
| Name   | Savings       |
|        +-------+-------+
|        | speed | idle  |
+--------+-------+-------+
| one    |  5.9  | 17.4  |
+--------+-------+-------+
| two    |  2.4  |  2.7  |
+--------+-------+-------+
""")
    assert rows_of(page, table)[:2] == [["Name", "Savings", ""], ["", "speed", "idle"]]
    assert spans(table) == {(0, 0): (2, 1), (0, 1): (1, 2)}
    assert table.header_rows == 2


def test_outer_borders_may_be_missing() -> None:
    assert rows("""
          Finland |  EU
 ---------+-------+------
  1996    |  3.7  | 1.6
 ---------+-------+------
  2000    |  5.0  | 3.9
""") == [["", "Finland", "EU"], ["1996", "3.7", "1.6"], ["2000", "5.0", "3.9"]]


def test_labels_beside_the_lines_are_rows() -> None:
    assert rows("""
            +-------+-------+
 Category   | Total | Other |
 -----------+-------+-------+
 Salaries   |  1314 |   373 |
            +-------+-------+
 Travel     |   352 |    99 |
            +-------+-------+
 Rent       |    26 |    14 |
            +-------+-------+
 Total      |  1692 |   486 |
 -----------+-------+-------+
""")[1:] == [["Salaries", "1314", "373"], ["Travel", "352", "99"], ["Rent", "26", "14"], ["Total", "1692", "486"]]


def test_columns_of_numbers_need_no_line_between_them() -> None:
    page, table = table_of("""
+--------+-----------------+-----------------+
| Age    |      White      |      Other      |
|        |  Male   Female  |  Male   Female  |
+--------+-----------------+-----------------+
| young  |  1087     1022  |   292      255  |
| middle |  2586     2688  |   647      631  |
| old    |  3867     3576  |   935      938  |
+--------+-----------------+-----------------+
""")
    assert rows_of(page, table) == [
        ["Age", "White", "", "Other", ""],
        ["", "Male", "Female", "Male", "Female"],
        ["young", "1087", "1022", "292", "255"],
        ["middle", "2586", "2688", "647", "631"],
        ["old", "3867", "3576", "935", "938"],
    ]
    assert spans(table)[0, 1] == spans(table)[0, 3] == (1, 2)


def test_titles_and_notes_in_the_frame_are_no_rows() -> None:
    page, table = table_of("""
+---------------------------------+
| Exhibit 19 Schools by state     |
+----------------+-------+--------+
| Designation    | Named |  Other |
+----------------+-------+--------+
| Low            |   34% |     3% |
+----------------+-------+--------+
| High           |    2% |    18% |
+----------------+-------+--------+
| Note: All schools were asked.   |
+---------------------------------+
""")
    assert [row[0] for row in rows_of(page, table)] == ["Designation", "Low", "High"]
    assert len(table.members) == 9


def test_blank_lines_part_rows() -> None:
    assert rows("""
+----------+---------------------+------------------+
| Source   | Definition          | Examples         |
+----------+---------------------+------------------+
| Major    | emissions of ten    | factories and    |
|          | tons in a year      | refineries       |
|          |                     |                  |
| Area     | emissions of less   | cleaners and gas |
|          | than ten tons       | stations         |
+----------+---------------------+------------------+
""")[1:] == [
        ["Major", "emissions of ten tons in a year", "factories and refineries"],
        ["Area", "emissions of less than ten tons", "cleaners and gas stations"],
    ]


def test_each_word_is_in_one_cell() -> None:
    _, table = table_of("""
+--------+---------------+
| Name   | Savings       |
|        +-------+-------+
|        | speed | idle  |
+--------+-------+-------+
| one two three  | 17.4  |
+--------+-------+-------+
""")
    indexes = [index for cell in table.cells for index in cell.words]
    assert sorted(indexes) == sorted(set(indexes)) == sorted(table.members)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            """
+----------------------+
| A box with a text    |
| in it, and no other  |
+----------------------+
""",
            id="a box",
        ),
        pytest.param(
            """
+-----+-----+-----+-----+-----+-----+
|     |     | 30  |     |     |     |
+-----+-----+-----+-----+-----+-----+
|     |     |     |     |     |     |
+-----+-----+-----+-----+-----+-----+
|     |     |     |     |     | 49  |
+-----+-----+-----+-----+-----+-----+
|     |     |     |     |     |     |
+-----+-----+-----+-----+-----+-----+
|  8  |     |     |     |     |     |
+-----+-----+-----+-----+-----+-----+
""",
            id="a chart",
        ),
    ],
)
def test_other_frames_are_no_table(text: str) -> None:
    page, marks = drawn(text)
    assert find_tables(page, marks) == []


def test_a_page_without_lines_has_no_ruled_table() -> None:
    page, _ = drawn("one | two\n---------\nsix | ten")
    assert find_tables(page, PageMarks()) == []


# ── areas of one colour that touch ───────────────────────────────────────────────────────────────

SCORES = """
+----------------+------+------+------+------+
| 4 Easy         | 0.87 | 1.00 | 0.40 | 0.93 |
|                +------+------+      +------+
| 5 Normal       | 0.82 | 0.70 | 0.40 | 0.87 |
|                +------+      +------+------+
| 6 Challenge    | 0.90 | 0.70 | 0.20 | 0.60 |
+----------------+------+------+------+------+
"""


def test_numbers_in_a_cell_beside_rows_of_numbers_are_a_cell_for_each_row() -> None:
    assert rows(SCORES) == [
        ["4 Easy", "0.87", "1.00", "0.40", "0.93"],
        ["5 Normal", "0.82", "0.70", "0.40", "0.87"],
        ["6 Challenge", "0.90", "0.70", "0.20", "0.60"],
    ]


def test_labels_beside_rows_of_numbers_may_have_columns() -> None:
    wide = SCORES.replace("4 Easy         ", "14   Simple one").replace("5 Normal       ", "15   Many of it")
    found = rows(wide.replace("6 Challenge    ", "16   Novel kind"))
    assert [row[:2] for row in found] == [["14", "Simple one"], ["15", "Many of it"], ["16", "Novel kind"]]


def test_one_number_for_several_rows_is_one_cell() -> None:
    page, table = table_of("""
+-----------+------+------+
| Low       | 0.87 | 1.00 |
+-----------+------+      |
| High      | 0.82 |      |
+-----------+------+------+
| All       | 0.90 | 0.20 |
+-----------+------+------+
""")
    assert rows_of(page, table)[1][2] == ""
    assert spans(table) == {(0, 2): (2, 1)}


def test_a_wrapped_label_beside_rows_of_numbers_is_one_cell() -> None:
    page, table = table_of("""
+-----------+------+------+
| Group of  | 0.87 | 1.00 |
|           +------+------+
| patients  | 0.82 | 0.70 |
|           +------+------+
| at home   | 0.90 | 0.20 |
+-----------+------+------+
| Others    | 0.90 | 0.20 |
+-----------+------+------+
""")
    assert rows_of(page, table)[0][0] == "Group of patients at home"
    assert spans(table) == {(0, 0): (3, 1)}
