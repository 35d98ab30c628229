"""Words and positions from PDFium."""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections.abc import Callable

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ocrdesk.contract.box import Rectangle, around
from ocrdesk.layout.positioned_word import SLANTED, PositionedWord
from ocrdesk_worker.render.page_frame import PageFrame, PdfRectangle
from ocrdesk_worker.render.pdf_text.accents import ACCENTS, join_accents
from ocrdesk_worker.render.pdf_text.raised_digits import mark_raised_digits
from ocrdesk_worker.render.pdf_text.turned_words import join_turned
from ocrdesk_worker.small_digits import with_cents

MAX_CHARACTERS = 200_000
"""The text layer of a page with more characters is not read."""

_HYPHEN = "\ufffe"
"""PDFium's character for a hyphen at a line's end; it joins the two parts of the word."""
_WORD = re.compile(rf"[^\s{_HYPHEN}]+{_HYPHEN}?|{_HYPHEN}")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_TIDY = str.maketrans(
    {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
    | {"\uf0b7": "•", "\uf0a7": "▪", "\uf0d8": "➢", "\uf0fc": "✓"}  # bullets in Symbol and Wingdings
)
_JOINERS = re.compile("[\u0590-\u0dff\u0e00-\u109f\u1780-\u18af\U0001f000-\U0001ffff]")
"""Scripts (and emoji) in which zero-width joiners have a meaning."""
_REVERSED = re.compile("[\u0622\u0623\u0625\u0627\u0671]\u0644")
"""An alef before a lam: so PDFium returns the ligature of both, which is read the other way round."""
_DIGIT = re.compile("[0-9]")
_INITIAL, _MIN_INITIAL = 1.6, 60.0
"""Height of a drop cap relative to the letters beside it, and in pixels."""
_RIGHT_ANGLE = math.pi / 2
_MAX_DEVIATION = 0.2
"""In radians: text that deviates more from a right angle is slanted."""
_CJK = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]+")


class TextPage:
    """PDFium's text of a page. It has to be closed before the page."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self._handle = pdfium_c.FPDFText_LoadPage(page)
        if not self._handle:
            raise pdfium.PdfiumError("the page's text cannot be loaded")
        self.count = max(0, pdfium_c.FPDFText_CountChars(self._handle))

    def close(self) -> None:
        pdfium_c.FPDFText_ClosePage(self._handle)

    def words(self, frame: PageFrame) -> list[PositionedWord]:
        """Return the words in the order in which they are stored, without those outside the page."""
        handle = self._handle
        to_pixels = frame.to_pixels()
        words = []
        turned: dict[int, int] = {}
        units = self._units()
        for match in _WORD.finditer(units):
            first, end = match.span()
            stored = match.group()
            if _REVERSED.search(stored):
                stored = self._with_ligatures(stored, first)
            elif _DIGIT.search(stored) and not self._angle(first):
                stored = with_cents(
                    mark_raised_digits(handle, units, first, end), units[max(0, first - 2) : first].strip()
                )
            text = _tidy(stored)
            if not text:
                continue
            body = to_pixels(_loose_box(handle, first))
            ink = _ink(handle, first, end)
            ink = to_pixels(ink) if ink else around(body, to_pixels(_loose_box(handle, end - 1)))
            x, y = (ink[0] + ink[2]) / 2, (ink[1] + ink[3]) / 2
            if not (0 <= x <= frame.width and 0 <= y <= frame.height):
                continue
            if angle := self._angle(first):
                turned[first] = end
            direction = _direction(angle, frame.rotation)
            if _is_vertical(text, ink, frame.rotation):
                direction, body = (direction + 90) % 360, ink
            elif end - first > 1 and body[3] - body[1] > _MIN_INITIAL and direction == 0:
                body, ink = self._without_initial(body, ink, first, end, to_pixels)
            is_mapped = pdfium_c.FPDFText_HasUnicodeMapError(handle, first) != 1
            words.append(PositionedWord(text, first, is_mapped, direction, ink, body))
        if turned:
            words = join_turned(words, turned, lambda number: pdfium_c.FPDFText_IsGenerated(handle, number) == 1)
        if ACCENTS.isdisjoint(units):
            return words
        return join_accents(
            words,
            lambda word: found.group() if (found := _WORD.match(units, word.first)) else word.text,
            _tidy,
            lambda number: to_pixels(_tight_box(handle, number)),
        )

    def _with_ligatures(self, stored: str, first: int) -> str:
        """Return a word with the letters of its lam-alef ligatures in reading order; PDFium reverses them."""
        letters = list(stored)
        for found in _REVERSED.finditer(stored):
            at = found.start()
            if _tight_box(self._handle, first + at) == _tight_box(self._handle, first + at + 1):
                letters[at : at + 2] = letters[at + 1], letters[at]
        return "".join(letters)

    def _without_initial(
        self,
        body: Rectangle,
        ink: Rectangle,
        first: int,
        end: int,
        to_pixels: Callable[[PdfRectangle], Rectangle],
    ) -> tuple[Rectangle, Rectangle]:
        """Return the body and ink of a word on its line: a drop cap that begins it reaches over several lines."""
        other = to_pixels(_loose_box(self._handle, first + 1))
        if body[3] - body[1] < _INITIAL * (other[3] - other[1]):
            return body, ink
        rest = _ink(self._handle, first + 1, end)
        if rest is None:
            return body, ink
        left, top, right, bottom = to_pixels(rest)
        return (body[0], other[1], body[2], other[3]), (min(left, ink[0]), top, right, bottom)

    def text_object(self, character: int) -> pdfium_c.FPDF_PAGEOBJECT:
        """Return the page object that shows a character."""
        return pdfium_c.FPDFText_GetTextObject(self._handle, character)

    def _angle(self, character: int) -> float:
        """Return how far a character is turned clockwise in radians; slanted letters on a level line are not."""
        if not (angle := float(pdfium_c.FPDFText_GetCharAngle(self._handle, character))):
            return 0.0
        if not pdfium_c.FPDFText_GetMatrix(self._handle, character, _MATRIX) or not (_MATRIX.a or _MATRIX.b):
            return angle
        return -math.atan2(_MATRIX.b, _MATRIX.a) % (2 * math.pi)

    def vertical_scale(self, character: int) -> float:
        """Return how many points high a unit of the character's font size is on the page."""
        if not pdfium_c.FPDFText_GetMatrix(self._handle, character, _MATRIX):
            return 1.0
        return math.hypot(_MATRIX.c, _MATRIX.d)

    def _units(self) -> str:
        """Return the page's text with one UTF-16 unit per character, so that positions are character numbers."""
        buffer = (ctypes.c_ushort * (self.count + 2))()
        written = pdfium_c.FPDFText_GetText(self._handle, 0, self.count, buffer)
        if written == self.count + 1:
            return "".join(map(chr, buffer[: self.count]))
        # Some are missing because they are not mapped to Unicode: ask for each.
        return "".join(chr(self._unit(number)) for number in range(self.count))

    def _unit(self, number: int) -> int:
        if pdfium_c.FPDFText_IsHyphen(self._handle, number) == 1:
            return ord(_HYPHEN)
        return int(pdfium_c.FPDFText_GetUnicode(self._handle, number)) & 0xFFFF


def _tidy(text: str) -> str:
    if text.isascii():
        return text
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if text.endswith(_HYPHEN):
        text = text[:-1] + "-"
    if not _JOINERS.search(text):
        text = text.translate(_INVISIBLE)
    return unicodedata.normalize("NFC", text.translate(_TIDY)).replace("‘‘", "“").replace("’’", "”")  # noqa: RUF001


_LEFT, _RIGHT, _BOTTOM, _TOP = (ctypes.c_double() for _ in range(4))
_ORDER = _LEFT, _RIGHT, _BOTTOM, _TOP
_RECT = _LEFT, _TOP, _RIGHT, _BOTTOM
_LOOSE = pdfium_c.FS_RECTF()
_MATRIX = pdfium_c.FS_MATRIX()


def _ink(handle: pdfium_c.FPDF_TEXTPAGE, first: int, end: int) -> PdfRectangle | None:
    """Return the rectangle around the glyphs in points; None if they have no shape, as in many fonts of hidden text."""
    count = pdfium_c.FPDFText_CountRects(handle, first, end - first)
    found: PdfRectangle | None = None
    for number in range(count):
        pdfium_c.FPDFText_GetRect(handle, number, *_RECT)
        box = _LEFT.value, _BOTTOM.value, _RIGHT.value, _TOP.value
        if box[2] > box[0] and box[3] > box[1]:
            found = around(found, box) if found else box
    return found


def _loose_box(handle: pdfium_c.FPDF_TEXTPAGE, number: int) -> PdfRectangle:
    pdfium_c.FPDFText_GetLooseCharBox(handle, number, _LOOSE)
    left, bottom, right, top = _LOOSE.left, _LOOSE.bottom, _LOOSE.right, _LOOSE.top
    if left > right:
        left, right = right, left
    if bottom > top:
        bottom, top = top, bottom
    return left, bottom, right, top


def _tight_box(handle: pdfium_c.FPDF_TEXTPAGE, number: int) -> PdfRectangle:
    pdfium_c.FPDFText_GetCharBox(handle, number, *_ORDER)
    return _LEFT.value, _BOTTOM.value, _RIGHT.value, _TOP.value


def _direction(angle: float, rotation: int) -> int:
    if angle == 0:
        return rotation
    turns = angle / _RIGHT_ANGLE
    if abs(turns - round(turns)) * _RIGHT_ANGLE > _MAX_DEVIATION:
        return SLANTED
    return (round(turns) * 90 + rotation) % 360


def _is_vertical(text: str, ink: Rectangle, rotation: int) -> bool:
    """Return whether this is vertical writing: upright characters below each other."""
    if len(text) < 2 or text.isascii() or not _CJK.fullmatch(text):
        return False
    width, height = ink[2] - ink[0], ink[3] - ink[1]
    if rotation in (90, 270):
        width, height = height, width
    return height > 1.5 * width
