"""Pages put right: turned, askew, dark, faint, grainy or badly lit ones are read, the boxes lie over the words."""

from __future__ import annotations

import ctypes
import math
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from ocrdesk.contract.document import Block, Page, Source, Word
from ocrdesk.contract.jobs import EngineName
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.pipeline.page import read_page
from ocrdesk_worker.pipeline.page_image import write_page_image
from ocrdesk_worker.preprocess.clean_up import clean_up
from ocrdesk_worker.preprocess.deskew import deskew, measure_skew
from ocrdesk_worker.preprocess.opencv import cv2, np, raising_memory_error
from ocrdesk_worker.preprocess.quarter_turns import lines_are_vertical
from ocrdesk_worker.preprocess.thumbnail import Thumbnail, make_thumbnail
from ocrdesk_worker.render.image_file import ImageSource
from ocrdesk_worker.searchable_pdf.writer import write_searchable_pdf
from tests.helpers.sample_files import image_bytes, text_image
from tests.worker.conftest import Save

TEXT = """The morning boat was late again
and nobody on the pier minded.
A dog slept beside the ticket box
while two children counted gulls.
Somewhere a radio played softly;
the old clock had stopped at nine.
Bread, cheese and apples were sold
from a table near the station door."""
WORDS = TEXT.split()
TURNS = {90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270}
"""By the clockwise turn that puts the page right: how it was laid on the glass."""


def sheet() -> Image.Image:
    return text_image(TEXT, (900, 640), 40).convert("L")


def askew(degrees: float, image: Image.Image | None = None) -> Image.Image:
    """The page turned clockwise."""
    return (image or sheet()).rotate(-degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def between(image: Image.Image, black: int, white: int) -> Image.Image:
    return image.point(lambda tone: black + tone * (white - black) / 255)


def grainy(image: Image.Image, sigma: float) -> Image.Image:
    return ImageChops.add(image, Image.effect_noise(image.size, sigma), scale=1.0, offset=-128)


def badly_lit(image: Image.Image) -> Image.Image:
    """Light from the left, of which a quarter reaches the right edge."""
    light = Image.linear_gradient("L").rotate(270).resize(image.size)
    return ImageChops.multiply(
        image, between(ImageOps.mirror(light) if light.getpixel((0, 0)) == 0 else light, 60, 255)
    )


def read(image: Image.Image, engines: Engines, save: Save) -> Page:
    source = ImageSource(save(image_bytes(image)), MediaType.PNG)
    engine = engines.choose(EngineName.TESSERACT, ("eng",))
    try:
        return read_page(source, 1, lambda: engine, ("eng",))
    finally:
        source.close()


def texts(page: Page) -> list[str]:
    return [word.text for word in page.words()]


def assert_boxes_hold_the_ink(page: Page, image: Image.Image, slack: int = 6) -> None:
    """Each box is just around dark pixels, and outside of all boxes there is next to no ink."""
    ink = image.convert("L").point(lambda tone: 255 if tone < 100 else 0)
    assert image.size == (page.width, page.height)
    total = ink.histogram()[255]
    for word in page.words():
        within = ink.crop(word.box).getbbox()
        assert within is not None, word.text
        left, top, right, bottom = within
        assert max(left, top, word.box.width - right, word.box.height - bottom) <= slack, word.text
        ink.paste(0, word.box)
    assert ink.histogram()[255] <= 0.02 * total


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_read_upright_and_says_its_turn(turn: int, engines: Engines, save: Save) -> None:
    page = read(sheet().transpose(TURNS[turn]), engines, save)
    assert page.rotation == turn
    assert texts(page) == WORDS
    assert_boxes_hold_the_ink(page, sheet())


@pytest.mark.parametrize("degrees", [-8, -3, -1.2, 1.2, 2, 5, 10])
def test_a_page_askew_is_read_and_its_boxes_are_where_its_words_are(
    degrees: float, engines: Engines, save: Save
) -> None:
    image = askew(degrees)
    page = read(image, engines, save)
    assert page.rotation == 0
    assert texts(page) == WORDS
    assert image.size == (page.width, page.height)
    for word, at in zip(page.words(), read(sheet(), engines, save).words(), strict=True):
        assert_lies_over(word, at, degrees, image)


def assert_lies_over(word: Word, at: Word, degrees: float, image: Image.Image) -> None:
    """The box of the word askew has the middle of the straight one, turned, and ink at each of its edges."""
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


def test_a_page_turned_and_askew_is_read(engines: Engines, save: Save) -> None:
    page = read(askew(3).transpose(TURNS[90]), engines, save)
    assert page.rotation == 90
    assert texts(page) == WORDS


def test_lines_and_blocks_hold_their_words_on_a_page_askew(engines: Engines, save: Save) -> None:
    page = read(askew(4), engines, save)
    for block in page.blocks:
        for line in block.lines:
            for word in line.words:
                assert block.box.left <= line.box.left <= word.box.left < word.box.right <= line.box.right
                assert block.box.top <= line.box.top <= word.box.top < word.box.bottom <= line.box.bottom
            assert line.box.right <= block.box.right <= page.width
            assert line.box.bottom <= block.box.bottom <= page.height


@pytest.mark.parametrize("skew", [-11, -6.5, -2, -1.2, 1.2, 1.5, 4, 9])
def test_the_angle_of_a_page_is_found(skew: float) -> None:
    assert measure_skew(make_thumbnail(askew(skew))) == pytest.approx(skew, abs=0.2)


@pytest.mark.parametrize("skew", [-0.5, 0.3, 0.6])
def test_a_page_hardly_askew_is_not_worth_turning(skew: float) -> None:
    assert measure_skew(make_thumbnail(askew(skew))) == 0


def test_what_is_straightened_can_be_mapped_back_to_its_place() -> None:
    image = Image.new("L", (400, 300), 255)
    image.paste(0, (250, 60, 290, 80))
    straight = deskew(image, 6)
    found = straight.image.point(lambda tone: 255 if tone < 128 else 0).getbbox()
    assert found is not None
    word = Word(text="x", box=found, confidence=1, source=Source.TESSERACT)  # type: ignore[arg-type]
    blocks = Block.model_validate({"box": found, "lines": [{"box": found, "words": [word]}]})
    box = straight.map_to_original((blocks,))[0].lines[0].words[0].box
    assert all(abs(edge - true) <= 1 for edge, true in zip(box, (250, 60, 290, 80), strict=True))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda page: ImageOps.invert(page),
        lambda page: between(page, 225, 40),
        lambda page: between(page, 150, 185),
        lambda page: between(page, 60, 90),
        lambda page: grainy(between(page, 150, 185), 5),
        lambda page: grainy(between(page, 40, 220), 18),
        badly_lit,
    ],
    ids=["inverted", "dark mode", "faint", "faint on dark", "faint and grainy", "grainy", "badly lit"],
)
def test_a_spoilt_page_is_made_legible_and_read(spoil, engines: Engines, save: Save) -> None:  # type: ignore[no-untyped-def]
    spoilt = spoil(sheet())
    mended, _ = clean_up(spoilt)
    assert mended is not spoilt
    assert mended.size == spoilt.size
    page = read(spoilt, engines, save)
    assert texts(page) == WORDS
    assert_boxes_hold_the_ink(page, sheet(), slack=20)


def test_a_page_that_needs_nothing_is_left_as_it_is() -> None:
    for image in (sheet(), between(sheet(), 30, 235), grainy(between(sheet(), 30, 235), 2)):
        same, thumbnail = clean_up(image)
        assert same is image
        assert measure_skew(thumbnail) == 0
        assert not lines_are_vertical(thumbnail)


def test_the_engine_is_given_an_upright_page_as_it_is_and_once(save: Save) -> None:
    image = sheet()
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


@pytest.mark.parametrize("paper", [0, 40, 128, 255])
def test_an_empty_page_of_any_tone_stays_empty(paper: int, engines: Engines, save: Save) -> None:
    blank = Image.new("L", (700, 500), paper)
    assert clean_up(blank)[0] is blank
    page = read(blank, engines, save)
    assert (page.blocks, page.rotation, page.width, page.height) == ((), 0, 700, 500)


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (900, 2), (17, 17), (40, 40)])
def test_the_smallest_images_do_no_harm(size: tuple[int, int]) -> None:
    for tone in (0, 90, 255):
        image = Image.new("L", size, tone)
        image.putpixel((0, 0), 128)
        mended, thumbnail = clean_up(image)
        assert mended.size == size
        assert measure_skew(thumbnail) == 0
        assert not lines_are_vertical(thumbnail)


def on_page(page: pdfium.PdfPage, x: int, y: int) -> tuple[float, float]:
    """Where a pixel of the page as it is shown at 150 dpi lies in the page's own space."""
    across, down = ctypes.c_double(), ctypes.c_double()
    pdfium_c.FPDF_DeviceToPage(page.raw, 0, 0, *sheet().size, 0, x, y, ctypes.byref(across), ctypes.byref(down))
    return across.value, down.value


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_the_searchable_pdf_of_a_turned_page_shows_it_upright_with_its_text_over_the_words(
    turn: int, engines: Engines, save: Save, tmp_path: Path
) -> None:
    file = save(image_bytes(sheet().transpose(TURNS[turn]), dpi=(150, 150)))
    source = ImageSource(file, MediaType.PNG)
    engine = engines.choose(EngineName.TESSERACT, ("eng",))
    page = read_page(source, 1, lambda: engine, ("eng",))
    out = tmp_path / "out.pdf"
    write_searchable_pdf(file, MediaType.PNG, [page], out)
    with pdfium.PdfDocument(out) as document:
        shown = document[0].render(scale=150 / 72, grayscale=True).to_pil()
        assert shown.size == sheet().size
        assert ImageStat.Stat(ImageChops.difference(shown.convert("L"), sheet())).mean[0] < 6  # the edges of letters
        text = document[0].get_textpage()
        assert texts(page) == WORDS
        for word in page.words():
            left, top = on_page(document[0], word.box.left, word.box.top)
            right, bottom = on_page(document[0], word.box.right, word.box.bottom)
            west, east, south, north = min(left, right), max(left, right), min(top, bottom), max(top, bottom)
            assert text.get_text_bounded(west - 1, south - 1, east + 1, north + 1).strip() == word.text


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_the_picture_of_a_turned_page_is_upright(turn: int, engines: Engines, save: Save, tmp_path: Path) -> None:
    source = ImageSource(save(image_bytes(sheet().transpose(TURNS[turn]))), MediaType.PNG)
    engine = engines.choose(EngineName.TESSERACT, ("eng",))
    page = read_page(source, 1, lambda: engine, ("eng",))
    write_page_image(source, page, 1, None, tmp_path / "page")
    with Image.open(tmp_path / "page") as shown:
        assert ImageChops.difference(shown.convert("L"), sheet()).getbbox() is None


def test_too_little_memory_is_told_as_python_tells_it() -> None:
    with pytest.raises(MemoryError), raising_memory_error():
        cv2.resize(np.zeros((9, 9), np.float64), (2**30, 2**30))


def test_a_page_too_long_to_be_turned_is_read_as_it_lies() -> None:
    assert measure_skew(Thumbnail(make_thumbnail(askew(3)).grey, 1)) == pytest.approx(3, abs=0.2)
    assert measure_skew(Thumbnail(make_thumbnail(askew(3)).grey, 40)) == 0
