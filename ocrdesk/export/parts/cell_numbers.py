"""Tells the numbers among the texts of cells that a spreadsheet can keep without loss."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ocrdesk.export.language_tags import language_tag

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:([.,])([0-9]+))?")
_MOST_DIGITS = 15
"""What a double keeps exactly."""
_COMMA = """
af az be bg bs ca cs da de el es et eu fi fo fr fy gl hr hu hy id is it ka kk ky lb lt lv mk mn nb nl nn no pl pt ro
ru sk sl sq sr sv tg tr tt uk uz vi
"""
"""The languages whose decimal sign is a comma, as BCP 47 tags."""
_POINT = "am bn cy en ga gu he hi ja km kn ko lo ml mr ms mt my ne pa si sw ta te th ur yi zh"
_SIGNS = dict.fromkeys(_COMMA.split(), ",") | dict.fromkeys(_POINT.split(), ".")


def decimal_sign(languages: Iterable[str]) -> str:
    """Return the decimal sign of a page's first language, "" if it is unknown."""
    tag = (language_tag(languages) or "").partition("-")[0]
    return _SIGNS.get(tag, "")


def read_number(text: str, sign: str) -> tuple[float, int] | None:
    """Return the number in a cell and its decimal places; None for a text that a number would not show as it is.

    Thousands separators, percent and currency signs, a plus, leading zeros, and more digits than a spreadsheet keeps
    make it a text, and so does the other decimal sign than the language's.
    """
    found = _NUMBER.fullmatch(text) if len(text) <= _MOST_DIGITS + 2 else None
    if found is None or (found[1] and found[1] != sign):
        return None
    places = len(found[2] or "")
    digits = sum(map(str.isdigit, text))
    if digits > _MOST_DIGITS:
        return None
    number = float(text.replace(",", "."))
    is_signed_zero = number == 0 and text.startswith("-")
    return None if is_signed_zero else (number, places)
