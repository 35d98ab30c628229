"""Detects a page's languages.

A few of the page's lines are read with each installed language. In its own language a line is read with more confidence
and, above all, as words that are in the language's dictionary. The default language is tried first: if a few lines are
convincing, nothing else is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Protocol

from PIL import Image

from ocrdesk.contract.box import Box
from ocrdesk_worker.engines.languages.line_parts import line_parts
from ocrdesk_worker.engines.languages.scripts import COMMON, script_of

_MAX_CANDIDATES = 20
"""Languages tried on a page at most; the most common come first."""
_SCRIPT_FROM = 8
"""With more installed languages than this, the page's script decides which come first; it costs as much as four."""
_OTHER_SCRIPTS = 3
"""So many of the languages tried are in other scripts than most of the page: it may have two."""

_FIRST_LINES = (3, 5)
"""The minimum and maximum of lines that are read to see whether the default is enough: one in ten."""
_DOUBTFUL_LINES = 4
"""At most so many lines that the default does not read well are read with every candidate."""
_LINES = 8
"""So many lines are read with each language that was better on one of them."""
_MAX_LANGUAGES = 3

_MIN_LETTERS = 8
"""A line with fewer letters proves nothing."""
_CONVINCING = 0.75
"""With this share of letters in words of the dictionary, nothing else is tried on a line."""
_LEGIBLE = 0.6
"""With this certainty a line of few letters is what it seems to be, such as a row of numbers."""
_CREDIBLE = 0.6
"""The minimum score of a line's language."""
_SETTLED = 0.8
"""With this score no further language is tried on a line."""
_MIN_LETTERS_SECOND = 15
"""Letters that a line must have to add a second language to a page."""
_SURE_OF_SCRIPT = 0.7
"""Confidence with which a line of another script must be read to add its language to a page."""
_MAX_LINE_WIDTH = 24
"""In line heights: only so much of a line is read, about forty letters."""
_BETTER_BY = 0.1
"""How much better another language's score must be to be the line's language instead."""


@dataclass(frozen=True, slots=True)
class LineReading:
    """The result of reading one line in one language."""

    letters: int
    confidence: float
    """Mean over the words, weighted by their letters; 0 to 1."""
    known: float
    """The share of letters in words of the language's dictionary."""
    certainty: float = 1.0
    """Mean confidence of all that was read, numbers and signs too."""

    @property
    def score(self) -> float:
        return self.confidence * (1 + self.known) / 2

    @property
    def is_convincing(self) -> bool:
        """Whether the language is right, or the line has few letters and what else it has is read well.

        Another script may be read as signs and figures.
        """
        if self.letters < _MIN_LETTERS:
            return self.certainty >= _LEGIBLE
        return min(self.known, self.confidence) >= _CONVINCING


class LineReader(Protocol):
    """The engine functions that detection needs."""

    def lines(self, image: Image.Image, dpi: float) -> list[Box]:
        """Return the boxes of a page's lines in reading order."""
        ...

    def read(self, line: Image.Image, dpi: float, language: str) -> LineReading: ...

    def script(self, image: Image.Image, dpi: float) -> str | None:
        """Return the script of most of the page, such as `Latin`; None if it is unclear. Slow."""
        ...


def detect_languages(
    reader: LineReader, image: Image.Image, dpi: float, installed: Sequence[str], default: str
) -> tuple[str, ...]:
    """Return the page's languages, the main one first; but the default is last if there are several.

    Return the default alone if nothing else is clear. The result is the same each time.
    """
    candidates = [name for name in installed if not name.endswith("_vert")] or list(installed)
    default = default if default in candidates else candidates[0]
    if len(candidates) == 1:
        return (default,)
    boxes = _worth_reading(line_parts(image, reader.lines(image, dpi)))
    readings = _LineReadings(reader, image, dpi, default)
    doubtful = _doubtful(boxes, readings)[:_DOUBTFUL_LINES]
    if not doubtful:
        return (default,)
    ranked = _ranked(candidates, default, lambda: reader.script(image, dpi))
    better = readings.winners(doubtful, _languages_to_try(ranked, doubtful, readings), default)
    if better == {default}:
        return (default,)
    spread = _spread(boxes, _LINES)
    more = [box for box in spread if box not in doubtful and not readings.of(box, default).is_convincing]
    better |= readings.winners(more, _languages_to_try(ranked, more[:_DOUBTFUL_LINES], readings), default)
    candidates = [name for name in ranked if name in better or name == default]
    letters = dict.fromkeys(candidates, 0)
    for box in spread:
        winner = readings.winner(box, candidates, default)
        letters[winner] += readings.of(box, winner).letters
    by_letters = sorted(candidates, key=lambda name: -letters[name])
    main = by_letters[0]
    lines = dict.fromkeys([*spread, *doubtful])
    also = [name for name in by_letters[1:] if any(readings.adds(box, main, name) for box in lines)]
    # Were the default first, Tesseract would prefer its unaccented words to accented words of another language.
    return tuple(sorted((main, *also)[:_MAX_LANGUAGES], key=lambda name: name == default))


def _languages_to_try(ranked: Sequence[str], doubtful: Sequence[Box], readings: _LineReadings) -> list[str]:
    """Return the languages in order, up to the one with which every line has been read well."""
    open_lines = list(doubtful)
    tried = []
    for name in ranked:
        tried.append(name)
        open_lines = [box for box in open_lines if readings.of(box, name).score < _SETTLED]
        if not open_lines:
            break
    return tried


def _doubtful(boxes: Sequence[Box], readings: _LineReadings) -> list[Box]:
    """Return sampled lines that the default reads badly, each with the line beside it, which it reads badly too.

    A name or a number is alone.
    """
    fewest, most = _FIRST_LINES
    found = []
    for box in _spread(boxes, min(most, max(fewest, len(boxes) // 10))):
        if readings.of(box, readings.default).is_convincing:
            continue
        index = boxes.index(box)
        beside = boxes[index + 1] if index + 1 < len(boxes) else boxes[index - 1]
        if beside == box or not readings.of(beside, readings.default).is_convincing:
            found += [box, beside]
    return list(dict.fromkeys(found))


class _LineReadings:
    """The readings of the sampled lines in each language; each is read once."""

    def __init__(self, reader: LineReader, image: Image.Image, dpi: float, default: str) -> None:
        self._reader, self._image, self._dpi = reader, image, dpi
        self.default = default
        self._readings: dict[tuple[Box, str], LineReading] = {}

    def of(self, box: Box, language: str) -> LineReading:
        key = (box, language)
        if key not in self._readings:
            self._readings[key] = self._reader.read(self._cut_out(box), self._dpi, language)
        return self._readings[key]

    def winner(self, box: Box, candidates: Sequence[str], main: str) -> str:
        """Return the line's language: the main one, unless another reads it clearly better."""
        if self.of(box, main).is_convincing and self.of(box, main).letters:
            return main
        best = max(candidates, key=lambda language: self.of(box, language).score)  # the first of equals
        score = self.of(box, best).score
        return best if score >= max(_CREDIBLE, self.of(box, main).score + _BETTER_BY) else main

    def winners(self, boxes: Sequence[Box], candidates: Sequence[str], main: str) -> set[str]:
        return {self.winner(box, candidates, main) for box in boxes}

    def adds(self, box: Box, main: str, other: str) -> bool:
        """Return whether this line is a sufficient reason to read the page in the other language too."""
        if self.winner(box, [main, other], main) != other:
            return False
        reading = self.of(box, other)
        if script_of(main) != script_of(other):  # no coincidence, unless it is a guess at a blurred line
            return reading.confidence >= _SURE_OF_SCRIPT
        return reading.letters >= _MIN_LETTERS_SECOND and reading.is_convincing

    def _cut_out(self, box: Box) -> Image.Image:
        margin = box.height // 4
        return self._image.crop(
            (
                max(0, box.left - margin),
                max(0, box.top - margin),
                min(self._image.width, box.right + margin, box.left + _MAX_LINE_WIDTH * box.height),
                min(self._image.height, box.bottom + margin),
            )
        )


def _worth_reading(boxes: list[Box]) -> list[Box]:
    """Return the lines of about the usual height that are wide enough for a few words, which a page number is not."""
    if not boxes:
        return []
    usual = median(box.height for box in boxes)
    return [box for box in boxes if usual / 2 <= box.height <= usual * 2 and box.width >= 5 * box.height > 0]


def _spread(boxes: Sequence[Box], count: int) -> list[Box]:
    """Return so many of the lines, evenly distributed over the page."""
    if len(boxes) <= count:
        return list(boxes)
    return [boxes[(2 * index + 1) * len(boxes) // (2 * count)] for index in range(count)]


def _ranked(candidates: list[str], default: str, script: Callable[[], str | None]) -> list[str]:
    """Return the candidates in the order in which they are tried, the default first.

    Of many, those in the script of most of the page come first, then one in each other script.
    """
    ranked = sorted(candidates, key=lambda name: (COMMON.index(name) if name in COMMON else len(COMMON), name))
    if len(ranked) > _SCRIPT_FROM:
        found = script()
        fitting = [name for name in ranked if script_of(name) == found][: _MAX_CANDIDATES - 1 - _OTHER_SCRIPTS]
        firsts = {script_of(name): name for name in reversed(ranked)}
        ranked = list(dict.fromkeys([*fitting, *(name for name in ranked if name in firsts.values()), *ranked]))
    return [default, *(name for name in ranked if name != default)][:_MAX_CANDIDATES]
