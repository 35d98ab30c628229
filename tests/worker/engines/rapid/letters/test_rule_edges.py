"""What was read from a ruling line beside a word is removed; bars, brackets and digits of a word stay."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from ocrdesk.contract.document import Block, Box, Line, Source, Word
from ocrdesk.layout.row_builder import Rows
from ocrdesk_worker.engines.rapid.letters.rule_edges import trim_rules
from ocrdesk_worker.preprocess.components import pixels_of

LEFT, TOP, BOTTOM = 100, 60, 80


def trimmed(
    text: str, pieces: int, *, line_at: int | None, line: tuple[int, int] = (20, 120), confidence: float = 0.5
) -> tuple[str, Box]:
    """Draw `pieces` characters and a line, for a word of this text. Return the text and box after trimming."""
    image = Image.new("L", (400, 140), 255)
    draw = ImageDraw.Draw(image)
    for number in range(pieces):
        x = LEFT + 14 * number
        draw.rectangle((x, TOP, x + 9, BOTTOM - 1), outline=0, width=3)
    right = LEFT + 14 * pieces - 4
    box = Box(LEFT, TOP, right, BOTTOM)
    if line_at is not None:
        draw.line((line_at, line[0], line_at, line[1]), fill=0, width=2)
        box = Box(min(LEFT, line_at - 1), TOP, max(right, line_at + 2), BOTTOM)
    word = Word(text=text, box=box, confidence=confidence, source=Source.RAPID)
    rows = Rows([Block(box=box, lines=(Line(box=box, words=(word,)),))])
    trim_rules(rows, pixels_of(image))
    [result] = rows.all()[0].words
    return result.text, result.box


@pytest.mark.parametrize(("text", "pieces"), [("14.5]", 4), ("(728)|", 5), ("81", 1), ("72,369)", 6), ("5/", 1)])
def test_a_line_right_of_a_word_is_none_of_its_characters(text: str, pieces: int) -> None:
    right = LEFT + 14 * pieces - 4
    assert trimmed(text, pieces, line_at=right + 3) == (text[:-1], Box(LEFT, TOP, right, BOTTOM))


def test_a_line_left_of_a_word_is_none_of_its_characters() -> None:
    assert trimmed("[Up", 2, line_at=LEFT - 5) == ("Up", Box(LEFT, TOP, LEFT + 24, BOTTOM))


def test_the_last_row_of_a_table_has_the_line_above() -> None:
    assert trimmed("14.5]", 4, line_at=LEFT + 55, line=(20, 82))[0] == "14.5"


@pytest.mark.parametrize(
    ("text", "pieces", "line_at"),
    [("81", 2, None), ("(93)", 4, None), ("(93)", 3, LEFT + 41), ("81", 2, LEFT + 27), ("a|b", 3, LEFT + 41)],
    ids=["no line", "brackets", "a pair", "both digits have ink", "inside"],
)
def test_other_characters_stay(text: str, pieces: int, line_at: int | None) -> None:
    assert trimmed(text, pieces, line_at=line_at)[0] == text


def test_a_digit_that_an_engine_is_sure_of_stays() -> None:
    assert trimmed("81", 1, line_at=LEFT + 13, confidence=0.97)[0] == "81"


def test_a_bar_as_high_as_the_word_stays() -> None:
    assert trimmed("14.5]", 4, line_at=LEFT + 55, line=(TOP, BOTTOM - 1))[0] == "14.5]"
