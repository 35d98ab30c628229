"""Joins figures that an engine tore apart at their point: `17.` and `18`.

Till printers leave much space between characters, which looks like a space between words. What decides is the image: in
a torn figure the gap at the tear is no wider than the others, while after the end of a sentence it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Word
from ocrdesk.layout.row_builder import Row, Rows
from ocrdesk_worker.engines.rapid.ink import find_dark, inked_columns
from ocrdesk_worker.preprocess.pixels import Pixels, np

_BEFORE, _AFTER = re.compile(r"[^\w\s]{0,2}[\d.,]*\d[.,]?"), re.compile(r"[.,]?\d[\d.,]*\W{0,2}")
_MOST_APART = 1.2
"""In heights: the widest gap inside a figure."""
_USUAL_GAPS = 1.5
"""A tear may be so many times as wide as the widest gap inside the pieces."""
_SPREAD = 0.2
"""In heights: the least width of that gap in a figure that was printed with much space between its characters."""
_SAME_ROW = 0.5


def join_torn_figures(rows: Rows, image: Pixels) -> None:
    """Join the pieces of each torn figure, wherever in the rows they are."""
    joined = True
    while joined:
        joined = False
        for (row, word), (other_row, other) in _candidates(rows):
            if _is_torn(word.box, other.box, image):
                other_row.replace([other], ())
                row.replace([word], [_joined(word, other)])
                joined = True
                break


def _candidates(rows: Rows) -> Iterator[tuple[tuple[Row, Word], tuple[Row, Word]]]:
    """Yield pairs of pieces that may be one figure: side by side, with a point between them."""
    pieces = [(row, word) for row in rows.all() for word in row.words if any(map(str.isdecimal, word.text))]
    after = [(*piece[1].box, piece) for piece in pieces if _AFTER.fullmatch(piece[1].text)]
    for first in pieces:
        if not _BEFORE.fullmatch(first[1].text):
            continue
        _, top, _, bottom = first[1].box
        beside = [second for _, its_top, _, its_bottom, second in after if its_top < bottom and top < its_bottom]
        for second in beside:  # most are in other rows
            if second is not first and _may_be_one(first[1], second[1]):
                yield first, second


def _may_be_one(word: Word, other: Word) -> bool:
    """Return whether pieces that share a row of pixels are side by side, with a point between them."""
    box, other_box = word.box, other.box
    has_point = (word.text[-1] in ".,") != (other.text[0] in ".,")
    distance = other_box.left - box.right
    low, high = sorted((box.height, other_box.height))
    return (
        has_point
        and distance + high / 4 >= 0
        and distance <= _MOST_APART * low
        and box.shared_height(other_box) > _SAME_ROW * high
    )


def _is_torn(left: Box, right: Box, image: Pixels) -> bool:
    """Return whether the gap between two boxes is no wider than those inside the boxes."""
    around = Box.around([left, right])
    margin = around.height // 4
    first, last = max(0, around.left - margin), min(image.shape[1], around.right + margin)
    part = image[max(0, around.top) : around.bottom, first:last]
    columns = np.flatnonzero(inked_columns(find_dark(part)))
    if not len(columns):
        return False
    ends = columns[:-1][np.diff(columns) > 1] + first
    widths = np.diff(columns)[np.diff(columns) > 1] - 1
    tear = (left.right + right.left) / 2
    middles = ends + widths / 2
    is_inside = (ends >= left.left) & (ends + widths < right.right)  # a box may reach to the next word, but not its gap
    ends, widths, middles = ends[is_inside], widths[is_inside], middles[is_inside]
    near = int(np.argmin(np.abs(middles - tear))) if len(middles) else -1
    if near < 0 or abs(middles[near] - tear) > widths[near]:
        return False
    others = np.delete(widths, near)
    usual = int(others.max()) if len(others) else 0
    return usual >= _SPREAD * around.height and int(widths[near]) <= _USUAL_GAPS * usual


def _joined(word: Word, other: Word) -> Word:
    confidence = min(word.confidence, other.confidence)
    box = Box.around([word.box, other.box])
    return word.model_copy(update={"text": word.text + other.text, "box": box, "confidence": confidence})
