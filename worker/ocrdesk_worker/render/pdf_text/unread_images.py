"""Images whose text the layer lacks.

Their areas on the page image are found, as are the words of the layer that are not visible.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pypdfium2.raw as pdfium_c

from ocrdesk.contract.box import Rectangle, around, contains_center, overlap
from ocrdesk.layout.positioned_word import SLANTED, PositionedWord
from ocrdesk_worker.render.page_frame import PageFrame
from ocrdesk_worker.render.pdf_text.page_objects import PageObjects, PlacedImage, address
from ocrdesk_worker.render.pdf_text.words import TextPage

_LARGE = 0.2
"""Share of the page: if unread images cover so much, the page's own text alone is not enough."""
_WHOLE = 0.9
"""Share of the page: if unread images cover so much, the page is a scan, and recognised as one."""
_RECOGNISED_BEFORE = 0.5
"""Share of the page: if images over enough hidden text cover so much, the whole page was recognised before."""
_MIN_READABLE_DPI = 40.0
_MIN_READABLE_PIXELS = 24
"""A coarser or smaller image is a pattern or a shade: no text could be read in it."""
_STRIP_PIXELS = 400
"""An image so long may be low and still be a slice of a scan: some programs store pages in strips of a few rows."""
_MIN_POINTS, _MIN_LENGTH_POINTS = 7.0, 20.0
"""The sides of the smallest image that is examined: a word of small print."""
_BACKGROUND = 0.45
"""Share of an image: if text is on so much of it, it is the text's background."""
_HIDDEN_WORDS, _HIDDEN_LETTERS = 5, 25
"""With less hidden text than this, no program has recognised the image."""
_TOUCHING_POINTS = 1.5
_MAX_AREAS = 24
"""If a page has more areas, they are not recognised one by one."""
_MAX_IMAGES = 400
_GRID = 48
"""Cells of the coarse map on which covered areas are measured, in each direction."""
_INVISIBLE = (pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP)


@dataclass(frozen=True, slots=True)
class UnreadImages:
    """Areas of images that may have text which the page's own text lacks.

    `hidden_words` are the numbers of the words that are not visible. `problem` is set for a page that is better
    recognised as a whole.
    """

    areas: tuple[Rectangle, ...] = ()
    """Rectangles of the page image that do not overlap, from top to bottom."""
    hidden_words: frozenset[int] = frozenset()
    share: float = 0.0
    """The share of the page that the areas cover."""
    problem: str | None = None

    @property
    def is_large(self) -> bool:
        return self.share >= _LARGE

    @property
    def reason(self) -> str:
        return f"pictures cover {self.share:.0%} of the page, and its own text may leave out what they say"


def find_unread_images(
    words: Sequence[PositionedWord], objects: PageObjects, text: TextPage, frame: PageFrame
) -> UnreadImages:
    """Examine the images that are large and fine enough for text, and the words over each."""
    images = readable_images(objects.images, frame)
    if not images:
        return UnreadImages()
    to_pixels = frame.to_pixels()
    slices = [_on_page(to_pixels(image.visible), frame) for image in images]
    tolerance = _TOUCHING_POINTS * frame.scale
    whole = [rectangle for rectangle in _join_slices(slices, tolerance) if _is_large_enough(rectangle, frame)]
    if not whole:
        return UnreadImages()
    hidden = _hidden_words(words, [(to_pixels(it.visible), it.order) for it in images], objects, text)
    numbers = frozenset(word.first for word in hidden)
    size = frame.width, frame.height
    recognised = [rectangle for rectangle in whole if _is_enough(_words_in(hidden, rectangle))]
    if _covered_share(recognised, size) >= _RECOGNISED_BEFORE:
        return UnreadImages(hidden_words=numbers)
    visible = [word for word in words if word.first not in numbers and word.direction != SLANTED]
    unread = [
        rectangle
        for rectangle in whole
        if rectangle not in recognised and (_words_in(hidden, rectangle) or not _is_background(rectangle, visible))
    ]
    areas = _merge_overlapping(unread)
    found = UnreadImages(areas, numbers, _covered_share(areas, size))
    if found.share >= _WHOLE or (found.is_large and len(areas) > _MAX_AREAS):
        return UnreadImages(share=found.share, problem=found.reason)
    return found


def keep_wanted(unread: UnreadImages, frame: PageFrame, is_wanted: Callable[[Rectangle], bool]) -> UnreadImages:
    """Return only the wanted areas; the largest if there are too many."""
    largest = sorted(unread.areas, key=lambda it: (it[0] - it[2]) * (it[3] - it[1]))[:_MAX_AREAS]
    kept = tuple(area for area in unread.areas if area in largest and is_wanted(area))
    return UnreadImages(kept, unread.hidden_words, _covered_share(kept, (frame.width, frame.height)))


def readable_images(images: Iterable[PlacedImage], frame: PageFrame) -> list[PlacedImage]:
    """Return the images on the page that are fine enough to have text."""
    return [image for image in images if _is_visible(image, frame) and _is_readable(image)]


def _is_visible(image: PlacedImage, frame: PageFrame) -> bool:
    return overlap(image.visible, frame.bounds)


def _is_readable(image: PlacedImage) -> bool:
    width, height = image.box[2] - image.box[0], image.box[3] - image.box[1]
    short, long = sorted((image.pixel_width, image.pixel_height))
    if short < 1 or width <= 0 or height <= 0:
        return False
    dpi = (short * long / (width * height)) ** 0.5 * 72
    return dpi >= _MIN_READABLE_DPI and (short >= _MIN_READABLE_PIXELS or long >= _STRIP_PIXELS)


def _on_page(box: Rectangle, frame: PageFrame) -> Rectangle:
    """Return the part of a rectangle that is on the page image."""
    return max(0.0, box[0]), max(0.0, box[1]), min(float(frame.width), box[2]), min(float(frame.height), box[3])


def _is_large_enough(area: Rectangle, frame: PageFrame) -> bool:
    short, long = sorted((area[2] - area[0], area[3] - area[1]))
    return short >= _MIN_POINTS * frame.scale and long >= _MIN_LENGTH_POINTS * frame.scale


# ── images and areas ─────────────────────────────────────────────────────────────────────────────


def _join_slices(slices: list[Rectangle], tolerance: float) -> list[Rectangle]:
    """Return one rectangle for the slices of one image: those that touch along a whole side."""
    joined: list[Rectangle] = []
    for box in sorted(set(slices), key=lambda it: (it[1], it[0]))[:_MAX_IMAGES]:
        for number, other in enumerate(joined):
            if _touch_along_side(other, box, tolerance):
                joined[number] = around(other, box)
                break
        else:
            joined.append(box)
    return joined if len(joined) == len(slices) or len(joined) < 2 else _join_slices(joined, tolerance)


def _touch_along_side(one: Rectangle, other: Rectangle, tolerance: float) -> bool:
    same_columns = abs(one[0] - other[0]) <= tolerance and abs(one[2] - other[2]) <= tolerance
    same_rows = abs(one[1] - other[1]) <= tolerance and abs(one[3] - other[3]) <= tolerance
    below = abs(other[1] - one[3]) <= tolerance or abs(one[1] - other[3]) <= tolerance
    beside = abs(other[0] - one[2]) <= tolerance or abs(one[0] - other[2]) <= tolerance
    return (same_columns and below) or (same_rows and beside)


def _merge_overlapping(rectangles: Iterable[Rectangle]) -> tuple[Rectangle, ...]:
    """Merge rectangles that overlap; the result is sorted from top to bottom."""
    merged: list[Rectangle] = []
    for box in rectangles:
        while other := next((it for it in merged if overlap(it, box)), None):
            merged.remove(other)
            box = around(other, box)
        merged.append(box)
    return tuple(sorted(merged, key=lambda it: (it[1], it[0])))


# ── words over images ────────────────────────────────────────────────────────────────────────────


def _hidden_words(
    words: Sequence[PositionedWord],
    images: Sequence[tuple[Rectangle, int]],
    objects: PageObjects,
    text: TextPage,
) -> list[PositionedWord]:
    """Return words that are not visible, because they are drawn without ink or an image is drawn over them."""
    invisible: dict[int, bool] = {}
    hidden = []
    for word in words:
        text_object = text.text_object(word.first)
        if not text_object:
            continue
        key = address(text_object)
        if key not in invisible:
            invisible[key] = pdfium_c.FPDFTextObj_GetTextRenderMode(text_object) in _INVISIBLE
        order = objects.texts.get(key, objects.total)
        if invisible[key] or any(order < over and contains_center(area, word.ink) for area, over in images):
            hidden.append(word)
    return hidden


def _words_in(words: Iterable[PositionedWord], area: Rectangle) -> list[PositionedWord]:
    return [word for word in words if contains_center(area, word.ink)]


def _is_enough(words: Sequence[PositionedWord]) -> bool:
    return len(words) >= _HIDDEN_WORDS and sum(len(word.text) for word in words) >= _HIDDEN_LETTERS


def _is_background(area: Rectangle, visible: Iterable[PositionedWord]) -> bool:
    """Return whether text is on much of an image; the white between its lines counts as text."""
    left, top, right, bottom = area
    size = right - left, bottom - top
    step_x, step_y = size[0] / _GRID, size[1] / _GRID
    bodies = []
    for word in _words_in(visible, area):
        height = word.body[3] - word.body[1]
        more_x, more_y = max(0.0, height - step_x) / 2, max(0.0, height - step_y) / 2
        one, two, three, four = word.body
        bodies.append((one - more_x - left, two - more_y - top, three + more_x - left, four + more_y - top))
    return _covered_share(bodies, size) >= _BACKGROUND


def _covered_share(boxes: Iterable[Rectangle], size: tuple[float, float]) -> float:
    """Return the share of an area of that size that the boxes cover, measured by the cells of a grid they touch."""
    width, height = size
    rows = [0] * _GRID
    for left, top, right, bottom in boxes:
        first, last = (min(_GRID - 1, max(0, int(edge / width * _GRID))) for edge in (left, right))
        above, below = (min(_GRID - 1, max(0, int(edge / height * _GRID))) for edge in (top, bottom))
        mask = ((1 << (last - first + 1)) - 1) << first
        for row in range(above, below + 1):
            rows[row] |= mask
    return sum(row.bit_count() for row in rows) / (_GRID * _GRID)
