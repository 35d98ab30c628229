"""A bar that stands on the line like a letter is an I; others, and those of other languages, stay. II is no Il."""

from __future__ import annotations

import pytest

from ocrdesk.contract.document import Block, Box, Line, Source, Word
from ocrdesk_worker.engines.capital_i import fix_capital_i


def english(text: str) -> bool:
    return text in {"I", "think", "home"}


def line_of(*parts: tuple[str, int, int, int]) -> tuple[Block, ...]:
    """Return a line of words, each with its left edge, top and bottom."""
    words = tuple(
        Word(
            text=text,
            box=Box(left, top, left + (4 if text == "|" else 14 * len(text)), bottom),
            confidence=0.9,
            source=Source.TESSERACT,
        )
        for text, left, top, bottom in parts
    )
    box = Box.around([word.box for word in words])
    return (Block(box=box, lines=(Line(box=box, words=words),)),)


def text_of(blocks: tuple[Block, ...]) -> str:
    return blocks[0].lines[0].text


@pytest.mark.parametrize("top", [100, 101])
def test_a_bar_as_high_as_the_letters_beside_it_is_an_i(top: int) -> None:
    blocks = line_of(("|", 30, top, 128), ("think", 50, 100, 128), ("so", 140, 108, 128))
    assert text_of(fix_capital_i(blocks, english)) == "I think so"


@pytest.mark.parametrize(("read", "bottom"), [("|.", 128), ("|,", 133)])
def test_a_bar_before_a_point_or_comma_is_an_initial(read: str, bottom: int) -> None:
    blocks = line_of(("Think,", 30, 100, 133), ("home", 140, 100, 128), (read, 210, 100, bottom))
    assert text_of(fix_capital_i(blocks, english)) == f"Think, home I{read[1]}"
    lower = line_of(("home", 140, 100, 128), (read, 210, 108, bottom))
    assert fix_capital_i(lower, english) == lower


def test_a_bar_that_reaches_below_the_line_stays() -> None:
    blocks = line_of(("Home", 30, 100, 128), ("|", 100, 98, 135), ("News", 120, 100, 128))
    assert fix_capital_i(blocks, english) == blocks


def test_a_bar_without_words_beside_it_and_one_in_another_language_stay() -> None:
    alone = line_of(("|", 30, 100, 128), ("think", 400, 100, 128))
    assert fix_capital_i(alone, english) == alone
    german = line_of(("|", 30, 100, 128), ("denke", 50, 100, 128))
    assert fix_capital_i(german, lambda text: text == "denke") == german


def test_a_numeral_has_no_l() -> None:
    blocks = line_of(("Il", 30, 100, 128), ("Ill", 100, 100, 128), ("IIl", 160, 100, 128))
    assert text_of(fix_capital_i(blocks, lambda text: text == "Ill")) == "II Ill III"
