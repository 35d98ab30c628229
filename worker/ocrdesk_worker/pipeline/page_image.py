"""Makes a page's picture as people see it beside its text: upright, in colour, in the page image's proportions."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageChops

from ocrdesk.contract.document import Page
from ocrdesk_worker.preprocess.grayscale import on_paper, to_grey
from ocrdesk_worker.render.page_source import PageSource

DEFAULT_WIDTH = 1600
_MOST_PIXELS = 40_000_000
_LONGEST_SIDE = 30_000
_JPEG_QUALITY = 85
_DRAWN = 0.7
"""Where so many pixels are just like their right neighbours, a picture is drawn rather than taken: PNG is shorter."""
_TURNS = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


def write_page_image(source: PageSource, page: Page | None, number: int, width: int | None, out: Path) -> str:
    """Writes page `number` (from 1) to `out`, at most `width` pixels wide, and answers its media type. Raises Fault.

    With the read `page`, boxes fit the picture when multiplied by its width over the page's. None, or a page
    that could not be read, gives the page as the file has it.
    """
    width = max(1, width or DEFAULT_WIDTH)
    if page is None or not page.width or not page.height:
        image = source.view(number - 1, width).image
        size = _size(image.width, image.height, width)
    else:
        size = _size(page.width, page.height, width)
        image = _turned_to_fit(source, page, size)
    profile = _rgb_profile(image)
    picture = _reduced(_seen(image), size)
    return _write(picture, profile if picture.mode == "RGB" else None, out)


def _size(wide: int, high: int, most_wide: int) -> tuple[int, int]:
    """The proportions of wide x high within the limits; never larger."""
    scale = min(1.0, most_wide / wide, _LONGEST_SIDE / high, (_MOST_PIXELS / (wide * high)) ** 0.5)
    return max(1, round(wide * scale)), max(1, round(high * scale))


def _turned_to_fit(source: PageSource, page: Page, size: tuple[int, int]) -> Image.Image:
    """The page drawn for `size`, turned as it was turned to be read."""
    viewed = source.view(page.number - 1, size[0])
    turn = (page.rotation - viewed.rotation) % 360
    if turn in (90, 270):
        viewed = source.view(page.number - 1, size[1])
    return viewed.image.transpose(_TURNS[turn]) if turn else viewed.image


def _seen(image: Image.Image) -> Image.Image:
    """In mode "1", "L" or "RGB", and without colours where it has none."""
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
    """The colour profile of an RGB image, which its colours need to be right."""
    profile = image.info.get("icc_profile") or b""
    return profile if image.mode == "RGB" and profile[16:20] == b"RGB " else None
