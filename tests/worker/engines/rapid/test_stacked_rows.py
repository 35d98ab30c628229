"""A column of short rows is divided into its rows; words and vertical text are left whole."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw, ImageFont

from ocrdesk.contract.document import Block, Box, Line, Source, Word
from ocrdesk.layout.row_builder import Rows
from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.preprocess.components import pixels_of

pytest.importorskip("onnxruntime", reason="the extra photo is not installed")
from ocrdesk_worker.engines.rapid.quads import quad_of, rectangle_around
from ocrdesk_worker.engines.rapid.stacked_rows import split_steep, stacked_rows, take_stacked
from tests.helpers.changed_engine import ENGLISH

AROUND = Box(90, 30, 130, 420)


def sheet(texts: list[str], *, pitch: int = 60) -> Image.Image:
    image = Image.new("L", (700, 500), 255)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(36)
    for number, text in enumerate(texts):
        draw.text((100, 40 + pitch * number), text, font=font, fill=20)
    return image


def upwards(text: str) -> Image.Image:
    strip = Image.new("L", (400, 50), 255)
    ImageDraw.Draw(strip).text((5, 2), text, font=ImageFont.load_default(36), fill=20)
    image = Image.new("L", (700, 500), 255)
    image.paste(strip.rotate(90, expand=True), (85, 30))
    return image


def doubtful_line(box: Box, confidence: float = 0.2) -> Rows:
    word = Word(text="NRTW", box=box, confidence=confidence, source=Source.TESSERACT)
    return Rows([Block(box=box, lines=(Line(box=box, words=(word,)),))])


def test_a_column_of_digits_is_divided() -> None:
    rows = stacked_rows(AROUND, pixels_of(sheet(list("847193"))))
    assert len(rows) == 6
    assert all(row.left > 95 and row.right < 130 and 20 <= row.height <= 32 for row in rows)
    assert rows == sorted(rows, key=lambda row: row.top)


def test_letters_of_upright_text_have_different_widths_and_little_space() -> None:
    image = Image.new("L", (300, 300), 255)
    top = 40
    for height in (9, 10, 10, 5, 6, 10):
        ImageDraw.Draw(image).rectangle((100, top, 117, top + height - 1), fill=20)
        top += height + 4
    assert not stacked_rows(Box(90, 30, 130, top), pixels_of(image))


def test_vertical_text_one_letter_and_blank_paper_are_not() -> None:
    assert stacked_rows(Box(85, 30, 135, 430), pixels_of(upwards("Revenue in thousands"))) == []
    assert stacked_rows(AROUND, pixels_of(sheet(["7"]))) == []
    assert stacked_rows(AROUND, pixels_of(sheet([]))) == []
    assert stacked_rows(Box(90, 30, 90, 30), pixels_of(sheet(["7"]))) == []


def test_doubtful_lines_that_are_columns_lose_their_words() -> None:
    image = pixels_of(sheet(list("8471")))
    rows = doubtful_line(Box(100, 40, 125, 260))
    assert len(take_stacked(rows.all(), image)) == 4
    assert rows.blocks() == ()
    sure = doubtful_line(Box(100, 40, 125, 260), confidence=0.95)
    assert take_stacked(sure.all(), image) == []
    assert len(sure.blocks()) == 1


def test_detected_columns_are_divided_and_other_lines_stay() -> None:
    image = pixels_of(sheet(list("8471")))
    level = quad_of((300.0, 40.0, 600.0, 80.0))
    lines = split_steep([quad_of((95.0, 35.0, 130.0, 270.0)), level], image)
    assert len(lines) == 5
    assert rectangle_around(lines[-1]) == rectangle_around(level)


def test_a_table_with_a_column_of_digits_is_read(engines: Engines, data: TessData) -> None:
    image = Image.new("L", (1500, 900), 255)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(32)
    labels = ["Home", "Sudden", "Sister", "Thing", "Single", "Rope", "Direct", "Soon", "Change", "Soldier"]
    for number, (label, digit) in enumerate(zip(labels, "8495507162", strict=True)):
        for text, left in ((label, 60), (f"{number + 2}1.5", 700), (digit, 1400)):
            draw.text((left, 60 + 56 * number), text, font=font, fill=20)
    blocks = engines.choose("auto", ENGLISH).recognise(image, 200, ENGLISH)
    lines = [line.text for block in blocks for line in block.lines]
    expected = [
        f"{label} {n + 2}1.5 {digit}" for n, (label, digit) in enumerate(zip(labels, "8495507162", strict=True))
    ]
    assert lines == expected
