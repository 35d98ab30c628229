"""Finds the pictures of a page image: photos, drawings, charts and logos.

A picture is an area with ink or tones, far larger than a letter, in which few words were read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ocrdesk_worker.marks.page_ink import Edges, PageInk
from ocrdesk_worker.preprocess.connected_areas import find_connected_areas
from ocrdesk_worker.preprocess.morphology import close_gaps
from ocrdesk_worker.preprocess.pixels import Mask, Pixels, np
from ocrdesk_worker.preprocess.resizing import reduce

_FACTOR = 4
"""The copy is reduced by this factor for the search: tones become grey, and strokes touch."""
_TONE = 24
"""A pixel of the reduced copy that is so much darker than the paper has ink or a tone."""
_GAP = 0.8
"""Letter heights: parts of a picture are no farther apart."""
_MIN_SIDE, _MIN_LONG_SIDE = 3.0, 6.0
"""Letter heights of the shorter and the longer side of a picture. Initials of paragraphs are smaller."""
_MIN_FILLED = 0.06
"""The least share of a picture's box that has ink or a tone. Frames have less."""
_MIN_DARK = 0.01
"""The least share of it that is darker than its surroundings. The shade of uneven light has less."""
_THIN = 0.04
"""Rows and columns of its edges have more ink than this share."""
_RECTANGLE, _EVEN = 0.8, 14.0
"""A tinted box fills its rectangle to that share, and its tone hardly differs: with words in it, it is no picture."""
_TEXT = 0.6
"""If that share of the ink are areas like letters, it is text."""
_MAX_WORDS = 0.35
"""The largest share of a picture's box that has words. Framed text has more."""
_MAX_EXTENT = 0.97
"""A share of the page's sides: what is larger is the page's background."""
_BORDER = 0.85
"""Rows and columns at the page's edge with this share of ink are the dark surroundings of the paper."""
_SHALLOW = 12
"""An area so many times as long as wide is a bar between parts of the page."""
_MAX_PICTURES = 200


def find_pictures(ink: PageInk, words: Pixels, lines: Sequence[Edges], letter_height: float) -> list[Edges]:
    """Return the pictures in pixels of the copy, from top to bottom.

    `words` are the edges of the words that were read with confidence, `lines` the ruling lines. Takes about 5 ms.
    """
    if min(ink.grey.shape) < 2 * _FACTOR:
        return []
    page = _Reduced.of(ink, words, lines, letter_height / _FACTOR)
    gap = max(1, round(_GAP * page.letter_height))
    boxes = find_connected_areas(close_gaps(page.inked, 2 * gap + 1, 2 * gap + 1)).boxes
    sides = np.sort(boxes[:, 2:], axis=1)
    large = (sides[:, 0] >= _MIN_SIDE * page.letter_height) & (sides[:, 1] >= _MIN_LONG_SIDE * page.letter_height)
    letters = _letters(ink, letter_height)
    found = []
    for left, top, width, height in boxes[large][:_MAX_PICTURES].tolist():
        edges = page.trimmed((left, top, left + width, top + height))
        if page.has_picture(edges) and not _is_text(edges, letters, page):
            found.append(edges)
    return [
        (left * _FACTOR, top * _FACTOR, right * _FACTOR, bottom * _FACTOR)
        for left, top, right, bottom in _merged(found)
    ]


@dataclass(frozen=True, slots=True)
class _Reduced:
    """The copy, reduced again, with masks of what has a tone, of what is clearly ink, and of words."""

    grey: Pixels
    inked: Mask
    dark: Pixels
    """The share of each pixel that is ink, up to 255."""
    known: Mask
    letter_height: float

    @classmethod
    def of(cls, ink: PageInk, words: Pixels, lines: Sequence[Edges], letter_height: float) -> _Reduced:
        grey = reduce(ink.grey, _FACTOR)
        inked = grey < ink.paper - _TONE
        _erase_border(inked)
        known = _painted(inked.shape, words, max(1, round(letter_height / 4)))
        inked[known | _painted(inked.shape, np.array(lines, np.float64).reshape(-1, 4), 1)] = False
        return cls(grey, inked, reduce(ink.dark.view(np.uint8) * np.uint8(255), _FACTOR), known, letter_height)

    def trimmed(self, edges: Edges) -> Edges:
        """Return the edges without rows and columns, on the outside, that have hardly any ink."""
        left, top, right, bottom = edges
        part = self.inked[top:bottom, left:right]
        columns = np.flatnonzero(part.mean(axis=0) >= _THIN)
        if not len(columns):
            return edges
        rows = np.flatnonzero(part[:, columns[0] : columns[-1] + 1].mean(axis=1) >= _THIN)
        if not len(rows):
            return edges
        return left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1

    def has_picture(self, edges: Edges) -> bool:
        left, top, right, bottom = edges
        height, width = self.inked.shape
        wide, high = right - left, bottom - top
        if min(wide, high) < _MIN_SIDE * self.letter_height or max(wide, high) >= _SHALLOW * min(wide, high):
            return False
        if wide > _MAX_EXTENT * width and high > _MAX_EXTENT * height:
            return False
        inked, known = self.inked[top:bottom, left:right], self.known[top:bottom, left:right]
        filled, read = float(np.mean(inked)), float(np.mean(known))
        if filled < _MIN_FILLED or read > _MAX_WORDS or np.mean(self.dark[top:bottom, left:right]) < _MIN_DARK * 255:
            return False
        is_tint = filled + read > _RECTANGLE and float(np.std(self.grey[top:bottom, left:right][inked])) < _EVEN
        return not (is_tint and read > 0)


def _letters(ink: PageInk, letter_height: float) -> Pixels:
    """Return column, row and ink of the areas that are like letters: the middle of each, in pixels of the copy."""
    boxes, sizes = ink.areas.boxes, ink.areas.sizes
    wide, high = boxes[:, 2], boxes[:, 3]
    chosen = (high >= 0.4 * letter_height) & (high <= 2 * letter_height) & (wide <= 3 * letter_height)
    middles = boxes[chosen, :2] + boxes[chosen, 2:] / 2
    return np.column_stack([middles, sizes[chosen]])


def _is_text(edges: Edges, letters: Pixels, page: _Reduced) -> bool:
    """Return whether most ink of an area are letters, which were not read."""
    left, top, right, bottom = edges
    x, y, size = letters.T
    within = (x >= left * _FACTOR) & (x < right * _FACTOR) & (y >= top * _FACTOR) & (y < bottom * _FACTOR)
    ink = float(np.sum(page.dark[top:bottom, left:right])) / 255 * _FACTOR**2
    return float(np.sum(size[within])) >= _TEXT * ink


def _erase_border(inked: Mask) -> None:
    """Erase the dark surroundings of the paper, from each edge of the page inwards."""
    for turned in (inked, inked[::-1], inked.T, inked.T[::-1]):
        dark = np.mean(turned, axis=1) >= _BORDER
        turned[: len(dark) if dark.all() else int(dark.argmin())] = False


def _painted(shape: tuple[int, ...], boxes: Pixels, margin: int) -> Mask:
    """Return a mask of the boxes, in pixels of the reduced copy, with a margin around each."""
    mask = np.zeros(shape, np.bool_)
    grown = np.floor(boxes / _FACTOR) + np.array((-margin, -margin, margin + 1, margin + 1))
    for left, top, right, bottom in grown.clip(0).astype(np.intp).tolist():
        mask[top:bottom, left:right] = True
    return mask


def _merged(boxes: Iterable[Edges]) -> list[Edges]:
    """Merge the boxes that overlap."""
    merged: list[Edges] = []
    for box in boxes:
        while other := next((one for one in merged if _overlap(one, box)), None):
            merged.remove(other)
            box = (min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3]))
        merged.append(box)
    return sorted(merged, key=lambda box: (box[1], box[0]))


def _overlap(one: Edges, other: Edges) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
