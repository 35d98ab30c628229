"""Restores raised and lowered digits, such as m², H₂O and the marks of footnotes.

Engines read them as usual digits, or as signs that look like them: `m?`, `CO,`. What decides is the ink: a digit that
is smaller than the letters beside it, and stands above or below the line, is raised or lowered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Line, Word
from ocrdesk_worker.engines.signs.ink_areas import Height, InkArea, PlacesOfInk, has_ink, height_at
from ocrdesk_worker.preprocess.pixels import Pixels
from ocrdesk_worker.small_digits import LOWERED, RAISED, USUAL

_SIGNS = frozenset("0123456789?!*'`^$&%SZ|>,;:.\"\\]\u00b0\u2019\u201d\u201c\u2018\u00b4\u00ae\u2122\u00a9\u00ab\u00bb")
"""What engines take small digits for."""
_SIGN = f"[{re.escape(''.join(sorted(_SIGNS)))}]"
_CANDIDATE = re.compile(rf"[^\W_][\w.,;:!?)\]\u2019\u201d%-]{{0,40}}?{_SIGN}{{1,3}}[\w.,;:!?)\]]{{0,4}}")
"""A word that may have a raised or lowered digit: after a letter, a digit or the end of a sentence."""
_PRICE = re.compile(r"[$\u20ac\u00a3\u00a5]\d{3,6}[.,;:]?")
"""A price without a point: its cents may be raised."""
_LONE = re.compile(rf"{_SIGN}{{1,3}}")
_CERTAIN = 0.97
_PLAIN = re.compile(r"[^\W\d]{4,}[.,;:]|\d{1,3}([.,]\d{3})*[.,;:]?|(19|20)\d\d[.,;:]?|[\d.,]+%[.,;:)]?")
"""Most words that match end with a sentence, or are numbers: they are looked at only if an engine doubted them."""
_HEIGHTS = 0.38, 0.76
"""In heights of a capital: how high small digits are."""
_ABOVE, _TOP = 0.25, 0.85
"""In heights of a capital: how far above the line a raised digit ends, and reaches at least."""
_BELOW, _LOW = 0.09, (0.27, 0.62)
"""The same of a lowered digit: how far below the line it ends, and between which heights its top is."""
_LOWERED_HEIGHT = 0.44
"""A comma is lower."""
_LARGER, _APART = 1.1, 0.2
"""The letter before a small digit is at least so many times as high, and a raised one ends so far above its foot."""
_WIDEST = 1.4
"""In heights of the digit: a wider area is no digit."""
_NEAR = 0.35
"""In heights of a capital: the widest gap before a small digit."""
_NEAR_WORD = 1.0
"""The same before a raised digit that was read as a word of its own."""
_BESIDE = 0.7
"""In heights of the word: how far beyond the word's box its last digit may be."""
_MOST_DIGITS, _MOST_RUNS, _MOST_SPLITS = 3, 4, 500
_SYMBOL = 2
"""After a symbol of so many letters, or capitals, what looks like a comma may be a lowered digit."""
_MOST_MERGED = 2.5
"""So many letters of a text are one area of its ink on average, at most."""
_MOST_APART = 1
"""The letters of a text and of its ink may differ so much, and by a quarter: letters may touch."""


@dataclass(frozen=True, slots=True)
class Run:
    """Areas of ink beside each other that may be raised or lowered digits; `letters` areas stand before them."""

    areas: tuple[Box, ...]
    is_raised: bool
    letters: int

    def as_digits(self, text: str) -> str:
        return text.translate(RAISED if self.is_raised else LOWERED)


def may_have_small_digits(image: Pixels, line: Line, number: int) -> bool:
    """Return whether the ink of a word is worth looking at."""
    word, text = line.words[number], line.words[number].text.translate(USUAL)
    if _PRICE.fullmatch(text):
        return True
    if _CANDIDATE.fullmatch(text):
        return word.confidence < _CERTAIN or not _PLAIN.fullmatch(text)
    if number == 0 and len(line.words) > 1 and _LONE.fullmatch(text):
        return True
    return text[-1].isalnum() and has_ink(image, _beside(line, number))


@dataclass(frozen=True, slots=True)
class WordInk:
    """The runs of a word, from left to right, and how many letters follow the last one."""

    runs: tuple[Run, ...]
    letters_after: int


def place_of_digits(line: Line, number: int) -> Box:
    """Return the place of a word, with that of digits below its letters or beside it."""
    left, top, right, bottom = line.words[number].box
    return Box(left, top, max(right, _beside(line, number).right), bottom + (bottom - top) // 3)


def find_runs(ink: PlacesOfInk, line: Line, number: int) -> WordInk | None:
    """Return the ink of a word with raised or lowered digits; None if it has none, or says nothing clear."""
    areas = ink.find(place_of_digits(line, number))
    height = height_at(line, number, areas)
    if height is None:
        return None
    kinds = [_kind(area, height) for area in areas]
    boxes = [area.box for area in areas]
    runs: list[Run] = []
    first = 0
    for kind, group in groupby(range(len(areas)), key=lambda index: kinds[index]):
        numbers = list(group)
        if kind is None:
            continue
        run, before = tuple(boxes[index] for index in numbers), boxes[first : numbers[0]]
        if len(run) > _MOST_DIGITS or (before and not _belongs(run, before, height, is_raised=kind)):
            return None
        runs.append(Run(run, kind, _count_letters(before)))
        first = numbers[-1] + 1
    after = _count_letters(boxes[first:])
    if not _is_clear(runs, after) or (runs[0].letters == 0 and _is_apart(line, number, runs[0], height)):
        return None
    return WordInk(tuple(runs), after)


def _belongs(run: Sequence[Box], before: Sequence[Box], height: Height, *, is_raised: bool) -> bool:
    """Return whether digits are smaller than what they follow, and stand higher or lower than that."""
    letter = max(before[-2:], key=lambda box: box.height)
    by = (letter.bottom - run[0].bottom) / height.capital
    return (
        run[0].left - before[-1].right <= _NEAR * height.capital
        and letter.height >= _LARGER * max(box.height for box in run)
        and (by >= _APART if is_raised else by <= -_BELOW)
    )


def _is_clear(runs: Sequence[Run], after: int) -> bool:
    """Return whether the runs may be digits of a word: a mark by itself, or digits after letters, raised at its end."""
    if not 0 < len(runs) <= _MOST_RUNS:
        return False
    if runs[0].letters == 0:
        return len(runs) == 1 and after == 0
    return not any(run.is_raised for run in runs[:-1]) and all(run.letters for run in runs[1:])


def _is_apart(line: Line, number: int, run: Run, height: Height) -> bool:
    """Return whether digits are far behind the word before them: then they are a number in another column."""
    gap = run.areas[0].left - line.words[number - 1].box.right if number else 0
    return gap > _NEAR_WORD * height.capital


def with_digits(word: Word, ink: WordInk, texts: Sequence[str]) -> str | None:
    """Return the word's text with the runs as raised and lowered digits; None if they do not fit to the text.

    `texts` are the digits of each run.
    """
    runs = ink.runs
    if not all(texts) or any(run.is_raised and text == "0" for run, text in zip(runs, texts, strict=True)):
        return None  # a raised 0 alone is the sign for degrees
    parts = _best_split(word.text.translate(USUAL), ink, texts)
    if parts is None:
        return None
    digits = (run.as_digits(text) for run, text in zip(runs, texts, strict=True))
    return "".join(part if index % 2 == 0 else next(digits) for index, part in enumerate(parts))


def _best_split(text: str, ink: WordInk, digits: Sequence[str]) -> tuple[str, ...] | None:
    """Return the text's letters and digits in turn, so that each part has about as many letters as its ink."""
    counts = [*(run.letters for run in ink.runs), ink.letters_after]
    is_simple = len(digits) == 1 and not ink.letters_after
    best: tuple[bool, float] | None = None
    chosen = None
    for parts in islice(_splits(text, digits), _MOST_SPLITS):
        if bool(parts[0]) != bool(counts[0]) or bool(parts[-1]) != bool(counts[-1]) or not _may_be(parts, ink.runs):
            continue
        is_other = any(taken != wanted for taken, wanted in zip(parts[1::2], digits, strict=True))
        if any(len(part) > _MOST_MERGED * count for part, count in zip(parts[:-1:2], counts, strict=False)):
            continue
        apart: float = sum(abs(len(part) - count) for part, count in zip(parts[::2], counts, strict=True))
        apart += sum(abs(len(taken) - len(wanted)) for taken, wanted in zip(parts[1::2], digits, strict=True)) / 2
        if (is_simple or apart <= _MOST_APART + len(text) // 4) and (best is None or (is_other, apart) < best):
            best, chosen = (is_other, apart), parts
    return chosen


def _may_be(parts: Sequence[str], runs: Sequence[Run]) -> bool:
    """Return whether the letters around the digits are such that they may be raised or lowered."""
    if runs[-1].is_raised:
        return not any(map(str.isalnum, parts[-1]))
    for letters, taken in zip(parts[:-1:2], parts[1::2], strict=True):
        is_comma = not taken.isdecimal() and (letters.islower() or letters.istitle()) and len(letters) > _SYMBOL
        if not letters[-1:].isalpha() or is_comma:
            return False
    return True


def _splits(text: str, digits: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield the ways in which a text may be letters and runs of digits in turn, which it has as signs.

    The last run may be missing after a letter.
    """
    if not digits:
        yield (text,)
        return
    first, others = digits[0], digits[1:]
    for start in range(len(text) + 1):
        for end in range(start, min(len(text), start + len(first)) + 1):
            taken = text[start:end]
            is_lost = not taken and not others and end == len(text) and text[-1:].isalpha()
            if taken == first or (taken and _SIGNS.issuperset(taken)) or is_lost:
                yield from ((text[:start], taken, *rest) for rest in _splits(text[end:], others))


def _kind(area: InkArea, height: Height) -> bool | None:
    """Return True for a raised area, False for a lowered one, None for any other."""
    box, (low, high) = area.box, _HEIGHTS
    if not low * height.capital <= box.height <= high * height.capital or box.width > _WIDEST * box.height:
        return None
    top, bottom = height.above(box.top), height.above(box.bottom)
    if bottom >= _ABOVE and top >= _TOP:
        return True
    is_lowered = bottom <= -_BELOW and _LOW[0] <= top <= _LOW[1] and box.height >= _LOWERED_HEIGHT * height.capital
    return False if is_lowered else None


def _beside(line: Line, number: int) -> Box:
    """Return the place right of a word where a digit may stand that was not read."""
    box = line.words[number].box
    right = box.right + round(_BESIDE * box.height)
    following = [word.box.left for word in line.words[number + 1 : number + 2] if word.box.left > box.left]
    return Box(box.right, box.top, max(box.right, min([right, *following])), box.bottom)


def _count_letters(boxes: Sequence[Box]) -> int:
    """Return how many letters areas are: a dot above a letter is part of it."""
    count, right = 0, -1.0
    for box in boxes:
        if box.center_x > right:
            count += 1
        right = max(right, box.right)
    return count
