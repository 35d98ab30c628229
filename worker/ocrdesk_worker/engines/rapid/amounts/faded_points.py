"""Restores the points of amounts that are too pale to be seen: `16 85` below `20.35`.

Cheap printers lose points first. What decides is the place: the figure ends where other amounts of the page end, and it
has the gap of a point before its last two digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Word
from ocrdesk.layout.row_builder import Row, Rows
from ocrdesk_worker.engines.rapid.ink import find_dark, inked_columns
from ocrdesk_worker.preprocess.pixels import Pixels, np

_AMOUNT = re.compile(r"[^\w]?[^\W\d]{0,3}[^\w]{0,2}\d[\d.,]*([.,])\d\d[^\w.,]?")
_BEFORE, _AFTER = re.compile(r"[^\w]?[^\W\d]{0,3}[^\w]{0,2}\d{1,4}[.,]?"), re.compile(r"\d\d[^\w.,]?")
_DIGITS = re.compile(r"\d{0,3}[02-9]\d\d")
"""Not with a 1 before the last two digits: a 1 is narrow, and has wide gaps where all digits are equally far apart."""
_FEWEST = 3
"""A page with fewer amounts says nothing about where they end."""
_WHOLE = re.compile(r"[^\w]?[^\W\d]{0,3}[^\w]?\d[\d,]*[^\w.,]?")
_OTHERS = 0.25
"""So many numbers without a point may end where an amount does, for each amount."""
_ALIGNED = 0.4
"""In heights: how far from the end of another amount one ends."""
_GAP = 0.65
"""In heights: the widest gap of a point."""
_ALONE = 0.9
"""In heights: another number beside the figure is farther away."""
_NARROWEST, _WIDER = 0.2, 1.8
"""The gap of a point in a word: in heights, and in widest gaps between its other digits."""
_SURE = 0.9
"""The confidence of a figure whose point was not seen is no higher."""


def restore_points(rows: Rows, image: Pixels) -> None:
    """Insert the points of amounts that have none, or a space instead."""
    matches = [(word, _AMOUNT.fullmatch(word.text)) for row in rows.all() for word in row.words]
    amounts = [(word.box, match[1]) for word, match in matches if match]
    if len(amounts) < _FEWEST:
        return
    signs = [sign for _, sign in amounts]
    point = max(".,", key=signs.count)
    ends = _Ends(
        [box.right for box, sign in amounts if sign == point],
        [word.box.right for row in rows.all() for word in _whole_numbers(row)],
    )
    for row in rows.all():
        _join_pairs(row, ends, point)
        for word in row.words:
            if _DIGITS.fullmatch(word.text) and ends.are_of_amounts(word.box, itself=1) and _has_gap(word, image):
                row.replace([word], [_changed([word], word.text[:-2] + point + word.text[-2:])])


@dataclass(frozen=True, slots=True)
class _Ends:
    """The right edges of the page's amounts, and of its numbers without a point."""

    amounts: Sequence[int]
    whole: Sequence[int]

    def are_of_amounts(self, box: Box, *, itself: int = 0) -> bool:
        """Return whether numbers that end where the box does are amounts, but for few.

        `itself` is 1 if the box is one of the whole numbers; then more than one amount has to end there.
        """
        near = _ALIGNED * box.height
        amounts, whole = (sum(abs(box.right - end) <= near for end in ends) for ends in (self.amounts, self.whole))
        return amounts > itself and whole - itself <= _OTHERS * amounts


def _whole_numbers(row: Row) -> Iterator[Word]:
    """Yield the numbers without a point, apart from those that may be the end of a figure."""
    for before, word in zip([None, *row.words], row.words, strict=False):
        is_end = before is not None and _has_digit(before) and _is_level(before.box, word.box)
        if _WHOLE.fullmatch(word.text) and not is_end:
            yield word


def _join_pairs(row: Row, ends: _Ends, point: str) -> None:
    words = list(row.words)
    for number, (word, other) in enumerate(pairwise(words)):
        if not (_BEFORE.fullmatch(word.text) and _AFTER.fullmatch(other.text)):
            continue
        before, after = words[max(0, number - 1) : number], words[number + 2 : number + 3]
        is_figure = _is_level(word.box, other.box) and _is_alone(word, other, before, after)
        if is_figure and ends.are_of_amounts(other.box):
            row.replace([word, other], [_changed([word, other], word.text.rstrip(".,") + point + other.text)])


def _is_level(one: Box, other: Box) -> bool:
    height = min(one.height, other.height)
    gap = other.left - one.right
    return 2 * one.shared_height(other) > height and -height <= gap <= _GAP * height


def _is_alone(word: Word, other: Word, before: Sequence[Word], after: Sequence[Word]) -> bool:
    """Return whether no other number is near, as in a date or a telephone number."""
    reach = _ALONE * min(word.box.height, other.box.height)
    near_before = any(_has_digit(it) and word.box.left - it.box.right < reach for it in before)
    near_after = any(_has_digit(it) and it.box.left - other.box.right < reach for it in after)
    return not near_before and not near_after


def _has_digit(word: Word) -> bool:
    return any(map(str.isdecimal, word.text))


def _has_gap(word: Word, image: Pixels) -> bool:
    """Return whether the gap before the last two digits of a word is the widest by far."""
    box = word.box
    part = image[max(0, box.top) : box.bottom, max(0, box.left) : box.right]
    if not part.size:
        return False
    columns = np.flatnonzero(inked_columns(find_dark(part)))
    gaps = np.diff(columns)[np.diff(columns) > 1] - 1
    if len(gaps) != len(word.text) - 1:  # digits that touch, or that are broken: where they are is not known
        return False
    others = np.delete(gaps, -2)
    return bool(gaps[-2] >= _NARROWEST * box.height and gaps[-2] >= _WIDER * others.max())


def _changed(words: Sequence[Word], text: str) -> Word:
    box = Box.around([word.box for word in words])
    confidence = min(_SURE, *(word.confidence for word in words))
    return words[0].model_copy(update={"text": text, "box": box, "confidence": confidence})
