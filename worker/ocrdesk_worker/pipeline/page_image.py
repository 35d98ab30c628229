"""Writes the page image shown beside the text.

It is upright and in colour, and has the page image's proportions.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageChops

from ocrdesk.contract.document import Page
from ocrdesk_worker.preprocess.grayscale import on_paper, to_grey
from ocrdesk_worker.render.page_source import PageSource

DEFAULT_WIDTH = 1600
_MAX_PIXELS = 40_000_000
_LONGEST_SIDE = 30_000
_JPEG_QUALITY = 85
_DRAWN = 0.7
"""If so many pixels equal their right neighbours, an image is drawn rather than photographed: a PNG is shorter."""
_TURNS = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


def write_page_image(source: PageSource, page: Page | None, number: int, width: int | None, out: Path) -> str:
    """Write page `number` (from 1) to `out`, at most `width` pixels wide. Return the media type.

    `page` is the page as it was read: its boxes fit the image if they are multiplied by the image's width divided by
    the page's. Without it, or if it could not be read, the page is written as it is in the file. Raises
    ProcessingError.
    """
    width = max(1, width or DEFAULT_WIDTH)
    if page is None or not page.width or not page.height:
        image = source.view(number - 1, width).image
        size = _size(image.width, image.height, width)
    else:
        size = _size(page.width, page.height, width)
        image = _turned_like(source, page, size)
    profile = _rgb_profile(image)
    reduced = _reduced(_viewable(image), size)
    return _write(reduced, profile if reduced.mode == "RGB" else None, out)


def _size(width: int, height: int, max_width: int) -> tuple[int, int]:
    """Return width and height reduced to the limits."""
    scale = min(1.0, max_width / width, _LONGEST_SIDE / height, (_MAX_PIXELS / (width * height)) ** 0.5)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _turned_like(source: PageSource, page: Page, size: tuple[int, int]) -> Image.Image:
    """Return the page in about that size, turned as it was for recognition."""
    viewed = source.view(page.number - 1, size[0])
    turn = (page.rotation - viewed.rotation) % 360
    if turn in (90, 270):
        viewed = source.view(page.number - 1, size[1])
    return viewed.image.transpose(_TURNS[turn]) if turn else viewed.image


def _viewable(image: Image.Image) -> Image.Image:
    """Return the image in mode "1", "L" or "RGB"; in grey if it has no colours."""
    image = on_paper(image)
    if image.mode in ("1", "L"):
        return image
    if image.mode == "I;16":
        return to_grey(image)
    rgb = image.convert("RGB")
    red, green, blue = rgb.split()
    is_grey = not (ImageChops.difference(red, green).getbbox() or ImageChops.difference(green, blue).getbbox())
    return red if is_grey else rgb


def _reduced(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    if image.size == size:
        return image
    smooth = image.convert("L") if image.mode == "1" else image
    return smooth.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _write(image: Image.Image, profile: bytes | None, out: Path) -> str:
    if image.mode == "1" or _is_drawn(image):
        image.save(out, "PNG", icc_profile=profile)
        return "image/png"
    image.save(out, "JPEG", quality=_JPEG_QUALITY, icc_profile=profile)
    return "image/jpeg"


def _is_drawn(image: Image.Image) -> bool:
    grey = image.convert("L")
    if grey.width < 2:
        return True
    left, right = grey.crop((0, 0, grey.width - 1, grey.height)), grey.crop((1, 0, grey.width, grey.height))
    same = ImageChops.difference(left, right).histogram()[0]
    return same >= _DRAWN * left.width * left.height


def _rgb_profile(image: Image.Image) -> bytes | None:
    """Return the colour profile of an RGB image, without which its colours would be wrong."""
    profile = image.info.get("icc_profile") or b""
    return profile if image.mode == "RGB" and profile[16:20] == b"RGB " else None
