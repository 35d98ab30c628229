"""Which of a page's pictures may hold text that the page's own text leaves out, and where they lie."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pypdfium2.raw as pdfium_c

from ocrdesk.contract.box import Rectangle, around, contains_center, overlap
from ocrdesk.layout.positioned_word import SLANTED, PositionedWord
from ocrdesk_worker.render.page_frame import PageFrame
from ocrdesk_worker.render.pdf_text.page_objects import Drawn, Picture, address
from ocrdesk_worker.render.pdf_text.words import TextPage

_LARGE = 0.2
"""Of the page: a page whose missed pictures cover so much is not read without recognition."""
_WHOLE = 0.9
"""Of the page: where missed pictures cover so much, the page is a scan, and recognised as one."""
_RECOGNISED_BEFORE = 0.5
"""Of the page: where pictures under enough hidden text cover so much, all of the page was recognised before."""
_LEAST_LEGIBLE_DPI = 40.0
_LEAST_LEGIBLE_PIXELS = 24
"""What is coarser or smaller than this is a pattern or a shade: no text could be read in it."""
_STRIP_PIXELS = 400
"""A picture so long may be low and still be a slice of a scan: some programs store pages in strips of a few rows."""
_LEAST_POINTS, _LEAST_LENGTH_POINTS = 7.0, 20.0
"""The sides of the smallest picture that is looked at: a word of small print."""
_WRITTEN_OVER = 0.45
"""Of a picture: where text stands on so much of it, it is that text's background."""
_HIDDEN_WORDS, _HIDDEN_LETTERS = 5, 25
"""Hidden text with less than this is not that of a program that recognised the picture."""
_TOUCHING_POINTS = 1.5
_MOST_PLACES = 24
"""More places than this on one page are not recognised one by one."""
_MOST_PICTURES = 400
_GRID = 48
_UNSEEN = (pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP)


@dataclass(frozen=True, slots=True)
class UnreadImages:
    """What the page's own text leaves out.

    `hidden` are the numbers of the words that are not seen. `fault` is for a page that is better
    recognised as a whole.
    """

    places: tuple[Rectangle, ...] = ()
    """Rectangles of the page image (left, top, right, bottom), apart from each other, from the top down."""
    hidden: frozenset[int] = frozenset()
    share: float = 0.0
    """Of the page: what the places cover."""
    fault: str | None = None

    @property
    def is_large(self) -> bool:
        return self.share >= _LARGE

    @property
    def reason(self) -> str:
        return f"pictures cover {self.share:.0%} of the page, and its own text may leave out what they say"


def missed_pictures(words: Sequence[PositionedWord], drawn: Drawn, text: TextPage, frame: PageFrame) -> UnreadImages:
    """Looks at the pictures that are large and fine enough for text, and at the words that lie over each."""
    pictures = legible(drawn.pictures, frame)
    if not pictures:
        return UnreadImages()
    place = frame.placer()
    slices = [_within(place(picture.shown), frame) for picture in pictures]
    slack = _TOUCHING_POINTS * frame.scale
    units = [unit for unit in _joined(slices, slack) if _has_room(unit, frame)]
    if not units:
        return UnreadImages()
    hidden = _hidden_words(words, [(place(it.shown), it.order) for it in pictures], drawn, text)
    numbers = frozenset(word.first for word in hidden)
    size = frame.width, frame.height
    recognised = [unit for unit in units if _is_enough(_inside(hidden, unit))]
    if _share(recognised, size) >= _RECOGNISED_BEFORE:
        return UnreadImages(hidden=numbers)
    seen = [word for word in words if word.first not in numbers and word.direction != SLANTED]
    left_out = [
        unit for unit in units if unit not in recognised and (_inside(hidden, unit) or not _is_background(unit, seen))
    ]
    places = _merged(left_out)
    found = UnreadImages(places, numbers, _share(places, size))
    if found.share >= _WHOLE or (found.is_large and len(places) > _MOST_PLACES):
        return UnreadImages(share=found.share, fault=found.reason)
    return found


def narrowed(missed: UnreadImages, frame: PageFrame, is_wanted: Callable[[Rectangle], bool]) -> UnreadImages:
    """The same with the wanted places alone, the largest where there are too many."""
    largest = sorted(missed.places, key=lambda it: (it[0] - it[2]) * (it[3] - it[1]))[:_MOST_PLACES]
    kept = tuple(place for place in missed.places if place in largest and is_wanted(place))
    return UnreadImages(kept, missed.hidden, _share(kept, (frame.width, frame.height)))


def legible(pictures: Iterable[Picture], frame: PageFrame) -> list[Picture]:
    """The pictures on the page that are fine enough to hold text."""
    return [picture for picture in pictures if _is_on_page(picture, frame) and _is_fine(picture)]


def _is_on_page(picture: Picture, frame: PageFrame) -> bool:
    left, bottom, right, top = frame.bounds
    shown = picture.shown
    return shown[0] < right and shown[2] > left and shown[1] < top and shown[3] > bottom


def _is_fine(picture: Picture) -> bool:
    wide, high = picture.box[2] - picture.box[0], picture.box[3] - picture.box[1]
    short, long = sorted((picture.pixels_wide, picture.pixels_high))
    if short < 1 or wide <= 0 or high <= 0:
        return False
    dpi = (short * long / (wide * high)) ** 0.5 * 72
    return dpi >= _LEAST_LEGIBLE_DPI and (short >= _LEAST_LEGIBLE_PIXELS or long >= _STRIP_PIXELS)


def _within(box: Rectangle, frame: PageFrame) -> Rectangle:
    """The part of a placed rectangle that is on the page."""
    return max(0.0, box[0]), max(0.0, box[1]), min(float(frame.width), box[2]), min(float(frame.height), box[3])


def _has_room(unit: Rectangle, frame: PageFrame) -> bool:
    short, long = sorted((unit[2] - unit[0], unit[3] - unit[1]))
    return short >= _LEAST_POINTS * frame.scale and long >= _LEAST_LENGTH_POINTS * frame.scale


# ── units and places ─────────────────────────────────────────────────────────────────────────────


def _joined(slices: list[Rectangle], slack: float) -> list[Rectangle]:
    """One rectangle for the slices of one picture: those that touch along a whole side."""
    units: list[Rectangle] = []
    for box in sorted(set(slices), key=lambda it: (it[1], it[0]))[:_MOST_PICTURES]:
        for number, unit in enumerate(units):
            if _continues(unit, box, slack):
                units[number] = around(unit, box)
                break
        else:
            units.append(box)
    return units if len(units) == len(slices) or len(units) < 2 else _joined(units, slack)


def _continues(one: Rectangle, two: Rectangle, slack: float) -> bool:
    same_columns = abs(one[0] - two[0]) <= slack and abs(one[2] - two[2]) <= slack
    same_rows = abs(one[1] - two[1]) <= slack and abs(one[3] - two[3]) <= slack
    below = abs(two[1] - one[3]) <= slack or abs(one[1] - two[3]) <= slack
    beside = abs(two[0] - one[2]) <= slack or abs(one[0] - two[2]) <= slack
    return (same_columns and below) or (same_rows and beside)


def _merged(units: Sequence[Rectangle]) -> tuple[Rectangle, ...]:
    """Rectangles that do not overlap, around those that do; from the top down."""
    places: list[Rectangle] = []
    for box in units:
        while overlapped := next((it for it in places if overlap(it, box)), None):
            places.remove(overlapped)
            box = around(overlapped, box)
        places.append(box)
    return tuple(sorted(places, key=lambda it: (it[1], it[0])))


# ── words over pictures ──────────────────────────────────────────────────────────────────────────


def _hidden_words(
    words: Sequence[PositionedWord], placed: Sequence[tuple[Rectangle, int]], drawn: Drawn, text: TextPage
) -> list[PositionedWord]:
    """Words that are not seen, because they are drawn without ink or because a picture lies over them."""
    unseen: dict[int, bool] = {}
    hidden = []
    for word in words:
        shown_by = text.text_object(word.first)
        if not shown_by:
            continue
        key = address(shown_by)
        if key not in unseen:
            unseen[key] = pdfium_c.FPDFTextObj_GetTextRenderMode(shown_by) in _UNSEEN
        order = drawn.texts.get(key, drawn.total)
        if unseen[key] or any(order < over and contains_center(box, word.ink) for box, over in placed):
            hidden.append(word)
    return hidden


def _inside(words: Sequence[PositionedWord], box: Rectangle) -> list[PositionedWord]:
    return [word for word in words if contains_center(box, word.ink)]


def _is_enough(words: Sequence[PositionedWord]) -> bool:
    return len(words) >= _HIDDEN_WORDS and sum(len(word.text) for word in words) >= _HIDDEN_LETTERS


def _is_background(unit: Rectangle, seen: Sequence[PositionedWord]) -> bool:
    """Whether text stands on much of a picture, by a coarse map of it; the white between lines is the text's."""
    left, top, right, bottom = unit
    size = right - left, bottom - top
    step_x, step_y = size[0] / _GRID, size[1] / _GRID
    bodies = []
    for word in _inside(seen, unit):
        high = word.body[3] - word.body[1]
        more_x, more_y = max(0.0, high - step_x) / 2, max(0.0, high - step_y) / 2
        one, two, three, four = word.body
        bodies.append((one - more_x - left, two - more_y - top, three + more_x - left, four + more_y - top))
    return _share(bodies, size) >= _WRITTEN_OVER


def _share(boxes: Iterable[Rectangle], size: tuple[float, float]) -> float:
    """How much of an area of that size the boxes cover, by a coarse map of it: which of its cells they touch."""
    width, height = size
    rows = [0] * _GRID
    for left, top, right, bottom in boxes:
        first, last = (min(_GRID - 1, max(0, int(edge / width * _GRID))) for edge in (left, right))
        above, below = (min(_GRID - 1, max(0, int(edge / height * _GRID))) for edge in (top, bottom))
        mask = ((1 << (last - first + 1)) - 1) << first
        for row in range(above, below + 1):
            rows[row] |= mask
    return sum(row.bit_count() for row in rows) / (_GRID * _GRID)
