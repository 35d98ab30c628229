"""The connected areas of ink around a word, and where its line's letters stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, median_low

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Line, Word
from ocrdesk_worker.engines.rapid.ink import find_dark
from ocrdesk_worker.preprocess.connected_areas import find_connected_areas
from ocrdesk_worker.preprocess.pixels import Mask, Pixels, np

_LEAST_PIXELS = 3
_MOST_AREAS = 40
"""A place with more areas is grainy, or a drawing."""
_LEAST_CONTRAST = 40
"""Tones between the darkest pixels of a place and its paper; with less, there is no ink."""
_DARK = 150
"""The tone of ink on a clean page image."""
_MOST_INK = 0.6
"""Where more is dark, the text is light."""
_LARGEST = 300
"""In pixels: a place that is higher, or ten times as wide, has no usual print."""
_DESCENDING = frozenset("gjpqy,;()[]{}|_/Q$@\N{SECTION SIGN}")
_RISING = frozenset("bdfhikl0123456789")
_NEAREST = 6
"""So many words of a line, the nearest ones, say where its letters stand there."""
_X_HEIGHT, _T_HEIGHT = 0.72, 0.87
"""The height of an x and of a t, in heights of a capital."""


@dataclass(frozen=True, slots=True)
class InkArea:
    """A connected area of ink: its box on the page image, and its number of pixels."""

    box: Box
    size: int


@dataclass(frozen=True, slots=True)
class Height:
    """Where the letters of a line stand, and how high its capitals are, in pixels of the page image."""

    foot: float
    capital: float

    def above(self, y: float) -> float:
        """Return how far a row is above the foot of the letters, in heights of a capital."""
        return (self.foot - y) / self.capital


def find_areas(image: Pixels, place: Box) -> list[InkArea]:
    """Return the areas of dark ink whose middle is in a place, from left to right. None for a place that is too large.

    Takes about 0.1 ms for a word.
    """
    margin = max(2, place.height // 3)
    left, top = max(0, place.left - margin), max(0, place.top - margin)
    part = image[top : place.bottom + margin, left : place.right + margin]
    if not part.size or place.height > _LARGEST or place.width > 10 * _LARGEST:
        return []
    if int(part.max()) - int(part.min()) < _LEAST_CONTRAST:
        return []
    ink = find_dark(part)
    if ink.mean() > _MOST_INK:
        return []
    areas = find_connected_areas(ink)
    boxes, sizes = areas.boxes, areas.sizes
    across, down = left + boxes[:, 0] + boxes[:, 2] / 2, top + boxes[:, 1] + boxes[:, 3] / 2
    wanted = (sizes >= _LEAST_PIXELS) & (place.left <= across) & (across < place.right)
    wanted &= (place.top <= down) & (down < place.bottom)
    if not 0 < np.count_nonzero(wanted) <= _MOST_AREAS:
        return []
    inside = [
        InkArea(Box(left + x, top + y, left + x + width, top + y + height), size)
        for (x, y, width, height), size in zip(boxes[wanted].tolist(), sizes[wanted].tolist(), strict=True)
    ]
    return sorted(inside, key=lambda area: area.box)


def has_ink(image: Pixels, place: Box) -> bool:
    """Return whether a place has anything dark on light paper. Takes about 5 us."""
    part = image[max(0, place.top) : place.bottom, max(0, place.left) : place.right]
    return bool(part.size and int(part.min()) < _DARK)


def has_lone_ink(image: Pixels, place: Box) -> bool:
    """Return whether a place has ink in the middle of its height, but none that enters it from above or below."""
    part = image[max(0, place.top) : place.bottom, max(0, place.left) : place.right]
    if not part.size:
        return False
    darkest = part.min(1)
    quarter = len(darkest) // 4
    is_inked = darkest[quarter : len(darkest) - quarter].min(initial=255) < _DARK
    return bool(is_inked and darkest[0] >= _DARK and darkest[-1] >= _DARK)


def mask_of(image: Pixels, box: Box) -> Mask:
    """Return which pixels of a box are dark, by the tones of the box and a little around it, without empty edges."""
    left, top = max(0, box.left - 2), max(0, box.top - 2)
    dark = find_dark(image[top : box.bottom + 2, left : box.right + 2])
    ink = np.asarray(dark[box.top - top : box.bottom - top, box.left - left : box.right - left])
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if len(rows) else ink


def height_at(line: Line, number: float, areas: Sequence[InkArea] = ()) -> Height | None:
    """Return where the letters stand beside the line's word of that number, which may be misread itself.

    A number and a half is the place between two words.

    If the line has no other word that tells it, the areas of the word's own ink do. None if nothing does.
    """
    others = _nearest(line, number)
    standing = [word for word in others if _has_letter(word) and not _DESCENDING.intersection(word.text)]
    if standing:
        capital = median_low(word.box.height / _share(word.text) for word in standing)
        return Height(median(word.box.bottom for word in standing), max(1.0, capital))
    highest = max((area.box.height for area in areas), default=0)
    large = [area.box for area in areas if area.box.height >= _X_HEIGHT * highest]
    if not large:
        return None
    return Height(median(box.bottom for box in large), float(highest))


def _nearest(line: Line, number: float) -> list[Word]:
    near = range(max(0, int(number) - _NEAREST), min(len(line.words), int(number) + _NEAREST + 2))
    order = sorted(near, key=lambda other: abs(other - number))
    return [line.words[other] for other in order if other != number][:_NEAREST]


def _has_letter(word: Word) -> bool:
    return any(map(str.isalnum, word.text))


def _share(text: str) -> float:
    """Return how high the letters of a word reach, in heights of a capital."""
    if any(map(str.isupper, text)) or _RISING.intersection(text):
        return 1.0
    return _T_HEIGHT if "t" in text else _X_HEIGHT
