"""Restores the signs of a page that engines misread or leave out."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line, Source, Word
from ocrdesk_worker.engines.signs.bars import BARS, place_of_bar, with_place_of_ink
from ocrdesk_worker.engines.signs.fractions import (
    UPPER_DIGITS,
    Fraction,
    find_fraction,
    may_be_fraction,
    place_of_fraction,
    with_fraction,
)
from ocrdesk_worker.engines.signs.ink_areas import PlacesOfInk
from ocrdesk_worker.engines.signs.lone_signs import LoneSign, find_lone_signs
from ocrdesk_worker.engines.signs.ones import with_ones
from ocrdesk_worker.engines.signs.raised_digits import (
    WordInk,
    find_runs,
    may_have_small_digits,
    place_of_digits,
    with_digits,
)
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
    ink = PlacesOfInk(image)
    changed = _read_small_print(ink, blocks, read)
    found: dict[int, list[LoneSign]] = {}
    for sign in find_lone_signs(ink, blocks):
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


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A word that may have signs: its line, its number there, and the places where its ink shows what it is."""

    line: Line
    number: int
    bar: Box | None
    fraction: Box | None
    digits: Box | None


def _candidates(image: Pixels, blocks: Sequence[Block]) -> Iterator[_Candidate]:
    for line in (line for block in blocks for line in block.lines):
        for number, word in enumerate(line.words):
            bar = place_of_bar(line, number) if word.text in BARS else None
            fraction = place_of_fraction(line, number) if bar is None and may_be_fraction(word) else None
            digits = place_of_digits(line, number) if may_have_small_digits(image, line, number) else None
            if bar is not None or fraction is not None or digits is not None:
                yield _Candidate(line, number, bar, fraction, digits)


def _read_small_print(ink: PlacesOfInk, blocks: Sequence[Block], read: ReadImages) -> dict[int, Word]:
    """Return the words that have fractions, and raised or lowered digits, by the identity of the words as they were."""
    fractions: list[tuple[Word, Fraction]] = []
    digits: list[tuple[Word, WordInk]] = []
    before: dict[int, str] = {}
    bars: dict[int, Word] = {}
    places = 0
    candidates = list(islice(_candidates(ink.image, blocks), _MOST_PLACES))
    ink.prepare(place for one in candidates for place in (one.bar, one.fraction, one.digits) if place is not None)
    for one in candidates:
        if places >= _MOST_PLACES:
            break
        line, number, word = one.line, one.number, one.line.words[one.number]
        if one.bar is not None:
            places += 1
            if (placed := with_place_of_ink(ink, line, number)) is not None:
                bars[id(word)] = placed
        elif one.fraction is not None:
            places += 1
            if fraction := find_fraction(ink, line, number):
                fractions.append((word, fraction))
                continue
        if one.digits is not None:
            places += 1
            if found := find_runs(ink, line, number):
                digits.append((word, found))
                before[id(word)] = line.words[number - 1].text if number else ""
    uppers = [fraction.upper for _, fraction in fractions]
    runs = [cut_out(ink.image, run.areas) for _, found in digits for run in found.runs]
    texts = iter(read_small([*uppers, *runs], read))
    # most are per cent signs, of which the lower part need not be read
    likely = [(word, fraction, upper) for word, fraction in fractions if (upper := next(texts)) in UPPER_DIGITS]
    lowers = read_small([fraction.lower for _, fraction, _ in likely], read)
    changed = bars
    for (word, fraction, upper), lower in zip(likely, lowers, strict=True):
        _change(changed, word, with_fraction(word, fraction, upper, lower))
    for word, found in digits:
        text = with_digits(word, found, [next(texts) for _ in found.runs])
        _change(changed, word, with_cents(text, before[id(word)]) if text else None)
    return changed


def _change(changed: dict[int, Word], word: Word, text: str | None) -> None:
    if text is not None and text != word.text:
        changed[id(word)] = word.model_copy(update={"text": text, "confidence": min(_CONFIDENCE, word.confidence)})
