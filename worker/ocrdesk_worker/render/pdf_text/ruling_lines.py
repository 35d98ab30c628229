"""Finds the ruling lines of a PDF page: drawn lines, thin filled bars, and the edges of frames and filled areas.

Small squares, which may be checkboxes, and other small drawings are found on the way.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ocrdesk.contract.box import Rectangle
from ocrdesk.layout.page_marks import Rule
from ocrdesk_worker.render.page_frame import PageFrame, PdfRectangle
from ocrdesk_worker.render.pdf_text.drawn_boxes import SmallDrawings
from ocrdesk_worker.render.pdf_text.filled_areas import FilledArea, visible_edges
from ocrdesk_worker.render.pdf_text.matrices import IDENTITY, Matrix, combined, matrix_of

_MAX_DEPTH = 5
"""Forms within forms."""
_MAX_OBJECTS = 20_000
_MAX_SEGMENTS = 20_000
"""Of all paths that are examined point by point."""
_MAX_PATH_SEGMENTS = 2_000
"""A path with more is a drawing."""
_MAX_RULES = 10_000
_THICK_POINTS = 4.0
"""A bar that is thicker is an area with edges."""
_SHORT_POINTS = 4.0
"""A shorter line separates nothing."""
_SLANT = 0.02
"""A line that rises more in its length is slanted."""
_DASH_POINTS = 1.5
"""A shorter bar is a dash if it is so much longer than thick."""
_FAR_POINTS = 1e6
"""No page reaches so far."""
_SMALLEST_SQUARE, _LARGEST_SQUARE = 5.0, 26.0
"""Points: sides of squares that may be checkboxes."""
_SQUARE = 0.85
"""A square is at least so high as wide, and so wide as high."""
_WHITE, _BLACK = 250, 90
_MAX_COMPARED = 200

_Point = tuple[float, float]
_Color = tuple[int, int, int, int]


@dataclass(slots=True)
class _Found:
    """The rules that were found, in points of the page's space, and how much was examined."""

    lines: list[PdfRectangle] = field(default_factory=list)
    pale: list[PdfRectangle] = field(default_factory=list)
    """White lines, which show on filled areas only."""
    areas: list[FilledArea] = field(default_factory=list)
    """Filled areas that are not white."""
    squares: list[PdfRectangle] = field(default_factory=list)
    """Small squares with an outline."""
    filled: list[PdfRectangle] = field(default_factory=list)
    """Small black squares."""
    tinted: list[PdfRectangle] = field(default_factory=list)
    """Small squares of any other colour."""
    small: list[PdfRectangle] = field(default_factory=list)
    """The areas of other small drawings."""
    objects: int = 0
    segments: int = 0

    @property
    def is_full(self) -> bool:
        return (
            self.objects >= _MAX_OBJECTS
            or self.segments >= _MAX_SEGMENTS
            or len(self.lines) + len(self.pale) + 4 * len(self.areas) >= _MAX_RULES
        )


def find_ruling_lines(page: pdfium.PdfPage, frame: PageFrame) -> tuple[tuple[Rule, ...], SmallDrawings]:
    """Return the page's horizontal and vertical rules, and its small drawings, in pixels of the page image.

    White lines count where they divide a filled area. Of a page with very many objects the first ones are examined.
    """
    found = _Found()
    objects = (pdfium_c.FPDFPage_GetObject(page, n) for n in range(pdfium_c.FPDFPage_CountObjects(page)))
    _add(found, objects, IDENTITY, 0)
    to_pixels = frame.to_pixels()
    lines = [*found.lines, *_visible(found.pale, found.areas)]
    lines += visible_edges(found.areas, lines)
    rules = (_rule(to_pixels(line), frame) for line in lines)
    kinds = found.squares, found.filled, found.tinted, found.small
    small = (tuple(frame.box(to_pixels(it)) for it in areas) for areas in kinds)
    return tuple(dict.fromkeys(rule for rule in rules if rule is not None)), SmallDrawings(*small)


def _rule(line: Rectangle, frame: PageFrame) -> Rule | None:
    left, top, right, bottom = line
    if right < 0 or bottom < 0 or left > frame.width or top > frame.height:
        return None
    return Rule(frame.box(line), "horizontal" if right - left >= bottom - top else "vertical")


def _visible(pale: Sequence[PdfRectangle], areas: Sequence[FilledArea]) -> Iterator[PdfRectangle]:
    """Yield the white lines that are on or at the edge of filled areas. Only the largest areas are compared."""
    boxes = [area.box for area in areas]
    largest = sorted(boxes, key=lambda it: (it[0] - it[2]) * (it[3] - it[1]))[:_MAX_COMPARED]
    for line in pale:
        x, y = (line[0] + line[2]) / 2, (line[1] + line[3]) / 2
        if any(it[0] - 2 <= x <= it[2] + 2 and it[1] - 2 <= y <= it[3] + 2 for it in largest):
            yield line


def _add(found: _Found, objects: Iterator[pdfium_c.FPDF_PAGEOBJECT], matrix: Matrix, depth: int) -> None:
    for item in objects:
        if found.is_full or depth > _MAX_DEPTH:
            return
        found.objects += 1
        kind = pdfium_c.FPDFPageObj_GetType(item)
        if kind == pdfium_c.FPDF_PAGEOBJ_PATH:
            _add_path(found, item, matrix)
        elif kind == pdfium_c.FPDF_PAGEOBJ_FORM:
            count = max(0, pdfium_c.FPDFFormObj_CountObjects(item))
            inner = (pdfium_c.FPDFFormObj_GetObject(item, n) for n in range(count))
            _add(found, inner, combined(matrix_of(item), matrix), depth + 1)


def _add_path(found: _Found, item: pdfium_c.FPDF_PAGEOBJECT, matrix: Matrix) -> None:
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    count = pdfium_c.FPDFPath_CountSegments(item)
    if not 1 < count <= _MAX_PATH_SEGMENTS or not pdfium_c.FPDFPath_GetDrawMode(item, filled, stroked):
        return
    fill = _color(item, pdfium_c.FPDFPageObj_GetFillColor) if filled.value else None
    stroke = _color(item, pdfium_c.FPDFPageObj_GetStrokeColor) if stroked.value else None
    if fill is None and stroke is None:
        return
    found.segments += count
    whole = combined(matrix_of(item), matrix)
    stroke_is_white = stroke is not None and min(stroke[:3]) >= _WHITE
    width = _stroke_width(item, whole) if stroke else 0.0
    paths = list(_subpaths(item, count, whole))
    _add_small(found, paths, fill, has_outline=stroke is not None and not stroke_is_white)
    for points in (points for points, is_straight in paths if is_straight):
        if fill:
            _add_area(found, points, fill)
        if stroke:
            _add_strokes(found.pale if stroke_is_white else found.lines, points, width)


def _add_small(
    found: _Found, paths: Sequence[tuple[list[_Point], bool]], fill: _Color | None, *, has_outline: bool
) -> None:
    """Add a small square by its colour, and any other small drawing, which may be a mark in one."""
    points = [point for path, _ in paths for point in path]
    if not points:
        return
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    bottom, top = min(y for _, y in points), max(y for _, y in points)
    short, long = sorted((right - left, top - bottom))
    if not long <= _LARGEST_SQUARE:  # also for what is no number
        return
    is_square = len(paths) == 1 and paths[0][1] and len(points) > 3 and _is_rectangle(points)
    if not is_square or short < max(_SMALLEST_SQUARE, _SQUARE * long):
        found.small.append((left, bottom, right, top))
    elif fill is None or min(fill[:3]) >= _WHITE:
        if has_outline:
            found.squares.append((left, bottom, right, top))
    else:
        (found.filled if max(fill[:3]) <= _BLACK else found.tinted).append((left, bottom, right, top))


def _add_area(found: _Found, points: Sequence[_Point], color: _Color) -> None:
    """Add a thin filled bar as a line, and a larger filled rectangle as an area."""
    white = min(color[:3]) >= _WHITE
    if len(points) < 3 or not _is_rectangle(points):
        return
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    bottom, top = min(y for _, y in points), max(y for _, y in points)
    short, long = sorted((right - left, top - bottom))
    if short <= _THICK_POINTS:
        if long >= _SHORT_POINTS or long > short + _DASH_POINTS:
            (found.pale if white else found.lines).append((left, bottom, right, top))
        return
    if white:
        return
    found.areas.append(FilledArea((left, bottom, right, top), color))


def _add_strokes(lines: list[PdfRectangle], points: Sequence[_Point], width: float) -> None:
    """Add the horizontal and vertical lines of a path that is drawn with a thin pen."""
    if not width <= _THICK_POINTS:  # also for what is no number
        return
    half = width / 2
    for (x, y), (to_x, to_y) in pairwise(points):
        across, down = abs(to_x - x), abs(to_y - y)
        long, short = max(across, down), min(across, down)
        if short > max(0.3, _SLANT * long):
            continue
        if long < _SHORT_POINTS:
            continue
        if across >= down:
            middle = (y + to_y) / 2
            lines.append((min(x, to_x), middle - half, max(x, to_x), middle + half))
        else:
            middle = (x + to_x) / 2
            lines.append((middle - half, min(y, to_y), middle + half, max(y, to_y)))


def _subpaths(item: pdfium_c.FPDF_PAGEOBJECT, count: int, matrix: Matrix) -> Iterator[tuple[list[_Point], bool]]:
    """Yield the points of each part of a path that is drawn without lifting the pen, and whether it has no curves."""
    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[_Point] = []
    straight = True
    for number in range(count):
        segment = pdfium_c.FPDFPath_GetPathSegment(item, number)
        kind = pdfium_c.FPDFPathSegment_GetType(segment)
        if kind == pdfium_c.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield points, straight
            points, straight = [], True
        elif kind != pdfium_c.FPDF_SEGMENT_LINETO:
            straight = False
        pdfium_c.FPDFPathSegment_GetPoint(segment, x, y)
        point = a * x.value + c * y.value + e, b * x.value + d * y.value + f
        if not (abs(point[0]) < _FAR_POINTS and abs(point[1]) < _FAR_POINTS):  # also for what is no number
            straight = False
        points.append(point)
        if pdfium_c.FPDFPathSegment_GetClose(segment) and points[0] != points[-1]:
            points.append(points[0])
    if len(points) > 1:
        yield points, straight


def _is_rectangle(points: Sequence[_Point]) -> bool:
    """Return whether the points are corners of an upright rectangle."""
    if len(points) > 6:
        return False
    xs, ys = sorted(x for x, _ in points), sorted(y for _, y in points)
    near = 0.3
    return all(min(x - xs[0], xs[-1] - x) <= near and min(y - ys[0], ys[-1] - y) <= near for x, y in points)


def _stroke_width(item: pdfium_c.FPDF_PAGEOBJECT, matrix: Matrix) -> float:
    width = ctypes.c_float()
    if not pdfium_c.FPDFPageObj_GetStrokeWidth(item, width):
        return 0.0
    a, b, c, d, _, _ = matrix
    return float(width.value * abs(a * d - b * c) ** 0.5)


_RGBA = tuple(ctypes.c_uint() for _ in range(4))


def _color(item: pdfium_c.FPDF_PAGEOBJECT, get_color: Callable[..., int]) -> _Color | None:
    """Return a colour; None if it is fully transparent."""
    if not get_color(item, *_RGBA):
        return 0, 0, 0, 255
    red, green, blue, alpha = (value.value for value in _RGBA)
    return (red, green, blue, alpha) if alpha else None
