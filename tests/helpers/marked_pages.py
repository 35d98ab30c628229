"""Page images with lines, boxes and pictures, drawn by the tests that need them, and words at known places."""

from __future__ import annotations

from collections.abc import Iterable

from PIL import Image, ImageDraw, ImageFont

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line, Source, Word

LETTER = (1700, 2200)
"""A letter page at 200 dpi."""
_SIZE = 34


class DrawnPage:
    """A white page, and the words that were written on it, one line for each call."""

    def __init__(self, size: tuple[int, int] = LETTER) -> None:
        self.image = Image.new("L", size, 255)
        self.draw = ImageDraw.Draw(self.image)
        self.blocks: list[Block] = []

    def write(self, at: tuple[int, int], text: str, size: int = _SIZE, *, read: str | None = None) -> Box:
        """Write a line and return its box. `read` is what an engine is said to have read: the text unless given."""
        font = ImageFont.load_default(size)
        self.draw.text(at, text, fill=0, font=font)
        box = _box(self.draw, at, text, font)
        words, x = [], float(at[0])
        for piece in (text if read is None else read).split(" "):
            if piece:
                word_box = _box(self.draw, (x, at[1]), piece, font)
                words.append(Word(text=piece, box=word_box, confidence=0.95, source=Source.TESSERACT))
            x += font.getlength(piece + " ")
        if words:
            self.blocks.append(as_block(words))
        return box

    def prose(self, left: int, top: int, lines: int, size: int = _SIZE) -> None:
        """Write so many lines of text."""
        for number in range(lines):
            self.write((left, top + number * size * 3 // 2), "The ferry leaves the harbour at noon", size)


def as_block(words: Iterable[Word]) -> Block:
    """Return a block of one line with these words."""
    words = tuple(words)
    box = Box.around([word.box for word in words])
    return Block(box=box, lines=(Line(box=box, words=words),))


def _box(draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, font: ImageFont.FreeTypeFont) -> Box:
    left, top, right, bottom = draw.textbbox(at, text, font=font)
    return Box(round(left), round(top), round(right), round(bottom))
