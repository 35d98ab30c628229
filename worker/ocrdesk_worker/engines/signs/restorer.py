"""Restores the signs of a page that engines misread or leave out."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence

from ocrdesk.contract.document import Block, Line, Source, Word
from ocrdesk_worker.engines.signs.bars import BARS, with_place_of_ink
from ocrdesk_worker.engines.signs.fractions import UPPER_DIGITS, Fraction, find_fraction, may_be_fraction, with_fraction
from ocrdesk_worker.engines.signs.lone_signs import LoneSign, find_lone_signs
from ocrdesk_worker.engines.signs.ones import with_ones
from ocrdesk_worker.engines.signs.raised_digits import WordInk, find_runs, may_have_small_digits, with_digits
from ocrdesk_worker.engines.signs.small_print import ReadImages, cut_out, read_small
from ocrdesk_worker.preprocess.pixels import Pixels
from ocrdesk_worker.small_digits import with_cents

_log = logging.getLogger(__name__)

_CONFIDENCE = 0.9
"""That of a sign that was found by its shape."""
_MOST_PLACES = 400
"""So many words of a page are looked at for each kind of sign."""


def restore_signs(image: Pixels, blocks: Sequence[Block], read: ReadImages) -> tuple[Block, ...]:
    """Return the blocks with their raised and lowered digits, fractions, bullets and arrows.

    `image` is the page, dark on light. `read` reads small images with the characters that it is given.
    """
    changed = _read_small_print(image, blocks, read)
    found: dict[int, list[LoneSign]] = {}
    for sign in find_lone_signs(image, blocks):
        found.setdefault(id(sign.line), []).append(sign)
    return tuple(
        block.refilled(lambda line: _words(line, changed, found.get(id(line), ()))) or block for block in blocks
    )


def _words(line: Line, changed: dict[int, Word], signs: Iterable[LoneSign]) -> tuple[Word, ...]:
    """Return the words of a line with those that changed, and signs in their places."""
    words = [[_with_ones(changed.get(id(word), word))] for word in line.words]
    for sign in signs:
        new = Word(text=sign.sign, box=sign.box, confidence=_CONFIDENCE, source=Source.RAPID)
        if sign.word is not None:
            words[sign.word] = [new]
        else:
            words[sign.before].insert(0, new)
    return tuple(word for group in words for word in group)


def _with_ones(word: Word) -> Word:
    text = with_ones(word.text)
    return word if text == word.text else word.model_copy(update={"text": text})


def _read_small_print(image: Pixels, blocks: Sequence[Block], read: ReadImages) -> dict[int, Word]:
    """Return the words that have fractions, and raised or lowered digits, by the identity of the words as they were."""
    fractions: list[tuple[Word, Fraction]] = []
    digits: list[tuple[Word, WordInk]] = []
    before: dict[int, str] = {}
    bars: dict[int, Word] = {}
    places = 0
    for line in (line for block in blocks for line in block.lines):
        for number, word in enumerate(line.words):
            if places >= _MOST_PLACES:
                break
            if word.text in BARS:
                places += 1
                if (placed := with_place_of_ink(image, line, number)) is not None:
                    bars[id(word)] = placed
            elif may_be_fraction(word):
                places += 1
                if fraction := find_fraction(image, line, number):
                    fractions.append((word, fraction))
                    continue
            if may_have_small_digits(image, line, number):
                places += 1
                if ink := find_runs(image, line, number):
                    digits.append((word, ink))
                    before[id(word)] = line.words[number - 1].text if number else ""
    uppers = [fraction.upper for _, fraction in fractions]
    runs = [cut_out(image, run.areas) for _, ink in digits for run in ink.runs]
    texts = iter(read_small([*uppers, *runs], read))
    # most are per cent signs, of which the lower part need not be read
    likely = [(word, fraction, upper) for word, fraction in fractions if (upper := next(texts)) in UPPER_DIGITS]
    lowers = read_small([fraction.lower for _, fraction, _ in likely], read)
    changed = bars
    for (word, fraction, upper), lower in zip(likely, lowers, strict=True):
        _change(changed, word, with_fraction(word, fraction, upper, lower))
    for word, ink in digits:
        text = with_digits(word, ink, [next(texts) for _ in ink.runs])
        _change(changed, word, with_cents(text, before[id(word)]) if text else None)
    return changed


def _change(changed: dict[int, Word], word: Word, text: str | None) -> None:
    if text is not None and text != word.text:
        changed[id(word)] = word.model_copy(update={"text": text, "confidence": min(_CONFIDENCE, word.confidence)})
