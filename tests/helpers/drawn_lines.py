"""Draws lines of words, and returns them as an engine may have read them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

from PIL import Image, ImageDraw, ImageFont

from ocrdesk.contract.document import Block, Box, Line, Source, Word
from ocrdesk_worker.preprocess.components import pixels_of
from ocrdesk_worker.preprocess.pixels import Pixels

SIZE, FOOT, LEFT = 40, 80, 120
"""Of the letters, in pixels; where they stand, and where lines begin."""

Draw = Callable[[ImageDraw.ImageDraw, int, int], int]
"""Draws a sign at a left edge and foot, and returns its right edge."""
Drawn = tuple[str | None, tuple[str | Draw, ...]]
"""A word: what was read, None for nothing, and what is drawn."""


def font(share: float = 1.0) -> ImageFont.FreeTypeFont:
    return cast("ImageFont.FreeTypeFont", ImageFont.load_default(round(SIZE * share)))


def write(text: str, share: float = 1.0, above: float = 0.0) -> Draw:
    """Return what writes a text, smaller by a share, and higher or lower by so many sizes."""

    def draw(pen: ImageDraw.ImageDraw, left: int, foot: int) -> int:
        pen.text((left, foot - round(above * SIZE)), text, 0, font(share), anchor="ls")
        return left + round(font(share).getlength(text))

    return draw


def raised(text: str) -> Draw:
    return write(text, 0.62, 0.4)


def lowered(text: str) -> Draw:
    return write(text, 0.62, -0.16)


def ellipse(wide: int, high: int, above: int) -> Draw:
    def draw(pen: ImageDraw.ImageDraw, left: int, foot: int) -> int:
        pen.ellipse((left, foot - above - high, left + wide, foot - above), fill=0)
        return left + wide

    return draw


def polygon(*corners: tuple[int, int]) -> Draw:
    """Return what draws a filled polygon; its corners are (right of the left edge, above the foot)."""

    def draw(pen: ImageDraw.ImageDraw, left: int, foot: int) -> int:
        pen.polygon([(left + across, foot - above) for across, above in corners], fill=0)
        return left + max(across for across, _ in corners)

    return draw


def fraction(upper: str, lower: str) -> Draw:
    """Return what draws a fraction: two small digits and a slanted stroke."""

    def draw(pen: ImageDraw.ImageDraw, left: int, foot: int) -> int:
        high = round(0.7 * SIZE)
        pen.text((left, foot - high // 2 + 1), upper, 0, font(0.58), anchor="ls")
        pen.line((left + 9, foot, left + 25, foot - high), fill=0, width=3)
        pen.text((left + 23, foot), lower, 0, font(0.58), anchor="ls")
        return left + 38

    return draw


def drawn_line(*words: Drawn) -> tuple[Pixels, tuple[Block, ...]]:
    """Return a page with a line of words, and the line as it was read."""
    return drawn_lines(words)


def drawn_lines(*lines: tuple[Drawn, ...]) -> tuple[Pixels, tuple[Block, ...]]:
    sheet = Image.new("L", (1100, FOOT + 2 * SIZE * len(lines)), 255)
    pen = ImageDraw.Draw(sheet)
    read = tuple(_line(sheet, pen, line, FOOT + 2 * SIZE * number) for number, line in enumerate(lines))
    return pixels_of(sheet), (Block(box=Box.around([line.box for line in read]), lines=read),)


def _line(
    sheet: Image.Image,
    pen: ImageDraw.ImageDraw,
    words: tuple[tuple[str | None, tuple[str | Draw, ...]], ...],
    foot: int,
) -> Line:
    read = tuple(_words(sheet, pen, words, foot))
    return Line(box=Box.around([word.box for word in read]), words=read)


def _words(
    sheet: Image.Image,
    pen: ImageDraw.ImageDraw,
    words: tuple[tuple[str | None, tuple[str | Draw, ...]], ...],
    foot: int,
) -> Iterator[Word]:
    left = LEFT
    for text, parts in words:
        right = left
        for part in parts:
            right = (write(part) if isinstance(part, str) else part)(pen, right, foot)
        if text is not None:
            area = sheet.crop((left - 2, foot - 2 * SIZE + 8, right + 4, foot + SIZE // 2)).point(
                lambda tone: 255 - tone
            )
            x, y, after, bottom = area.getbbox() or (0, 0, 1, 1)
            box = Box(left - 2 + x, foot - 2 * SIZE + 8 + y, left - 2 + after, foot - 2 * SIZE + 8 + bottom)
            yield Word(text=text, box=box, confidence=0.7, source=Source.TESSERACT)
        left = right + SIZE // 3
