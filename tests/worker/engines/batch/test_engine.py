"""Pages that are read by batches of lines are read as libtesseract reads them; others are left to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import cache
from statistics import fmean

import pytest
from PIL import Image, ImageDraw, ImageFont, ImageOps

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Word
from ocrdesk_worker.engines.batch.engine import BatchTesseractEngine
from ocrdesk_worker.engines.batch.line_model import LineModel
from ocrdesk_worker.engines.batch.network import UnsupportedNetworkError, read_network
from ocrdesk_worker.engines.languages.tessdata import TessData, collect
from ocrdesk_worker.engines.tesseract.in_process import LayoutLine, TesseractEngine
from ocrdesk_worker.errors import engine_failed

PROSE = (
    "The committee met on Tuesday and agreed that the old bridge",
    "should be closed to heavy traffic before the winter begins.",
    "Repairs will cost about 1,250,000 pounds over three years,",
    "said the chairman, Mr. Wilson; others doubted the figure.",
    "He added: \u201cWithout the bridge, the village has no road.\u201d",
    "Their second report (see page 14) is expected in the spring.",
)


class CountingEngine(TesseractEngine):
    """Counts the pages that libtesseract recognises itself."""

    recognised = 0

    def recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        self.recognised += 1
        return super().recognise(image, dpi, languages)


@cache
def engines() -> tuple[BatchTesseractEngine, CountingEngine]:
    data = collect()
    whole = CountingEngine(data)
    return BatchTesseractEngine(data, whole), whole


def drawn(lines: Sequence[str] = PROSE, size: int = 40, background: int = 255, ink: int = 0) -> Image.Image:
    image = Image.new("L", (1500, 200 + len(lines) * size * 2), background)
    pen = ImageDraw.Draw(image)
    for number, text in enumerate(lines):
        pen.text((100, 100 + number * size * 2), text, font=ImageFont.load_default(size=size), fill=ink)
    return image


def read(image: Image.Image, languages: tuple[str, ...] = ("eng",)) -> tuple[list[Word], bool]:
    """Return the words, and whether libtesseract had to recognise the page."""
    batch, whole = engines()
    before = whole.recognised
    blocks = batch.recognise(image, 300, languages)
    return words_of(blocks), whole.recognised > before


def words_of(blocks: Sequence[Block]) -> list[Word]:
    return [word for block in blocks for line in block.lines for word in line.words]


def test_clear_text_is_read_as_libtesseract_reads_it() -> None:
    image = drawn()
    words, by_libtesseract = read(image)
    expected = words_of(engines()[1].recognise(image, 300, ("eng",)))
    assert not by_libtesseract
    assert " ".join(word.text for word in words) == " ".join(PROSE)
    assert [word.text for word in words] == [word.text for word in expected]
    for word, other in zip(words, expected, strict=True):
        edges = zip(word.box, other.box, strict=True)
        assert all(abs(one - two) <= 2 for one, two in edges), (word, other)
    assert fmean(word.confidence for word in words) > 0.93


def test_blocks_and_lines_are_those_of_the_layout() -> None:
    batch, _ = engines()
    blocks = batch.recognise(drawn(), 300, ("eng",))
    assert [line.text for block in blocks for line in block.lines] == list(PROSE)
    expected = engines()[1].recognise(drawn(), 300, ("eng",))
    assert {line.text for block in expected for line in block.lines} == set(PROSE)


class StrayEngine(TesseractEngine):
    """Finds part of a line a second time, as libtesseract does where accents of two lines touch."""

    def layout(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> list[LayoutLine] | None:
        lines = super().layout(image, dpi, languages)
        assert lines
        box = lines[1].box
        part = Box(box.left + 300, box.top - 2, box.left + 400, box.bottom - 2)
        return [*lines, LayoutLine(99, 99, part, lines[1].baseline)]


def test_a_part_of_a_line_that_the_layout_has_twice_is_read_once() -> None:
    data = collect()
    blocks = BatchTesseractEngine(data, StrayEngine(data)).recognise(drawn(), 300, ("eng",))
    assert " ".join(word.text for word in words_of(blocks)) == " ".join(PROSE)


def test_light_text_on_a_dark_page_is_read() -> None:
    words, by_libtesseract = read(drawn(background=30, ink=225))
    assert not by_libtesseract
    assert " ".join(word.text for word in words) == " ".join(PROSE)


@pytest.mark.parametrize(
    "image", [Image.new("L", (900, 600), 255), Image.new("L", (5, 5), 0), Image.new("L", (900, 2), 0)]
)
def test_a_page_without_text_has_no_words(image: Image.Image) -> None:
    assert read(image)[0] == []


def test_a_page_of_doubtful_words_is_left_to_libtesseract() -> None:
    noise = Image.effect_noise((1500, 700), 120).convert("L")
    image = Image.blend(drawn(), noise.resize(drawn().size), 0.62)
    words, by_libtesseract = read(image)
    assert by_libtesseract
    assert [word.text for word in words] == [
        word.text for word in words_of(engines()[1].recognise(image, 300, ("eng",)))
    ]


def test_upright_lines_of_a_rotated_page_are_left_to_libtesseract() -> None:
    image = drawn().rotate(90, expand=True)
    assert [word.text for word in read(image)[0]] == [
        word.text for word in words_of(engines()[1].recognise(image, 300, ("eng",)))
    ]


def test_a_missing_space_is_found_where_two_words_of_the_dictionary_are_likelier() -> None:
    narrow = drawn(["It is a report", "of the house"], size=36)
    assert " ".join(word.text for word in read(narrow)[0]) == "It is a report of the house"


def test_each_line_is_read_with_the_likeliest_of_the_languages() -> None:
    if not {"eng", "deu"} <= set(collect().languages):
        pytest.skip("English and German are not installed")
    german = (
        "Der Vorsitzende sagte, dass niemand die Kosten kennt,",
        "und dass die Arbeiten nach dem Winter beginnen sollen.",
    )
    lines = (*PROSE, *german)
    words, by_libtesseract = read(drawn(lines), ("eng", "deu"))
    assert not by_libtesseract
    text = " ".join(word.text for word in words)
    assert text == " ".join(lines)


def test_languages_of_other_scripts_are_left_to_libtesseract() -> None:
    batch, _ = engines()
    assert batch._model("jpn") is None
    assert batch._model("rus") is None


def test_a_damaged_file_of_a_language_is_no_error_of_the_network(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("tessdata")
    whole = (collect().folder / "eng.traineddata").read_bytes()
    for length in (0, 3, 200, 5000, len(whole) // 8, len(whole) - 2000):
        (folder / "eng.traineddata").write_bytes(whole[:length])
        data = TessData(folder)
        BatchTesseractEngine(data, TesseractEngine(data)).preload(("eng",))
    (folder / "eng.traineddata").write_bytes(whole)
    data = TessData(folder)
    whole_again = BatchTesseractEngine(data, TesseractEngine(data))
    whole_again.preload(("eng",))
    assert whole_again._model("eng") is not None


def test_a_page_that_the_network_fails_on_is_left_to_libtesseract(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_model: LineModel, _lines: object) -> list[object]:
        raise engine_failed()

    engines()[0].preload(("eng",))
    monkeypatch.setattr(LineModel, "read", fail)
    words, by_libtesseract = read(drawn())
    assert by_libtesseract
    assert " ".join(word.text for word in words) == " ".join(PROSE)
    assert "not read in batches" in caplog.text


def test_a_network_whose_layers_do_not_fit_is_not_supported() -> None:
    network = read_network(collect().folder / "eng.traineddata")
    assert network.row
    with pytest.raises(UnsupportedNetworkError):
        LineModel(replace(network, row=network.row[1:]))
    with pytest.raises(UnsupportedNetworkError):
        LineModel(replace(network, characters=network.characters[:-1]))


def test_text_on_both_kinds_of_background_is_read() -> None:
    upper, lower = drawn(PROSE[:3]), ImageOps.invert(drawn(PROSE[3:]))
    image = Image.new("L", (upper.width, upper.height + lower.height), 255)
    image.paste(upper, (0, 0))
    image.paste(lower, (0, upper.height))
    text = " ".join(word.text for word in read(image)[0])
    assert SequenceMatcher(None, text, " ".join(PROSE), autojunk=False).ratio() > 0.98
