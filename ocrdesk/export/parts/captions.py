"""Puts figures among a page's parts, and captions to their figures and tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ocrdesk.contract.box import Box
from ocrdesk.contract.structure import BlockRole, Figure
from ocrdesk.export.parts.page_parts import Part, TablePart, TextPart

_MAX_COMPARISONS = 200_000
"""Of figures with parts of a page: of more figures, the largest are kept."""
_NEAR = 6.0
"""In heights of the caption's box: how far it may be from its figure or table."""


@dataclass(frozen=True, slots=True)
class Captioned:
    """A table or figure and its caption; `is_below` says where the caption is. `part` is None for a figure."""

    part: TablePart | None
    caption: TextPart | None
    is_below: bool = False


def with_captions(parts: Iterable[Part], figures: Sequence[Figure]) -> list[Part | Captioned]:
    """Return the parts with each figure before its caption, or where it is on the page; and tables with theirs."""
    found = list(parts)
    captions = {
        n: part for n, part in enumerate(found) if isinstance(part, TextPart) and part.role is BlockRole.CAPTION
    }
    most = max(1, _MAX_COMPARISONS // max(1, len(found)))
    boxes = sorted((figure.box for figure in figures), key=lambda box: -box.area)[:most]
    used: dict[int, Captioned] = {}
    before: dict[int, list[Captioned]] = {}
    for box in sorted(boxes, key=lambda box: (box.top, box.left)):
        near = [(_distance(box, part.box), n) for n, part in captions.items() if n not in used]
        gap, number = min(near, default=(0.0, -1))
        if number >= 0 and gap <= _limit(captions[number]):
            used[number] = Captioned(None, captions[number], captions[number].box.top >= box.center_y)
        else:
            before.setdefault(_place(box, found), []).append(Captioned(None, None))
    for number, part in enumerate(found):
        if isinstance(part, TablePart):
            for beside in (number - 1, number + 1):
                caption = captions.get(beside)
                if caption and beside not in used and _distance(part.box, caption.box) <= _limit(caption):
                    used[number] = Captioned(part, caption, beside > number)
                    used[beside] = _TAKEN
                    break
    made: list[Part | Captioned] = []
    for number, own in enumerate(found):
        made += before.get(number, ())
        one = used.get(number)
        if one is not _TAKEN:
            made.append(one or own)
    return [*made, *before.get(len(found), ())]


_TAKEN = Captioned(None, None)
"""In the place of a caption that is written with its table."""


def _limit(caption: TextPart) -> float:
    return _NEAR * max(1, caption.box.height)


def _distance(box: Box, caption: Box) -> float:
    """Return how far a caption is above or below a box, in pixels; a very large number if it is beside it."""
    if not box.shares_columns(caption):
        return 1e18
    return max(0, caption.top - box.bottom, box.top - caption.bottom)


def _place(box: Box, parts: Sequence[Part]) -> int:
    """Return before which part a figure without a caption is: the first text below it in its columns."""
    for number, part in enumerate(parts):
        if isinstance(part, TextPart | TablePart) and part.box.top >= box.center_y and part.box.shares_columns(box):
            return number
    return len(parts)
