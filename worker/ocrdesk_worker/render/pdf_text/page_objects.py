"""Images and shapes on a page.

These are the objects of a PDF page besides its text.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ocrdesk_worker.render.page_frame import PdfRectangle
from ocrdesk_worker.render.pdf_text.matrices import IDENTITY, Matrix, combined, matrix_of

_MAX_DEPTH = 5
"""Forms within forms."""
_MAX_OBJECTS = 50_000
_MAX_CLIPS, _MAX_CLIP_SEGMENTS = 8, 100


@dataclass(frozen=True, slots=True)
class PlacedImage:
    """An image on the page: its box in points, its size in pixels, and its number in the order of drawing.

    `visible` is the part of the box inside its clip paths; it has no area if nothing is inside.
    """

    box: PdfRectangle
    visible: PdfRectangle
    pixel_width: int
    pixel_height: int
    order: int


@dataclass(slots=True)
class PageObjects:
    """A page's objects, including those inside forms."""

    images: list[PlacedImage] = field(default_factory=list)
    shapes: int = 0
    """Paths and shadings."""
    strokes: int = 0
    """Lines and curves of the paths."""
    texts: dict[int, int] = field(default_factory=dict)
    """The number in the order of drawing of each text object, by address."""
    total: int = 0
    is_complete: bool = True
    """False if the page has more objects than are examined."""


def list_objects(page: pdfium.PdfPage) -> PageObjects:
    """Return the objects on the page. Takes about a microsecond per object."""
    found = PageObjects()
    objects = (pdfium_c.FPDFPage_GetObject(page, n) for n in range(pdfium_c.FPDFPage_CountObjects(page)))
    _add(found, objects, IDENTITY, 0)
    return found


def address(handle: object) -> int:
    """Return the number that identifies one of PDFium's objects."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0  # type: ignore[arg-type]  # a pointer of PDFium's


def _add(found: PageObjects, objects: Iterator[pdfium_c.FPDF_PAGEOBJECT], matrix: Matrix, depth: int) -> None:
    for item in objects:
        found.total += 1
        if found.total > _MAX_OBJECTS or depth > _MAX_DEPTH:
            found.is_complete = False
            return
        kind = pdfium_c.FPDFPageObj_GetType(item)
        if kind == pdfium_c.FPDF_PAGEOBJ_TEXT:
            found.texts[address(item)] = found.total
        elif kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            found.images.append(_image(item, matrix, found.total))
        elif kind == pdfium_c.FPDF_PAGEOBJ_FORM:
            count = max(0, pdfium_c.FPDFFormObj_CountObjects(item))
            inner = (pdfium_c.FPDFFormObj_GetObject(item, n) for n in range(count))
            _add(found, inner, combined(matrix_of(item), matrix), depth + 1)
        else:
            found.shapes += 1
            found.strokes += max(0, pdfium_c.FPDFPath_CountSegments(item))


def _image(item: pdfium_c.FPDF_PAGEOBJECT, matrix: Matrix, order: int) -> PlacedImage:
    """Return the image. Its box follows from the matrix, because an image is drawn into the unit square."""
    a, b, c, d, e, f = combined(matrix_of(item), matrix)
    xs, ys = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
    width, height = ctypes.c_uint(), ctypes.c_uint()
    pdfium_c.FPDFImageObj_GetImagePixelSize(item, width, height)
    box = min(xs), min(ys), max(xs), max(ys)
    return PlacedImage(box, _clipped(box, item, matrix), width.value, height.value, order)


def _clipped(box: PdfRectangle, item: pdfium_c.FPDF_PAGEOBJECT, matrix: Matrix) -> PdfRectangle:
    """Return the part of an object's box inside the boxes around its clip paths. Long paths are ignored."""
    path = pdfium_c.FPDFPageObj_GetClipPath(item)
    left, bottom, right, top = box
    for number in range(min(_MAX_CLIPS, pdfium_c.FPDFClipPath_CountPaths(path))):
        count = pdfium_c.FPDFClipPath_CountPathSegments(path, number)
        if not 0 < count <= _MAX_CLIP_SEGMENTS:
            continue
        points = [_point(pdfium_c.FPDFClipPath_GetPathSegment(path, number, n), matrix) for n in range(count)]
        left, right = max(left, min(x for x, _ in points)), min(right, max(x for x, _ in points))
        bottom, top = max(bottom, min(y for _, y in points)), min(top, max(y for _, y in points))
    return left, bottom, max(left, right), max(bottom, top)


def _point(segment: pdfium_c.FPDF_PATHSEGMENT, matrix: Matrix) -> tuple[float, float]:
    x, y = ctypes.c_float(), ctypes.c_float()
    pdfium_c.FPDFPathSegment_GetPoint(segment, x, y)
    a, b, c, d, e, f = matrix
    return a * x.value + c * y.value + e, b * x.value + d * y.value + f
