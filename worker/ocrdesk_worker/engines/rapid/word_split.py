"""Splits a line into words.

Words are separated by spaces, and by gaps as wide as a space.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from ocrdesk_worker.engines.rapid.recognizer import Glyph
from ocrdesk_worker.engines.rapid.spelling import IsWord, fix_spelling
from ocrdesk_worker.preprocess.pixels import Pixels, np

_Mask = np.ndarray[tuple[Any, ...], np.dtype[Any]]
"""Which pixels, or which columns of pixels, have ink."""

_WIDE_GAP = 0.4
"""In line heights: a wider gap without ink always separates words."""
_GAP = 0.12
"""The same if there is another reason to separate them."""
_NEAR = 0.5
"""In line heights: how near to a glyph another engine's word must begin to be such a reason."""
_REACH = 0.6
"""In line heights: how far a glyph's ink may extend beyond the columns in which it was recognised."""
_EDGES = 0.1
"""Shares of a line's height at its top and bottom in which neighbouring lines may be visible."""


@dataclass(frozen=True, slots=True)
class RecognizedWord:
    """A word on a line image; its edges are fractions of the image."""

    text: str
    confidence: float
    start: float
    end: float
    top: float
    bottom: float


def split_words(
    glyphs: Sequence[Glyph], image: Pixels, is_word: IsWord, starts: Sequence[float] = ()
) -> list[RecognizedWord]:
    """Return the words of a line image, with single letters fixed if that makes a known word.

    `starts` are where words of another engine begin, as fractions of the image.
    """
    ink = _ink(image)
    columns: _Mask = np.asarray(ink[_inner(image.shape[0])].any(0))
    groups: list[list[Glyph]] = [[]]
    for glyph in glyphs:
        if glyph.text == " ":
            groups.append([])
            continue
        if groups[-1] and _are_separate(groups[-1][-1], glyph, columns, image.shape[0], starts):
            groups.append([])
        groups[-1].append(glyph)
    return [_word(fix_spelling(group, is_word), ink) for group in groups if group]


def _inner(height: int) -> slice:
    return slice(int(height * _EDGES), max(int(height * (1 - _EDGES)), int(height * _EDGES) + 1))


def _ink(image: Pixels) -> _Mask:
    """Return which pixels are text: the dark or the light ones, whichever are fewer."""
    is_light: _Mask = image > _threshold(image)
    return ~is_light if is_light.mean() >= 0.5 else is_light


def _threshold(image: Pixels) -> int:
    """Return the tone that best separates dark from light (Otsu): it gives the greatest variance between both."""
    counts = np.bincount(image.ravel(), minlength=256).astype(np.float64)
    dark, tones = np.cumsum(counts), np.cumsum(counts * np.arange(256))
    light = dark[-1] - dark
    apart = (tones[-1] * dark - tones * dark[-1]) ** 2
    return int(np.argmax(apart / np.maximum(dark * light, 1)))


def _are_separate(
    last: Glyph,
    glyph: Glyph,
    columns: _Mask,
    height: int,
    starts: Sequence[float],
) -> bool:
    width = len(columns)
    first = int((last.start + last.end) / 2 * width)
    gap = _longest_gap(columns[first : max(first + 1, int((glyph.start + glyph.end) / 2 * width))])
    if gap > _WIDE_GAP * height:
        return True
    return gap > _GAP * height and any(
        last.start < start <= glyph.end and abs(start - glyph.start) * width < _NEAR * height for start in starts
    )


def _longest_gap(columns: _Mask) -> int:
    inked = np.flatnonzero(np.concatenate(([True], columns, [True])))
    return int(np.diff(inked).max()) - 1


def _word(glyphs: Sequence[Glyph], ink: _Mask) -> RecognizedWord:
    text = "".join(glyph.text for glyph in glyphs).replace("''", '"')
    height, width = ink.shape
    columns: _Mask = np.asarray(ink[_inner(height)].any(0))
    first = _edge(columns, int(glyphs[0].start * width), int((glyphs[0].start + glyphs[0].end) / 2 * width), height)
    # the same from the other end
    last = width - _edge(
        columns[::-1],
        width - 1 - min(width - 1, int(glyphs[-1].end * width)),
        width - 1 - int((glyphs[-1].start + glyphs[-1].end) / 2 * width),
        height,
    )
    last = max(last, first + 1)
    rows = np.flatnonzero(ink[:, first:last].any(1))
    top, bottom = (rows[0] / height, (rows[-1] + 1) / height) if len(rows) else (0.0, 1.0)
    confidence = fmean(glyph.confidence for glyph in glyphs)
    return RecognizedWord(text, confidence, first / width, last / width, float(top), float(bottom))


def _edge(columns: _Mask, start: int, middle: int, height: int) -> int:
    """Return where a word's ink begins: its first glyph was recognised from `start`, but may begin before.

    From the glyph's `middle`, ink is followed to the left across gaps between letters, but not as far as another word.
    """
    middle = min(max(0, middle), len(columns) - 1)
    farthest = max(0, start - int(_REACH * height))
    seen = np.flatnonzero(columns[farthest : middle + 1]) + farthest
    if not len(seen):
        return min(start, middle)
    edge = int(seen[-1])
    for column in seen[::-1]:
        if edge - column > _GAP * height and column < start:
            break
        edge = int(column)
    return edge
