"""Text that only looks like a table is distinguished from a table by its columns' content."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ocrdesk.layout.tables.checks import is_prose, is_sparse, is_table
from ocrdesk.layout.tables.model import Cells, Column, Scale, TableWord
from tests.helpers.sample_pages import HEIGHT, LETTER, line

SCALE = Scale(HEIGHT, LETTER)
APART = 800


def grid_of(*rows: Sequence[str]) -> list[Cells]:
    """Return cells whose left edges are aligned; each row is one line of the engine."""
    return [
        [
            [TableWord(0, at, found) for found in line(text, APART * column, 60 * at).words] if text else []
            for column, text in enumerate(row)
        ]
        for at, row in enumerate(rows)
    ]


def column_of(*texts: str) -> Column:
    return Column.of(grid_of(*[(text,) for text in texts]), 0)


NAMES = ("Apples", "Pears", "Quinces", "Plums", "Figs")


def test_names_with_amounts_are_a_table() -> None:
    assert is_table(grid_of(*zip(NAMES, ("3.60", "2.20", "10.00", "7", "-"), strict=True)), SCALE)


def test_words_in_columns_are_a_table_if_its_rows_were_read_as_lines() -> None:
    grid = grid_of(*[(name, "ripe", "sweet") for name in NAMES])
    assert is_table(grid, SCALE)
    apart = [
        [[TableWord(0, 10 * at + column, found.word) for found in cell] for column, cell in enumerate(cells)]
        for at, cells in enumerate(grid)
    ]
    assert not is_table(apart, SCALE)


@pytest.mark.parametrize(
    "rows",
    [
        [("1.", "wash the apples"), ("2.", "peel them"), ("3.", "cook 20 minutes"), ("4.", "serve")],
        [("•", "3.60"), ("•", "2.20"), ("•", "10.00"), ("•", "7.10")],
        [("7", "12 men came"), ("8", "14 men went"), ("9", "15 stayed"), ("10", "none left")],
        [("Foreword", "3"), ("The bridge", "17"), ("The river", "120"), ("Index", "212")],
        [("One .....", "30"), ("Two .....", "17"), ("Three .....", "120"), ("Four .....", "45")],
        [("Apples", "3.60"), ("Pears", "2.20")],
        [("Apples", "red"), ("Pears", "green"), ("Plums", "blue"), ("Figs", "brown")],
        [("Apples", "3.60"), ("Pears", ""), ("Plums", ""), ("Figs", ""), ("Nuts", "2"), ("Dates", "")],
    ],
    ids=[
        "a numbered list",
        "bullets",
        "numbered lines",
        "contents",
        "contents with leaders",
        "two rows",
        "two columns of words",
        "hardly a full row",
    ],
)
def test_other_columns_are_no_table(rows: list[tuple[str, str]]) -> None:
    assert not is_table(grid_of(*rows), SCALE)


def test_labels_beside_other_text_and_the_same_labels_twice_are_a_form() -> None:
    beside = [("12 Mill Lane", "Date:", "12.05.2024"), ("Oldham", "File:", "1173"), ("England", "Fee:", "25.00")]
    twice = [(f"{label}:", "12", f"{label}:", "13") for label in ("Size", "Age", "Class")]
    assert not is_table(grid_of(*beside), SCALE)
    assert not is_table(grid_of(*twice), SCALE)


def test_columns_without_a_common_edge_are_no_table() -> None:
    rows = list(zip(NAMES, ("3.60", "2.20", "10.00", "7.10", "5.20"), strict=True))
    ragged = [
        [[TableWord(0, at, line(text, APART * column + 130 * at, 60 * at).words[0])] for column, text in enumerate(row)]
        for at, row in enumerate(rows)
    ]
    assert is_table(grid_of(*rows), SCALE)
    assert not is_table(ragged, SCALE)


def test_lines_of_sentences_are_prose() -> None:
    assert is_prose(
        column_of("The report of the mayor was", "read aloud to all those who", "came to the hall that night")
    )


@pytest.mark.parametrize(
    "texts",
    [
        ("Apples", "Pears", "Plums"),
        ("Net income of the group", "Cash and cash equivalents", "Other assets of the group"),
        ("1,200.50", "1,100.00", "88.10"),
        (),
    ],
    ids=["words", "labels", "amounts", "nothing"],
)
def test_labels_and_amounts_are_no_prose(texts: tuple[str, ...]) -> None:
    assert not is_prose(column_of(*texts))


def test_full_lines_of_a_script_without_cases_are_prose() -> None:
    assert is_prose(
        column_of(
            "町長の報告は皆の前で読み上げられ", "議長の礼のあとで質問を受けたが誰", "も手を挙げなかったので会は終わり"
        )
    )
    assert not is_prose(column_of("町長", "議長", "会計"))


def test_a_column_with_hardly_a_cell_is_sparse() -> None:
    assert is_sparse(column_of("x", *[""] * 9))
    assert is_sparse(column_of("x", "", ""))
    assert not is_sparse(column_of("x", "y", *[""] * 8))
