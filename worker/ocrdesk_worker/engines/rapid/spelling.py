"""Fixes single letters by dictionary.

The recogniser reads letters without knowing words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ocrdesk_worker.engines.rapid.recognizer import Glyph

IsWord = Callable[[str], bool]

_MIN_LETTERS = 4
"""Shorter words are too easily made from another word."""
_MIN_LIKELIHOOD = 0.01
"""How likely the other letter must be, as a share of the likelihood of the letter that was read."""


def fix_spelling(glyphs: Sequence[Glyph], is_word: IsWord) -> Sequence[Glyph]:
    """Return the glyphs of a word; of an unknown word, with the likeliest change of a letter that makes it known."""
    first, last = _core(glyphs)
    word = "".join(glyph.text for glyph in glyphs[first:last])
    if sum(character.isalpha() for character in word) < _MIN_LETTERS or is_word(word):
        return glyphs
    best = max(_changes(glyphs, first, last, is_word), default=None)
    if best is None:
        return glyphs
    _, index, letter = best
    return [*glyphs[:index], replace(glyphs[index], text=letter), *glyphs[index + 1 :]]


def _core(glyphs: Sequence[Glyph]) -> tuple[int, int]:
    """Return where the word begins and ends without the punctuation around it."""
    inside = [index for index, glyph in enumerate(glyphs) if glyph.text.isalnum()]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def _changes(glyphs: Sequence[Glyph], first: int, last: int, is_word: IsWord) -> Iterator[tuple[float, int, str]]:
    """Yield the changes of one letter that make a known word: how likely it is, its index, and the letter."""
    texts = [glyph.text for glyph in glyphs[first:last]]
    for index, glyph in enumerate(glyphs[first:last]):
        for letter, likelihood in glyph.others:
            share = likelihood / max(glyph.confidence, likelihood)
            changed = "".join([*texts[:index], letter, *texts[index + 1 :]])
            if share >= _MIN_LIKELIHOOD and letter.isalpha() and is_word(changed):
                yield share, first + index, letter
