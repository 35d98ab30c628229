"""The connected areas of ink around a word, and where its line's letters stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from operator import itemgetter
from statistics import median, median_low

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Line, Word
from ocrdesk_worker.engines.rapid.ink import find_dark, thresholds_of
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
_SHEET_PIXELS = 300_000
"""Places are looked at together in groups of so many pixels: more would not fit in the processor's cache."""
_LARGEST = 300
"""In pixels: a place that is higher, or ten times as wide, has no usual print."""
_DESCENDING = frozenset("gjpqy,;()[]{}|_/Q$@\N{SECTION SIGN}")
_RISING = frozenset("bdfhikl0123456789")
_NEAREST = 6
"""So many words of a line, the nearest ones, say where its letters stand there."""
_FROM_WORD = tuple(sorted(range(-_NEAREST, _NEAREST + 2), key=abs))[1:]
_FROM_GAP = tuple(sorted(range(-_NEAREST, _NEAREST + 2), key=lambda by: abs(by - 0.5)))
"""How far words are from a word, and from the one before a gap, the nearest first."""
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


class PlacesOfInk:
    """Finds the areas of dark ink in places of a page image.

    Places that are prepared together take a third of the time.
    """

    def __init__(self, image: Pixels) -> None:
        self.image = image
        self._known: dict[Box, list[InkArea]] = {}

    def prepare(self, places: Iterable[Box]) -> None:
        """Look at places at once which will be asked for, in sheets of places that are about as wide."""
        parts: list[_Part] = []
        for place in {place for place in places if place not in self._known}:
            part = _Part.around(self.image, place)
            if part is None:
                self._known[place] = []
            else:
                parts.append(part)
        for sheet in _sheets(parts):
            self._known.update(zip((part.place for part in sheet), _areas_of(sheet), strict=True))

    def find(self, place: Box) -> list[InkArea]:
        """Return the areas whose middle is in a place, from left to right. None for a place that is too large."""
        if place not in self._known:
            self.prepare([place])
        return self._known[place]


@dataclass(frozen=True, slots=True)
class _Part:
    """The part of the page image around a place: its pixels, and where it begins on the page."""

    place: Box
    pixels: Pixels
    left: int
    top: int

    @classmethod
    def around(cls, image: Pixels, place: Box) -> _Part | None:
        """Return the part around a place; None if that is too large or has no pixels."""
        if place.height > _LARGEST or place.width > 10 * _LARGEST:
            return None
        margin = max(2, place.height // 3)
        left, top = max(0, place.left - margin), max(0, place.top - margin)
        pixels = image[top : place.bottom + margin, left : place.right + margin]
        return cls(place, pixels, left, top) if pixels.size else None


def _sheets(parts: Iterable[_Part]) -> Iterator[list[_Part]]:
    """Yield groups of parts that are about as wide."""
    sheet: list[_Part] = []
    rows = 0
    for part in sorted(parts, key=lambda part: part.pixels.shape[1]):
        rows += len(part.pixels)
        if sheet and rows * part.pixels.shape[1] > _SHEET_PIXELS:
            yield sheet
            sheet, rows = [], len(part.pixels)
        sheet.append(part)
    if sheet:
        yield sheet


def _areas_of(parts: Sequence[_Part]) -> Iterator[list[InkArea]]:
    """Yield the areas of each part. The parts are put below each other on a sheet, which is searched once."""
    counts = np.array([np.bincount(part.pixels.ravel(), minlength=256) for part in parts])
    thresholds, is_present = thresholds_of(counts), counts > 0
    contrasts = 255 - is_present[:, ::-1].argmax(axis=1) - is_present.argmax(axis=1)
    inked = counts.cumsum(axis=1)[np.arange(len(parts)), thresholds] / counts.sum(axis=1)
    is_inked = (contrasts >= _LEAST_CONTRAST) & (inked <= _MOST_INK)
    tops = np.cumsum([0, *(len(part.pixels) + 1 for part in parts)])  # a row without ink separates the parts
    ink = np.zeros((int(tops[-1]), max(part.pixels.shape[1] for part in parts)), np.bool_)
    tones = thresholds.astype(np.uint8)
    for number in np.flatnonzero(is_inked).tolist():
        pixels, top = parts[number].pixels, tops[number]
        np.less_equal(pixels, tones[number], out=ink[top : top + pixels.shape[0], : pixels.shape[1]])
    areas = find_connected_areas(ink)
    boxes, sizes = areas.boxes, areas.sizes
    owner = np.searchsorted(tops, boxes[:, 1], "right") - 1
    boxes[:, 0] += np.array([part.left for part in parts])[owner]
    boxes[:, 1] += (np.array([part.top for part in parts]) - tops[:-1])[owner]
    left, top, right, bottom = np.array([part.place for part in parts])[owner].T
    across, down = boxes[:, 0] + boxes[:, 2] / 2, boxes[:, 1] + boxes[:, 3] / 2
    wanted = (sizes >= _LEAST_PIXELS) & (left <= across) & (across < right) & (top <= down) & (down < bottom)
    owner, boxes, sizes = owner[wanted], boxes[wanted], sizes[wanted]
    edges = np.column_stack((boxes[:, :2], boxes[:, :2] + boxes[:, 2:])).tolist()
    first = np.searchsorted(owner, np.arange(len(parts) + 1)).tolist()
    for begin, end in pairwise(first):
        found = zip(map(Box._make, edges[begin:end]), sizes[begin:end].tolist(), strict=True)
        is_grainy = end - begin > _MOST_AREAS
        yield [] if is_grainy else [InkArea(box, size) for box, size in sorted(found, key=itemgetter(0))]


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
    standing = [
        (word.box.height / share, word.box.bottom)
        for word in _nearest(line, number)
        if (share := _share_of_capital(word.text)) is not None
    ]
    if standing:
        heights, feet = zip(*standing, strict=True)
        return Height(median(feet), max(1.0, median_low(heights)))
    highest = max((area.box.height for area in areas), default=0)
    large = [area.box for area in areas if area.box.height >= _X_HEIGHT * highest]
    if not large:
        return None
    return Height(median(box.bottom for box in large), float(highest))


def _nearest(line: Line, number: float) -> list[Word]:
    words, first = line.words, int(number)
    order = _FROM_WORD if number == first else _FROM_GAP
    return [words[first + by] for by in order if 0 <= first + by < len(words)][:_NEAREST]


@lru_cache(maxsize=4096)
def _share_of_capital(text: str) -> float | None:
    """Return how high the letters of a word reach, in heights of a capital; None if they do not stand on the line."""
    if _DESCENDING.intersection(text) or not any(map(str.isalnum, text)):
        return None
    if any(map(str.isupper, text)) or _RISING.intersection(text):
        return 1.0
    return _T_HEIGHT if "t" in text else _X_HEIGHT
