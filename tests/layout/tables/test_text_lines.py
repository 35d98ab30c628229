"""Words of a cell are put in lines."""

from __future__ import annotations

from ocrdesk.contract.box import Box
from ocrdesk.layout.tables.model import Scale, TableWord
from ocrdesk.layout.tables.text_lines import has_columns, in_reading_order, lines_of
from tests.helpers.sample_pages import HEIGHT, LETTER, word


def words(*places: tuple[str, int, int]) -> list[TableWord]:
    return [TableWord(at, 0, word(text, left, top)) for at, (text, left, top) in enumerate(places)]


def test_words_side_by_side_are_a_line() -> None:
    found = lines_of(words(("two", 100, 10), ("one", 0, 0), ("three", 0, 50)))
    assert [[it.word.text for it in line] for line in found] == [["one", "two"], ["three"]]


def test_lines_come_from_top_to_bottom_whatever_was_read_first() -> None:
    assert in_reading_order(words(("second", 0, 60), ("line", 200, 60), ("first", 0, 0))) == (2, 0, 1)


def test_turned_words_keep_the_order_in_which_they_were_read() -> None:
    turned = [
        TableWord(at, 0, word("upright").model_copy(update={"box": Box(40 * at, 300 - 100 * at, 40 * at + 30, 400)}))
        for at in range(3)
    ]
    assert in_reading_order(turned) == (0, 1, 2)


def test_wide_gaps_are_columns() -> None:
    scale = Scale(HEIGHT, LETTER)
    assert has_columns(words(("one", 0, 0), ("two", 300, 0)), scale)
    assert not has_columns(words(("one", 0, 0), ("two", 80, 0)), scale)
