"""Decides whether a space separates two words, for every format and for the window.

Chinese and Japanese are written without spaces. Their words touch, except where the page has a gap as wide as a
character: between a heading's number and its title, say. Thai, Lao, Burmese and Khmer have no spaces between words
either; engines return what is between two spaces as one word. Korean has spaces.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

from ocrdesk.contract.box import Box

_EAST_ASIAN = (
    "\u2e80-\u2fdf\u3000-\u312f\u31a0-\u33ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff9f"
    "\U00020000-\U0003ffff"
)
"""Han, kana, and their punctuation, half and full width."""
_SOUTH_EAST_ASIAN = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\ua9e0-\ua9ff\uaa60-\uaa7f"
"""Thai, Lao, Burmese and Khmer."""
_HANGUL = "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3"

_PUNCTUATION = (
    "\u3001-\u3003\u3008-\u3011\u3014-\u301f\u30fb\ufe30-\ufe4f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
)
SPACELESS = _EAST_ASIAN + _SOUTH_EAST_ASIAN
"""The characters of scripts without spaces between words, for a class of a regular expression."""

_WIDE_GAP = 0.9
"""In characters: a wider gap between two words that could touch is a space."""
_WIDE_GAP_AT_PUNCTUATION = 1.6
"""The same beside punctuation, which fills only half of its place."""


class _Characters:
    """The characters of a class of a regular expression. To compile the expressions takes each program 0.01 s."""

    def __init__(self, ranges: str) -> None:
        pairs = sorted((ord(first), ord(last or first) + 1) for first, last in re.findall("(.)(?:-(.))?", ranges))
        self._bounds = [bound for pair in pairs for bound in pair]

    def has(self, character: str) -> bool:
        return bisect_right(self._bounds, ord(character)) % 2 == 1

    def are_in(self, text: str) -> bool:
        """Return whether the text has one of them."""
        return bool(text) and ord(max(text)) >= self._bounds[0] and any(map(self.has, text))


_TOUCHING, _SPACELESS = _Characters(_EAST_ASIAN), _Characters(SPACELESS)
_SPLIT_BY_ENGINES, _PUNCTUATION_MARKS = _Characters(SPACELESS + _HANGUL), _Characters(_PUNCTUATION)


class Word(Protocol):
    """What is asked of a word: a Document's words, and whatever else has text and a box."""

    @property
    def text(self) -> str: ...

    @property
    def box(self) -> Box: ...


def separator(before: Word, after: Word) -> str:
    """Return what is between two words of a line that follow each other: a space, or nothing."""
    last, first = before.text[-1], after.text[0]
    at_punctuation = is_punctuation(last) or is_punctuation(first)
    if not at_punctuation and not (_TOUCHING.has(last) and _TOUCHING.has(first)):
        return " "
    return " " if _gap(before, after) > (_WIDE_GAP_AT_PUNCTUATION if at_punctuation else _WIDE_GAP) else ""


def join_words(words: Sequence[Word]) -> str:
    """Return the words of a line as text."""
    line = " ".join([word.text for word in words])
    if line.isascii() or not _TOUCHING.are_in(line):
        return line
    parts = [separator(before, after) + after.text for before, after in pairwise(words)]
    return "".join([words[0].text, *parts])


def word_starts(words: Sequence[Word]) -> list[int]:
    """Return where each word begins in the text of `join_words`."""
    starts, position = [], 0
    for number, word in enumerate(words):
        if number:
            position += len(separator(words[number - 1], word))
        starts.append(position)
        position += len(word.text)
    return starts


def are_lines_joined(end: str, start: str) -> bool:
    """Return whether a line that ends with a character continues without a space in one that begins with another."""
    return _SPACELESS.has(end) and _SPACELESS.has(start)


def is_spaceless(character: str) -> bool:
    """Return whether the character belongs to a script without spaces between words."""
    return _SPACELESS.has(character)


def is_split_by_engines(character: str) -> bool:
    """Return whether the character's script is one of those whose words Tesseract splits without a space between."""
    return _SPLIT_BY_ENGINES.has(character)


def is_punctuation(character: str) -> bool:
    """Return whether the character is Chinese or Japanese punctuation: no space is written beside it."""
    return _PUNCTUATION_MARKS.has(character)


def _gap(before: Word, after: Word) -> float:
    """Return the distance of two words in characters, along the line; 0 or less if they touch."""
    one, two = before.box, after.box
    across = max(two.left - one.right, one.left - two.right)
    down = max(two.top - one.bottom, one.top - two.bottom)
    if across >= down:
        size = max(max(word.box.height, word.box.width / len(word.text)) for word in (before, after))
        return across / max(1.0, size)
    size = max(max(word.box.width, word.box.height / len(word.text)) for word in (before, after))
    return down / max(1.0, size)
