"""Rotated and skewed pages are read upright, and the boxes are where the words are."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest
from PIL import Image, ImageChops, ImageStat

from ocrdesk.contract.document import Block, Box, Line, Source, Word
from ocrdesk.contract.jobs import EngineName
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.pipeline import orientation
from ocrdesk_worker.pipeline.page import read_page
from ocrdesk_worker.preprocess.quarter_turns import lines_are_vertical
from ocrdesk_worker.preprocess.thumbnail import make_thumbnail
from ocrdesk_worker.render.image_file import ImageSource
from ocrdesk_worker.searchable_pdf.writer import write_searchable_pdf
from tests.helpers.degraded_pages import (
    TURNS,
    WORDS,
    assert_boxes_hold_the_ink,
    bent,
    clean_page,
    full_page,
    read,
    skewed,
    texts,
)
from tests.helpers.sample_files import image_bytes
from tests.worker.conftest import Save


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_read_upright_and_says_its_turn(turn: int, engines: Engines, save: Save) -> None:
    page = read(clean_page().transpose(TURNS[turn]), engines, save)
    assert page.rotation == turn
    assert texts(page) == WORDS
    assert_boxes_hold_the_ink(page, clean_page())


@pytest.mark.parametrize("degrees", [-8, -3, -1.2, 1.2, 2, 5, 10])
def test_a_skewed_page_is_read_and_its_boxes_are_where_its_words_are(
    degrees: float, engines: Engines, save: Save
) -> None:
    image = skewed(degrees)
    page = read(image, engines, save)
    assert page.rotation == 0
    assert texts(page) == WORDS
    assert image.size == (page.width, page.height)
    for word, at in zip(page.words(), read(clean_page(), engines, save).words(), strict=True):
        assert_lies_over(word, at, degrees, image)


def test_a_page_of_bent_lines_is_read_in_order_and_its_boxes_hold_the_ink(engines: Engines, save: Save) -> None:
    image = bent(full_page(), 40, fan=0.3)
    page = read(image, engines, save)
    longer = [[word for word in words if len(word) > 1] for words in (texts(page), WORDS * 3)]
    assert longer[0] == longer[1]
    assert_boxes_hold_the_ink(page, image)


def assert_lies_over(word: Word, at: Word, degrees: float, image: Image.Image) -> None:
    """Check that the skewed word's box has the rotated centre of the straight one, and ink at each of its edges."""
    turn = math.radians(degrees)
    across, down = (at.box.left + at.box.right) / 2 - 450, (at.box.top + at.box.bottom) / 2 - 320
    x = image.width / 2 + across * math.cos(turn) - down * math.sin(turn)
    y = image.height / 2 + across * math.sin(turn) + down * math.cos(turn)
    near = 5 + at.box.width / 20
    assert abs((word.box.left + word.box.right) / 2 - x) <= near, word.text
    assert abs((word.box.top + word.box.bottom) / 2 - y) <= near, word.text
    within = image.crop(word.box).point(lambda tone: 255 if tone < 140 else 0).getbbox()
    assert within is not None
    left, top, right, bottom = within
    assert max(left, top, word.box.width - right, word.box.height - bottom) <= 4, word.text


def test_a_turned_and_skewed_page_is_read(engines: Engines, save: Save) -> None:
    page = read(skewed(3).transpose(TURNS[90]), engines, save)
    assert page.rotation == 90
    assert texts(page) == WORDS


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_lines_that_only_look_vertical_turn_no_page(
    turn: int, engines: Engines, save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Columns of figures close together look like vertical lines, and Tesseract reads vertical lines, too."""
    monkeypatch.setattr(orientation, "lines_are_vertical", lambda _thumbnail: True)
    image = clean_page().transpose(TURNS[turn]) if turn else clean_page()
    page = read(image, engines, save)
    assert page.rotation == turn
    assert texts(page) == WORDS


class _ReadsVerticalLines:
    """An engine that reads vertical lines too, as neural readers do."""

    source = Source.TESSERACT

    def recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        is_vertical = lines_are_vertical(make_thumbnail(image))
        size = (30, 140) if is_vertical else (140, 30)
        words = [a_word(text, 160 * number, *size) for number, text in enumerate(("harbour", "waiting", "kiosk"))]
        words += [a_word(text, 40 * number, 30, 34) for number, text in enumerate(("on", "th", "In", "op", "at", "is"))]
        line = Line(box=Box.around([word.box for word in words]), words=tuple(words))
        return (Block(box=line.box, lines=(line,)),)


def a_word(text: str, left: int, width: int, height: int) -> Word:
    return Word(text=text, box=Box(left, 0, left + width, height), confidence=0.96, source=Source.TESSERACT)


def test_short_words_of_vertical_lines_are_no_evidence_of_an_upright_page() -> None:
    page = clean_page().transpose(TURNS[90]).convert("L")
    found = orientation.recognise_upright(page, make_thumbnail(page), 200, _ReadsVerticalLines(), lambda *_: ("eng",))
    assert found.rotation == 90


class _TwoStages:
    """An engine that reads only upright pages well, and notes how the pages lie that its second stage reads."""

    source = Source.TESSERACT

    def __init__(self, first: float = 0.96) -> None:
        self._first = first
        self.second: list[bool] = []

    def recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        return self.recognise_checked(image, dpi, languages, lambda _blocks: None)

    def recognise_first(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        return self._read(self._first if self._is_upright(image) else 0.2)

    def recognise_checked(
        self,
        image: Image.Image,
        dpi: float,
        languages: tuple[str, ...],
        check: Callable[[tuple[Block, ...]], None],
    ) -> tuple[Block, ...]:
        check(self.recognise_first(image, dpi, languages))
        self.second.append(self._is_upright(image))
        return self._read(0.96 if self._is_upright(image) else 0.2)

    def _is_upright(self, image: Image.Image) -> bool:
        """The page's lines begin at its left edge, the first one at its top."""
        ink = image.point(lambda tone: 255 if tone < 100 else 0).getbbox() or (0, 0, 0, 0)
        return not lines_are_vertical(make_thumbnail(image)) and ink[0] < image.width - ink[2]

    def _read(self, confidence: float) -> tuple[Block, ...]:
        words = [a_word(text, 160 * number, 140, 30) for number, text in enumerate(("harbour", "waiting", "kiosk"))]
        words = [word.model_copy(update={"confidence": confidence}) for word in words]
        line = Line(box=Box.around([word.box for word in words]), words=tuple(words))
        return (Block(box=line.box, lines=(line,)),)


@pytest.mark.parametrize("first", [0.96, 0.6])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_second_stage_reads_no_page_that_is_not_upright(turn: int, first: float) -> None:
    page = clean_page().transpose(TURNS[turn]) if turn else clean_page()
    engine = _TwoStages(first)
    found = orientation.recognise_upright(page, make_thumbnail(page), 200, engine, lambda *_: ("eng",))
    assert (found.rotation, engine.second) == (turn, [True])


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_where_the_first_stage_is_not_sure_the_second_decides_the_rotation(turn: int) -> None:
    page = clean_page().transpose(TURNS[turn])
    engine = _TwoStages(first=0.3)
    found = orientation.recognise_upright(page, make_thumbnail(page), 200, engine, lambda *_: ("eng",))
    assert found.rotation == turn
    assert found.confidence == pytest.approx(0.96)


def test_without_text_a_page_is_not_turned(engines: Engines, save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orientation, "lines_are_vertical", lambda _thumbnail: True)
    assert read(Image.effect_noise((900, 640), 90), engines, save).rotation == 0


def test_lines_and_blocks_contain_their_words_on_a_skewed_page(engines: Engines, save: Save) -> None:
    page = read(skewed(4), engines, save)
    for block in page.blocks:
        for line in block.lines:
            for word in line.words:
                assert block.box.left <= line.box.left <= word.box.left < word.box.right <= line.box.right
                assert block.box.top <= line.box.top <= word.box.top < word.box.bottom <= line.box.bottom
            assert line.box.right <= block.box.right <= page.width
            assert line.box.bottom <= block.box.bottom <= page.height


def test_the_engine_is_given_an_upright_page_as_it_is_and_once(save: Save) -> None:
    image = clean_page()
    seen: list[Image.Image] = []

    class Listening:
        source = Source.TESSERACT

        def recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
            seen.append(image)
            word = Word(text="confidently", box=(1, 1, 9, 9), confidence=0.9, source=self.source)  # type: ignore[arg-type]
            return (Block.model_validate({"box": word.box, "lines": [{"box": word.box, "words": [word]}]}),)

    source = ImageSource(save(image_bytes(image)), MediaType.PNG)
    page = read_page(source, 1, Listening, ("eng",))
    assert [given.tobytes() for given in seen] == [image.tobytes()]
    assert page.rotation == 0


def on_page(page: pdfium.PdfPage, x: int, y: int) -> tuple[float, float]:
    """Return the position in the page's own space of a pixel of the page rendered at 150 dpi."""
    across, down = ctypes.c_double(), ctypes.c_double()
    pdfium_c.FPDF_DeviceToPage(page.raw, 0, 0, *clean_page().size, 0, x, y, ctypes.byref(across), ctypes.byref(down))
    return across.value, down.value


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_the_searchable_pdf_of_a_turned_page_shows_it_upright_with_its_text_over_the_words(
    turn: int, engines: Engines, save: Save, tmp_path: Path
) -> None:
    file = save(image_bytes(clean_page().transpose(TURNS[turn]), dpi=(150, 150)))
    source = ImageSource(file, MediaType.PNG)
    engine = engines.choose(EngineName.TESSERACT, ("eng",))
    page = read_page(source, 1, lambda: engine, ("eng",))
    out = tmp_path / "out.pdf"
    write_searchable_pdf(file, MediaType.PNG, [page], out)
    with pdfium.PdfDocument(out) as document:
        shown = document[0].render(scale=150 / 72, grayscale=True).to_pil()
        assert shown.size == clean_page().size
        assert (
            ImageStat.Stat(ImageChops.difference(shown.convert("L"), clean_page())).mean[0] < 6
        )  # the edges of letters
        text = document[0].get_textpage()
        assert texts(page) == WORDS
        for word in page.words():
            left, top = on_page(document[0], word.box.left, word.box.top)
            right, bottom = on_page(document[0], word.box.right, word.box.bottom)
            west, east, south, north = min(left, right), max(left, right), min(top, bottom), max(top, bottom)
            assert text.get_text_bounded(west - 1, south - 1, east + 1, north + 1).strip() == word.text
