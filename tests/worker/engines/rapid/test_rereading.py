"""Rereading: what Tesseract missed or doubts is read again, and both become one page in one order."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from ocrdesk.contract.document import Box, Line, Source
from ocrdesk.contract.jobs import EngineName
from ocrdesk_worker.engines.languages.alphabets import alphabet_of
from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.preprocess.components import pixels_of
from ocrdesk_worker.render.pdfium import PdfiumSource
from tests.helpers.sample_files import text_image, text_pdf

pytest.importorskip("onnxruntime", reason="the extra photo is not installed")

from ocrdesk_worker.engines.rapid.rereading import Rereader
from tests.helpers.changed_engine import ENGLISH, LINES, auto, lines_of, page, with_word, words_in

# ── one page from two engines ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("missed", range(3))
def test_a_missed_line_is_read_and_inserted_in_its_place(engines: Engines, data: TessData, missed: int) -> None:
    blocks = auto(engines, data, lambda line: None if line.text == LINES[missed] else line).recognise(
        page(), 300, ENGLISH
    )
    assert lines_of(blocks) == LINES
    sources = {line.text: {word.source for word in line.words} for block in blocks for line in block.lines}
    assert sources[LINES[missed]] == {Source.RAPID}
    assert sources[LINES[(missed + 1) % 3]] == {Source.TESSERACT}


def test_a_page_where_nothing_was_found_is_read_whole(engines: Engines, data: TessData) -> None:
    assert lines_of(auto(engines, data, lambda line: None).recognise(page(), 300, ENGLISH)) == LINES


def test_a_doubtful_word_is_corrected_in_place(engines: Engines, data: TessData) -> None:
    right = next(word for word in words_in(auto(engines, data).recognise(page(), 300, ENGLISH)) if word.text == "lazy")
    blocks = auto(engines, data, lambda line: with_word(line, "lazy", "1azv", 0.4)).recognise(page(), 300, ENGLISH)
    assert lines_of(blocks) == LINES
    word = next(word for word in words_in(blocks) if word.text == "lazy")
    assert word.source == Source.RAPID
    for ours, theirs in zip(word.box, right.box, strict=True):
        assert abs(ours - theirs) <= 8


def test_a_word_that_tesseract_is_sure_of_stays(engines: Engines, data: TessData) -> None:
    blocks = auto(engines, data, lambda line: with_word(line, "lazy", "hazy", 0.97)).recognise(page(), 300, ENGLISH)
    assert lines_of(blocks)[1] == "jumps over the hazy dog"


def test_two_that_agree_are_surer_than_one(engines: Engines, data: TessData) -> None:
    blocks = auto(engines, data, lambda line: with_word(line, "lazy", "lazy", 0.7)).recognise(page(), 300, ENGLISH)
    assert next(word for word in words_in(blocks) if word.text == "lazy").confidence > 0.9


def test_on_a_poor_page_every_line_is_read_again(engines: Engines, data: TessData) -> None:
    def garbled(line: Line) -> Line:
        words = tuple(word.model_copy(update={"text": "x" + word.text[1:], "confidence": 0.5}) for word in line.words)
        return line.model_copy(update={"words": words})

    blocks = auto(engines, data, garbled).recognise(page(), 300, ENGLISH)
    assert lines_of(blocks) == LINES
    assert {word.source for word in words_in(blocks)} == {Source.RAPID}


def test_missed_cells_join_their_row(engines: Engines, data: TessData) -> None:
    table = Image.new("L", (1100, 330), 255)
    for row, (name, amount) in enumerate([("Apples", "12.50"), ("Pears", "7.25"), ("Plums", "19.00")]):
        table.paste(text_image(name, (300, 100)).convert("L"), (0, row * 100))
        table.paste(text_image(amount, (300, 100)).convert("L"), (210, row * 100))

    def without_amounts(line: Line) -> Line | None:
        words = tuple(word for word in line.words if word.text.isalpha())
        return Line(box=Box.around([word.box for word in words]), words=words) if words else None

    blocks = auto(engines, data, without_amounts).recognise(table, 300, ENGLISH)
    assert lines_of(blocks) == ["Apples 12.50", "Pears 7.25", "Plums 19.00"]


def test_every_box_is_on_the_page_and_inside_its_parent(engines: Engines, data: TessData) -> None:
    image = page()
    for block in auto(engines, data, lambda line: None).recognise(image, 300, ENGLISH):
        for line in block.lines:
            for word in line.words:
                assert 0 <= block.box.left <= line.box.left <= word.box.left < word.box.right <= line.box.right
                assert line.box.right <= block.box.right <= image.width
                assert 0 <= block.box.top <= line.box.top <= word.box.top < word.box.bottom <= line.box.bottom
                assert line.box.bottom <= block.box.bottom <= image.height
                dark = image.crop(word.box).getextrema()[0]
                assert dark < 100, word


# ── scale, alphabets, missing parts ──────────────────────────────────────────────────────────────


def test_letters_of_other_languages_are_not_considered(engines: Engines, data: TessData) -> None:
    picture = pixels_of(text_image("Müller café").convert("L").crop((0, 0, 400, 100)))
    english = engines.rereader().readable(alphabet_of(data, ENGLISH))
    assert english is not None
    glyphs = engines.rereader()._recognizer.read([picture], english)[0]
    assert glyphs
    read = "".join(glyph.text for glyph in glyphs)
    assert "ü" not in read
    assert read.startswith("M")


def test_german_has_its_own_letters(engines: Engines, data: TessData, tmp_path: Path) -> None:
    if "deu" not in data.languages:
        pytest.skip("no German data is installed")
    path = tmp_path / "german.pdf"
    path.write_bytes(text_pdf(["Die Straße über den Fluß\nist schön und völlig leer"]))
    image = PdfiumSource(path).render(0).image
    blocks = engines.choose(EngineName.RAPID, ("deu",)).recognise(image, 300, ("deu",))
    assert "über" in " ".join(lines_of(blocks))
    assert "schön" in " ".join(lines_of(blocks))


def test_a_script_that_cannot_be_read_is_left_to_tesseract(engines: Engines, rereader: Rereader) -> None:
    georgian = frozenset("აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ")
    assert rereader.readable(georgian) is None
    assert rereader.readable(frozenset("abc123")) == frozenset("abc123")


def test_text_that_runs_upwards_or_downwards_is_read(engines: Engines) -> None:
    line = text_image("Revenue in millions", (700, 90)).convert("L")
    for turn in (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270):
        chart = Image.new("L", (800, 900), 255)
        chart.paste(line.transpose(turn), (40, 100))
        blocks = engines.choose(EngineName.RAPID, ENGLISH).recognise(chart, 300, ENGLISH)
        assert sorted(word.text for word in words_in(blocks)) == ["Revenue", "in", "millions"]


# ── print of unusual places and sizes ────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["7", "Q", "OK"])
def test_a_letter_that_fills_the_image_is_read(engines: Engines, data: TessData, text: str) -> None:
    font = ImageFont.load_default(24)
    left, top, right, bottom = (round(edge) for edge in font.getbbox(text))
    image = Image.new("L", (right - left + 8, bottom - top + 6), 255)
    ImageDraw.Draw(image).text((4 - left, 3 - top), text, font=font, fill=10)
    assert lines_of(auto(engines, data, lambda _line: None).recognise(image, 96, ENGLISH)) == [text]


def test_a_sheet_with_a_few_specks_has_no_letter(engines: Engines, data: TessData) -> None:
    image = Image.new("L", (900, 1200), 255)
    for left, top in ((200, 300), (216, 304), (650, 900)):
        ImageDraw.Draw(image).ellipse((left, top, left + 9, top + 11), fill=0)
    assert lines_of(auto(engines, data).recognise(image, 100, ENGLISH)) == []


def test_small_print_below_huge_letters_is_read(engines: Engines, data: TessData) -> None:
    image = Image.new("L", (2600, 3600), 255)
    draw = ImageDraw.Draw(image)
    for top, text, size in ((300, "REGATTA", 420), (1500, "Sunday", 300), (3400, "Printed by the harbour press", 26)):
        draw.text((200, top), text, font=ImageFont.load_default(size), fill=0)
    read = auto(engines, data, lambda line: None if "press" in line.text else line)
    assert lines_of(read.recognise(image, 300, ENGLISH))[-1] == "Printed by the harbour press"


def test_a_line_that_a_dark_highlighter_covers_in_part_keeps_its_words(engines: Engines, data: TessData) -> None:
    text = "Boats leave the north pier at seven"
    image = Image.new("L", (900, 120), 255)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(40)
    draw.rectangle((330, 22, 860, 92), fill=145)
    draw.text((40, 30), text, font=font, fill=0)
    assert lines_of(auto(engines, data, lambda _line: None).recognise(image, 150, ENGLISH)) == [text]
