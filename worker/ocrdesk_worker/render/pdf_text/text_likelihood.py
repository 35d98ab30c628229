"""Whether an area looks like text.

This is a cheap test before an engine is used. Letters are short strokes side by side, darker or lighter than their
surroundings. Photos without text, plain logos, shades and ruling lines have few such strokes. A false positive only
costs the engine's time.
"""

from __future__ import annotations

import pypdfium2 as pdfium
from PIL import Image, ImageChops, ImageFilter

from ocrdesk.contract.box import Rectangle
from ocrdesk_worker.render.page_frame import PageFrame

_DPI = 100.0
_MAX_PIXELS = 2_000_000
_AROUND = 5
"""A stroke is compared with so many pixels on each side."""
_CONTRAST = 28
"""Grey levels by which a stroke must differ from its surroundings."""
_STROKES = 4
"""Fewer strokes side by side are not a word."""
_ROWS = 4
"""So many adjacent rows of pixels with strokes are a line of small print."""
_STROKE_START = b"\x00\xff"


def may_have_text(page: pdfium.PdfPage, frame: PageFrame, area: Rectangle) -> bool:
    """Render that area of the page coarsely, and return whether it has rows of strokes. Raises PdfiumError."""
    image = _rendered(page, frame, area)
    return image is not None and has_strokes(image)


def has_strokes(image: Image.Image) -> bool:
    """Return whether an 8-bit grey image of about 100 dpi has rows of strokes, in any direction."""
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
        rows = rows + 1 if content.count(_STROKE_START, start, start + width) >= _STROKES else 0
        if rows == _ROWS:
            return True
    return False


def _rendered(page: pdfium.PdfPage, frame: PageFrame, area: Rectangle) -> Image.Image | None:
    box = frame.box(area)
    scale = frame.scale
    width, height = box.width / scale, box.height / scale
    zoom = min(_DPI / 72, (_MAX_PIXELS / (width * height)) ** 0.5)
    if min(width, height) * zoom < 2:
        return None
    cut = box.left / scale, (frame.height - box.bottom) / scale, (frame.width - box.right) / scale, box.top / scale
    image: Image.Image = page.render(scale=zoom, crop=cut, grayscale=True).to_pil()
    return image
