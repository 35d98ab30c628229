"""The content stream of invisible text.

Each word covers its image and is as wide as its box. It is as high as its line, because readers group words of one size
and baseline; but in lines that are not level (skewed scans) it is as high as its own box.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ocrdesk.contract.box import Box, Rotation
from ocrdesk.contract.document import Word
from ocrdesk.contract.word_spacing import separator
from ocrdesk.layout.text_direction import has_rtl_letters
from ocrdesk_worker.searchable_pdf.coordinates import CoordinateTransform, direction_of
from ocrdesk_worker.searchable_pdf.glyphless_font import ADVANCE, GlyphlessFont
from ocrdesk_worker.small_digits import USUAL

_LEVEL = 2.0
"""A line is level if it is at most so many times as high as its usual word."""
_MIN_SPACE = 0.05
"""In font sizes: the space between words that touch."""
_LTR = r"(?:[\u0660-\u0669\u06f0-\u06f9]|[^\W_\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc])"
_LTR_RUN = re.compile(f"{_LTR}+(?:[.,:/'-]{_LTR}+)*")
"""Numbers and left-to-right letters in a right-to-left word."""


def text_stream(
    lines: Sequence[Sequence[Word]], transform: CoordinateTransform, font: GlyphlessFont, font_name: str
) -> bytes:
    """Return the content stream; empty if there are no words. `font_name` is the font's name in the resources."""
    parts = [part for line in lines for part in _line(line, transform, font, font_name)]
    return "\n".join(["q", "BT", "3 Tr", *parts, "ET", "Q", ""]).encode() if parts else b""


@dataclass(frozen=True, slots=True)
class _PreparedWord:
    """A word that is ready to be written: its text in the order of the codes, its box turned like its line."""

    text: str
    box: Box


def _line(words: Sequence[Word], transform: CoordinateTransform, font: GlyphlessFont, font_name: str) -> list[str]:
    named = [(word, text) for word in words if (text := _printable(word.text))]
    if not named:
        return []
    boxes = [transform.clip(word.box) for word, _ in named]
    direction = direction_of([word for word, _ in named], boxes)
    boxes = _without_overlaps([box.turned(direction, transform.width, transform.height) for box in boxes])
    writer = _LineWriter(transform, direction, font, font_name)
    parts = _touching_joined([word for word, _ in named], [text for _, text in named], _levelled(boxes))
    for here, after in pairwise(parts):
        writer.show(here.text, here.box)
        writer.show(" ", _space_between(here.box, after.box))
    writer.show(parts[-1].text, parts[-1].box)
    return writer.parts


def _touching_joined(words: Sequence[Word], texts: Sequence[str], boxes: Sequence[Box]) -> list[_PreparedWord]:
    """Return the words ready to be written. Those without a space between them are one, since readers add spaces."""
    joined = [(texts[0], boxes[0])]
    for (before, word), text, box in zip(pairwise(words), texts[1:], boxes[1:], strict=True):
        if separator(before, word):
            joined.append((text, box))
        else:
            joined[-1] = joined[-1][0] + text, Box.around([joined[-1][1], box])
    return [_PreparedWord(_in_visual_order(text), box) for text, box in joined]


def _printable(text: str) -> str:
    """Return the text without control characters and the like; inner white space becomes a space.

    Raised and lowered digits become usual ones: in most PDF programs a search for m2 does not find m², and other PDFs
    have these digits too, only smaller.
    """
    spaced = " ".join(text.translate(USUAL).split())
    if spaced.isprintable() or not spaced:
        return spaced
    return "".join(it for it in spaced if unicodedata.category(it) not in ("Cc", "Cs") and ord(it) & 0xFFFE != 0xFFFE)


def _in_visual_order(text: str) -> str:
    """Return the characters from left to right: PDFs store right-to-left text so, and readers reverse it."""
    if not has_rtl_letters(text):
        return text
    return _LTR_RUN.sub(lambda run: run.group()[::-1], text[::-1])


def _levelled(boxes: list[Box]) -> list[Box]:
    """Return the boxes with a common top and bottom if the line is level."""
    line = Box.around(boxes)
    if line.height > _LEVEL * median(box.height for box in boxes):
        return boxes
    return [Box(box.left, line.top, box.right, line.bottom) for box in boxes]


def _without_overlaps(boxes: list[Box]) -> list[Box]:
    """Return the boxes, each cut where the next one begins, because readers join words that overlap."""
    cut = [
        Box(here.left, here.top, after.left, here.bottom) if here.left < after.left < here.right else here
        for here, after in pairwise(boxes)
    ]
    return [*cut, boxes[-1]]


def _space_between(here: Box, after: Box) -> Box:
    """Return the space between two words in either order; without width if they touch."""
    if after.left >= here.right:
        return Box(here.right, here.top, after.left, here.bottom)
    if after.right <= here.left:
        return Box(after.right, here.top, here.left, here.bottom)
    return Box(here.right, here.top, here.right, here.bottom)


class _LineWriter:
    """Collects the operators that write one line."""

    def __init__(
        self, transform: CoordinateTransform, direction: Rotation, font: GlyphlessFont, font_name: str
    ) -> None:
        self._transform = transform
        self._direction = direction
        self._font = font
        self._font_name = font_name
        self.parts: list[str] = []

    def show(self, text: str, box: Box) -> None:
        """Add text that fills a box; the box is turned like the line."""
        start, end, top = (
            self._point(box.left, box.bottom),
            self._point(box.right, box.bottom),
            self._point(box.left, box.top),
        )
        size = _distance(start, top)
        if size <= 0:
            return
        width = max(_distance(start, end), _MIN_SPACE * size)
        stretch = 100 * width / (len(text) * ADVANCE * size)
        along_x, along_y = self._towards(start, self._point(box.left + 1, box.bottom))
        up_x, up_y = self._towards(start, top)
        matrix = f"{along_x:.0f} {along_y:.0f} {up_x:.0f} {up_y:.0f} {_number(start[0])} {_number(start[1])}"
        self.parts.append(
            f"{self._font_name} {_number(size)} Tf {_number(stretch)} Tz {matrix} Tm <{self._font.encode(text)}> Tj"
        )

    def _point(self, x: int, y: int) -> tuple[float, float]:
        """Return the point on the page for a point of the turned image."""
        width, height = self._transform.width, self._transform.height
        if self._direction == 90:
            x, y = width - y, x
        elif self._direction == 180:
            x, y = width - x, height - y
        elif self._direction == 270:
            x, y = y, height - x
        return self._transform.point(x, y)

    @staticmethod
    def _towards(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
        """Return the unit vector of a line along one of the axes, without a negative zero."""
        across, up = end[0] - start[0], end[1] - start[1]
        return (0.0 + (across > 0) - (across < 0), 0.0) if abs(across) > abs(up) else (0.0, 0.0 + (up > 0) - (up < 0))


def _distance(one: tuple[float, float], two: tuple[float, float]) -> float:
    """Return the distance between two points on a line along one of the axes."""
    return abs(one[0] - two[0]) + abs(one[1] - two[1])


def _number(value: float) -> str:
    """Return a PDF number with at most four decimals."""
    return f"{value:.4f}".rstrip("0").rstrip(".")
