"""Raised and lowered digits, fractions, bullets and arrows are restored by their ink; similar signs stay."""

from __future__ import annotations

import pytest

from ocrdesk_worker.engines.registry import Engines
from tests.helpers.drawn_lines import Draw, drawn_line, fraction, lowered, raised

pytest.importorskip("onnxruntime", reason="the extra photo is not installed")
from ocrdesk_worker.engines.signs.restorer import restore_signs

BEFORE, AFTER = ("about", ("about",)), ("then", ("then",))


@pytest.mark.parametrize(
    ("read", "parts", "meant"),
    [
        ("m?", ("m", raised("2")), "m\N{SUPERSCRIPT TWO}"),
        ("10\N{DEGREE SIGN}", ("10", raised("6")), "10\N{SUPERSCRIPT SIX}"),
        ("state12", ("state", raised("12")), "state\N{SUPERSCRIPT ONE}\N{SUPERSCRIPT TWO}"),
        ("end.*", ("end.", raised("4")), "end.\N{SUPERSCRIPT FOUR}"),
        ("H2O", ("H", lowered("2"), "O"), "H\N{SUBSCRIPT TWO}O"),
        ("$499", ("$4", raised("99")), "$4.99"),
        ("$102", ("$10", raised("2")), "$10\N{SUPERSCRIPT TWO}"),
        ("499", ("4", raised("99")), "4\N{SUPERSCRIPT NINE}\N{SUPERSCRIPT NINE}"),
        ("SO,", ("SO", lowered("4")), "SO\N{SUBSCRIPT FOUR}"),
        ("%", (fraction("1", "4"),), "\N{VULGAR FRACTION ONE QUARTER}"),
        ("23%", ("2", fraction("3", "8")), "2\N{VULGAR FRACTION THREE EIGHTHS}"),
    ],
)
def test_small_digits_are_read_by_their_ink(
    engines: Engines, read: str, parts: tuple[str | Draw, ...], meant: str
) -> None:
    image, blocks = drawn_line(BEFORE, (read, parts), AFTER)
    restored = restore_signs(image, blocks, engines.rereader().read_parts)
    assert restored[0].lines[0].text == f"about {meant} then"


@pytest.mark.parametrize(
    ("read", "parts"),
    [
        ("m2", ("m2",)),
        ("2nd", ("2", raised("nd"))),
        ("20\N{DEGREE SIGN}C", ("20", raised("o"), "C")),
        ("50%", ("50%",)),
        ("12", ("12",)),
        ("$499", ("$499",)),
        ("1/2", ("1/2",)),
        ("really?", ("really?",)),
        ("so,", ("so,",)),
        ("25997.67", ("25997.67",)),
        ("it's", ("it's",)),
    ],
)
def test_usual_print_stays(engines: Engines, read: str, parts: tuple[str | Draw, ...]) -> None:
    image, blocks = drawn_line(BEFORE, (read, parts), AFTER)
    assert restore_signs(image, blocks, engines.rereader().read_parts) == blocks


def test_the_mark_of_a_note_is_raised(engines: Engines) -> None:
    image, blocks = drawn_line(("1", (raised("1"),)), BEFORE, AFTER)
    restored = restore_signs(image, blocks, engines.rereader().read_parts)
    assert restored[0].lines[0].text == "\N{SUPERSCRIPT ONE} about then"


def test_a_number_far_behind_a_word_is_not_raised(engines: Engines) -> None:
    image, blocks = drawn_line(BEFORE, (None, (lambda _pen, left, _foot: left + 100,)), ("661", (raised("661"),)))
    assert restore_signs(image, blocks, engines.rereader().read_parts) == blocks
