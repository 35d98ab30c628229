"""Writes a page's words as a content stream of invisible text, each over the place where it is seen.

A word is as wide as its box. It is as high as its line, as set text would be, because readers put words of one
size and baseline together; only in lines that are not level (skewed scans) as high as its own box.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ocrdesk.contract.document import Box, Rotation, Word
from ocrdesk_worker.searchable_pdf.coordinates import CoordinateTransform, direction_of, runs_leftwards
from ocrdesk_worker.searchable_pdf.glyphless_font import ADVANCE, GlyphlessFont

_LEVEL = 2.0
"""A line is level when it is no more than so many times as high as its usual word."""
_LEAST_SPACE = 0.05
"""In font sizes: between words that touch."""
_NO_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u31f0-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Thai, Lao, Burmese, Khmer, Chinese and Japanese put nothing between words."""
_RIGHTWARDS = r"(?:[\u0660-\u0669\u06f0-\u06f9]|[^\W_\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc])"
_RIGHTWARDS_RUN = re.compile(f"{_RIGHTWARDS}+(?:[.,:/'-]{_RIGHTWARDS}+)*")
"""Numbers and foreign letters within a right-to-left word."""


def text_stream(
    lines: Sequence[Sequence[Word]], placing: CoordinateTransform, font: GlyphlessFont, font_name: str
) -> bytes:
    """The content stream; empty when there is nothing to write. `font_name` is the font's name in the resources."""
    parts = [part for line in lines for part in _line(line, placing, font, font_name)]
    return "\n".join(["q", "BT", "3 Tr", *parts, "ET", "Q", ""]).encode() if parts else b""


@dataclass(frozen=True, slots=True)
class _Set:
    """A word that is ready to be written: its text in the order of the codes, its box as its line runs."""

    text: str
    box: Box
    is_leftwards: bool


def _line(words: Sequence[Word], placing: CoordinateTransform, font: GlyphlessFont, font_name: str) -> list[str]:
    named = [(word, text) for word in words if (text := _plain(word.text))]
    if not named:
        return []
    boxes = [placing.within(word.box) for word, _ in named]
    direction = direction_of([word for word, _ in named], boxes)
    boxes = _apart([box.turned(direction, placing.width, placing.height) for box in boxes])
    writer = _LineWriter(placing, direction, font, font_name)
    sets = [
        _Set(_visual(text), box, runs_leftwards(text)) for (_, text), box in zip(named, _levelled(boxes), strict=True)
    ]
    for here, after in pairwise(sets):
        writer.show(here.text, here.box)
        if not (_NO_SPACES.match(here.text[-1]) and _NO_SPACES.match(after.text[0])):
            writer.show(" ", _gap(here.box, after.box))
    writer.show(sets[-1].text, sets[-1].box)
    return writer.parts


def _plain(text: str) -> str:
    """The text without characters that are no text; inner white space becomes a space."""
    spaced = " ".join(text.split())
    if spaced.isprintable() or not spaced:
        return spaced
    return "".join(it for it in spaced if unicodedata.category(it) not in ("Cc", "Cs") and ord(it) & 0xFFFE != 0xFFFE)


def _visual(text: str) -> str:
    """The characters as they stand from left to right, which is how PDFs hold right-to-left text: readers turn it."""
    if not runs_leftwards(text):
        return text
    return _RIGHTWARDS_RUN.sub(lambda run: run.group()[::-1], text[::-1])


def _levelled(boxes: list[Box]) -> list[Box]:
    """The boxes with one top and bottom, unless the line is not level."""
    line = Box.around(boxes)
    if line.height > _LEVEL * median(box.height for box in boxes):
        return boxes
    return [Box(box.left, line.top, box.right, line.bottom) for box in boxes]


def _apart(boxes: list[Box]) -> list[Box]:
    """The boxes, each cut where the next one begins, lest readers glue words together that overlap."""
    cut = [
        Box(here.left, here.top, after.left, here.bottom) if here.left < after.left < here.right else here
        for here, after in pairwise(boxes)
    ]
    return [*cut, boxes[-1]]


def _gap(here: Box, after: Box) -> Box:
    """The room between two words, whichever comes first; next to none where they touch."""
    if after.left >= here.right:
        return Box(here.right, here.top, after.left, here.bottom)
    if after.right <= here.left:
        return Box(after.right, here.top, here.left, here.bottom)
    return Box(here.right, here.top, here.right, here.bottom)


class _LineWriter:
    """Collects the operators that write one line of a direction."""

    def __init__(self, placing: CoordinateTransform, direction: Rotation, font: GlyphlessFont, font_name: str) -> None:
        self._placing = placing
        self._direction = direction
        self._font = font
        self._font_name = font_name
        self.parts: list[str] = []

    def show(self, text: str, box: Box) -> None:
        """Writes text that fills a box; the box is turned as the line is."""
        start, end, top = (
            self._point(box.left, box.bottom),
            self._point(box.right, box.bottom),
            self._point(box.left, box.top),
        )
        size = _distance(start, top)
        if size <= 0:
            return
        width = max(_distance(start, end), _LEAST_SPACE * size)
        stretch = 100 * width / (len(text) * ADVANCE * size)
        along_x, along_y = self._towards(start, self._point(box.left + 1, box.bottom))
        up_x, up_y = self._towards(start, top)
        matrix = f"{along_x:.0f} {along_y:.0f} {up_x:.0f} {up_y:.0f} {_number(start[0])} {_number(start[1])}"
        self.parts.append(
            f"{self._font_name} {_number(size)} Tf {_number(stretch)} Tz {matrix} Tm <{self._font.encode(text)}> Tj"
        )

    def _point(self, x: int, y: int) -> tuple[float, float]:
        """The place on the page of a point of the turned image."""
        width, height = self._placing.width, self._placing.height
        if self._direction == 90:
            x, y = width - y, x
        elif self._direction == 180:
            x, y = width - x, height - y
        elif self._direction == 270:
            x, y = y, height - x
        return self._placing.point(x, y)

    @staticmethod
    def _towards(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
        """The unit vector of a line along one of the axes; without a negative zero."""
        across, up = end[0] - start[0], end[1] - start[1]
        return (0.0 + (across > 0) - (across < 0), 0.0) if abs(across) > abs(up) else (0.0, 0.0 + (up > 0) - (up < 0))


def _distance(one: tuple[float, float], two: tuple[float, float]) -> float:
    """Between points on a line along one of the axes."""
    return abs(one[0] - two[0]) + abs(one[1] - two[1])


def _number(value: float) -> str:
    """A PDF number of at most four decimals."""
    return f"{value:.4f}".rstrip("0").rstrip(".")
