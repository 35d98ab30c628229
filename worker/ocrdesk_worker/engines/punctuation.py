"""Corrects punctuation that Tesseract read as other signs: quotation marks in halves, and braces for parentheses."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ocrdesk.contract.document import Block, Word

_OPENING = re.compile(r"^([(\[]*)(?:(,,)|(''|[\u2018\u2019`]{2}))(?=[^\W\d_])")
_CLOSING = re.compile(r"(?<=[^\W\d_]|(?<=[^\W\d_])[.,;:!?])(?:(''(?!'))|[\u2018\u2019]{2})(?=[.,;:!?)\]]*$)")
_LOW_MARK, _OPENING_MARK, _CLOSING_MARK = "\N{DOUBLE LOW-9 QUOTATION MARK}", "\u201c", "\u201d"
_BRACES = str.maketrans("{}", "()")


def fix_punctuation(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Return the blocks with whole quotation marks before and after letters, and parentheses in pairs.

    Two apostrophes are printed like a quotation mark. Beside digits they stay: they may be seconds or inches.
    """
    return tuple(block.with_words(_fixed) for block in blocks)


def _fixed(word: Word) -> Word:
    text = fixed_text(word.text)
    return word if text == word.text else word.model_copy(update={"text": text})


def fixed_text(text: str) -> str:
    """Return a word with its punctuation corrected."""
    if text.isalnum():
        return text
    text = _OPENING.sub(_opening, text)
    text = _CLOSING.sub(lambda found: '"' if found[1] else _CLOSING_MARK, text)
    brackets = [sign for sign in text if sign in "(){}"]
    return text.translate(_BRACES) if brackets in (["(", "}"], ["{", ")"]) else text


def _opening(found: re.Match[str]) -> str:
    before, low, high = found.groups()
    return before + (_LOW_MARK if low else '"' if high == "''" else _OPENING_MARK)
