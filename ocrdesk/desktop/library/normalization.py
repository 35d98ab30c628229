"""Words as they are compared: without case, accents and umlauts' dots, with `ss` for `ß`; and where they stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_WORD = re.compile(r"\w+")
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
"""Letters that no decomposition takes apart."""


def fold(text: str) -> str:
    """The text as it is indexed; what it folds to does not have its length."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(mark for mark in apart if not unicodedata.combining(mark)).translate(_LETTERS)


def words(text: str) -> Iterator[tuple[int, int, str]]:
    """Each word's start and end in `text`, and the word, folded."""
    for found in _WORD.finditer(text):
        yield found.start(), found.end(), fold(found[0])
