"""Pages that are rotated, skewed, faint, grainy or badly lit."""

from __future__ import annotations

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


def skewed(degrees: float, image: Image.Image | None = None) -> Image.Image:
    """Return the page rotated clockwise."""
    return (image or clean_page()).rotate(-degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


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
