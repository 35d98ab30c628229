"""Groups an engine's words into lines and blocks.

Engines split text of scripts without spaces, and Korean, at other places than spaces. Parts of one word are united.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line, Word
from ocrdesk.contract.word_spacing import is_split_by_engines, separator

_MICRO, _MU = "\N{MICRO SIGN}", "\N{GREEK SMALL LETTER MU}"
_GREEK = re.compile("[\u03ac-\u03ce\u1f00-\u1fff]")
"""Small letters: a capital omega after a micro sign is a unit."""


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word and the numbers of the block and line that contain it, in reading order."""

    block: int
    line: int
    word: Word
    touches: bool = False
    """Whether the engine saw no space between this word and the one before it in the line."""


def group_words(words: Iterable[PlacedWord]) -> tuple[Block, ...]:
    """Return blocks of lines of words; each line and block gets the box around its content."""
    blocks = []
    for _, in_block in groupby(words, key=lambda placed: placed.block):
        lines = []
        for _, in_line in groupby(in_block, key=lambda placed: placed.line):
            members = tuple(_united(in_line))
            lines.append(Line(box=Box.around([word.box for word in members]), words=members))
        blocks.append(Block(box=Box.around([line.box for line in lines]), lines=tuple(lines)))
    return tuple(blocks)


def _united(placed: Iterable[PlacedWord]) -> list[Word]:
    """Return the words of a line; those that touch are one word, unless they are written without a space anyway."""
    words: list[Word] = []
    for here in placed:
        word = _with_greek_mu(here.word)
        if words and here.touches and _belong_together(words[-1], word):
            words[-1] = _unite(words[-1], word)
        else:
            words.append(word)
    return words


def _with_greek_mu(word: Word) -> Word:
    """Return the word with the Greek letter where Tesseract's Greek data has the micro sign, which looks the same."""
    if _MICRO not in word.text or not _GREEK.search(word.text):
        return word
    return word.model_copy(update={"text": word.text.replace(_MICRO, _MU)})


def _belong_together(before: Word, after: Word) -> bool:
    is_split = is_split_by_engines(before.text[-1]) or is_split_by_engines(after.text[0])
    return is_split and separator(before, after) == " "


def _unite(before: Word, after: Word) -> Word:
    """Return two words as one, which is as sure as the less sure of them."""
    return before.model_copy(
        update={
            "text": before.text + after.text,
            "box": Box.around([before.box, after.box]),
            "confidence": min(before.confidence, after.confidence),
        }
    )
