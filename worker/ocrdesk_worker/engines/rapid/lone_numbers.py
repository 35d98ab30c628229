"""Finds numbers that stand alone, such as a page's number, which Tesseract takes for specks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Word
from ocrdesk_worker.engines.rapid.quads import quad_of
from ocrdesk_worker.engines.rapid.regions import Region
from ocrdesk_worker.preprocess.components import Components, find_unread
from ocrdesk_worker.preprocess.pixels import Pixels

_MOST = 6
"""A page with more unread places than this is grainy or has a drawing."""
_MOST_DIGITS = 4
_HEIGHTS = 0.7, 1.8
"""In heights of the page's letters: how high a number is."""
_SURE = 0.95


def lone_numbers(components: Components, image: Pixels, words: Iterable[Box]) -> list[Region]:
    """Return regions around the few components outside all words that may be numbers."""
    boxes = list(words)
    groups = _groups(find_unread(components, image, boxes))
    if len(groups) > _MOST:
        return []
    low, high = (factor * components.letter_height for factor in _HEIGHTS)
    wanted = [box for box in groups if low <= box.height <= high and box.width <= _MOST_DIGITS * box.height]
    return [_region(box) for box in wanted if not any(_is_beside(box, word) for word in boxes)]


def is_sure_number(words: Sequence[Word]) -> bool:
    """Return whether what was read in such a region is a number beyond doubt."""
    return len(words) == 1 and words[0].text.isdecimal() and words[0].confidence >= _SURE


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


def _is_beside(one: Box, other: Box) -> bool:
    return one.crosses_rows(other) and one.gap(other) <= max(one.height, other.height)


def _region(box: Box) -> Region:
    margin = max(2.0, 0.25 * box.height)
    return Region(
        quad_of((box.left - margin, box.top - margin, box.right + margin, box.bottom + margin)),
        [],
        is_line=False,
        is_number=True,
    )
