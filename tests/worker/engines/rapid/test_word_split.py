"""Lines split into words."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from ocrdesk_worker.preprocess.components import pixels_of

pytest.importorskip("onnxruntime", reason="the extra photo is not installed")
from ocrdesk_worker.engines.rapid.recognizer import Glyph
from ocrdesk_worker.engines.rapid.word_split import split_words


def nothing_known(_word: str) -> bool:
    return False


def test_words_are_parted_at_spaces_and_wide_gaps() -> None:
    image = Image.new("L", (400, 40), 255)
    draw = ImageDraw.Draw(image)
    for left in (10, 40, 100, 130, 240, 270):
        draw.rectangle((left, 8, left + 20, 32), fill=0)
    places = [(0.025, 0.075), (0.1, 0.15), (0.25, 0.3), (0.325, 0.375), (0.6, 0.65), (0.675, 0.725)]
    glyphs = [Glyph(text, 0.9, *place) for text, place in zip("abcdef", places, strict=True)]
    spaced = [*glyphs[:2], Glyph(" ", 0.9, 0.16, 0.2), *glyphs[2:]]
    assert [word.text for word in split_words(spaced, pixels_of(image), nothing_known)] == ["ab", "cd", "ef"]
    assert [word.text for word in split_words(glyphs, pixels_of(image), nothing_known)] == ["ab", "cd", "ef"]
    first = split_words(spaced, pixels_of(image), nothing_known)[0]
    assert (round(first.top * 40), round(first.bottom * 40)) == (8, 33)


def spaced(text: str, gaps: list[int], height: int = 40) -> str:
    """Draw blocks with these gaps between them, and return the words. A blank is what the reader took for one."""
    letters = text.replace(" ", "")
    width = 40 + sum(gaps) + 20 * len(letters)
    image = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(image)
    glyphs, x, number = [], 20, 0
    for letter in text:
        if letter == " ":
            glyphs.append(Glyph(" ", 0.9, x / width, x / width))
            continue
        size = 5 if letter == "." else 18
        draw.rectangle((x, 28 if letter == "." else 8, x + size - 1, 31), fill=0)
        glyphs.append(Glyph(letter, 0.9, x / width, (x + size) / width))
        x += size + ([*gaps, 0])[number]
        number += 1
    return " ".join(word.text for word in split_words(glyphs, pixels_of(image), nothing_known, [0.3, 0.5]))


def test_a_figure_with_much_space_between_its_characters_is_one_word() -> None:
    assert spaced("2.66", [17, 17, 17]) == "2.66"
    assert spaced("2 .66", [12, 12, 12]) == "2.66"
    assert spaced("17. 18", [14, 14, 15, 14]) == "17.18"
    assert spaced("17.4 5", [14, 14, 14, 15]) == "17.45"


def test_figures_far_apart_are_words() -> None:
    assert spaced("2.661.09", [3, 3, 3, 40, 3, 3, 3]) == "2.66 1.09"
    assert spaced("13. 41", [3, 2, 16, 3]) == "13. 41"


def test_two_characters_far_apart_are_words() -> None:
    assert spaced("73", [30]) == "7 3"
