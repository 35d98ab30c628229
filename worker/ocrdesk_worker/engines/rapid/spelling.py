"""Puts words right that the reader got wrong by one letter: it reads letters alone, and a dictionary knows words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ocrdesk_worker.engines.rapid.recognizer import Glyph

Knows = Callable[[str], bool]

_LEAST_LETTERS = 4
"""Shorter words are too easily made of something else."""
_LEAST_LIKELY = 0.01
"""How likely another letter must be for the reader, as a share of its choice's likelihood."""


def spelled(glyphs: Sequence[Glyph], knows: Knows) -> Sequence[Glyph]:
    """One word's glyphs; with the likeliest other letter in one place that makes an unknown word a known one."""
    first, last = _core(glyphs)
    word = "".join(glyph.text for glyph in glyphs[first:last])
    if sum(sign.isalpha() for sign in word) < _LEAST_LETTERS or knows(word):
        return glyphs
    best = max(_changes(glyphs, first, last, knows), default=None)
    if best is None:
        return glyphs
    _, place, letter = best
    return [*glyphs[:place], replace(glyphs[place], text=letter), *glyphs[place + 1 :]]


def _core(glyphs: Sequence[Glyph]) -> tuple[int, int]:
    """Where the word begins and ends without the punctuation around it."""
    inside = [place for place, glyph in enumerate(glyphs) if glyph.text.isalnum()]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def _changes(glyphs: Sequence[Glyph], first: int, last: int, knows: Knows) -> Iterator[tuple[float, int, str]]:
    """How likely each other letter is that makes a known word, its place, and the letter."""
    texts = [glyph.text for glyph in glyphs[first:last]]
    for at, glyph in enumerate(glyphs[first:last]):
        for letter, likely in glyph.others:
            share = likely / max(glyph.confidence, likely)
            if share >= _LEAST_LIKELY and letter.isalpha() and knows("".join([*texts[:at], letter, *texts[at + 1 :]])):
                yield share, first + at, letter
