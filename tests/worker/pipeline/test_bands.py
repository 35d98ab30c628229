"""Very tall images are read whole: no word is lost, cut or read twice where two bands meet."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line, Source, Word
from ocrdesk.contract.jobs import EngineName
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.pipeline.bands import recognise_in_bands, split
from ocrdesk_worker.pipeline.page import read_page
from ocrdesk_worker.render.image_file import ImageSource
from tests.helpers.sample_files import image_bytes
from tests.worker.conftest import Save

LINE = 88


def grain(size: tuple[int, int]) -> Image.Image:
    """Return noise around a middle grey, the same in every run: Pillow's depends on what was drawn before."""
    width, height = size
    noise = np.random.default_rng(1).normal(128, 30, (height, width))
    return Image.fromarray(noise.clip(0, 255).astype(np.uint8))


def tall_image(lines: int, width: int = 520, top: int = 20) -> Image.Image:
    """Return an image with a numbered line of text every `LINE` pixels."""
    image = Image.new("L", (width, top + lines * LINE), 255)
    draw = ImageDraw.Draw(image)
    for number in range(lines):
        draw.text((30, top + number * LINE), f"Message {1000 + number} for you", 20, ImageFont.load_default(36))
    return image


class Rows:
    """An engine that returns one word for each dark row of the image: what it sees of it is the word's height."""

    source = Source.TESSERACT

    def __init__(self) -> None:
        self.heights: list[int] = []

    def recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        self.heights.append(image.height)
        dark = np.flatnonzero(np.diff(np.concatenate(([0], (np.asarray(image)[:, 30] < 60).astype(np.int8), [0]))))
        words = [
            Word(text=f"{bottom - top}", box=Box(10, int(top), 60, int(bottom)), confidence=0.9, source=self.source)
            for top, bottom in zip(dark[::2], dark[1::2], strict=True)
        ]
        return tuple(Block(box=word.box, lines=(Line(box=word.box, words=(word,)),)) for word in words)


def barred(height: int, step: int, background: Image.Image | None = None) -> Image.Image:
    image = background or Image.new("L", (400, height), 255)
    for top in range(10, height - 40, step):
        image.paste(0, (20, top, 200, top + 30))
    return image


def read_rows(image: Image.Image) -> tuple[list[tuple[int, int]], list[int]]:
    engine = Rows()
    blocks, _ = recognise_in_bands(image, 0, engine, lambda _image, _dpi: ("eng",))
    return [(word.box.top, word.box.height) for block in blocks for line in block.lines for word in line.words], (
        engine.heights
    )


@pytest.mark.parametrize("size", [(2480, 3508), (3508, 2480), (400, 4000), (1080, 5000), (20_000, 1080)])
def test_other_images_are_read_at_once(size: tuple[int, int]) -> None:
    assert len(split(np.full(size[::-1], 255, np.uint8))) == 1


@pytest.mark.parametrize("step", [37, 41, 53, 90, 2900])
def test_between_lines_an_image_is_cut_once(step: int) -> None:
    rows, heights = read_rows(barred(21_000, step))
    assert rows == [(top, 30) for top in range(10, 21_000 - 40, step)]
    assert len(heights) > 3
    assert sum(heights) == 21_000


@pytest.mark.parametrize("step", [37, 41, 53, 90])
def test_on_a_photo_bands_overlap_and_each_line_is_read_once(step: int) -> None:
    noise = Image.effect_noise((400, 21_000), 60).point(lambda tone: max(90, tone))
    rows, heights = read_rows(barred(21_000, step, noise))
    assert rows == [(top, 30) for top in range(10, 21_000 - 40, step)]
    assert sum(heights) > 21_000


def test_the_languages_of_all_bands_are_reported() -> None:
    given = iter([("eng",), ("deu", "eng"), ("eng",), ("fra",)])
    _, languages = recognise_in_bands(Image.new("L", (400, 11_000), 255), 0, Rows(), lambda _image, _dpi: next(given))
    assert languages == ("eng", "deu", "fra")


@pytest.mark.parametrize("kind", ["light", "dark", "grainy"])
@pytest.mark.parametrize("engine", [EngineName.AUTO, EngineName.TESSERACT])
def test_every_line_of_a_long_screenshot_is_read(engine: EngineName, kind: str, engines: Engines, save: Save) -> None:
    image = tall_image(110)
    if kind == "dark":
        image = ImageChops.invert(image)
    if kind == "grainy":
        image = ImageChops.add(image, grain(image.size), 1.0, -128)
    source = ImageSource(save(image_bytes(image)), MediaType.PNG)
    page = read_page(source, 1, lambda: engines.choose(engine, ("eng",)), ("eng",))
    numbers = [word.text for word in page.words() if word.text.isdigit()]
    assert numbers == [str(1000 + number) for number in range(110)]
    assert page.rotation == 0
