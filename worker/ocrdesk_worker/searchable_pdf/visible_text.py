"""What a PDF's pages say by themselves where it can be seen, so that the layer does not say it again."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ocrdesk_worker.render.page_frame import PdfRectangle

_UNSEEN = (pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP)
_Character = tuple[float, float, str]


class VisibleText:
    """The visible characters of one page at a time, by place. Says nothing about a file that PDFium cannot open."""

    def __init__(self, path: Path) -> None:
        try:
            self._document: pdfium.PdfDocument | None = pdfium.PdfDocument(path)
        except pdfium.PdfiumError:
            self._document = None
        self._rows: list[_Character] = []

    def turn_to(self, page_index: int) -> None:
        """Reads the characters of a page."""
        self._rows = []
        if self._document is None:
            return
        try:
            page = self._document[page_index]
            text = page.get_textpage()
        except (pdfium.PdfiumError, IndexError):
            return
        self._rows = sorted(_characters(text.raw))
        text.close()
        page.close()

    def says(self, wanted: str, place: PdfRectangle) -> bool:
        """Whether the page itself has that very text at that place (points of the page's own space)."""
        if not self._rows:
            return False
        left, bottom, right, top = place
        first = bisect_left(self._rows, (left,))
        there = []
        for x, y, character in self._rows[first:]:
            if x > right:
                break
            if bottom <= y <= top:
                there.append(character)
        return bool(there) and sorted(_folded("".join(there))) == sorted(_folded(wanted))

    def close(self) -> None:
        if self._document is not None:
            self._document.close()


def _characters(text: pdfium_c.FPDF_TEXTPAGE) -> list[_Character]:
    """The middle of every visible character, and the character."""
    found = []
    unseen: dict[int, bool] = {}
    for index in range(pdfium_c.FPDFText_CountChars(text)):
        code = pdfium_c.FPDFText_GetUnicode(text, index)
        if code <= 0x20 or code > 0x10FFFF or _is_unseen(text, index, unseen):
            continue
        left, right, bottom, top = (pdfium_c.c_double() for _ in range(4))
        if pdfium_c.FPDFText_GetCharBox(text, index, left, right, bottom, top):
            found.append(((left.value + right.value) / 2, (bottom.value + top.value) / 2, chr(code)))
    return found


def _is_unseen(text: pdfium_c.FPDF_TEXTPAGE, index: int, known: dict[int, bool]) -> bool:
    piece = pdfium_c.FPDFText_GetTextObject(text, index)
    if not piece:
        return False
    address = pdfium_c.cast(piece, pdfium_c.c_void_p).value or 0
    if address not in known:
        known[address] = pdfium_c.FPDFTextObj_GetTextRenderMode(piece) in _UNSEEN
    return known[address]


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
