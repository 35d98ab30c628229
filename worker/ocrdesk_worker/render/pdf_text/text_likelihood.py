"""Whether part of a page looks as if something were written there: a cheap look, before an engine is asked.

Letters are short strokes side by side, darker or lighter than what is around them. Photos without any,
plain logos, shades and rules have few such strokes; what passes and is none costs the engine's time alone.
"""

from __future__ import annotations

import pypdfium2 as pdfium
from PIL import Image, ImageChops, ImageFilter

from ocrdesk.contract.box import Rectangle
from ocrdesk_worker.render.page_frame import PageFrame

_DPI = 100.0
_MOST_PIXELS = 2_000_000
_AROUND = 5
"""Pixels to each side that a stroke must stand out from."""
_CONTRAST = 28
"""Grey levels by which it does."""
_STROKES = 4
"""Fewer than this side by side are no word."""
_ROWS = 4
"""Rows of pixels with strokes, below each other, that make a line of small print."""
_STROKE = b"\x00\xff"


def has_lettering(page: pdfium.PdfPage, frame: PageFrame, place: Rectangle) -> bool:
    """Draws that part of the page alone, coarsely, and looks for rows of strokes in it. Raises PdfiumError."""
    image = _drawn(page, frame, place)
    return image is not None and has_strokes(image)


def has_strokes(image: Image.Image) -> bool:
    """The same of an 8-bit grey image of about 100 dpi, whichever way its text runs."""
    around = image.filter(ImageFilter.BoxBlur(_AROUND))
    for strokes in (ImageChops.subtract(around, image), ImageChops.subtract(image, around)):
        mask = strokes.point(lambda value: 255 * (value > _CONTRAST))
        if _has_rows(mask) or _has_rows(mask.transpose(Image.Transpose.ROTATE_90)):
            return True
    return False


def _has_rows(mask: Image.Image) -> bool:
    content, width = mask.tobytes(), mask.width
    rows = 0
    for start in range(0, len(content), width):
        rows = rows + 1 if content.count(_STROKE, start, start + width) >= _STROKES else 0
        if rows == _ROWS:
            return True
    return False


def _drawn(page: pdfium.PdfPage, frame: PageFrame, place: Rectangle) -> Image.Image | None:
    box = frame.box(place)
    scale = frame.scale
    wide, high = box.width / scale, box.height / scale
    zoom = min(_DPI / 72, (_MOST_PIXELS / (wide * high)) ** 0.5)
    if min(wide, high) * zoom < 2:
        return None
    cut = box.left / scale, (frame.height - box.bottom) / scale, (frame.width - box.right) / scale, box.top / scale
    image: Image.Image = page.render(scale=zoom, crop=cut, grayscale=True).to_pil()
    return image
