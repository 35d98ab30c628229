"""A page's number by itself is read; specks are not."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from ocrdesk.contract.document import Box, Source, Word
from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.engines.registry import Engines
from tests.helpers.changed_engine import ENGLISH, LINES, auto, lines_of, page
from tests.helpers.sample_files import text_image

pytest.importorskip("onnxruntime", reason="the extra photo is not installed")
from ocrdesk_worker.engines.rapid.lone_numbers import is_sure_number


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
    ("texts", "confidence", "counts"), [(["12"], 0.99, True), (["O"], 0.99, False), (["1"], 0.8, False)]
)
def test_only_a_number_beyond_doubt_counts(texts: list[str], confidence: float, counts: bool) -> None:
    words = [Word(text=text, box=Box(0, 0, 9, 9), confidence=confidence, source=Source.RAPID) for text in texts]
    assert is_sure_number(words) is counts
