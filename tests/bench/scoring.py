"""Scores a reading against the truth: words at their places, words in any order, characters, and confidence."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import pairwise
from statistics import mean
from typing import NamedTuple

_SAME_SIGNS = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-"}
    | {"\u2022": "*", "\u00b7": "*", "\u2026": "..."}
)
"""Characters that look alike on paper: quotation marks, dashes, bullets, three dots."""
_BOX = re.compile(r"\bbbox((?:\s+-?[\d.]+){4})")
_RUN = re.compile(r"[A-Z0-9]+")
_TENTHS = 10


class PlacedWord(NamedTuple):
    """A folded word and its box, in pixels of the image that the truth was made for."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def holds_centre_of(self, other: PlacedWord) -> bool:
        x, y = (other.left + other.right) / 2, (other.top + other.bottom) / 2
        return self.left <= x <= self.right and self.top <= y <= self.bottom


def fold(text: str) -> str:
    """Return a word without white space, and with one character for those that look alike."""
    return "".join(text.split()).translate(_SAME_SIGNS)


def met(truth: Sequence[PlacedWord], found: Sequence[PlacedWord]) -> set[int]:
    """Return the indexes of the correct found words: each matches a word of the truth by text and place.

    By place: the centre of one is in the box of the other. A found word matches at most one word of the truth.
    """
    by_text: dict[str, list[int]] = defaultdict(list)
    for index, word in enumerate(found):
        by_text[word.text].append(index)
    right: set[int] = set()
    for word in truth:
        for index in by_text[word.text]:
            if index not in right and (found[index].holds_centre_of(word) or word.holds_centre_of(found[index])):
                right.add(index)
                break
    return right


def positional_accuracy(truth: Sequence[PlacedWord], found: Sequence[PlacedWord]) -> float:
    """Return the share of the truth's words that are matched."""
    return len(met(truth, found)) / len(truth) if truth else 1.0


def bag_of_words(text: str) -> Counter[str]:
    """Return the text's words, with case folded and without the punctuation at their ends."""
    words = (re.sub(r"^[\W_]+|[\W_]+$", "", word) for word in text.casefold().translate(_SAME_SIGNS).split())
    return Counter(word for word in words if word)


def bag_of_runs(text: str) -> Counter[str]:
    """Return the text's runs of letters and digits, in upper case."""
    return Counter(_RUN.findall(text.upper()))


def f1(truth: Counter[str], found: Counter[str]) -> float:
    """Return how well two bags agree: 2 x common / (both)."""
    total = truth.total() + found.total()
    return 2 * (truth & found).total() / total if total else 1.0


def error_rate(truth: str, found: str) -> float:
    """Return insertions, deletions and substitutions per character of the truth; any white space is one blank."""
    wanted, got = (" ".join(text.translate(_SAME_SIGNS).split()) for text in (truth, found))
    return edits(wanted, got) / len(wanted) if wanted else float(bool(got))


def edits(one: str, other: str) -> int:
    """Return the Levenshtein distance, with each column of its table in the bits of two numbers (Myers, Hyyro)."""
    if not one:
        return len(other)
    places: dict[str, int] = defaultdict(int)
    for index, character in enumerate(one):
        places[character] |= 1 << index
    whole, last, distance = (1 << len(one)) - 1, 1 << (len(one) - 1), len(one)
    up, down = whole, 0  # the rows in which the value is one more, or one less, than the value above
    for character in other:
        same = places.get(character, 0)
        diagonal = (((same & up) + up) ^ up) | same | down
        right_up, right_down = down | (whole & ~(diagonal | up)), up & diagonal
        distance += bool(right_up & last) - bool(right_down & last)
        right_up, right_down = (right_up << 1) | 1, right_down << 1
        up, down = whole & (right_down | ~(same | down | right_up)), whole & right_up & (same | down)
    return distance


def hocr_words(hocr: str) -> list[PlacedWord]:
    """Return the words of an hOCR file that have a box and a text."""
    reader = _HocrReader()
    reader.feed(hocr)
    reader.close()
    return reader.words


class _HocrReader(HTMLParser):
    """Collect the content of spans of class ocrx_word."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[PlacedWord] = []
        self._box: list[float] | None = None
        self._pieces: list[str] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "span":
            return
        if self._depth:
            self._depth += 1
            return
        named = dict(attrs)
        if "ocrx_word" in (named.get("class") or "").split():
            found = _BOX.search(named.get("title") or "")
            self._box = [float(number) for number in found[1].split()] if found else None
            self._pieces, self._depth = [], 1

    def handle_endtag(self, tag: str) -> None:
        if tag != "span" or not self._depth:
            return
        self._depth -= 1
        text = fold("".join(self._pieces))
        if self._depth == 0 and text and self._box:
            self.words.append(PlacedWord(text, *self._box))

    def handle_data(self, data: str) -> None:
        if self._depth:
            self._pieces.append(data)


class Judged(NamedTuple):
    """A found word's confidence, 0 to 1, and whether it is correct."""

    confidence: float
    is_right: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Words of similar confidence."""

    lowest: float
    highest: float
    words: int
    confidence: float
    """The mean."""
    right: float
    """The share of words that are correct."""


def deciles(judged: Iterable[Judged]) -> list[Group]:
    """Return ten groups of equal size, by rising confidence."""
    ordered = sorted(judged)
    bounds = [round(len(ordered) * number / _TENTHS) for number in range(_TENTHS + 1)]
    return [_group(ordered[start:end]) for start, end in pairwise(bounds) if end > start]


def scale_tenths(judged: Iterable[Judged]) -> list[Group]:
    """Group the words by the tenth of the scale that contains their confidence; omit tenths without words."""
    tenths: dict[int, list[Judged]] = defaultdict(list)
    for word in judged:
        tenths[min(_TENTHS - 1, int(word.confidence * _TENTHS))].append(word)
    return [_group(sorted(tenths[number])) for number in sorted(tenths)]


def _group(ordered: Sequence[Judged]) -> Group:
    return Group(
        ordered[0].confidence,
        ordered[-1].confidence,
        len(ordered),
        mean(word.confidence for word in ordered),
        mean(word.is_right for word in ordered),
    )


def calibration_error(groups: Sequence[Group]) -> float:
    """Return the average difference between confidence and share of correct words, over the words of all groups."""
    words = sum(group.words for group in groups)
    return sum(group.words * abs(group.confidence - group.right) for group in groups) / words if words else 0.0
