"""PDF pages through Poppler.

Its programs are used for files and pages that PDFium cannot open.
"""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import pdf2image
from pdf2image.exceptions import PDFPageCountError, PDFPopplerTimeoutError, PDFSyntaxError
from PIL import Image

from ocrdesk.contract.box import Rotation
from ocrdesk_worker.errors import corrupt, encrypted_pdf, file_timeout
from ocrdesk_worker.render.page_source import DEFAULT_DPI, RenderedPage, capped_dpi, view_dpi
from ocrdesk_worker.sandbox import programs

_POINTS_PER_INCH = 72.0
_TIMEOUT_S = 120


def is_installed() -> bool:
    """Return whether pdfinfo and pdftoppm (package poppler-utils) are on the PATH."""
    return bool(shutil.which("pdftoppm") and shutil.which("pdfinfo"))


class PopplerSource:
    """An open PDF. Raises ProcessingError if it is encrypted or corrupt, and ProgramsNeededError."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._info = self._pdfinfo()
        self.page_count = int(self._info["Pages"])

    def _pdfinfo(self, page: int = 1) -> dict[str, str]:
        programs.require()
        try:
            info: dict[str, str] = pdf2image.pdfinfo_from_path(
                str(self._path), first_page=page, last_page=page, timeout=_TIMEOUT_S
            )
        except PDFPopplerTimeoutError as error:
            raise file_timeout(_TIMEOUT_S) from error
        except (PDFPageCountError, PDFSyntaxError, ValueError, KeyError) as error:
            # pdfinfo says "Incorrect password" for files that need one
            raise (encrypted_pdf() if "password" in str(error).lower() else corrupt("PDF")) from error
        return info

    def render(self, page_index: int) -> RenderedPage:
        number = page_index + 1
        info = self._pdfinfo(number)
        width_pt, height_pt = _size(info, number)
        dpi = capped_dpi(width_pt / _POINTS_PER_INCH, height_pt / _POINTS_PER_INCH, DEFAULT_DPI)
        image = self._rendered(number, round(dpi) or 1, grayscale=True)
        return RenderedPage(image, float(round(dpi) or 1), _rotation(info, number), is_reduced=dpi < DEFAULT_DPI)

    def view(self, page_index: int, width: int) -> RenderedPage:
        number = page_index + 1
        info = self._pdfinfo(number)
        width_pt, height_pt = _size(info, number)
        dpi = view_dpi(width_pt / _POINTS_PER_INCH, height_pt / _POINTS_PER_INCH, width)
        return RenderedPage(self._rendered(number, math.ceil(dpi)), dpi, _rotation(info, number))

    def _rendered(self, number: int, dpi: int, *, grayscale: bool = False) -> Image.Image:
        try:
            images = pdf2image.convert_from_path(
                self._path,
                dpi=dpi,
                first_page=number,
                last_page=number,
                grayscale=grayscale,
                use_cropbox=True,  # like the page size of pdfinfo, and PDFium
                timeout=_TIMEOUT_S,
            )
        except PDFPopplerTimeoutError as error:
            raise file_timeout(_TIMEOUT_S) from error
        except (PDFPageCountError, PDFSyntaxError, OSError) as error:
            raise corrupt("PDF page") from error
        if not images:
            raise corrupt("PDF page")
        image: Image.Image = images[0]
        return image

    def text_layer(self, page_index: int) -> None:
        """Return None: a file that PDFium cannot open is recognised."""

    def close(self) -> None:
        """Do nothing: no file stays open between calls."""


def _size(info: dict[str, str], number: int) -> tuple[float, float]:
    """Return the width and height in points of the page as it is shown.

    pdfinfo prints the size before rotation: "612 x 792 pts (letter)".
    """
    parts = (_about_page(info, number, "size") or "612 x 792").split()
    width, height = float(parts[0]), float(parts[2])
    return (height, width) if _rotation(info, number) in (90, 270) else (width, height)


def _rotation(info: dict[str, str], number: int) -> Rotation:
    turns: dict[str, Rotation] = {"90": 90, "180": 180, "270": 270}
    return turns.get(_about_page(info, number, "rot") or "", 0)


def _about_page(info: dict[str, str], number: int, what: str) -> str | None:
    """Return the value of `Page WHAT` or `Page NUMBER WHAT` in pdfinfo's output."""
    for name, value in info.items():
        words = name.split()
        if words[0] == "Page" and words[-1] == what and (len(words) == 2 or words[1] == str(number)):
            return str(value)
    return None
