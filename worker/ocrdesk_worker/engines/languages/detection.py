"""Finds a page's languages among the installed ones, by reading a few of its lines with each and judging the words.

A line in its own language is read with more confidence and, above all, into words that the language's dictionary
has. The default language reads first: where it convinces, which takes a few lines, nothing else is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Protocol

from PIL import Image

from ocrdesk.contract.document import Box
from ocrdesk_worker.engines.languages.scripts import COMMON, script_of

_MOST_CANDIDATES = 12
"""Languages tried on a page at most; those that many documents are in come first."""
_SCRIPT_FROM = 8
"""Where more are installed than this, the page's script says which come first. It costs as much as trying four."""
_OTHER_SCRIPTS = 3
"""So many of the tried are in another script than most of the page: there may be two on it."""

_FIRST_LINES = (3, 5)
"""At least and at most so many lines are read to see whether the default will do: one in ten."""
_DOUBTFUL_LINES = 4
"""At most so many of those that it does not read well are read with every candidate."""
_LINES = 8
"""So many are read with each language that was better on one of them."""
_MOST_LANGUAGES = 3

_JUDGED_FROM = 8
"""Letters that a line must have to say anything."""
_CONVINCING = 0.75
"""A line's share of letters in words of the dictionary from which nothing else is tried on it."""
_CREDIBLE = 0.6
"""The score that a language must have to be a line's."""
_SETTLED = 0.8
"""The score from which no further language is tried on a line."""
_ALSO_FROM = 15
"""Letters that a line must have to put a second language on a page."""
_CUT_AT = 24
"""Lines are read up to so many times their height, which is some forty letters."""
_BETTER_BY = 0.1
"""What another language must be better by on a line to be the line's instead."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading one line in one language."""

    letters: int
    confidence: float
    """Mean over the words, by their letters; 0 to 1."""
    known: float
    """The share of letters that are in words of the language's dictionary."""

    @property
    def score(self) -> float:
        return self.confidence * (1 + self.known) / 2

    @property
    def convinces(self) -> bool:
        """Whether it can be taken as it is, or says too little to be doubted."""
        return self.letters < _JUDGED_FROM or min(self.known, self.confidence) >= _CONVINCING


class LineReader(Protocol):
    """What the choice needs of an engine."""

    def lines(self, image: Image.Image, dpi: float) -> list[Box]:
        """Where the lines of a page are, in reading order."""
        ...

    def read(self, line: Image.Image, dpi: float, language: str) -> Reading: ...

    def script(self, image: Image.Image, dpi: float) -> str | None:
        """The script of most of the page, as `Latin`; None when it cannot be told. Slow."""
        ...


def choose(
    reader: LineReader, image: Image.Image, dpi: float, installed: Sequence[str], default: str
) -> tuple[str, ...]:
    """The page's languages, that of most of it first, but the default last among several; the default alone where
    nothing tells them. The same each time."""
    candidates = [name for name in installed if not name.endswith("_vert")] or list(installed)
    default = default if default in candidates else candidates[0]
    if len(candidates) == 1:
        return (default,)
    boxes = _worth_reading(reader.lines(image, dpi))
    readings = _Readings(reader, image, dpi, default)
    doubtful = _doubtful(boxes, readings)[:_DOUBTFUL_LINES]
    if not doubtful:
        return (default,)
    ranked = _ranked(candidates, default, lambda: reader.script(image, dpi))
    better = readings.winners(doubtful, _tried(ranked, doubtful, readings), default)
    if better == {default}:
        return (default,)
    spread = _spread(boxes, _LINES)
    more = [box for box in spread if box not in doubtful and not readings.of(box, default).convinces]
    better |= readings.winners(more, _tried(ranked, more[:_DOUBTFUL_LINES], readings), default)
    candidates = [name for name in ranked if name in better or name == default]
    letters = dict.fromkeys(candidates, 0)
    for box in spread:
        winner = readings.winner(box, candidates, default)
        letters[winner] += readings.of(box, winner).letters
    by_letters = sorted(candidates, key=lambda name: -letters[name])
    main = by_letters[0]
    lines = dict.fromkeys([*spread, *doubtful])
    also = [name for name in by_letters[1:] if any(readings.adds(box, main, name) for box in lines)]
    # The default last: with it first, Tesseract is content with an unaccented word where another language has accents.
    return tuple(sorted((main, *also)[:_MOST_LANGUAGES], key=lambda name: name == default))


def _tried(ranked: Sequence[str], doubtful: Sequence[Box], readings: _Readings) -> list[str]:
    """The languages in their order, up to the one with which each of the lines has been read well."""
    open_lines = list(doubtful)
    tried = []
    for name in ranked:
        tried.append(name)
        open_lines = [box for box in open_lines if readings.of(box, name).score < _SETTLED]
        if not open_lines:
            break
    return tried


def _doubtful(boxes: Sequence[Box], readings: _Readings) -> list[Box]:
    """Sampled lines that the default does not read well, nor the line next to them: a name or a number is alone."""
    fewest, most = _FIRST_LINES
    found = []
    for box in _spread(boxes, min(most, max(fewest, len(boxes) // 10))):
        if readings.of(box, readings.default).convinces:
            continue
        index = boxes.index(box)
        beside = boxes[index + 1] if index + 1 < len(boxes) else boxes[index - 1]
        if beside == box or not readings.of(beside, readings.default).convinces:
            found.append(box)
    return found


class _Readings:
    """The sampled lines as each language reads them, each read once."""

    def __init__(self, reader: LineReader, image: Image.Image, dpi: float, default: str) -> None:
        self._reader, self._image, self._dpi = reader, image, dpi
        self.default = default
        self._known: dict[tuple[Box, str], Reading] = {}

    def of(self, box: Box, language: str) -> Reading:
        key = (box, language)
        if key not in self._known:
            self._known[key] = self._reader.read(self._cut_out(box), self._dpi, language)
        return self._known[key]

    def winner(self, box: Box, candidates: Sequence[str], main: str) -> str:
        """The language that the line is in: the main one, unless another reads it clearly better."""
        if self.of(box, main).convinces and self.of(box, main).letters:
            return main
        best = max(candidates, key=lambda language: self.of(box, language).score)  # the first of equals
        score = self.of(box, best).score
        return best if score >= max(_CREDIBLE, self.of(box, main).score + _BETTER_BY) else main

    def winners(self, boxes: Sequence[Box], candidates: Sequence[str], main: str) -> set[str]:
        return {self.winner(box, candidates, main) for box in boxes}

    def adds(self, box: Box, main: str, other: str) -> bool:
        """Whether the line alone is reason enough to read the page in the other language too."""
        if self.winner(box, [main, other], main) != other:
            return False
        reading = self.of(box, other)
        # another script is no chance likeness
        return script_of(main) != script_of(other) or (reading.letters >= _ALSO_FROM and reading.convinces)

    def _cut_out(self, box: Box) -> Image.Image:
        margin = (box.bottom - box.top) // 4
        return self._image.crop(
            (
                max(0, box.left - margin),
                max(0, box.top - margin),
                min(self._image.width, box.right + margin, box.left + _CUT_AT * (box.bottom - box.top)),
                min(self._image.height, box.bottom + margin),
            )
        )


def _worth_reading(boxes: list[Box]) -> list[Box]:
    """Lines of about the usual height with room for a few words: no rules, no pictures, no page numbers."""
    if not boxes:
        return []
    usual = median(box.bottom - box.top for box in boxes)
    return [
        box
        for box in boxes
        if usual / 2 <= (height := box.bottom - box.top) <= usual * 2 and box.right - box.left >= 5 * height > 0
    ]


def _spread(boxes: Sequence[Box], count: int) -> list[Box]:
    """So many of the lines, evenly over the page."""
    if len(boxes) <= count:
        return list(boxes)
    return [boxes[(2 * index + 1) * len(boxes) // (2 * count)] for index in range(count)]


def _ranked(candidates: list[str], default: str, script: Callable[[], str | None]) -> list[str]:
    """The candidates in the order in which to try them, the default first, and no more than may be tried.

    Of many, those in the script of most of the page come first, then one in each other script.
    """
    ranked = sorted(candidates, key=lambda name: (COMMON.index(name) if name in COMMON else len(COMMON), name))
    if len(ranked) > _SCRIPT_FROM:
        found = script()
        fitting = [name for name in ranked if script_of(name) == found][: _MOST_CANDIDATES - 1 - _OTHER_SCRIPTS]
        firsts = {script_of(name): name for name in reversed(ranked)}
        ranked = list(dict.fromkeys([*fitting, *(name for name in ranked if name in firsts.values()), *ranked]))
    return [default, *(name for name in ranked if name != default)][:_MOST_CANDIDATES]
