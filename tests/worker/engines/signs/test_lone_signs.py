"""Bullets and arrows are known by their shape; what was left out counts if it is no speck."""

from __future__ import annotations

import pytest
from PIL import ImageDraw

from ocrdesk.contract.document import Block
from ocrdesk_worker.engines.signs.ink_areas import PlacesOfInk
from ocrdesk_worker.engines.signs.lone_signs import find_lone_signs
from ocrdesk_worker.preprocess.pixels import Pixels
from tests.helpers.drawn_lines import Draw, Drawn, drawn_line, drawn_lines, ellipse, polygon, write

DOT, SPECK = ellipse(13, 13, 8), ellipse(11, 14, 6)
SQUARE = polygon((0, 8), (18, 8), (18, 26), (0, 26))
TRIANGLE = polygon((0, 6), (16, 14), (0, 22))
RIGHT = polygon((0, 13), (26, 13), (24, 6), (38, 15), (24, 24), (26, 17), (0, 17))
DOWN = polygon((7, 30), (10, 30), (10, 12), (17, 14), (8, 0), (0, 14), (7, 12))
ITEM: tuple[Drawn, ...] = (("glue", ("glue",)), ("for", ("for",)), ("paper", ("paper",)))


def ring(pen: ImageDraw.ImageDraw, left: int, foot: int) -> int:
    pen.ellipse((left, foot - 28, left + 22, foot - 6), outline=0, width=2)
    return left + 22


def signs(drawn: tuple[Pixels, tuple[Block, ...]]) -> list[str]:
    image, blocks = drawn
    return [found.sign for found in find_lone_signs(PlacesOfInk(image), blocks)]


@pytest.mark.parametrize(
    ("read", "drawn", "meant"),
    [
        ("e", DOT, "\N{BULLET}"),
        ("\N{CENT SIGN}", DOT, "\N{BULLET}"),
        ("m", SQUARE, "\N{BLACK SMALL SQUARE}"),
        (">", TRIANGLE, "\N{TRIANGULAR BULLET}"),
        ("\N{EM DASH}", polygon((0, 10), (20, 10), (20, 13), (0, 13)), "\N{EN DASH}"),
        ("@", ring, "\N{WHITE CIRCLE}"),
        ("\N{EM DASH}", RIGHT, "\N{RIGHTWARDS ARROW}"),
        ("|", DOWN, "\N{DOWNWARDS ARROW}"),
    ],
)
def test_a_sign_that_was_misread_is_known_by_its_shape(read: str, drawn: Draw, meant: str) -> None:
    assert signs(drawn_line((read, (drawn,)), *ITEM)) == [meant]


@pytest.mark.parametrize("letter", ["e", "o", "a", "x", "*", ">", "-", "=", "@", "1", "T", "t", "|", "+"])
def test_letters_and_usual_signs_stay(letter: str) -> None:
    assert signs(drawn_line((letter, (write(letter),)), *ITEM)) == []


def test_bullets_that_were_left_out_are_found_if_there_are_more() -> None:
    item = ((None, (DOT,)), *ITEM)
    image, blocks = drawn_lines(item, item, ITEM)
    assert [(found.line.text, found.sign, found.before) for found in find_lone_signs(PlacesOfInk(image), blocks)] == [
        ("glue for paper", "\N{BULLET}", 0)
    ] * 2
    assert signs(drawn_line((None, (DOT,)), *ITEM)) == []
    assert signs(drawn_lines(((None, (DOT,)), *ITEM), ((None, (SPECK,)), *ITEM[:1]), ITEM)) == []


def test_a_speck_that_was_read_far_from_all_words_is_no_sign() -> None:
    image, blocks = drawn_line((".", (DOT,)), *ITEM)
    assert signs((image, blocks)) == ["\N{BULLET}"]
    first, *others = blocks[0].lines[0].words
    far = [word.model_copy(update={"box": word.box.moved(200, 0)}) for word in others]
    line = blocks[0].lines[0].with_words((first, *far))
    assert signs((image, (blocks[0].with_lines((line,)),))) == []


def test_bullets_between_words_are_found() -> None:
    gap: Drawn = (None, (DOT,))
    assert signs(drawn_line(ITEM[0], gap, ITEM[1], gap, ITEM[2])) == ["\N{BULLET}"] * 2


def test_a_ruling_line_between_words_is_no_sign() -> None:
    rule = polygon((0, -30), (3, -30), (3, 60), (0, 60))
    item = (ITEM[0], (None, (rule,)), ITEM[1])
    assert signs(drawn_lines(item, item)) == []
