"""Recognises page numbers in their printed forms."""

from __future__ import annotations

import re

_ARABIC = r"\d{1,4}"
_NAME = (
    r"(?:page|pagina|página|pàgina|seite|blatt|side|sida|sivu|strona|strana|stránka|oldal|sayfa|страница|сторінка|σελίδα"
    r"|trang|halaman|صفحة|עמוד)"
)
_SHORT_NAME = "(?:pages?|pg|p|pág|pag|s|str|стр|\u0441|σελ)"
_OF = r"(?:/|of|von|de|di|da|sur|van|av|af|z|ze|из|від|od|από)"
_COUNTED = rf"{_ARABIC}(?: ?{_OF} ?{_ARABIC})?"
_CJK = rf"(?:第 ?{_ARABIC} ?[页頁]|{_ARABIC} ?(?:页|頁|ページ))"
_ENDS_WITH_NAMED = re.compile(rf"(?:^|.*\W)(?:{_NAME}[:.]? ?{_COUNTED}|{_CJK})", re.IGNORECASE)
_NAMED = re.compile(rf"{_SHORT_NAME}\.? ?{_COUNTED}", re.IGNORECASE)
_OF_TOTAL = re.compile(rf"({_ARABIC}) ?{_OF} ?({_ARABIC})", re.IGNORECASE)
_BARE = re.compile(_ARABIC)
_FIGURES = re.compile(r"\W*\d[\d\W]*")
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_ROMAN = re.compile(r"(?=..|[ivx])c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_IN_PART = re.compile(rf"(?:[A-Z]|\d{{1,2}})-{_ARABIC}")
_LONGEST = 60
"""Only so many letters at the end of a text are searched for its page number."""
_DASHES = " -\u2010\u2013\u2014~|"
_AROUND = _DASHES + ".*\u00b7\u2022"
"""Dashes and dots that may surround a number; brackets belong to formulas."""


def is_bare_number(text: str) -> bool:
    """Return whether a word is only digits and their punctuation: 12, 1,200.50, (3), 47%."""
    return _FIGURES.fullmatch(text) is not None


def is_page_number(text: str) -> bool:
    """Return whether a text is a page number and nothing else: 12, - 12 -, xii, XII, A-3, 3/10. A year is none."""
    core = text.strip(_AROUND)
    if total := _OF_TOTAL.fullmatch(core):
        return int(total[1]) <= int(total[2])
    if _BARE.fullmatch(core):
        return not _YEAR.fullmatch(core)
    roman = core.lower() if core.isupper() and len(core) > 1 else core
    return bool(core) and bool(_ROMAN.fullmatch(roman) or _IN_PART.fullmatch(core))


def roman_value(text: str) -> int | None:
    """Return the value of a roman page number, with dashes and dots around it; None for any other text."""
    core = text.strip(_AROUND)
    roman = core.lower() if core.isupper() and len(core) > 1 else core
    if not roman or not _ROMAN.fullmatch(roman):
        return None
    values = [_ROMAN_VALUES[letter] for letter in roman]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))


def names_page_number(text: str) -> bool:
    """Return whether a text ends with a named page number ("Page 3 of 10", "Draft, page 7"), or is "p. 7".

    A note that ends with "p. 7." does not count.
    """
    core = text.strip(_DASHES)[-_LONGEST:]
    return _ENDS_WITH_NAMED.fullmatch(core) is not None or _NAMED.fullmatch(core) is not None
