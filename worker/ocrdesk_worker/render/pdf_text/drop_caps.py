"""Joins drop caps with their words.

A drop cap is a letter as tall as several lines where a paragraph begins. Its word goes on beside it, on the first line.
"""

from __future__ import annotations

from collections.abc import Iterable

from ocrdesk.layout.positioned_word import PositionedWord

_TALL = 1.6
"""Height of a drop cap relative to the letters beside it."""
_NEAR = 0.9
"""In heights of the letters beside it: how far from a drop cap its word goes on at most."""
_WORDS = frozenset("AIOEYÀ")
"""Letters that may be a word of their own, so that another word may follow."""


def join_drop_caps(words: Iterable[PositionedWord]) -> list[PositionedWord]:
    """Return the words with drop caps joined with what follows them, and as high as its line.

    A letter that may be a word stays one, unless capitals follow.
    """
    joined: list[PositionedWord] = []
    for word in words:
        before = joined[-1] if joined else None
        if before is None or not _is_drop_cap(before, word):
            joined.append(word)
            continue
        left, _, right, _ = before.ink
        if before.text in _WORDS and not word.text[:2].isupper():
            body = before.body[0], word.body[1], before.body[2], word.body[3]
            joined[-1] = before._replace(ink=(left, word.ink[1], right, word.ink[3]), body=body)
            joined.append(word)
        else:
            ink = left, word.ink[1], word.ink[2], word.ink[3]
            joined[-1] = word._replace(text=before.text + word.text, first=before.first, ink=ink)
    return joined


def _is_drop_cap(letter: PositionedWord, word: PositionedWord) -> bool:
    if len(letter.text) != 1 or letter.direction or word.direction or not letter.text.isupper():
        return False
    height = word.body[3] - word.body[1]
    middle = (word.ink[1] + word.ink[3]) / 2
    return (
        word.text[0].isalpha()
        and letter.body[3] - letter.body[1] >= _TALL * height
        and letter.ink[3] - letter.ink[1] >= _TALL * (word.ink[3] - word.ink[1])
        and -height / 2 <= word.ink[0] - letter.ink[2] <= _NEAR * height
        and letter.ink[1] - height / 2 <= middle <= (letter.ink[1] + letter.ink[3]) / 2
    )
