"""The measures of table detection: words, segments, columns and the page's scale."""

from __future__ import annotations

import pytest

from ocrdesk.contract.document import Box
from ocrdesk.layout.tables.model import (
    Column,
    Scale,
    Segment,
    TableWord,
    cell_text,
    is_ruling_line,
    median_or_zero,
    words_of,
)
from tests.helpers.sample_pages import HEIGHT, LETTER, line, word


def table_words(text: str, *, line_number: int = 0, first: int = 0, left: int = 0) -> list[TableWord]:
    return [TableWord(first + at, line_number, found) for at, found in enumerate(line(text, left).words)]


@pytest.mark.parametrize("text", ["|", "||", "—|—", "_", "│", "‗"])
def test_bars_are_ruling_lines(text: str) -> None:
    assert is_ruling_line(text)


@pytest.mark.parametrize("text", ["", "-", "——", "|a", "I", "l"])
def test_dashes_and_letters_are_none(text: str) -> None:
    assert not is_ruling_line(text)


@pytest.mark.parametrize(
    ("text", "is_loose"), [("$", True), ("€", True), ("US$", True), ("|", True), ("12", False), ("$12", False)]
)
def test_currency_signs_and_ruling_lines_do_not_show_where_columns_are(text: str, is_loose: bool) -> None:
    assert TableWord(0, 0, word(text)).is_loose is is_loose


def test_a_cells_text_is_in_reading_order_without_ruling_lines() -> None:
    first, bar, second = table_words("net | income")
    assert cell_text([second, bar, first]) == "net income"
    assert cell_text([bar]) == cell_text([]) == ""


def test_words_of_rows_come_in_reading_order() -> None:
    above, below = table_words("a b"), table_words("c d", first=2)
    rows = [[Segment.of(below)], [Segment.of(above[1:]), Segment.of(above[:1])]]
    assert [found.word.text for found in words_of(rows)] == ["a", "b", "c", "d"]


def test_a_column_knows_its_texts_and_boxes_row_by_row() -> None:
    one, two = table_words("Apples 12")
    column = Column.of([[[one], []], [[], [two]]], 1)
    assert column.texts == (None, "12")
    assert column.boxes == (None, two.box)
    assert column.filled == ["12"]


def test_a_segment_has_the_box_around_its_words() -> None:
    words = table_words("a b")
    assert Segment.of(words).box == Box.around([found.box for found in words])


def test_the_scale_is_the_usual_height_and_word_space() -> None:
    scale = Scale.of(table_words("a few words in a row          far"))
    assert (scale.height, scale.space) == (HEIGHT, LETTER)


def test_gaps_between_lines_and_wide_gaps_are_no_word_spaces() -> None:
    one, other = table_words("one"), table_words("two", line_number=1, left=4 * LETTER, first=1)
    assert Scale.of([*one, *other]).space == 0
    assert Scale.of(table_words("one          two")).space == 0


def test_gaps_must_be_wider_where_word_spaces_are_wide() -> None:
    narrow, wide = Scale(30, 0), Scale(30, 30)
    assert (narrow.wide_gap, narrow.gutter, narrow.cell_gap) == (30, 18, 15)
    assert (wide.wide_gap, wide.gutter, wide.cell_gap) == pytest.approx((54, 33, 33))


def test_the_word_space_of_a_narrow_table_is_bounded() -> None:
    assert Scale.of(table_words("a few words in a row"), widest_space=7).space == 7


def test_the_median_of_nothing_is_zero() -> None:
    assert median_or_zero([]) == 0
    assert median_or_zero([1, 2, 30]) == 2
