"""Restores fractions that are one sign, such as ½: engines read `%`, `12` or `1/2`.

In a fraction a small digit stands at the top left and another at the bottom right of a slanted stroke. A per cent sign
looks like this too, with rings instead of digits; so the digits are read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Line, Word
from ocrdesk_worker.engines.rapid.ink import find_dark
from ocrdesk_worker.engines.signs.ink_areas import Height, PlacesOfInk, height_at
from ocrdesk_worker.engines.signs.small_print import with_paper
from ocrdesk_worker.preprocess.connected_areas import find_connected_areas
from ocrdesk_worker.preprocess.pixels import Mask, Pixels, np

_VALUES = "1/2 1/4 3/4 1/3 2/3 1/5 2/5 3/5 4/5 1/6 5/6 1/8 3/8 5/8 7/8"
SIGNS = dict(
    zip(
        _VALUES.split(),
        "\u00bd\u00bc\u00be\u2153\u2154\u2155\u2156\u2157\u2158\u2159\u215a\u215b\u215c\u215d\u215e",
        strict=True,
    )
)
UPPER_DIGITS = frozenset(value[0] for value in SIGNS)
_CANDIDATE = re.compile(r"\d{0,3}[\d%/\\¥$&@#IlVYAK«»]{1,4}[%\d]?[.,;:)]?")
_PLAIN = re.compile(r"\d{3,}[.,;:)]?|0\d*|[\dIVlAK]{1,3}[.,;:)]")
_TALL = 0.8
"""In heights of a capital: how high a fraction, and each whole digit before it, is at least."""
_WIDTHS = 0.55, 1.6
"""In heights of a capital: the width of a fraction."""
_POINT = 0.35
"""In heights of a capital: how high a point or comma after it is at most."""
_MOST_WHOLE, _MOST_AREAS = 3, 12
_COVERED, _SLANT = 0.9, 0.12
"""The share of the rows in which the stroke has ink, and its slant, in widths of the fraction."""
_THICK = 0.05
"""In heights: half of the stroke's thickness. More is left out, so that nothing of it is read."""
_UPPER, _LOWER = 0.7, 0.3
"""The shares of its height in which the upper digit ends, and the lower one begins."""
_LEAST_HIGH = 0.3
"""In heights: how high each digit is at least."""
_STRAY = 0.12
"""The share of the ink that may be on the wrong side of the stroke."""
_COARSE = 24
"""In pixels: strokes of larger fractions are looked for in steps."""


@dataclass(frozen=True, slots=True)
class Fraction:
    """The images of a fraction's two digits, and how many digits are before it and signs after it in its word."""

    upper: Pixels
    lower: Pixels
    before: int
    after: int


def may_be_fraction(word: Word) -> bool:
    return len(word.text) <= 6 and _CANDIDATE.fullmatch(word.text) is not None and not _PLAIN.fullmatch(word.text)


def place_of_fraction(line: Line, number: int) -> Box:
    """Return the place of the fraction that a word may be or end with."""
    left, top, right, bottom = line.words[number].box
    return Box(left - 2, top, right + 2, bottom)


def find_fraction(ink: PlacesOfInk, line: Line, number: int) -> Fraction | None:
    """Return the fraction that a word is or ends with, if its ink looks like one."""
    areas = ink.find(place_of_fraction(line, number))
    height = height_at(line, number, areas)
    if height is None or not 1 <= len(areas) <= _MOST_AREAS:
        return None
    boxes = [area.box for area in areas]
    end = len(boxes)
    while (
        end > 1 and boxes[end - 1].height <= _POINT * height.capital and height.above(boxes[end - 1].top) <= 2 * _POINT
    ):
        end -= 1
    for start in range(min(_MOST_WHOLE + 1, end)):
        if start and boxes[start - 1].height < _TALL * height.capital:
            return None
        around = Box.around(boxes[start:end])
        if _may_be_one(around, height) and (parts := _split(ink.image, around)):
            return Fraction(*parts, before=start, after=len(boxes) - end)
    return None


def _may_be_one(around: Box, height: Height) -> bool:
    least, most = (share * height.capital for share in _WIDTHS)
    return least <= around.width <= most and around.height >= _TALL * height.capital


def _split(image: Pixels, around: Box) -> tuple[Pixels, Pixels] | None:
    """Return what is above and below the slanted stroke of a fraction; None if there is no such stroke."""
    part = image[around.top : around.bottom, around.left : around.right]
    ink = find_dark(part)
    stroke = _find_stroke(ink)
    if stroke is None:
        return None
    high, wide = ink.shape
    rows, columns = np.arange(high)[:, None], np.arange(wide)[None, :]
    half = max(1.0, _THICK * high)
    left, right = columns < stroke[:, None] - half, columns > stroke[:, None] + half
    is_upper, is_lower = left & (rows < _UPPER * high), right & (rows >= _LOWER * high)
    stray = (ink & left & ~is_upper).sum() + (ink & right & ~is_lower).sum()
    if stray > _STRAY * ink.sum():
        return None
    digits = [_trimmed(part, ink & side, side) for side in (is_upper, is_lower)]
    upper, lower = digits
    return (upper, lower) if upper is not None and lower is not None else None


def _trimmed(part: Pixels, ink: Mask, side: Mask) -> Pixels | None:
    """Return one side of the stroke, around its ink alone; None if that is no digit."""
    areas = find_connected_areas(ink)
    large = areas.boxes[:, 3] >= _LEAST_HIGH * part.shape[0]
    if not large.any():
        return None
    left, top = areas.boxes[large, 0].min(), areas.boxes[large, 1].min()
    right, bottom = (areas.boxes[large, :2] + areas.boxes[large, 2:]).max(0)
    at = np.s_[max(0, top - 1) : bottom + 1, max(0, left - 1) : right + 1]
    return with_paper(part[at], side[at])


def _find_stroke(ink: Mask) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]] | None:
    """Return the column of the stroke in each row: a slanted line with ink from the top to the bottom."""
    high, wide = ink.shape
    step = 1 + max(high, wide) // _COARSE
    down = np.linspace(0.0, 1.0, high)
    tops, feet = np.meshgrid(np.arange(0, wide, step), np.arange(0, wide, step), indexing="ij")
    slanted = tops - feet >= max(2.0, _SLANT * wide)
    tops, feet = tops[slanted], feet[slanted]
    if not len(tops):
        return None
    columns = tops[:, None] + (feet - tops)[:, None] * down
    covered = ink[np.arange(high), np.rint(columns).astype(int)].mean(1)
    best = np.flatnonzero(covered >= max(_COVERED, covered.max() - 0.02))
    return columns[best].mean(0) if len(best) else None


def with_fraction(word: Word, fraction: Fraction, upper: str, lower: str) -> str | None:
    """Return the word's text with the fraction as a sign; None if there is no such fraction or it does not fit."""
    sign = SIGNS.get(f"{upper}/{lower}")
    whole = word.text[: fraction.before]
    after = word.text[-1] if fraction.after and word.text[-1] in ".,;:)" else ""
    return whole + sign + after if sign and (not whole or whole.isdecimal()) else None
