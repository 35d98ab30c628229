"""Whether a text layer is good enough."""

from __future__ import annotations

import pytest

from tests.helpers.sample_pdfs import PROSE, Cid, PdfPage, lines
from tests.helpers.text_layers import (
    composite,
    problem_of,
)
from tests.worker.conftest import Save


@pytest.mark.parametrize("text", ["Wkh frpplwwhh phw lq wkh wrzq kdoo dqg khdug wkh uhsruw ri wkh wuhdvxuhu",
                                  "7KH FRPPLWWHH PHW LQ WKH WRZQ KDOO DQG KHDUG WKH UHSRUW RI WKH WUHDVXUHU",
                                  "%&'$ !#*+ ;<=> ?@[]^ ~{}| $%&' !#*+ <>=; @?^] {|}~ #!+* ;><="],
                         ids=["shifted", "shifted to capitals", "signs"])  # fmt: skip
def test_gibberish_is_not_kept(save: Save, text: str) -> None:
    assert "not readable" in problem_of(save, PdfPage(lines([text] * 3)))


@pytest.mark.parametrize(
    "text",
    [
        "Ïðèâåò ìèð ýòî ïðîâåðêà òåêñòà",
        "䴀甀氀琀椀挀漀氀漀爀䈀氀愀挀欀倀甀爀攀夀攀氀氀漀眀",
        "Heпонятнo cмeшaнныe бyквы слoвa тeкcт",  # that is the point
    ],
    ids=["wrong code page", "swapped bytes", "mixed alphabets"],
)
def test_text_of_a_lost_encoding_is_not_kept(save: Save, text: str) -> None:
    assert "not readable" in problem_of(save, composite(text))


@pytest.mark.parametrize("meaning", ["\ufffd", "\ue123", "\x03"], ids=["replaced", "private", "control"])
def test_characters_without_a_meaning_are_not_text(save: Save, meaning: str) -> None:
    font = Cid(dict.fromkeys(range(1, 9), meaning) | {9: "a"})
    content = "BT /F2 14 Tf 72 700 Td <00010002000300040005000600070008 0009> Tj ET " + lines(["Some words too"])
    assert "without a meaning" in problem_of(save, PdfPage(content, fonts={"F2": font}))


def test_a_font_that_maps_to_nothing_is_not_text(save: Save) -> None:
    """Its codes look like letters only by chance: the file does not define their meaning."""
    codes = "".join(f"{ord(character):04x}" for character in PROSE[0])
    content = f"BT /F2 14 Tf 72 700 Td <{codes}> Tj ET"
    assert "without a meaning" in problem_of(save, PdfPage(content, fonts={"F2": Cid()}))


def test_two_texts_on_top_of_each_other_are_not_kept(save: Save) -> None:
    other = [" ".join(word[::-1] for word in line.split()) for line in PROSE]
    assert "lies over itself" in problem_of(save, PdfPage(lines(PROSE) + "3 Tr " + lines(other)))


def test_letters_drawn_as_shapes_are_missed_by_the_layer(save: Save) -> None:
    outline = "".join(f"{n % 60 * 8} {100 + n // 60 * 9} m 3 4 l 5 6 l 7 8 l h f\n" for n in range(600))
    assert "shapes" in problem_of(save, PdfPage(outline + lines(["Page 7"])))
