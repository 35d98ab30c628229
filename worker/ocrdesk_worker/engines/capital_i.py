"""Tells an I from a vertical bar, and II from Il: an I stands on the line, a bar reaches below it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from statistics import median

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line, Word

_NUMERAL = re.compile(r"I[Il|]{1,2}")
_BAR = re.compile("[|\N{BROKEN BAR}][.,]?")
_DESCENDING = frozenset("gjpqyQ,;()[]{}|_/")
_RISING = frozenset("bdfhklt")
_ON_LINE = 0.08
"""In heights of the bar: how far its ends are from those of the letters beside it."""
_NEAR = 1.0
"""In heights of the bar: the widest gap to a word beside it."""


def fix_capital_i(blocks: Iterable[Block], is_word: Callable[[str], bool]) -> tuple[Block, ...]:
    """Return the blocks with an I for each bar that is a word or an initial, in a language that has this word.

    Numerals such as II have an I for each l and bar, in all languages that lack the word with an l.
    """
    blocks = tuple(block.with_words(lambda word: _numeral(word, is_word)) for block in blocks)
    if not is_word("I"):
        return blocks
    return tuple(block.model_copy(update={"lines": tuple(map(_fixed, block.lines))}) for block in blocks)


def _numeral(word: Word, is_word: Callable[[str], bool]) -> Word:
    if not _NUMERAL.fullmatch(word.text) or is_word(word.text):
        return word
    return word.model_copy(update={"text": "I" * len(word.text)})


def _fixed(line: Line) -> Line:
    if not any(_BAR.fullmatch(word.text) for word in line.words):
        return line
    words = tuple(
        word.model_copy(update={"text": "I" + word.text[1:]})
        if _BAR.fullmatch(word.text) and _is_letter(word, line.words)
        else word
        for word in line.words
    )
    return line.model_copy(update={"words": words})


def _is_letter(bar: Word, words: Iterable[Word]) -> bool:
    """Return whether a bar ends where the letters beside it do; a comma after it may reach below them."""
    beside = [word for word in words if len(word.text) > 1 and word.text[0].isalpha()]
    if not any(bar.box.gap(word.box) <= _NEAR * bar.box.height for word in beside):
        return False
    feet = [word.box.bottom for word in beside if not _DESCENDING.intersection(word.text)]
    tops = [word.box.top for word in beside if word.text[0].isupper() or _RISING.intersection(word.text)]
    if not feet or not tops:
        return False
    foot = median(feet)
    box = bar.box if len(bar.text) == 1 else bar.box._replace(bottom=min(bar.box.bottom, round(foot)))
    return _ends_at(box, median(tops), foot)


def _ends_at(box: Box, top: float, foot: float) -> bool:
    near = max(1.0, _ON_LINE * box.height)
    return abs(box.top - top) <= near and abs(box.bottom - foot) <= near
