"""Finds columns of short rows, such as numbers, that an engine took for one line of vertical text.

The ink decides: between the rows of a column is more space than between the letters of a word.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from ocrdesk.contract.box import Box
from ocrdesk.layout.row_builder import Row
from ocrdesk_worker.engines.calibration import DOUBTFUL
from ocrdesk_worker.engines.rapid.ink import Mask, find_ink
from ocrdesk_worker.engines.rapid.quads import Quad, quad_of, rectangle_around, size_of
from ocrdesk_worker.preprocess.pixels import Pixels, np

_STEEP = 1.5
"""A box so many times as high as wide is a column, or a line of vertical text."""
_APART = 0.35
"""In heights of a row: the least space between the rows of a column. Letters of a word are nearer to each other."""
_JOINED = 0.15
"""The same: what is nearer is of one row, such as the dot of an i."""
_SIMILAR = 2.0
"""A row is at most so many times as high as the usual one, and at least one part of so many."""
_TIGHT, _NARROW = 0.6, 0.75
"""In heights of a row: with less space between them, and one lower than this part, rows are letters of upright text."""
_SPECK = 3
"""In pixels: what is lower is no row."""
_SKEWED = 0.2
"""A quad whose sides lean by more than this part of its width is not upright."""
_MARGIN = 0.25
"""In heights of a row: the margin around its ink that the recogniser expects."""


def take_stacked(rows: Iterable[Row], image: Pixels) -> list[Quad]:
    """Take the words out of doubtful lines that are columns, and return the rows to be read in their place."""
    quads: list[Quad] = []
    for row in rows:
        if not row.words or not _may_be_column(row):
            continue
        if found := stacked_rows(row.box, image):
            row.replace(row.words, ())
            quads += [_with_margin(box) for box in found]
    return quads


def split_steep(lines: Iterable[Quad], image: Pixels) -> list[Quad]:
    """Return detected lines, with those that are columns of rows divided into these."""
    divided: list[Quad] = []
    for quad in lines:
        width, height = size_of(quad)
        left, top, right, bottom = rectangle_around(quad)
        found: list[Box] = []
        if height > _STEEP * width and right - left - width <= _SKEWED * width:
            found = stacked_rows(Box(int(left), int(top), round(right), round(bottom)), image)
        divided += [_with_margin(box) for box in found] or [quad]
    return divided


def stacked_rows(box: Box, image: Pixels) -> list[Box]:
    """Return the boxes of the rows of ink in a box that is a column; none if it is a word or vertical text."""
    left, top = max(0, box.left), max(0, box.top)
    part = image[top : max(0, box.bottom), left : max(0, box.right)]
    if not part.size:
        return []
    ink = find_ink(part)
    spans = _spans(np.asarray(ink.any(axis=1)))
    if len(spans) < 2:
        return []
    usual = float(np.median([end - start for start, end in spans]))
    spans = _joined(spans, _JOINED * usual)
    usual = float(np.median([end - start for start, end in spans]))
    gaps = [after[0] - before[1] for before, after in pairwise(spans)]
    if not gaps or min(gaps) < _APART * usual:
        return []
    if min(gaps) < _TIGHT * usual and min(end - start for start, end in spans) < _NARROW * usual:
        return []
    if not all(usual / _SIMILAR <= end - start <= usual * _SIMILAR for start, end in spans):
        return []
    found = []
    for start, end in spans:
        columns = np.flatnonzero(ink[start:end].any(axis=0))
        found.append(Box(left + int(columns[0]), top + start, left + int(columns[-1]) + 1, top + end))
    return found


def _may_be_column(row: Row) -> bool:
    box = row.box
    return (
        box.height > _STEEP * box.width
        and sum(len(word.text) for word in row.words) > 1
        and 2 * sum(word.confidence < DOUBTFUL for word in row.words) >= len(row.words)
    )


def _spans(inked: Mask) -> list[tuple[int, int]]:
    """Return where ink begins and ends, from top to bottom, without specks."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], inked, [False])).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= _SPECK]


def _joined(spans: list[tuple[int, int]], nearest: float) -> list[tuple[int, int]]:
    joined = spans[:1]
    for start, end in spans[1:]:
        if start - joined[-1][1] < nearest:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined


def _with_margin(box: Box) -> Quad:
    margin = max(2.0, _MARGIN * box.height)
    return quad_of((box.left - margin, box.top - margin, box.right + margin, box.bottom + margin))
