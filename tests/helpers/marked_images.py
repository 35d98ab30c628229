"""Images with a mark in one corner, which shows their rotation."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageOps

MARK = (20, 10)
"""The dark corner mark of `marked_image`, as width and height."""


def marked_image(mode: str = "RGB") -> Image.Image:
    """Return a white page, wider than high, with a dark mark in its upper left corner."""
    page = Image.new("RGB", (120, 60), "white")
    ImageDraw.Draw(page).rectangle((0, 0, MARK[0] - 1, MARK[1] - 1), fill="black")
    return page.convert(mode)


def assert_upright(image: Image.Image) -> None:
    grey = image.convert("L")
    assert grey.size == (120, 60)
    assert max(tones(grey, (2, 2, MARK[0] - 2, MARK[1] - 2))) < 90, "the mark is not where it belongs"
    for other in ((100, 0, 120, 10), (0, 50, 20, 60), (100, 50, 120, 60)):
        assert min(tones(grey, other)) > 160, f"something dark is at {other}"


def tones(grey: Image.Image, box: tuple[int, int, int, int]) -> bytes:
    """Return the value of every pixel in the box."""
    return grey.crop(box).tobytes()


def stored_for(orientation: int, page: Image.Image) -> Image.Image:
    """Return the pixels that a camera stores so that `orientation` rotates them to the upright page."""
    for transpose in (None, *Image.Transpose):
        stored = page if transpose is None else page.transpose(transpose)
        stored.getexif()[0x0112] = orientation
        upright = ImageOps.exif_transpose(stored)
        if upright is not None and upright.size == page.size and upright.tobytes() == page.tobytes():
            return page if transpose is None else page.transpose(transpose)
    raise AssertionError(f"no way to store orientation {orientation}")


def on_nothing(mode: str) -> Image.Image:
    """Return a page with the dark mark that is transparent elsewhere, with black behind it."""
    page = Image.new("RGBA", (120, 60), (0, 0, 0, 0))
    ImageDraw.Draw(page).rectangle((0, 0, MARK[0] - 1, MARK[1] - 1), fill=(0, 0, 0, 255))
    return page.convert(mode)


def deep_page() -> Image.Image:
    """Return the marked page with 16 bits per pixel."""
    return marked_image("L").convert("I").point(lambda value: value * 257).convert("I;16")
