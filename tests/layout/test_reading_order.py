"""Positioned words in reading order."""

from __future__ import annotations

import pytest

from ocrdesk.layout.positioned_word import SLANTED, PositionedWord
from ocrdesk.layout.reading_order import sort_words

WIDTH, HEIGHT = 1000, 1400
LINE = 40


def placed(text: str, left: float, top: float, direction: int = 0, first: int = 0) -> PositionedWord:
    """Return a word with letters 20 pixels wide and 20 high; vertical words have the same size rotated."""
    rectangle = (left, top, left + 20 * len(text), top + 20)
    return PositionedWord(text, first, True, direction, rectangle, rectangle)


def column(left: float, *texts: str, top: float = 100) -> list[PositionedWord]:
    """Return lines below each other, all with the same left edge."""
    words = []
    for row, text in enumerate(texts):
        x = left
        for word in text.split():
            words.append(placed(word, x, top + row * LINE, first=len(words)))
            x += 20 * len(word) + 10
    return words


def by_rows(*columns: list[PositionedWord]) -> list[PositionedWord]:
    """Return the words of columns in the order of a file that stores them row by row."""
    words = sorted((word for found in columns for word in found), key=lambda word: (word.ink[1], word.ink[0]))
    return [word._replace(first=number) for number, word in enumerate(words)]


def lines_of(words: list[PositionedWord]) -> list[str]:
    order = sort_words(words, WIDTH, HEIGHT)
    return [" ".join(word.text for word in line) for block in order.blocks for line in block]


LEFT = ("the ship had left", "its port in may", "and did not come", "back before june")
RIGHT = ("spring had gone by", "and the summer too", "was nearly at its", "very late end now")


def test_lines_are_read_from_the_top_in_whatever_order_they_are_stored() -> None:
    words = column(100, *LEFT)
    assert lines_of(words[::-1]) == list(LEFT)


def test_columns_of_prose_are_read_one_after_the_other() -> None:
    assert lines_of(by_rows(column(50, *LEFT), column(550, *RIGHT))) == [*LEFT, *RIGHT]


def test_a_table_is_read_row_by_row() -> None:
    names, prices = ("tea", "milk", "bread", "salt"), ("2.10", "0.99", "3.40", "1.05")
    assert lines_of(by_rows(column(50, *names), column(550, *prices))) == [
        f"{name} {price}" for name, price in zip(names, prices, strict=True)
    ]


def test_columns_of_short_and_long_lines_are_no_table_if_their_rows_differ() -> None:
    left = column(50, "first", *LEFT, "a = b")
    right = column(550, "second", *RIGHT, "c = d", top=108)
    texts = ["first", *LEFT, "a = b", "second", *RIGHT, "c = d"]
    assert lines_of(by_rows(left, right)) == texts


def test_a_heading_over_two_columns_comes_first() -> None:
    heading = column(50, "a heading that is so long that it is over both", top=20)
    assert lines_of(by_rows(heading, column(50, *LEFT), column(550, *RIGHT)))[:2] == [
        "a heading that is so long that it is over both",
        LEFT[0],
    ]


def test_right_to_left_lines_begin_at_the_right() -> None:
    words = [placed("אחת", 500, 100, first=0), placed("שתיים", 300, 100, first=1)]
    assert lines_of(words) == ["אחת שתיים"]


def test_words_drawn_twice_are_kept_once_and_other_words_over_each_other_are_counted() -> None:
    twice = [placed("bold", 100, 100, first=0), placed("bold", 102, 100, first=1)]
    assert lines_of(twice) == ["bold"]
    clashing = [placed("over", 100, 100, first=0), placed("each", 102, 100, first=1)]
    assert sort_words(clashing, WIDTH, HEIGHT).clashes == 1
    assert sort_words(twice, WIDTH, HEIGHT).clashes == 0


@pytest.mark.parametrize("direction", [90, 270, SLANTED])
def test_text_in_another_direction_comes_after_the_main_text(direction: int) -> None:
    assert lines_of([placed("side", 20, 20, direction), *column(100, *LEFT)]) == [*LEFT, "side"]


def test_a_wider_gap_begins_another_block() -> None:
    words = column(100, *LEFT) + column(100, *RIGHT, top=100 + 6 * LINE)
    assert [len(block) for block in sort_words(words, WIDTH, HEIGHT).blocks] == [4, 4]


def test_a_page_without_words_has_no_blocks() -> None:
    assert sort_words([], WIDTH, HEIGHT).blocks == []
