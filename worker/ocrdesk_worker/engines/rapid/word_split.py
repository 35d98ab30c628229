"""Words from the glyphs of a line: parted at spaces, and at gaps that are as wide as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from ocrdesk_worker.engines.rapid.recognizer import Glyph
from ocrdesk_worker.engines.rapid.spelling import Knows, spelled
from ocrdesk_worker.preprocess.components import Image
from ocrdesk_worker.preprocess.opencv import cv2, np

Marks = np.ndarray[tuple[Any, ...], np.dtype[Any]]
"""Which pixels, or which columns of them, have ink."""

_WIDE_GAP = 0.4
"""In heights of the line: a gap without ink that parts words, whatever the reader says."""
_GAP = 0.12
"""The same where there is another reason to part them."""
_NEAR = 0.5
_REACH = 0.6
"""How far a glyph's ink may go beyond the columns in which the reader is sure of it."""
_EDGES = 0.1
"""The share of a line's height, at its top and bottom, in which its neighbours may show."""


@dataclass(frozen=True, slots=True)
class RecognizedWord:
    """A word on a picture of a line; its edges are fractions of the picture."""

    text: str
    confidence: float
    start: float
    end: float
    top: float
    bottom: float


def words_of(
    glyphs: Sequence[Glyph], picture: Image, knows: Knows, starts: Sequence[float] = ()
) -> list[RecognizedWord]:
    """The words of a picture of one line, spelled as `knows` has them where they are nearly so.

    `starts` are where another reader has words begin, as fractions of the picture.
    """
    ink = _ink(picture)
    columns: Marks = np.asarray(ink[_inner(picture.shape[0])].any(0))
    groups: list[list[Glyph]] = [[]]
    for glyph in glyphs:
        if glyph.text == " ":
            groups.append([])
            continue
        if groups[-1] and _is_parted(groups[-1][-1], glyph, columns, picture.shape[0], starts):
            groups.append([])
        groups[-1].append(glyph)
    return [_word(spelled(group, knows), ink) for group in groups if group]


def _inner(height: int) -> slice:
    return slice(int(height * _EDGES), max(int(height * (1 - _EDGES)), int(height * _EDGES) + 1))


def _ink(picture: Image) -> Marks:
    """Which pixels are text: the rarer of dark and light."""
    _, light = cv2.threshold(picture, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    is_light = light.astype(bool)
    return ~is_light if is_light.mean() >= 0.5 else is_light


def _is_parted(
    last: Glyph,
    glyph: Glyph,
    columns: Marks,
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


def _longest_gap(columns: Marks) -> int:
    inked = np.flatnonzero(np.concatenate(([True], columns, [True])))
    return int(np.diff(inked).max()) - 1


def _word(glyphs: Sequence[Glyph], ink: Marks) -> RecognizedWord:
    text = "".join(glyph.text for glyph in glyphs).replace("''", '"')
    high, wide = ink.shape
    columns: Marks = np.asarray(ink[_inner(high)].any(0))
    first = _edge(columns, int(glyphs[0].start * wide), int((glyphs[0].start + glyphs[0].end) / 2 * wide), high)
    # the same from the other end
    last = wide - _edge(
        columns[::-1],
        wide - 1 - min(wide - 1, int(glyphs[-1].end * wide)),
        wide - 1 - int((glyphs[-1].start + glyphs[-1].end) / 2 * wide),
        high,
    )
    last = max(last, first + 1)
    rows = np.flatnonzero(ink[:, first:last].any(1))
    top, bottom = (rows[0] / high, (rows[-1] + 1) / high) if len(rows) else (0.0, 1.0)
    sure = fmean(glyph.confidence for glyph in glyphs)
    return RecognizedWord(text, sure, first / wide, last / wide, float(top), float(bottom))


def _edge(columns: Marks, start: int, middle: int, height: int) -> int:
    """Where a word's ink begins whose first glyph is seen from `start` on, about its `middle`: it may begin before.

    Ink is followed to the left over gaps as between letters, but not as far as another word.
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
