"""Straightens the pages of a searchable PDF.

The page's content is turned as a whole, so no pixel changes and the file does not grow. The words' boxes are moved to
where the straightened image shows them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pikepdf
import pypdfium2 as pdfium
from pikepdf import Array

from ocrdesk.contract.box import Box, Rotation
from ocrdesk.contract.document import Page
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.preprocess.grayscale import to_grey
from ocrdesk_worker.preprocess.straightening.deskew import measure_skew
from ocrdesk_worker.preprocess.thumbnail import make_thumbnail
from ocrdesk_worker.render.page_frame import PdfRectangle
from ocrdesk_worker.render.pdfium import PdfiumSource
from ocrdesk_worker.searchable_pdf.streams import compressed_stream

_WIDTH = 1200
"""In pixels: enough to measure a tenth of a degree."""
_LEAST_HEIGHT, _LEAST_WIDTH = 0.4, 0.5
"""A straightened box keeps at least these shares of its height and width: boxes are rounded."""

_CLEARLY_SKEWED_DEG = 1.5
"""By default, pages are straightened from this angle on."""
_CLEAR_SLOPE_DEG = 1.0
_LEAST_WORDS, _LEAST_LINES = 3, 3


def has_sloping_lines(page: Page) -> bool:
    """Return whether the boxes of a page's words say that it may be clearly skewed; much faster than measuring it."""
    slopes = []
    for line in page.lines():
        if len(line.words) >= _LEAST_WORDS:
            first, last = line.words[0].box, line.words[-1].box
            across, down = last.center_x - first.center_x, last.center_y - first.center_y
            if abs(across) > abs(down):  # a line of vertical writing says nothing
                slopes.append(math.degrees(math.atan(down / across)))
    return len(slopes) >= _LEAST_LINES and abs(median(slopes)) >= _CLEAR_SLOPE_DEG


class SkewMeter:
    """Measures the skew of the pages of a PDF. A file or page that PDFium cannot open is level."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._source: PdfiumSource | None = None

    def skew_of(self, page_index: int, rotation: Rotation) -> float:
        """Return the clockwise angle in degrees of the lines of a page turned by `rotation`; 0 if it is level."""
        try:
            if self._source is None:
                self._source = PdfiumSource(self._path)
            view = self._source.view(page_index, _WIDTH)
        except (ProcessingError, pdfium.PdfiumError, IndexError):
            return 0.0
        thumbnail = make_thumbnail(to_grey(view.image))
        return measure_skew(thumbnail.turned((rotation - view.rotation) % 360))

    def close(self) -> None:
        if self._source is not None:
            self._source.close()


def turn_content(pdf: pikepdf.Pdf, page: pikepdf.Object, bounds: PdfRectangle, skew_deg: float) -> None:
    """Turn all that the page draws back by `skew_deg` about the middle of its visible part."""
    radians = math.radians(skew_deg)
    cosine, sine = math.cos(radians), math.sin(radians)
    x, y = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    matrix = (cosine, sine, -sine, cosine, x - cosine * x + sine * y, y - sine * x - cosine * y)
    begin = "q " + " ".join(f"{number:.6f}" for number in matrix) + " cm\n"
    old = page.get("/Contents")
    streams = list(old) if isinstance(old, Array) else [old] if isinstance(old, pikepdf.Stream) else []
    page.Contents = Array([compressed_stream(pdf, begin.encode()), *streams, compressed_stream(pdf, b"\nQ\n")])


@dataclass(frozen=True, slots=True)
class Straightener:
    """Moves boxes of an image of that size as the image is turned back by `skew_deg` about its middle."""

    width: int
    height: int
    skew_deg: float

    def moved(self, box: Box) -> Box:
        """Return the box of the same word on the straightened image."""
        return Box.clipped(self._edges(box), self.width, self.height)

    def suits(self, page: Page) -> bool:
        """Return whether the page is clearly skewed, and all its words stay on the straightened image."""
        return abs(self.skew_deg) >= _CLEARLY_SKEWED_DEG and all(self._keeps(word.box) for word in page.words())

    def _keeps(self, box: Box) -> bool:
        left, top, right, bottom = self._edges(box)
        return left >= 0 and top >= 0 and right <= self.width and bottom <= self.height

    def _edges(self, box: Box) -> tuple[int, int, int, int]:
        radians = math.radians(self.skew_deg)
        cosine, sine = math.cos(radians), math.sin(radians)
        across, down = box.center_x - self.width / 2, box.center_y - self.height / 2
        x = self.width / 2 + cosine * across + sine * down
        y = self.height / 2 - sine * across + cosine * down
        slope, spread = abs(sine), cosine * cosine - sine * sine
        width = max((box.width * cosine - box.height * slope) / spread, _LEAST_WIDTH * box.width)
        height = max((box.height * cosine - box.width * slope) / spread, _LEAST_HEIGHT * box.height)
        return round(x - width / 2), round(y - height / 2), round(x + width / 2), round(y + height / 2)
