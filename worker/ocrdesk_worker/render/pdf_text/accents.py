"""Joins accents that are drawn as characters of their own with their letters.

TeX and some typesetters draw "á" as an acute and an "a" at one place; PDFium returns both, and often a space between.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ocrdesk.contract.box import Rectangle, around
from ocrdesk.layout.positioned_word import PositionedWord

_COMBINING = {
    "\u00b4": "\u0301",  # acute
    "`": "\u0300",
    "\u02c6": "\u0302",  # circumflex
    "^": "\u0302",
    "\u02dc": "\u0303",  # tilde
    "~": "\u0303",
    "\u00a8": "\u0308",  # diaeresis
    "\u02c7": "\u030c",  # caron
    "\u02d8": "\u0306",  # breve
    "\u00af": "\u0304",  # macron
    "\u02d9": "\u0307",  # dot above
    "\u02da": "\u030a",  # ring
    "\u02dd": "\u030b",  # double acute
    "\u00b8": "\u0327",  # cedilla
}
"""The combining characters of accents that are characters of their own."""
_DOTTED = {"\u0131": "i", "\u0237": "j"}
"""The letters that dotless ones become with an accent."""
ACCENTS = frozenset(_COMBINING)
_MAX_ACCENTS = 2_000
_STRIP = 32
"""Words are searched in horizontal strips of so many pixels."""
_MAX_IN_STRIP = 500
_LONGEST = 100
"""Words with more letters get no accents."""
_ABOVE, _BELOW = 0.6, 0.4
"""In heights of a word: how far above or below it an accent of its letters is at most."""
_TOUCHING = 0.12
"""In heights of the letters: words that an accent separated are no farther apart."""

CharacterBox = Callable[[int], Rectangle]
"""Returns where a character is on the page image, by its number."""


@dataclass(slots=True)
class _Letters:
    """A word whose letters may get accents: its letters with their numbers in the page's text."""

    word: PositionedWord
    letters: list[tuple[str, int]]
    changed: bool = False


def join_accents(
    words: Sequence[PositionedWord],
    stored: Callable[[PositionedWord], str],
    tidy: Callable[[str], str],
    box: CharacterBox,
) -> list[PositionedWord]:
    """Return the words with accents on their letters.

    `stored` returns a word's characters as the file has them, and `tidy` their text.
    """
    marked = [number for number, word in enumerate(words) if not word.text.isascii() or len(word.text) == 1]
    marked = [number for number in marked if not ACCENTS.isdisjoint(words[number].text)]
    if not marked or len(marked) > _MAX_ACCENTS:
        return list(words)
    page = _Page(words, stored, box)
    page.place(marked)
    return page.words(tidy)


class _Page:
    """The words of a page in which accents find their letters."""

    def __init__(
        self, words: Sequence[PositionedWord], stored: Callable[[PositionedWord], str], box: CharacterBox
    ) -> None:
        self._box = box
        self._parts = [
            _Letters(word, [(letter, word.first + index) for index, letter in enumerate(stored(word))])
            for word in words
        ]
        self._strips: dict[int, list[_Letters]] = {}
        for part in self._parts:
            if len(part.letters) > _LONGEST:
                continue
            strip = self._strips.setdefault(int((part.word.ink[1] + part.word.ink[3]) / 2) // _STRIP, [])
            if len(strip) < _MAX_IN_STRIP:
                strip.append(part)

    def place(self, marked: Sequence[int]) -> None:
        """Move the accents of the words with these numbers to their letters."""
        for number in marked:
            part = self._parts[number]
            if len(part.letters) > _LONGEST:
                continue
            for entry in list(part.letters):
                if entry[0] in ACCENTS and self._is_placed(entry):
                    part.letters.remove(entry)
                    part.changed = True

    def _is_placed(self, accent: tuple[str, int]) -> bool:
        """Return whether a letter was found under, or above, an accent; the letter then has it."""
        box = self._box(accent[1])
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        for strip in (int(y) // _STRIP + step for step in (0, 1, -1)):
            for part in self._strips.get(strip, ()):
                left, top, right, bottom = part.word.ink
                height = bottom - top
                if left <= x <= right and top - _ABOVE * height <= y <= bottom + _BELOW * height:
                    index = self._letter_at(part, x)
                    if index is not None:
                        return _combine(part, index, accent[0])
        return False

    def _letter_at(self, part: _Letters, x: float) -> int | None:
        """Return which letter of a word is at a place, from 0."""
        for index, (letter, number) in enumerate(part.letters):
            if letter.isalpha() and letter not in ACCENTS:
                box = self._box(number)
                if box[0] <= x <= box[2]:
                    return index
        return None

    def words(self, tidy: Callable[[str], str]) -> list[PositionedWord]:
        """Return the words with their letters; words that an accent separated are one."""
        words: list[PositionedWord] = []
        was_changed = False
        for part in self._parts:
            if not part.changed:
                words.append(part.word)
                was_changed = False
                continue
            text = tidy("".join(letter for letter, _ in part.letters))
            if not text:
                was_changed = True
                continue
            word = part.word._replace(text=text, ink=self._ink(part))
            if words and (was_changed or part.changed) and _touch(words[-1], word):
                before = words[-1]
                words[-1] = before._replace(text=before.text + word.text, ink=around(before.ink, word.ink))
            else:
                words.append(word)
            was_changed = True
        return words

    def _ink(self, part: _Letters) -> Rectangle:
        """Return the area of the letters that are left: a removed accent may be far away."""
        ink = self._box(part.letters[0][1])
        for _, number in part.letters[1:]:
            ink = around(ink, self._box(number))
        return ink


def _combine(part: _Letters, index: int, accent: str) -> bool:
    """Put an accent on a letter. Return whether there is such a letter."""
    letter, number = part.letters[index]
    combined = unicodedata.normalize("NFC", _DOTTED.get(letter, letter) + _COMBINING[accent])
    if len(combined) != 1:
        return False
    part.letters[index] = combined, number
    part.changed = True
    return True


def _touch(before: PositionedWord, word: PositionedWord) -> bool:
    height = min(before.body[3] - before.body[1], word.body[3] - word.body[1])
    gap = word.ink[0] - before.ink[2]
    shared = min(before.ink[3], word.ink[3]) - max(before.ink[1], word.ink[1])
    return -height / 4 <= gap <= _TOUCHING * height and shared > 0
