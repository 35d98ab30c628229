"""Finds the pictures of a PDF page: images, and drawings of many lines and curves.

The page is covered with a grid. What touches neighbouring cells is one picture. Frames, tables and tinted areas are
made of rectangles and level lines only; a drawing has curves, polygons or slanting lines too.
"""

from __future__ import annotations

import ctypes
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ocrdesk.contract.box import Box
from ocrdesk_worker.render.page_frame import PageFrame, PdfRectangle
from ocrdesk_worker.render.pdf_text.page_objects import PageObjects

_CELL = 6.0
"""In points: the side of a cell, and so the white that separates two pictures."""
_MAX_SHAPES = 20_000
"""A page with more shapes is a map or a drawing as a whole."""
_MAX_IMAGES = 500
_MAX_STEPS = 300_000
"""Rows of cells that all parts touch together."""
_LAST = 1 << 30
_MAX_DEPTH = 4
_MIN_SIDE, _MIN_AREA = 20.0, 1_600.0
"""In points: smaller pictures are signs, bullets or parts of letters."""
_BACKGROUND = 0.8
"""Share of the page that a background covers: neither a picture nor part of one."""
_FREE_SEGMENTS = 6
"""A path with so many segments is no rectangle."""
_MANY_SEGMENTS = 30
"""A path with more is a curve of a chart or a drawing by itself; a frame with round corners has fewer."""
_FRAME = 0.8
"""Share of its group's width and height that a frame takes up."""
_MIN_FREE = 3
"""Such paths, or slanting lines, of a drawing."""
_SLANT = 3.0
"""In points: how far a line that is neither level nor upright extends both ways."""

_LEFT, _BOTTOM, _RIGHT, _TOP = (ctypes.c_float() for _ in range(4))
_MATRIX = pdfium_c.FS_MATRIX()

_Point = Callable[[float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class _Shape:
    """A path: its area in points, and how much it is a drawing: 0 for a rectangle, or a level or upright line."""

    area: PdfRectangle
    free: int


def find_pictures(page: pdfium.PdfPage, objects: PageObjects, frame: PageFrame) -> tuple[Box, ...]:
    """Return the boxes of the page's pictures from top to bottom. Takes two microseconds per path."""
    images = [image.visible for image in objects.images[:_MAX_IMAGES]]
    shapes = list(_shapes(page)) if 0 < objects.shapes <= _MAX_SHAPES else []
    parts = [(area, _MIN_FREE) for area in images] + [(shape.area, shape.free) for shape in shapes]
    pictures = [area for area, free in _groups(list(_on_page(parts, frame))) if free >= _MIN_FREE and _is_large(area)]
    to_pixels = frame.to_pixels()
    boxes = [frame.box(to_pixels(area)) for area in pictures]
    return tuple(sorted(boxes, key=lambda box: (box.top, box.left)))


def _on_page(parts: Iterable[tuple[PdfRectangle, int]], frame: PageFrame) -> Iterator[tuple[PdfRectangle, int]]:
    """Yield the parts of areas that are on the page, without backgrounds."""
    left, bottom, right, top = frame.bounds
    size = max(1.0, (right - left) * (top - bottom))
    for area, free in parts:
        clipped = max(left, area[0]), max(bottom, area[1]), min(right, area[2]), min(top, area[3])
        width, height = clipped[2] - clipped[0], clipped[3] - clipped[1]
        if width >= 0 and height >= 0 and width * height < _BACKGROUND * size:
            yield clipped, free


def _is_large(area: PdfRectangle) -> bool:
    width, height = area[2] - area[0], area[3] - area[1]
    return min(width, height) >= _MIN_SIDE and width * height >= _MIN_AREA


# ── shapes ───────────────────────────────────────────────────────────────────────────────────────


def _shapes(page: pdfium.PdfPage) -> Iterator[_Shape]:
    objects = [pdfium_c.FPDFPage_GetObject(page, n) for n in range(pdfium_c.FPDFPage_CountObjects(page))]
    yield from _shapes_of(objects, lambda x, y: (x, y), 0)


def _shapes_of(objects: Sequence[pdfium_c.FPDF_PAGEOBJECT], place: _Point, depth: int) -> Iterator[_Shape]:
    for item in objects:
        kind = pdfium_c.FPDFPageObj_GetType(item)
        if kind == pdfium_c.FPDF_PAGEOBJ_PATH:
            if shape := _shape(item, place):
                yield shape
        elif kind == pdfium_c.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
            count = max(0, min(_MAX_SHAPES, pdfium_c.FPDFFormObj_CountObjects(item)))
            inner = [pdfium_c.FPDFFormObj_GetObject(item, n) for n in range(count)]
            yield from _shapes_of(inner, _inside(item, place), depth + 1)


def _inside(form: pdfium_c.FPDF_PAGEOBJECT, place: _Point) -> _Point:
    """Return the function that places points of a form on the page."""
    if not pdfium_c.FPDFPageObj_GetMatrix(form, _MATRIX):
        return place
    a, b, c, d, e, f = _MATRIX.a, _MATRIX.b, _MATRIX.c, _MATRIX.d, _MATRIX.e, _MATRIX.f
    return lambda x, y: place(a * x + c * y + e, b * x + d * y + f)


def _shape(item: pdfium_c.FPDF_PAGEOBJECT, place: _Point) -> _Shape | None:
    if not pdfium_c.FPDFPageObj_GetBounds(item, _LEFT, _BOTTOM, _RIGHT, _TOP):
        return None
    one, two = place(_LEFT.value, _BOTTOM.value), place(_RIGHT.value, _TOP.value)
    area = min(one[0], two[0]), min(one[1], two[1]), max(one[0], two[0]), max(one[1], two[1])
    segments = pdfium_c.FPDFPath_CountSegments(item)
    is_slanting = segments in (2, 3) and min(area[2] - area[0], area[3] - area[1]) > _SLANT
    return _Shape(area, _MIN_FREE if segments > _MANY_SEGMENTS else int(segments >= _FREE_SEGMENTS or is_slanting))


# ── groups ───────────────────────────────────────────────────────────────────────────────────────

_Run = tuple[int, int, int]
"""The first and last cell of a run of touched cells in a row of the grid, and the number of its group."""


def _groups(parts: Sequence[tuple[PdfRectangle, int]]) -> list[tuple[PdfRectangle, int]]:
    """Return the areas of parts that touch each other, and the sums of their numbers."""
    if not parts:
        return []
    left, bottom = min(area[0] for area, _ in parts), min(area[1] for area, _ in parts)
    rows: dict[int, int] = {}
    """The touched cells of each row as bits."""
    placed = []
    steps = 0
    for area, free in parts:
        first, last = int((area[0] - left) / _CELL), int((area[2] - left) / _CELL)
        low, high = int((area[1] - bottom) / _CELL), int((area[3] - bottom) / _CELL)
        steps += high - low + 1
        if steps > _MAX_STEPS:
            break
        mask = ((1 << (last - first + 1)) - 1) << first
        for row in range(low, high + 1):
            rows[row] = rows.get(row, 0) | mask
        placed.append((low, first, area, free))
    runs, root = _connected(rows)
    groups: dict[int, list[tuple[PdfRectangle, int]]] = {}
    for low, first, area, free in placed:
        in_row = runs[low]
        key = root(in_row[bisect_right(in_row, (first, _LAST, 0)) - 1][2])
        groups.setdefault(key, []).append((area, free))
    return [_group(members) for members in groups.values()]


def _group(members: Sequence[tuple[PdfRectangle, int]]) -> tuple[PdfRectangle, int]:
    """Return the area of a group, and the sum of its numbers without frames."""
    areas = [area for area, _ in members]
    left, bottom = min(area[0] for area in areas), min(area[1] for area in areas)
    right, top = max(area[2] for area in areas), max(area[3] for area in areas)
    wide, high = _FRAME * (right - left), _FRAME * (top - bottom)
    free = sum(
        number
        for area, number in members
        if number and (number >= _MIN_FREE or area[2] - area[0] < wide or area[3] - area[1] < high)
    )
    return (left, bottom, right, top), free


def _connected(rows: Mapping[int, int]) -> tuple[dict[int, list[_Run]], Callable[[int], int]]:
    """Return the runs of touched cells of each row, and a function that returns the group of a run's number."""
    owners: list[int] = []

    def root(number: int) -> int:
        while owners[number] != number:
            owners[number] = owners[owners[number]]
            number = owners[number]
        return number

    found: dict[int, list[_Run]] = {}
    for row in sorted(rows):
        found[row] = [(first, last, len(owners) + index) for index, (first, last) in enumerate(_bits(rows[row]))]
        owners += [number for _, _, number in found[row]]
        above = found.get(row - 1, [])
        index = 0
        for first, last, number in found[row]:
            while index < len(above) and above[index][1] < first - 1:
                index += 1
            for other in above[index:]:
                if other[0] > last + 1:
                    break
                owners[root(other[2])] = root(number)
    return found, root


def _bits(mask: int) -> Iterator[tuple[int, int]]:
    """Yield the first and last place of each run of ones."""
    place = 0
    while mask:
        zeros = (mask & -mask).bit_length() - 1
        mask >>= zeros
        place += zeros
        ones = (~mask & (mask + 1)).bit_length() - 1
        yield place, place + ones - 1
        mask >>= ones
        place += ones
