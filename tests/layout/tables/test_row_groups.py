"""Lines of text become rows: a line that continues a cell is no row of its own."""

from __future__ import annotations

from ocrdesk.layout.tables.columns import Columns, text_lines
from ocrdesk.layout.tables.model import Scale, TableWord
from ocrdesk.layout.tables.row_groups import group_rows, numeric_columns
from ocrdesk.layout.tables.text_lines import TextLine
from tests.helpers.sample_pages import HEIGHT, LETTER, line

SCALE = Scale(HEIGHT, LETTER)
COLUMNS = Columns(0, [(24 * LETTER, 29 * LETTER)], 60 * LETTER)


def lines_of(*texts: tuple[str, str, int]) -> list[TextLine]:
    """Return lines of a label, a value, and the top in pixels; the value begins at letter 30."""
    words = []
    for number, (label, value, top) in enumerate(texts):
        shown = f"{label:<30}{value}"
        words += [TableWord(10 * number + at, number, word) for at, word in enumerate(line(shown, 0, top).words)]
    return text_lines(words, COLUMNS, SCALE)


def rows(*texts: tuple[str, str, int]) -> list[str]:
    lines = lines_of(*texts)
    groups = group_rows(lines, numeric_columns(lines, COLUMNS.count))
    return [" / ".join(part.text for part in group) for group in groups]


def test_each_full_line_is_a_row() -> None:
    assert rows(("Alpha", "12", 0), ("Beta", "13", 40), ("Gamma", "14", 80)) == ["Alpha 12", "Beta 13", "Gamma 14"]


def test_lower_case_continues_the_label() -> None:
    assert rows(("Income of every single", "12", 0), ("household", "", 40), ("Other", "13", 80)) == [
        "Income of every single 12 / household",
        "Other 13",
    ]


def test_a_label_may_end_beside_its_value() -> None:
    assert rows(("Mortality by cause and", "", 0), ("by state", "12", 40), ("Other", "13", 80)) == [
        "Mortality by cause and / by state 12",
        "Other 13",
    ]


def test_a_heading_is_a_row() -> None:
    assert rows(("Sex", "", 0), ("Male", "12", 40), ("Female", "13", 80)) == ["Sex", "Male 12", "Female 13"]


def test_a_much_nearer_line_continues_the_row() -> None:
    assert rows(("American Indian Alaskan", "12", 0), ("Native people everywhere", "", 33), ("White", "13", 120)) == [
        "American Indian Alaskan 12 / Native people everywhere",
        "White 13",
    ]


def test_a_value_beside_the_middle_of_a_label_is_in_its_row() -> None:
    assert rows(("Household income", "", 0), ("", "12", 18), ("in all states", "", 36), ("Other", "13", 100)) == [
        "Household income 12 / in all states",
        "Other 13",
    ]


def test_columns_of_numbers_are_numeric() -> None:
    found = lines_of(("Alpha", "12", 0), ("Beta", "-", 40), ("Gamma", "14.5", 80))
    assert numeric_columns(found, COLUMNS.count) == {1}


def test_amounts_below_each_other_are_rows_although_their_boxes_overlap() -> None:
    assert rows(("Total", "11.32", 0), ("Cash", "12.00", 20), ("Change", "0.68", 60)) == [
        "Total 11.32",
        "Cash 12.00",
        "Change 0.68",
    ]
