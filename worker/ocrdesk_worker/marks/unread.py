"""Finds text that was not read: ink like letters, in rows, on which the result has no word."""

from __future__ import annotations

from collections.abc import Sequence

from ocrdesk_worker.marks.page_ink import Edges, PageInk
from ocrdesk_worker.preprocess.connected_areas import Numbers, find_connected_areas
from ocrdesk_worker.preprocess.pixels import Mask, Pixels, np
from ocrdesk_worker.preprocess.resizing import reduce

_LOWEST, _HIGHEST = 0.6, 2.6
"""Letter heights: smaller areas are specks and dots, larger ones are drawn."""
_LONGEST = 10
"""Heights: handwriting is joined, but a longer area is a line."""
_DENSE = (0.1, 0.85)
"""The shares of its box that a letter's ink has: less is a line or a frame, more a spot."""
_GAP = 1.0
"""Letter heights between the letters of a region."""
_MIN_LETTERS, _MIN_LENGTH = 4, 3.5
"""A region has so many letters, and is so many letter heights long."""
_LIKE = 0.6
"""So many of a region's areas are about as high as most of them; those of a drawing differ."""
_SIMILAR = (0.6, 1.67)
_COARSE, _UNEVEN = 4, 0.35
"""Reduced by the first factor, letters differ in darkness by more than this share of its mean."""
_AT_WORD = 0.3
"""Letter heights: ink so close to a word is part of it."""
_MAX_AREAS = 50_000
_MAX_REGIONS = 500
_CELL = 2
"""Pixels of the copy that are one of the map of regions."""


def find_unread(ink: PageInk, words: Pixels, others: Sequence[Edges], letter_height: float) -> list[Edges]:
    """Return the regions in pixels of the copy, from top to bottom.

    `words` are the edges of all words, and `others` are pictures, codes, checkboxes and ruling lines. Takes about 5 ms.
    """
    boxes = _unread(ink, words, others, letter_height)
    if len(boxes) < _MIN_LETTERS:
        return []
    areas = find_connected_areas(_map(ink.dark.shape, boxes, round(_GAP * letter_height / 2)))
    region = areas.owners_at(boxes[:, 1] // _CELL, boxes[:, 0] // _CELL)
    found: list[Edges] = []
    for number in np.flatnonzero(np.bincount(region) >= _MIN_LETTERS)[:_MAX_REGIONS].tolist():
        members = boxes[region == number]
        left, top = members[:, :2].min(axis=0).tolist()
        right, bottom = (members[:, :2] + members[:, 2:]).max(axis=0).tolist()
        edges = left, top, right, bottom
        if right - left >= _MIN_LENGTH * letter_height and _are_alike(members) and not _is_tint(edges, ink):
            found.append(edges)
    return sorted(found, key=lambda edges: (edges[1], edges[0]))


def _unread(ink: PageInk, words: Pixels, others: Sequence[Edges], letter_height: float) -> Numbers:
    """Return the areas like letters outside words and other marks: left, top, width, height of each."""
    boxes, sizes = ink.areas.boxes, ink.areas.sizes
    wide, high = boxes[:, 2], boxes[:, 3]
    area = wide * high
    like_letters = (
        (high >= _LOWEST * letter_height)
        & (high <= _HIGHEST * letter_height)
        & (wide <= _LONGEST * high)
        & (sizes >= _DENSE[0] * area)
        & (sizes <= _DENSE[1] * area)
    )
    boxes = boxes[like_letters][:_MAX_AREAS]
    known = np.zeros(ink.dark.shape, np.bool_)
    grown = words + np.array((-1, -1, 1, 1)) * _AT_WORD * letter_height
    _paint(known, np.concatenate([grown, np.array(others, np.float64).reshape(-1, 4)]))
    rows, columns = boxes[:, 1] + boxes[:, 3] // 2, boxes[:, 0] + boxes[:, 2] // 2
    unread: Numbers = boxes[~known[rows, columns]]
    return unread


def _map(shape: tuple[int, ...], boxes: Numbers, reach: int) -> Mask:
    """Return a coarse map of the boxes, each so much longer on both sides."""
    mask = np.zeros((shape[0] // _CELL + 1, shape[1] // _CELL + 1), np.bool_)
    edges = np.column_stack(
        [boxes[:, 0] - reach, boxes[:, 1], boxes[:, 0] + boxes[:, 2] + reach, boxes[:, 1:4:2].sum(axis=1)]
    )
    _paint(mask, edges / _CELL)
    return mask


def _paint(mask: Mask, boxes: Pixels) -> None:
    for left, top, right, bottom in boxes.clip(0).tolist():
        mask[int(top) : int(bottom) + 1, int(left) : int(right) + 1] = True


def _are_alike(members: Numbers) -> bool:
    """Return whether most of the areas are about as high as the others, as the letters of a text are."""
    heights = members[:, 3]
    usual = float(np.median(heights))
    return bool(np.mean((heights >= _SIMILAR[0] * usual) & (heights <= _SIMILAR[1] * usual)) >= _LIKE)


def _is_tint(edges: Edges, ink: PageInk) -> bool:
    """Return whether the region is a halftone: seen coarsely, all of it is about as dark."""
    left, top, right, bottom = edges
    darkness = np.maximum(ink.paper, ink.grey[top:bottom, left:right]) - ink.grey[top:bottom, left:right]
    coarse = reduce(darkness, _COARSE).astype(np.float64)
    return float(np.std(coarse)) < _UNEVEN * max(1.0, float(np.mean(coarse)))
