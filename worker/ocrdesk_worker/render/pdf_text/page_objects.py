"""What is drawn on a PDF page besides text: pictures and where they lie, and how many shapes."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ocrdesk_worker.render.page_frame import PdfRectangle

_DEEPEST = 5
_MOST_OBJECTS = 50_000
_MOST_CLIPS, _MOST_CLIP_SEGMENTS = 8, 100

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Picture:
    """An image on the page: its box in points, its pixels, and its place in the order of drawing.

    `shown` is the part of the box that its clip paths leave; without a size when they leave none.
    """

    box: PdfRectangle
    shown: PdfRectangle
    pixels_wide: int
    pixels_high: int
    order: int


@dataclass(slots=True)
class Drawn:
    """A page's objects, those inside forms included."""

    pictures: list[Picture] = field(default_factory=list)
    shapes: int = 0
    """Paths and shadings."""
    strokes: int = 0
    """Lines and curves that the paths are made of."""
    texts: dict[int, int] = field(default_factory=dict)
    """Text objects by address, and their place in the order of drawing."""
    total: int = 0
    is_complete: bool = True
    """False where there was more than is looked at."""


def survey(page: pdfium.PdfPage) -> Drawn:
    """Everything on the page in the order of drawing. Takes about a microsecond an object."""
    drawn = Drawn()
    objects = (pdfium_c.FPDFPage_GetObject(page, n) for n in range(pdfium_c.FPDFPage_CountObjects(page)))
    _add(drawn, objects, _IDENTITY, 0)
    return drawn


def address(handle: object) -> int:
    """The number that tells one of PDFium's objects from another."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0  # type: ignore[arg-type]  # a pointer of PDFium's


def _add(drawn: Drawn, objects: Iterator[pdfium_c.FPDF_PAGEOBJECT], matrix: Matrix, depth: int) -> None:
    for thing in objects:
        drawn.total += 1
        if drawn.total > _MOST_OBJECTS or depth > _DEEPEST:
            drawn.is_complete = False
            return
        kind = pdfium_c.FPDFPageObj_GetType(thing)
        if kind == pdfium_c.FPDF_PAGEOBJ_TEXT:
            drawn.texts[address(thing)] = drawn.total
        elif kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            drawn.pictures.append(_picture(thing, matrix, drawn.total))
        elif kind == pdfium_c.FPDF_PAGEOBJ_FORM:
            count = max(0, pdfium_c.FPDFFormObj_CountObjects(thing))
            inner = (pdfium_c.FPDFFormObj_GetObject(thing, n) for n in range(count))
            _add(drawn, inner, _joined(_matrix(thing), matrix), depth + 1)
        else:
            drawn.shapes += 1
            drawn.strokes += max(0, pdfium_c.FPDFPath_CountSegments(thing))


def _picture(thing: pdfium_c.FPDF_PAGEOBJECT, matrix: Matrix, order: int) -> Picture:
    """The box comes from the matrix: an image is drawn into the unit square."""
    a, b, c, d, e, f = _joined(_matrix(thing), matrix)
    across, down = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
    wide, high = ctypes.c_uint(), ctypes.c_uint()
    pdfium_c.FPDFImageObj_GetImagePixelSize(thing, wide, high)
    box = min(across), min(down), max(across), max(down)
    return Picture(box, _clipped(box, thing, matrix), wide.value, high.value, order)


def _clipped(box: PdfRectangle, thing: pdfium_c.FPDF_PAGEOBJECT, matrix: Matrix) -> PdfRectangle:
    """What the boxes around an object's clip paths leave of its box. Long paths are passed over."""
    path = pdfium_c.FPDFPageObj_GetClipPath(thing)
    left, bottom, right, top = box
    for number in range(min(_MOST_CLIPS, pdfium_c.FPDFClipPath_CountPaths(path))):
        count = pdfium_c.FPDFClipPath_CountPathSegments(path, number)
        if not 0 < count <= _MOST_CLIP_SEGMENTS:
            continue
        points = [_point(pdfium_c.FPDFClipPath_GetPathSegment(path, number, at), matrix) for at in range(count)]
        left, right = max(left, min(x for x, _ in points)), min(right, max(x for x, _ in points))
        bottom, top = max(bottom, min(y for _, y in points)), min(top, max(y for _, y in points))
    return left, bottom, max(left, right), max(bottom, top)


def _point(segment: pdfium_c.FPDF_PATHSEGMENT, matrix: Matrix) -> tuple[float, float]:
    x, y = ctypes.c_float(), ctypes.c_float()
    pdfium_c.FPDFPathSegment_GetPoint(segment, x, y)
    a, b, c, d, e, f = matrix
    return a * x.value + c * y.value + e, b * x.value + d * y.value + f


def _matrix(thing: pdfium_c.FPDF_PAGEOBJECT) -> Matrix:
    matrix = pdfium_c.FS_MATRIX()
    if not pdfium_c.FPDFPageObj_GetMatrix(thing, matrix):
        return _IDENTITY
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _joined(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that applies `first`, then `then`."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u
