"""A page's number by itself is read; specks are not."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from ocrdesk.contract.document import Box, Source, Word
from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.preprocess.components import Components, find_components
from ocrdesk_worker.preprocess.pixels import Pixels, np
from tests.helpers.changed_engine import ENGLISH, LINES, auto, lines_of, page
from tests.helpers.sample_files import text_image

pytest.importorskip("onnxruntime", reason="the extra photo is not installed")
from ocrdesk_worker.engines.rapid.lone_numbers import is_sure, lone_numbers


def below(picture: Image.Image) -> Image.Image:
    """Return the page with a picture below the text."""
    text = page()
    sheet = Image.new("L", (text.width, text.height + 400), 255)
    sheet.paste(text)
    sheet.paste(picture, (400, text.height + 200))
    return sheet


@pytest.mark.parametrize("number", ["7", "12"])
def test_a_number_below_the_text_is_read(engines: Engines, data: TessData, number: str) -> None:
    sheet = below(text_image(number, (120, 100)).convert("L"))
    read = auto(engines, data, lambda line: line if any(map(str.isalpha, line.text)) else None)
    assert lines_of(read.recognise(sheet, 300, ENGLISH)) == [*LINES, number]


def test_a_speck_is_not(engines: Engines, data: TessData) -> None:
    speck = Image.new("L", (60, 60), 255)
    ImageDraw.Draw(speck).ellipse((15, 15, 40, 38), fill=0)
    assert lines_of(auto(engines, data).recognise(below(speck), 300, ENGLISH)) == LINES


@pytest.mark.parametrize(
    ("texts", "confidence", "counts"),
    [
        (["12"], 0.99, True),
        (["-600"], 0.99, True),
        (["3%"], 0.99, True),
        (["hard"], 0.99, True),
        (["hqrd"], 0.99, False),
        (["O"], 0.99, False),
        (["$"], 0.99, True),
        (["1"], 0.8, False),
    ],
)
def test_only_a_number_or_word_beyond_doubt_counts(texts: list[str], confidence: float, counts: bool) -> None:
    words = [Word(text=text, box=Box(0, 0, 9, 9), confidence=confidence, source=Source.RAPID) for text in texts]
    assert is_sure(words, lambda text: text == "hard") is counts


def marks(*boxes: Box) -> tuple[Components, Pixels]:
    image = np.full((900, 900), 255, np.uint8)
    for left, top, right, bottom in boxes:
        image[top:bottom, left:right] = 0
    return find_components(image), image


def test_unread_digits_in_a_column_are_candidates_and_scattered_specks_are_not() -> None:
    text = [Box(300 + 30 * n, 60, 314 + 30 * n, 80) for n in range(12)]
    column = [Box(100, 150 + 60 * n, 112, 170 + 60 * n) for n in range(8)]
    specks = [Box(480 + 43 * n, 203 + 61 * n, 492 + 43 * n, 223 + 61 * n) for n in range(8)]
    components, image = marks(*text, *column, *specks)
    found = lone_numbers(components, image, [Box(295, 55, 650, 85)])
    assert [round(float(region.quad[:, 0].mean())) for region in found] == [106] * len(column)


def test_what_a_detected_line_has_is_no_candidate() -> None:
    text = [Box(300 + 30 * n, 60, 314 + 30 * n, 80) for n in range(12)]
    components, image = marks(*text, Box(100, 300, 112, 320))
    words = [Box(295, 55, 650, 85)]
    assert len(lone_numbers(components, image, words)) == 1
    assert not lone_numbers(components, image, words, [(90.0, 290.0, 130.0, 330.0)])
