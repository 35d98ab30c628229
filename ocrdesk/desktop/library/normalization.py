"""Normalises text for searching."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_WORD = re.compile(r"\w+")
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
"""Letters that Unicode does not decompose."""


def normalize(text: str) -> str:
    """Return the text without case, accents and umlaut dots, and with `ss` for `ß`. Its length may change."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char)).translate(_LETTERS)


def words(text: str) -> Iterator[tuple[int, int, str]]:
    """Return each word's start and end in `text`, and the normalised word."""
    for found in _WORD.finditer(text):
        yield found.start(), found.end(), normalize(found[0])
