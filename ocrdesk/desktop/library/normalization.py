"""Normalises text for searching.

In scripts without spaces between words, such as Chinese, each character is a word: a search finds any part of a line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from ocrdesk.contract.word_spacing import SPACELESS

_SPACELESS = re.compile(f"[{SPACELESS}]")
_WORD = re.compile(rf"(?=\w)[{SPACELESS}]|(?:(?![{SPACELESS}])\w)+")
_LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "\u0640": ""}
)
"""Letters that Unicode does not decompose, and the stroke that makes Arabic words longer."""


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


def index_text(text: str) -> str:
    """Return the text normalised for the index, which takes whatever spaces separate for words."""
    return _SPACELESS.sub(r" \g<0> ", normalize(text))


def is_spaceless(word: str) -> bool:
    """Return whether a word is a character of a script without spaces between words."""
    return _SPACELESS.match(word) is not None
