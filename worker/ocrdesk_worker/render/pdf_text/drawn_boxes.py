"""Finds the checkboxes that are drawn on a PDF page: small squares before a label, empty or with a mark in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ocrdesk.contract.box import Box
from ocrdesk.contract.structure import FieldKind, FormField

_SMALLEST, _LARGEST = 0.5, 2.0
"""In heights of the label: sides of checkboxes."""
_LABEL = 3.0
"""Sides between a box and its label."""
_APART = 0.3
"""In sides: frames that are closer together are cells, or a field for single signs."""
_MARKS = frozenset("xX\u25a0\u25cf\u2022\u00d7\u2713\u2714\u2715\u2716\u2717\u2718\u2611\u2612")
_INSIDE = 0.5
"""The share of a mark that is in its box at least: it may reach beyond it."""
_ALIKE = 0.12
"""Boxes of a form have the same size but for this share."""
_MAX_SQUARES = 300
"""Of a page with more squares, or more other small drawings, the first are looked at."""


@dataclass(frozen=True, slots=True)
class SmallDrawings:
    """Small squares of a page, and other small drawings, which may be marks in them. In pixels of the page image.

    `squares` are white with an outline. `filled` are black: ticked, if there are white ones of their size. `tinted` are
    of another colour: keys of a chart, as are all squares of their size.
    """

    squares: tuple[Box, ...] = ()
    filled: tuple[Box, ...] = ()
    tinted: tuple[Box, ...] = ()
    others: tuple[Box, ...] = ()


def find_drawn_boxes(drawn: SmallDrawings, words: Sequence[tuple[Box, str]]) -> tuple[FormField, ...]:
    """Return the squares that are checkboxes. `words` are all of the page with their places."""
    white = [it for it in dict.fromkeys(drawn.squares[:_MAX_SQUARES]) if not _is_like_any(it, drawn.tinted)]
    filled = [it for it in drawn.filled[:_MAX_SQUARES] if _is_like_any(it, white)]
    squares = [*white, *(it for it in filled if not any(it.shared_area(square) for square in white))]
    others = [*drawn.others[:_MAX_SQUARES], *filled]
    return tuple(
        FormField(kind=FieldKind.CHECKBOX, box=square, ticked=ticked)
        for square in sorted(squares, key=lambda box: (box.top, box.left))
        if (ticked := _ticked(square, squares, others, words)) is not None
    )


def _is_like_any(square: Box, others: Iterable[Box]) -> bool:
    return any(abs(square.width - other.width) <= _ALIKE * other.width for other in others)


def _ticked(
    square: Box, squares: Iterable[Box], others: Iterable[Box], words: Iterable[tuple[Box, str]]
) -> bool | None:
    """Return whether a square has a mark; None if it is no checkbox."""
    near = _APART * square.width
    if any(other != square and _distance(square, other) <= near for other in squares):
        return None
    inside, labels = [], []
    for box, text in words:
        if square.contains(box.center_x, box.center_y):
            inside.append(text)
        elif square.contains(box.left, box.center_y):  # a mark and its label without a space between them
            inside.append(text[:1])
            labels.append(box)
        elif _is_label(square, box):
            labels.append(box)
    if not labels or not _MARKS.issuperset("".join(inside)):
        return None
    height = min(labels, key=lambda box: box.left).height
    if not _SMALLEST * height <= square.height <= _LARGEST * height:
        return None
    return bool(inside) or any(other.shared_area(square) >= _INSIDE * max(1, other.area) for other in others)


def _is_label(square: Box, word: Box) -> bool:
    """Return whether a word is beside a square, near to it on either side."""
    gap = min(abs(word.left - square.right), abs(square.left - word.right))
    return word.top < square.center_y < word.bottom and gap <= _LABEL * square.width


def _distance(one: Box, other: Box) -> float:
    """Return how far apart two boxes are in the direction in which they are farther apart."""
    across = max(one.left, other.left) - min(one.right, other.right)
    down = max(one.top, other.top) - min(one.bottom, other.bottom)
    return max(across, down)
