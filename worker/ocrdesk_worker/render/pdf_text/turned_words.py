"""Joins the letters of turned words. PDFium puts line breaks between letters that a file places one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ocrdesk.contract.box import Rectangle, around
from ocrdesk.layout.positioned_word import SLANTED, PositionedWord

_GAP = 0.15
"""In heights of the font: letters of one word are no farther apart. A space is a quarter."""
_BACK = 0.3
"""In the same: how far a letter may reach back over the one before it."""


def join_turned(
    words: Sequence[PositionedWord], ends: Mapping[int, int], is_generated: Callable[[int], bool]
) -> list[PositionedWord]:
    """Return the words with those that continue each other as one.

    `ends` has the end of each word with turned letters by the number of its first character; `is_generated` says
    whether PDFium added a character.
    """
    joined: list[PositionedWord] = []
    end: int | None = None
    for word in words:
        before = joined[-1] if end is not None and word.first in ends else None
        if before and end and _continues(before, word) and all(map(is_generated, range(end, word.first))):
            joined[-1] = before._replace(text=before.text + word.text, ink=around(before.ink, word.ink))
        else:
            joined.append(word)
        end = ends.get(word.first)
    return joined


def _continues(before: PositionedWord, word: PositionedWord) -> bool:
    """Return whether a word begins where another ends, on the same line of the same direction."""
    if before.direction != word.direction or word.direction == SLANTED:
        return False
    is_upright = word.direction in (90, 270)
    one, two = (_along(it.ink, word.direction) for it in (before, word))
    line, other = ((it.body[0], it.body[2]) if is_upright else (it.body[1], it.body[3]) for it in (before, word))
    height = line[1] - line[0]
    shared = min(line[1], other[1]) - max(line[0], other[0])
    return 2 * shared > height and -_BACK * height <= two[0] - one[1] <= _GAP * height


def _along(area: Rectangle, direction: int) -> tuple[float, float]:
    """Return where an area begins and ends in the direction of its text."""
    left, top, right, bottom = area
    return {0: (left, right), 90: (top, bottom), 180: (-right, -left), 270: (-bottom, -top)}[direction]
