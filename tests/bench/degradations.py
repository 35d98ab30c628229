"""Degrades good pages, each in one way that the pipeline corrects, and returns the new positions of their words."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageOps
from scoring import PlacedWord

from ocrdesk.contract.document import Rotation
from ocrdesk_worker.preprocess.quarter_turns import turn

CODES = {"QRCode": "https://example.org/harbour/2026", "Code128": "SHIP-0042-1871"}
"""The content of the codes below a page, by kind."""
_CODE_SHARE = {"QRCode": 0.14, "Code128": 0.34}
"""Their width, as a fraction of the page's width."""

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Degradation:
    """One way to degrade an 8-bit grey image; `word` returns a word's new position, given the image's old size."""

    image: Callable[[Image.Image], Image.Image]
    word: Callable[[PlacedWord, Size], PlacedWord] = lambda word, _size: word


def untouched() -> Degradation:
    return Degradation(lambda image: image)


def turned_by(clockwise: Rotation) -> Degradation:
    return Degradation(
        lambda image: turn(image, clockwise),
        lambda word, size: turned_word(word, size, clockwise),
    )


def turned_word(word: PlacedWord, size: Size, clockwise: int) -> PlacedWord:
    """Return the word after its image, which had that size, was rotated by quarter turns."""
    wide, high = size
    text, left, top, right, bottom = word
    match clockwise % 360:
        case 90:
            return PlacedWord(text, high - bottom, left, high - top, right)
        case 180:
            return PlacedWord(text, wide - right, high - bottom, wide - left, high - top)
        case 270:
            return PlacedWord(text, top, wide - right, bottom, wide - left)
    return word


def skewed(clockwise_deg: float) -> Degradation:
    """Rotate about the centre of an enlarged page; words get the bounding boxes of their rotated boxes."""
    cosine, sine = math.cos(math.radians(clockwise_deg)), math.sin(math.radians(clockwise_deg))

    def degrade(image: Image.Image) -> Image.Image:
        return image.rotate(-clockwise_deg, Image.Resampling.BICUBIC, expand=True, fillcolor=_paper(image))

    def moved(word: PlacedWord, size: Size) -> PlacedWord:
        wide, high = size
        new_wide, new_high = (
            wide * abs(cosine) + high * abs(sine),
            wide * abs(sine) + high * abs(cosine),
        )
        corners = [(x - wide / 2, y - high / 2) for x in (word.left, word.right) for y in (word.top, word.bottom)]
        across = [new_wide / 2 + cosine * x - sine * y for x, y in corners]
        down = [new_high / 2 + sine * x + cosine * y for x, y in corners]
        return PlacedWord(word.text, min(across), min(down), max(across), max(down))

    return Degradation(degrade, moved)


def inverted() -> Degradation:
    return Degradation(ImageOps.invert)


def between(black: int, white: int, grain: float = 0.0) -> Degradation:
    """Compress all tones into this range, and add noise of that standard deviation."""

    def degrade(image: Image.Image) -> Image.Image:
        image = image.point(lambda tone: black + tone * (white - black) / 255)
        noise = Image.effect_noise(image.size, grain)
        return ImageChops.add(image, noise, scale=1.0, offset=-128) if grain else image

    return Degradation(degrade)


def badly_lit() -> Degradation:
    """Darken the page from one side to the other, as in a badly lit photo."""

    def degrade(image: Image.Image) -> Image.Image:
        light = Image.linear_gradient("L").transpose(Image.Transpose.ROTATE_270).resize(image.size)
        return ImageChops.multiply(image, light.point(lambda tone: 70 + tone * 185 / 255))

    return Degradation(degrade)


def with_codes() -> Degradation:
    """Make the page longer, with one code of each kind in `CODES` below the text."""

    def degrade(image: Image.Image) -> Image.Image:
        codes = [_code_as_wide(content, kind, image.width * _CODE_SHARE[kind]) for kind, content in CODES.items()]
        strip = round(1.2 * max(code.height for code in codes))
        page = Image.new("L", (image.width, image.height + strip), _paper(image))
        page.paste(image, (0, 0))
        for number, code in enumerate(codes):
            page.paste(code, (round(image.width * (0.15 + 0.35 * number)), image.height + strip // 12))
        return page

    return Degradation(degrade)


def _code_as_wide(content: str, kind: str, width: float) -> Image.Image:
    from tests.helpers.barcode_images import code_image

    pixels = round(width / code_image(content, kind, 1).width)
    return code_image(content, kind, max(1, pixels))


def _paper(image: Image.Image) -> int:
    """Return the most frequent tone."""
    return max(range(256), key=image.histogram().__getitem__)
