"""Puts the boxes of vertical bars where their ink is: Tesseract guesses the place of a bar that it reads for an I."""

from __future__ import annotations

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Line, Word
from ocrdesk_worker.engines.signs.ink_areas import PlacesOfInk

BARS = frozenset("|\N{BROKEN BAR}")
_NARROW = 0.35
"""In heights: the width of a bar at most."""


def place_of_bar(line: Line, number: int) -> Box:
    """Return the place between the words beside a bar; it may be empty."""
    bar = line.words[number]
    before, after = (
        line.words[other].box if 0 <= other < len(line.words) else None for other in (number - 1, number + 1)
    )
    left = before.right if before is not None else bar.box.left - bar.box.height // 2
    right = after.left if after is not None else bar.box.right + bar.box.height // 2
    return Box(left, bar.box.top, max(left, right), bar.box.bottom)


def with_place_of_ink(ink: PlacesOfInk, line: Line, number: int) -> Word | None:
    """Return the bar with the box of the only ink between the words beside it; None if there is none or more."""
    bar, place = line.words[number], place_of_bar(line, number)
    areas = ink.find(place) if place.width else []
    if len(areas) != 1 or areas[0].box.width > _NARROW * areas[0].box.height:
        return None
    return bar.model_copy(update={"box": areas[0].box})
