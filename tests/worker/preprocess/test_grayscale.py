"""Images of any mode as 8-bit grey on white."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from ocrdesk_worker.preprocess.grayscale import to_grey
from tests.helpers.marked_images import assert_upright, deep_page, marked_image, on_nothing
from tests.helpers.sample_files import image_bytes


def through_file(page: Image.Image, form: str, **options: object) -> Image.Image:
    opened = Image.open(io.BytesIO(image_bytes(page, form, **options)))
    opened.load()
    return opened


def palette_with_transparent_paper() -> Image.Image:
    page = on_nothing("RGBA")
    return through_file(page.quantize(8), "PNG")


def sixteen_bit_big_endian() -> Image.Image:
    return through_file(deep_page().convert("I").convert("I;16B"), "TIFF")


def float_page() -> Image.Image:
    return marked_image("L").convert("F").point(lambda value: value * 0.01 + 3)


@pytest.mark.parametrize(
    "page",
    [
        marked_image("1"),
        marked_image("L"),
        marked_image("P"),
        marked_image("RGB"),
        marked_image("CMYK"),
        marked_image("YCbCr"),
        marked_image("HSV"),
        Image.merge("LAB", [marked_image("L"), *[Image.new("L", (120, 60), 0)] * 2]),
        marked_image("I"),
        float_page(),
        deep_page(),
        sixteen_bit_big_endian(),
        on_nothing("RGBA"),
        on_nothing("LA"),
        palette_with_transparent_paper(),
        through_file(marked_image("RGB"), "PNG", transparency=(255, 255, 255)),
    ],
    ids=lambda page: f"{page.mode}{'-transparent' if 'transparency' in page.info else ''}",
)
def test_any_mode_becomes_dark_on_white(page: Image.Image) -> None:
    grey = to_grey(page)
    assert grey.mode == "L"
    assert_upright(grey)


def test_a_grey_image_is_left_as_it_is() -> None:
    page = marked_image("L")
    assert to_grey(page) is page
