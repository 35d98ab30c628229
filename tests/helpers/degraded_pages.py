"""Pages that are rotated, skewed, faint, grainy or badly lit."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageChops, ImageOps

from ocrdesk.contract.document import Page
from ocrdesk.contract.jobs import EngineName
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.pipeline.page import read_page
from ocrdesk_worker.render.image_file import ImageSource
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
"""How the page was scanned, by the clockwise rotation that corrects it."""


def clean_page() -> Image.Image:
    return text_image(TEXT, (900, 640), 40).convert("L")


def full_page() -> Image.Image:
    """Return a page with the text three times, in long lines of smaller letters."""
    lines = TEXT.split("\n") * 3
    pairs = [" ".join(lines[at : at + 2]) for at in range(0, len(lines), 2)]
    return text_image("\n".join(pairs), (1000, 760), 28).convert("L")


def skewed(degrees: float, image: Image.Image | None = None) -> Image.Image:
    """Return the page rotated clockwise."""
    return (image or clean_page()).rotate(-degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def bent(image: Image.Image, rise: int, *, fan: float = 0.0) -> Image.Image:
    """Return the page with lines that rise by so many pixels in its middle; by `fan` times more at its bottom."""
    pixels = np.asarray(image.convert("L").resize((2 * image.width, 2 * image.height), Image.Resampling.BICUBIC))
    height, width = pixels.shape
    hill = 2 * rise * (1 - (2 * np.arange(width) / width - 1) ** 2)
    rows = np.arange(height)[:, None] + hill * (1 + fan * np.arange(height)[:, None] / height)
    inside = rows.round().astype(int).clip(0, height - 1)
    return Image.fromarray(np.take_along_axis(pixels, inside, axis=0)).reduce(2)


def between(image: Image.Image, black: int, white: int) -> Image.Image:
    return image.point(lambda tone: black + tone * (white - black) / 255)


def grainy(image: Image.Image, sigma: float) -> Image.Image:
    return ImageChops.add(image, Image.effect_noise(image.size, sigma), scale=1.0, offset=-128)


def badly_lit(image: Image.Image) -> Image.Image:
    """Return the page lit from the left; a quarter of the light reaches the right edge."""
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
    """Check that each box is tightly around dark pixels, and that there is almost no ink outside of the boxes."""
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
