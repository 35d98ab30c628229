"""Images of any mode as 8-bit grey on white."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from ocrdesk_worker.preprocess.grayscale import on_paper, to_grey
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


def on_glass(*tones: int, card: int | None = None) -> Image.Image:
    """Return a transparent page with strokes of these tones, side by side, or on an opaque card."""
    page = Image.new("RGBA", (400, 100), (0, 0, 0, 0))
    if card is not None:
        page.paste((card, card, card, 255), (40, 10, 360, 90))
    for number in range(20):
        tone = tones[number % len(tones)]
        page.paste((tone, tone, tone, 255), (60 + 14 * number, 30, 64 + 14 * number, 70))
    return page


@pytest.mark.parametrize("form", ["RGBA", "LA", "palette", "WEBP"])
@pytest.mark.parametrize("tones", [(255,), (0,), (255, 0), (230, 110)])
def test_whatever_is_drawn_on_a_transparent_page_is_visible(tones: tuple[int, ...], form: str) -> None:
    page = on_glass(*tones)
    if form == "palette":
        page = through_file(page.quantize(8), "PNG")
    elif form == "WEBP":
        page = through_file(page, "WEBP", lossless=True)
    else:
        page = page.convert(form)
    for shown in (to_grey(page), on_paper(page).convert("L")):
        for number in range(20):
            stroke, beside = (shown.getpixel((x + 14 * number, 50)) for x in (62, 68))
            assert abs(stroke - beside) >= 64, f"a stroke of tone {tones[number % len(tones)]} is invisible"


def test_a_page_with_a_paper_of_its_own_gets_white_around_it() -> None:
    assert to_grey(on_glass(0, card=255)).getpixel((5, 5)) == 255
    assert to_grey(Image.new("RGBA", (40, 40), (0, 0, 0, 0))).getextrema() == (255, 255)


def test_a_grey_image_is_left_as_it_is() -> None:
    page = marked_image("L")
    assert to_grey(page) is page
