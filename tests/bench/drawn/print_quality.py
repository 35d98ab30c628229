"""What happens to a page between the printer and the reader."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

_PIXELS_PER_SPECK = 20_000
Degrade = Callable[[Image.Image, random.Random], Image.Image]


def clean(image: Image.Image, _rng: random.Random) -> Image.Image:
    return image


def blurred(image: Image.Image, _rng: random.Random) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(image.width / 1400))


def bilevel(image: Image.Image, rng: random.Random) -> Image.Image:
    threshold = rng.randint(120, 175)
    return blurred(image, rng).point([255 if tone > threshold else 0 for tone in range(256)])


def compressed(image: Image.Image, rng: random.Random) -> Image.Image:
    stored = io.BytesIO()
    image.save(stored, "JPEG", quality=rng.randint(25, 45))
    return Image.open(stored).convert("L")


def grainy(image: Image.Image, rng: random.Random) -> Image.Image:
    noise = Image.effect_noise(image.size, rng.randint(20, 40))
    return Image.blend(image, noise, 0.3)


def scanned(image: Image.Image, rng: random.Random) -> Image.Image:
    """A scan in black and white, as offices make it: edges are jagged, shades are dots."""
    soft = image.filter(ImageFilter.GaussianBlur(0.6))
    return soft.convert("1").convert("L") if rng.random() < 0.3 else soft.point([255 * (it > 150) for it in range(256)])


def faxed(image: Image.Image, rng: random.Random) -> Image.Image:
    """A fax in its fine mode: 200 dots an inch, with specks, and letters with small breaks."""
    small = image.filter(ImageFilter.GaussianBlur(0.5))
    noise = Image.effect_noise(small.size, 90).filter(ImageFilter.GaussianBlur(0.7))
    rough = ImageChops.add(small, noise, 1, -128)
    level = rng.randint(120, 140)
    fax = rough.point([255 * (tone > level) for tone in range(256)])
    pen = ImageDraw.Draw(fax)
    for _ in range(small.width * small.height // _PIXELS_PER_SPECK):
        x, y, size = rng.randrange(small.width), rng.randrange(small.height), rng.choice((0, 0, 1, 1, 2))
        pen.rectangle((x, y, x + size, y + rng.randint(0, 1)), fill=0)
    return fax


def faint(image: Image.Image, rng: random.Random) -> Image.Image:
    """Ink and paper differ little."""
    ink, paper = rng.randint(110, 140), rng.randint(195, 225)
    return grainy(image, rng).point([round(ink + (paper - ink) * tone / 255) for tone in range(256)])


NUMBER_PAGES: Sequence[Degrade] = (clean, blurred, bilevel, compressed, grainy)
OFFICE_PAGES: Sequence[Degrade] = (clean, scanned, compressed, faxed, faint)
