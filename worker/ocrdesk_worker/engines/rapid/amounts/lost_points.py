"""Finds figures whose point or comma Tesseract lost: the image has a speck on the line where the text has nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ocrdesk.contract.document import Word
from ocrdesk_worker.engines.rapid.ink import find_dark
from ocrdesk_worker.preprocess.connected_areas import find_connected_areas
from ocrdesk_worker.preprocess.pixels import Pixels

_FIGURE = re.compile(r"[-($]{0,2}\d{2,}%?\)?")
"""A figure that may have lost a point between its digits."""
_MIN_DIGITS = 2
_SMALL = 0.35
"""In heights of a digit: how wide and how high a point is at most."""
_TALL = 0.6
"""In heights of the word: how high a digit is at least."""
_BELOW = 0.3
"""In heights of a digit: how far from the foot of the digits a point ends."""
_MIN_PIXELS = 3


def lost_points(words: Iterable[Word], image: Pixels) -> list[Word]:
    """Return the words that are digits alone, perhaps in brackets, with a point between them in the image."""
    return [word for word in words if _FIGURE.fullmatch(word.text) and _has_point(word, image)]


def _has_point(word: Word, image: Pixels) -> bool:
    box = word.box
    margin = max(1, box.height // 10)
    part = image[max(0, box.top - margin) : box.bottom + margin, max(0, box.left - margin) : box.right + margin]
    areas = find_connected_areas(find_dark(part))
    parts = [(*bounds, size) for bounds, size in zip(areas.boxes.tolist(), areas.sizes.tolist(), strict=True)]
    digits = [it for it in parts if it[3] >= _TALL * box.height]
    if len(digits) < _MIN_DIGITS - 1:
        return False
    height = sorted(it[3] for it in digits)[len(digits) // 2]
    foot = sorted(it[1] + it[3] for it in digits)[len(digits) // 2]
    small = [it for it in parts if max(it[2], it[3]) <= _SMALL * height and it[4] >= _MIN_PIXELS]
    left, right = min(it[0] for it in digits), max(it[0] + it[2] for it in digits)
    inner = [it for it in small if left < it[0] and it[0] + it[2] < right]
    on_line = [it for it in inner if abs(it[1] + it[3] - foot) <= _BELOW * height]
    return len(on_line) == 1 and len(inner) == 1
