"""Restores the sign of the Indian rupee, which Tesseract's models of most languages do not know.

They omit it, or read a digit or another sign in its place, which makes amounts wrong. The recogniser knows it. Amounts
that Tesseract is unsure of are read with what is printed before them, and, if one has the sign, all others of the page.
The sign is added only where the rest of the amount is read like Tesseract's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line, Source, Word
from ocrdesk_worker.engines.calibration import DOUBTFUL
from ocrdesk_worker.engines.rapid.recognizer import Glyph
from ocrdesk_worker.preprocess.pixels import Pixels, np

SIGN = "\N{INDIAN RUPEE SIGN}"
_CHARACTERS = frozenset(f"0123456789.,-/{SIGN}")
_AMOUNT = re.compile(r"\D{0,2}(\d[\d.,]*\d)[.,;]?")
_SAMPLE = 6
"""Amounts of a page that are read first, in one cut: without a sign among them, nothing else is read."""
_CUTS = ((1.6, 0.4, 0.8), (1.6, 0.15, 0.5), (0.9, 0.25, 0.3), (1.0, 0.05, 0.2), (0.4, 0.2, 0.8))
"""In heights of the word: how far before it its sign may begin, what is cut out above and below it, and the paper added
before it. The next is tried if no sign is found."""
_SIGN_SURE, _DIGITS_SURE = 0.4, 0.8
_SIGN_SURE_AGAIN = 0.2
"""The sign's least confidence on a page where it was found."""
_SIGN_IN_PLACE_OF_DIGIT = 2
"""So many amounts of a page must have the sign before it replaces a digit."""

_Cut = tuple[float, float, float]
ReadImages = Callable[[Sequence[Pixels], frozenset[str]], Sequence[Sequence[Glyph] | None]]


@dataclass(frozen=True, slots=True)
class _Amount:
    """An amount, its digits, where the word before it ends, and whether it or a sign before it is doubtful."""

    word: Word
    digits: str
    start: int
    is_doubtful: bool


def restore_rupee_signs(image: Pixels, blocks: tuple[Block, ...], read: ReadImages) -> tuple[Block, ...]:
    """Return the blocks of a grey page image with the sign before the amounts that have it."""
    amounts = [found for block in blocks for line in block.lines for found in _amounts(line)]
    sample = [amount for amount in amounts if amount.is_doubtful][:_SAMPLE]
    signed = _signed_within(image, sample, _CUTS[0], read, _SIGN_SURE)
    if not signed:
        return blocks
    signed |= _signed(image, [amount for amount in amounts if amount.word not in signed], read, _SIGN_SURE_AGAIN)
    if len(signed) < _SIGN_IN_PLACE_OF_DIGIT:
        signed = {old: new for old, new in signed.items() if new.text.endswith(_core(old))}
    restored = (block.refilled(lambda line: _with_signs(line, signed)) for block in blocks)
    return tuple(block for block in restored if block is not None)


def _amounts(line: Line) -> list[_Amount]:
    found = []
    for number, word in enumerate(line.words):
        match = _AMOUNT.fullmatch(word.text)
        if match:
            before = [other.box.right for other in line.words[:number] if not _may_be_sign(other)]
            is_doubtful = _is_doubtful(word) or (number > 0 and _may_be_sign(line.words[number - 1]))
            found.append(_Amount(word, match[1], max(before, default=0), is_doubtful))
    return found


def _signed(image: Pixels, amounts: Sequence[_Amount], read: ReadImages, sure: float) -> dict[Word, Word]:
    """Return the words of these amounts that have the sign, and the words that replace them."""
    signed: dict[Word, Word] = {}
    for cut in _CUTS:
        left_over = [amount for amount in amounts if amount.word not in signed]
        signed |= _signed_within(image, left_over, cut, read, sure)
    return signed


def _signed_within(
    image: Pixels, amounts: Sequence[_Amount], cut: _Cut, read: ReadImages, sure: float
) -> dict[Word, Word]:
    if not amounts:
        return {}
    cuts = [_cut_out(image, amount, cut) for amount in amounts]
    readings = read([part for part, _, _ in cuts], _CHARACTERS)
    signed = {}
    for amount, (part, left, added), read_glyphs in zip(amounts, cuts, readings, strict=True):
        glyphs = [glyph for glyph in read_glyphs or () if glyph.text != " "]
        if glyphs and _has_sign(glyphs, amount, sure):
            start = round(left - added + glyphs[0].start * part.shape[1])
            box = amount.word.box
            box = Box(max(0, amount.start, min(start, box.left)), box.top, box.right, box.bottom)
            text = "".join(glyph.text for glyph in glyphs)
            signed[amount.word] = Word(text=text, box=box, confidence=DOUBTFUL, source=Source.RAPID)
    return signed


def _cut_out(image: Pixels, amount: _Amount, cut: _Cut) -> tuple[Pixels, int, int]:
    """Return the amount with what is before it, the left edge, and the columns of paper added there."""
    box = amount.word.box
    reach, around, before = cut
    margin, added = int(around * box.height) + 1, int(before * box.height)
    left = max(0, amount.start + 1, box.left - int(reach * box.height))
    part = image[max(0, box.top - margin) : box.bottom + margin, min(left, box.left) : box.right + margin]
    paper = int(np.percentile(part, 90))
    return np.pad(part, ((0, 0), (added, 0)), constant_values=paper), min(left, box.left), added


def _has_sign(glyphs: Sequence[Glyph], amount: _Amount, sure: float) -> bool:
    """Return whether the sign is before the digits, of which the first may be the sign if the word is doubtful."""
    first, *rest = glyphs
    if first.text != SIGN or first.confidence < sure or not rest:
        return False
    text = "".join(glyph.text for glyph in rest)
    is_known = text == amount.digits or (text == amount.digits[1:] and _is_doubtful(amount.word))
    return is_known and fmean(glyph.confidence for glyph in rest) >= _DIGITS_SURE


def _core(word: Word) -> str:
    match = _AMOUNT.fullmatch(word.text)
    return SIGN + match[1] if match else word.text


def _with_signs(line: Line, signed: dict[Word, Word]) -> list[Word]:
    """Return the line's words with the sign, without what was read in its place as a word of its own."""
    new = [signed.get(word, word) for word in line.words]
    signs = [word.box for word in new if word not in line.words]
    return [word for word in new if not (_may_be_sign(word) and any(word.box.shared_area(box) for box in signs))]


def _is_doubtful(word: Word) -> bool:
    """Return whether Tesseract was unsure of the word, which may have been read again."""
    return word.confidence < DOUBTFUL or word.source == Source.RAPID


def _may_be_sign(word: Word) -> bool:
    return len(word.text) <= 1 and not word.text.isalnum() and _is_doubtful(word)
