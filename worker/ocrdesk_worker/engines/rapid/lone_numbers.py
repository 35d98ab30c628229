"""Finds numbers and words that stand alone, such as a page's number, which Tesseract takes for specks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ocrdesk.contract.box import Box, Rectangle, contains_center
from ocrdesk.contract.document import Word
from ocrdesk_worker.engines.rapid.quads import Quad, quad_of
from ocrdesk_worker.engines.rapid.regions import Region
from ocrdesk_worker.engines.rapid.spelling import IsWord
from ocrdesk_worker.preprocess.components import Components, find_unread
from ocrdesk_worker.preprocess.pixels import Pixels

_FEW = 6
"""A page with more unread places is grainy or has a drawing, unless they are on rows of text or in a column."""
_MOST = 150
"""So many places are read at most, and compared at most eight times as many."""
_NARROWEST, _LONGEST = 0.15, 6
"""In heights: what is narrower is a piece of a rule, and what is wider no lone number or word."""
_HEIGHTS = 0.7, 1.8
"""In heights of the page's letters: how high a number is."""
_LEVEL = 0.3
"""In heights: how far from the middle of a row, or from the edge of a column, its text is."""
_IN_COLUMN = 3
_TOUCHING = 0.4
"""In heights: a component of a column may be as near to a word."""
_MOST_LETTERS, _FILLED = 12, 0.3
"""The letters of a small part of a screen, and the share of its height that they fill."""
_SURE = 0.95
_NUMBER = re.compile(r"[-(]?\d[\d.,]*%?\)?")
_SHORTEST_WORD = 3
_CURRENCY = frozenset("$€£¥")
"""In a table such a sign stands alone, at the left edge of the column of amounts."""


def lone_numbers(
    components: Components, image: Pixels, words: Iterable[Box], lines: Iterable[Rectangle] = ()
) -> list[Region]:
    """Return regions around components outside all words and detected lines that may be numbers or words."""
    boxes, areas = list(words), list(lines)
    low, high = (factor * components.letter_height for factor in _HEIGHTS)
    groups = _groups(find_unread(components, image, boxes)[: 8 * _MOST])
    wanted = [
        box
        for box in groups
        if low <= box.height <= high
        and _NARROWEST * box.height <= box.width <= _LONGEST * box.height
        and not any(contains_center(area, box) for area in areas)
    ]
    columns = [box for box in wanted if _is_in_column(box, wanted) or _is_in_column(box, [box, *boxes])]
    others = [box for box in wanted if box not in columns and not any(_is_beside(box, word) for word in boxes)]
    if len(groups) > _FEW:
        others = [box for box in others if _is_on_row(box, boxes)]
    columns = [box for box in columns if not any(_is_beside(box, word, _TOUCHING) for word in boxes)]
    return [_region(box) for box in [*columns, *others][:_MOST]]


def lone_line(components: Components, image: Pixels) -> list[Quad]:
    """Return the place of a word or letter that fills most of an image's height, such as a small part of a screen."""
    boxes = [Box(left, top, left + width, top + height) for left, top, width, height in components.boxes.tolist()]
    if not 0 < len(boxes) <= _MOST_LETTERS:
        return []
    around = Box.around(boxes)
    is_line = all(2 * box.shared_height(around) > around.height for box in boxes)
    return [_region(around).quad] if is_line and around.height >= _FILLED * image.shape[0] else []


def _is_on_row(box: Box, words: Iterable[Box]) -> bool:
    """Return whether words of about that height are on the same row."""
    return any(
        abs(box.center_y - word.center_y) <= _LEVEL * box.height and box.height <= 2 * word.height <= 4 * box.height
        for word in words
    )


def _is_in_column(box: Box, others: Iterable[Box]) -> bool:
    """Return whether others of that height have an edge in common with it; it is itself among them."""
    near = _LEVEL * box.height
    in_column = sum(
        (abs(box.left - other.left) <= near or abs(box.right - other.right) <= near)
        and abs(box.height - other.height) <= near
        for other in others
    )
    return in_column >= _IN_COLUMN


def is_sure(words: Sequence[Word], is_word: IsWord) -> bool:
    """Return whether what was read in such a region is beyond doubt a number, a currency or a word of a dictionary."""
    if not words or min(word.confidence for word in words) < _SURE:
        return False
    return all(
        _NUMBER.fullmatch(word.text)
        or word.text in _CURRENCY
        or (len(word.text) >= _SHORTEST_WORD and is_word(word.text))
        for word in words
    )


def _groups(boxes: Iterable[Box]) -> list[Box]:
    """Return boxes around neighbours."""
    groups: list[Box] = []
    for box in sorted(boxes):
        near = next((group for group in groups if _is_beside(group, box)), None)
        if near is not None:
            groups.remove(near)
            box = Box.around([near, box])
        groups.append(box)
    return groups


def _is_beside(one: Box, other: Box, reach: float = 1.0) -> bool:
    return one.crosses_rows(other) and one.gap(other) <= reach * max(one.height, other.height)


def _region(box: Box) -> Region:
    margin = max(2.0, 0.25 * box.height)
    return Region(
        quad_of((box.left - margin, box.top - margin, box.right + margin, box.bottom + margin)),
        [],
        is_line=False,
        is_lone=True,
    )
