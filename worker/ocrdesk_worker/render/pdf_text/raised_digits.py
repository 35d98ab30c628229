"""Tells raised and lowered digits of a PDF's text, as in m², H₂O and the marks of footnotes, from usual ones.

They are set in a smaller size, above or below the line. Copied as usual digits they change what a text says: 10⁶ would
be 106, and "treaty²" "treaty2".
"""

from __future__ import annotations

import ctypes
import math
import re
from itertools import groupby

import pypdfium2.raw as pdfium_c

from ocrdesk_worker.small_digits import LOWERED, RAISED

_DIGITS = re.compile(r"[0-9]+")
_LONGEST = 40
"""Longer words are not looked at: their digits are numbers."""
_MOST_DIGITS = 3
"""Of a raised or lowered number."""
_SPACES = 5
"""So many characters before and after a mark are looked at: PDFium adds spaces and line breaks to raised print."""
_SMALLER = 0.87
"""In sizes of the characters beside them: raised and lowered digits are at most so large."""
_ABOVE, _BELOW, _FARTHEST = 0.15, 0.07, 1.0
"""In sizes of those: how far above or below the line they stand; what is farther away is on another line."""
_BESIDE = 1.5
"""In sizes: how far from its text a mark is."""

_X, _Y = ctypes.c_double(), ctypes.c_double()
_MATRIX, _LOOSE = pdfium_c.FS_MATRIX(), pdfium_c.FS_RECTF()
_ALIKE = 0.05
"""In heights of a character."""


def mark_raised_digits(handle: pdfium_c.FPDF_TEXTPAGE, units: str, first: int, end: int) -> str:
    """Return the characters from `first` to before `end` with raised and lowered digits.

    `units` are all characters of the page. Takes some microseconds for a word with digits, and none for any other.
    """
    text = units[first:end]
    if end - first > _LONGEST or not _DIGITS.search(text):
        return text
    is_number = _DIGITS.fullmatch(text) is not None
    if is_number and len(text) <= _MOST_DIGITS and _are_alike(handle, first, end - 1):
        table = _of_mark(handle, units, first, end)
        return text.translate(table) if table else text
    starts = [] if is_number else [first + found.start() for found in _DIGITS.finditer(text)]
    if _are_alike(handle, first, *starts, end - 1):
        return text
    placed = [_place(handle, number) for number in range(first, end)]
    base = max(size for size, _, _ in placed)
    line = next(y for size, _, y in placed if size == base)
    changed = ""
    for table, group in groupby(zip(text, placed, strict=True), lambda each: _table(each[1], base, line)):
        part = "".join(character for character, _ in group)
        is_small = len(part) <= _MOST_DIGITS and _DIGITS.fullmatch(part)
        changed += part.translate(table) if table and is_small else part
    return changed


def _of_mark(handle: pdfium_c.FPDF_TEXTPAGE, units: str, first: int, end: int) -> dict[int, int] | None:
    """Return how a number by itself is raised or lowered beside the text before or after it; None if it is not."""
    others = [other for other in (_before(units, first), _after(units, end)) if other is not None]
    if _are_alike(handle, first, *others):
        return None
    size, x, y = _place(handle, first)
    for other in others:
        beside, other_x, line = _place(handle, other)
        if beside > size and abs(other_x - x) <= _BESIDE * beside and (table := _table((size, x, y), beside, line)):
            return table
    return None


def _are_alike(handle: pdfium_c.FPDF_TEXTPAGE, *numbers: int) -> bool:
    """Return whether characters have the same height and place on their line, as nearly all have: a cheap test."""
    first = -1.0, -1.0
    for number in numbers:
        pdfium_c.FPDFText_GetLooseCharBox(handle, number, _LOOSE)
        low, high = _LOOSE.bottom, _LOOSE.top
        if first == (-1.0, -1.0):
            first = low, high
        elif abs(low - first[0]) + abs(high - first[1]) > _ALIKE * abs(first[1] - first[0]):
            return False
    return True


def _before(units: str, first: int) -> int | None:
    near = [number for number in range(max(0, first - _SPACES), first) if not units[number].isspace()]
    return near[-1] if near else None


def _after(units: str, end: int) -> int | None:
    return next((number for number in range(end, min(len(units), end + _SPACES)) if not units[number].isspace()), None)


def _table(place: tuple[float, float, float], base: float, line: float) -> dict[int, int] | None:
    size, _, y = place
    if not 0 < size <= _SMALLER * base:
        return None
    above = (y - line) / base
    if _ABOVE <= above <= _FARTHEST:
        return RAISED
    return LOWERED if -_FARTHEST <= above <= -_BELOW else None


def _place(handle: pdfium_c.FPDF_TEXTPAGE, number: int) -> tuple[float, float, float]:
    """Return the size of a character on the page, and where it stands: in points; the size is 0 if it is unknown."""
    pdfium_c.FPDFText_GetCharOrigin(handle, number, _X, _Y)
    size = float(pdfium_c.FPDFText_GetFontSize(handle, number))
    if not pdfium_c.FPDFText_GetMatrix(handle, number, _MATRIX):
        return 0.0, _X.value, _Y.value
    size *= math.hypot(_MATRIX.c, _MATRIX.d)
    return (size if math.isfinite(size) else 0.0), _X.value, _Y.value
