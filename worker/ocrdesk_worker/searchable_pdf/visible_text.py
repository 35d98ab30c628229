"""The text a page already shows, also in form fields and annotations.

The new layer does not repeat it.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ocrdesk_worker.render.annotations import open_document, open_page
from ocrdesk_worker.render.page_frame import PdfRectangle

_INVISIBLE = (pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP)
_Character = tuple[float, float, str]


class VisibleText:
    """The visible characters of one page at a time, by position, with those of its form fields and annotations.

    A file that PDFium cannot open has none.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._document: pdfium.PdfDocument | None = open_document(path)
        except pdfium.PdfiumError:
            self._document = None
        self._characters: list[_Character] = []

    def read_page(self, page_index: int) -> None:
        """Read the characters of a page."""
        self._characters = []
        if self._document is None:
            return
        try:
            page = open_page(self._document, page_index)
            text_page = page.get_textpage()
        except (pdfium.PdfiumError, IndexError):
            return
        self._characters = sorted(_characters(text_page.raw))
        text_page.close()
        page.close()

    def contains(self, text: str, area: PdfRectangle) -> bool:
        """Return whether the page itself has exactly that text in that area (points of the page's own space)."""
        if not self._characters:
            return False
        left, bottom, right, top = area
        first = bisect_left(self._characters, (left,))
        there = []
        for x, y, character in self._characters[first:]:
            if x > right:
                break
            if bottom <= y <= top:
                there.append(character)
        return bool(there) and sorted(_normalised("".join(there))) == sorted(_normalised(text))

    def close(self) -> None:
        if self._document is not None:
            self._document.close()


def _characters(text: pdfium_c.FPDF_TEXTPAGE) -> list[_Character]:
    """Return the centre of every visible character, and the character."""
    found = []
    invisible: dict[int, bool] = {}
    for index in range(pdfium_c.FPDFText_CountChars(text)):
        code = pdfium_c.FPDFText_GetUnicode(text, index)
        if code <= 0x20 or code > 0x10FFFF or _is_invisible(text, index, invisible):
            continue
        left, right, bottom, top = (pdfium_c.c_double() for _ in range(4))
        if pdfium_c.FPDFText_GetCharBox(text, index, left, right, bottom, top):
            found.append(((left.value + right.value) / 2, (bottom.value + top.value) / 2, chr(code)))
    return found


def _is_invisible(text: pdfium_c.FPDF_TEXTPAGE, index: int, known: dict[int, bool]) -> bool:
    text_object = pdfium_c.FPDFText_GetTextObject(text, index)
    if not text_object:
        return False
    address = pdfium_c.cast(text_object, pdfium_c.c_void_p).value or 0
    if address not in known:
        known[address] = pdfium_c.FPDFTextObj_GetTextRenderMode(text_object) in _INVISIBLE
    return known[address]


def _normalised(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
