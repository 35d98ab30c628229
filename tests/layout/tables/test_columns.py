"""Lines are parted by columns: at gaps between numbers, and at wider ones between words."""

from __future__ import annotations

from ocrdesk.layout.tables.columns import Columns, text_lines
from ocrdesk.layout.tables.model import Scale, TableWord
from tests.helpers.sample_pages import HEIGHT, LETTER, line

SCALE = Scale(HEIGHT, LETTER)
GUTTER = (12 * LETTER, 14 * LETTER)


def pieces(text: str, *gutters: tuple[int, int]) -> list[tuple[str, int, int]]:
    words = [TableWord(at, 0, word) for at, word in enumerate(line(text).words)]
    (found,) = text_lines(words, Columns(0, gutters, 40 * LETTER), SCALE)
    return [(piece.text, piece.first, piece.last) for piece in found.pieces]


def test_a_gap_in_a_gutter_parts_cells() -> None:
    assert pieces("Apples        12", GUTTER) == [("Apples", 0, 0), ("12", 1, 1)]


def test_a_gap_elsewhere_does_not() -> None:
    assert pieces("Red    fruit  12", GUTTER) == [("Red fruit", 0, 0), ("12", 1, 1)]


def test_a_text_through_a_gutter_is_in_both_columns() -> None:
    assert pieces("Net income of the whole group", GUTTER) == [("Net income of the whole group", 0, 1)]


def test_a_ruling_line_parts_at_a_word_space() -> None:
    at = 10 * LETTER + LETTER // 2
    assert pieces("Net income of it", (at, at)) == [("Net income", 0, 0), ("of it", 1, 1)]


def test_leaders_stay_with_the_label() -> None:
    assert pieces("Total . . .   12", GUTTER) == [("Total . . .", 0, 0), ("12", 1, 1)]


def test_very_many_columns_are_found_quickly() -> None:
    gutters = [(50 * at, 50 * at + 10) for at in range(1, 400)]
    columns = Columns(0, gutters, 50 * 400)
    words = [TableWord(at, 0, line("x", 50 * at + 15).words[0]) for at in range(400)]
    (found,) = text_lines(words, columns, SCALE)
    assert [piece.first for piece in found.pieces] == list(range(400))
