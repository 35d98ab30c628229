"""How the words of a PDF page are set: size, weight, slant and font."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterable, Mapping
from ctypes import addressof

import pypdfium2.raw as pdfium_c

from ocrdesk.contract.box import Box
from ocrdesk.layout.page_marks import WordStyle
from ocrdesk.layout.positioned_word import PositionedWord
from ocrdesk_worker.render.page_frame import PageFrame
from ocrdesk_worker.render.pdf_text.words import TextPage

_FIXED_PITCH, _ITALIC, _FORCE_BOLD = 1 << 0, 1 << 6, 1 << 18
"""Flags of a font's descriptor."""
_BOLD_WEIGHT = 600
_STROKED = pdfium_c.FPDF_TEXTRENDERMODE_FILL_STROKE
"""Letters whose outline is drawn too are set in a bold that the font lacks."""
_SUBSET = re.compile(r"^[A-Z]{6}\+")
_BOLD_NAME = re.compile(
    r"bold|black|heavy|(?<![a-z])(?:demi|semibold|extrabd|bd)(?![a-z])|^cmbx|^cmssbx|^ptm?b\d|-medi(?!um)|^nimbus\w+-medi",
    re.IGNORECASE,
)
_ITALIC_NAME = re.compile(r"italic|oblique|slanted|kursiv|^cmti|^cmsl|(?<=[a-z,-])it(?:al)?$", re.IGNORECASE)
_MONOSPACE_NAME = re.compile(
    r"mono(?!type)|courier|consol|typewriter|^cmtt|^sftt|menlo|source ?code|fira ?code|nimbusmon|lucida ?con",
    re.IGNORECASE,
)
_LONGEST_NAME = 200
_MIN_SIZE, _MAX_SIZE = 0.5, 100_000.0

_Font = tuple[bool, bool, bool, str]
"""Bold, italic, monospace, name."""


def word_styles(
    words: Iterable[PositionedWord], boxes: Mapping[int, Box], text: TextPage, frame: PageFrame
) -> dict[Box, WordStyle]:
    """Return the styles of words by their boxes on the page image, which `boxes` has by the words' first characters.

    A text object has one font and size, so PDFium is asked once for each. Takes about two microseconds per word.
    """
    fonts: dict[int, _Font] = {}
    styles: dict[int, WordStyle] = {}
    known: dict[tuple[float, _Font], WordStyle] = {}
    found: dict[Box, WordStyle] = {}
    for word in words:
        item = text.text_object(word.first)
        if not item:
            continue
        key = addressof(item.contents)
        style = styles.get(key)
        if style is None:
            size, font = _size(item, word, text, frame), _font_of(item, fonts)
            if (size, font) not in known:
                known[size, font] = WordStyle(size, *font)
            style = styles[key] = known[size, font]
        found[boxes[word.first]] = style
    return found


def _font_of(item: pdfium_c.FPDF_PAGEOBJECT, fonts: dict[int, _Font]) -> _Font:
    font = pdfium_c.FPDFTextObj_GetFont(item)
    key = addressof(font.contents) if font else 0
    found = fonts.get(key)
    if found is None:
        found = fonts[key] = _font(font) if font else (False, False, False, "")
    is_stroked = not found[0] and pdfium_c.FPDFTextObj_GetTextRenderMode(item) == _STROKED
    return (True, *found[1:]) if is_stroked else found


def _size(item: pdfium_c.FPDF_PAGEOBJECT, word: PositionedWord, text: TextPage, frame: PageFrame) -> float:
    """Return the font's size in pixels; without a usable one, the height of the word's body."""
    size = ctypes.c_float()
    if pdfium_c.FPDFTextObj_GetFontSize(item, size):
        pixels = abs(size.value) * text.vertical_scale(word.first) * frame.scale
        if math.isfinite(pixels) and _MIN_SIZE <= pixels <= _MAX_SIZE:
            return round(pixels, 1)
    return round(max(1.0, min(word.body[3] - word.body[1], word.body[2] - word.body[0])), 1)


def _font(font: pdfium_c.FPDF_FONT) -> _Font:
    name = _SUBSET.sub("", _name(font))
    flags = max(0, pdfium_c.FPDFFont_GetFlags(font))
    angle = ctypes.c_int()
    slanted = bool(pdfium_c.FPDFFont_GetItalicAngle(font, angle)) and angle.value != 0
    heavy = pdfium_c.FPDFFont_GetWeight(font) >= _BOLD_WEIGHT
    return (
        bool(flags & _FORCE_BOLD) or heavy or _BOLD_NAME.search(name) is not None,
        bool(flags & _ITALIC) or slanted or _ITALIC_NAME.search(name) is not None,
        bool(flags & _FIXED_PITCH) or _MONOSPACE_NAME.search(name) is not None,
        name,
    )


def _name(font: pdfium_c.FPDF_FONT) -> str:
    buffer = ctypes.create_string_buffer(_LONGEST_NAME)
    size = pdfium_c.FPDFFont_GetBaseFontName(font, buffer, _LONGEST_NAME)
    return buffer.value.decode("utf-8", "replace") if 0 < size <= _LONGEST_NAME else ""
