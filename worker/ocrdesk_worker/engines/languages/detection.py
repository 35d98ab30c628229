"""Detects a page's languages.

A few of the page's lines are read with the default language first: if they are convincing, nothing else is tried. What
it read shows whether a line is in its script. If so, the words say which languages are worth a try; else the script
does. In its own language a line is read as words of the language's dictionary, in its own script with more confidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Protocol, TypeVar

from PIL import Image

from ocrdesk.contract.box import Box
from ocrdesk_worker.engines.languages.letters import LATIN, group_of, group_of_script
from ocrdesk_worker.engines.languages.scripts import COMMON, script_of

_MAX_SCRIPTS, _MAX_CANDIDATES = 12, 7
"""So many other scripts are tried on a page at most, and so many languages of those that are found."""
_SCRIPT_FROM = 8
"""With more other scripts than this, the script of the lines decides which comes first."""
_LIKELIEST = 3
"""So many languages of the default's script are tried: those with most of the words that the default read."""
_MORE_WORDS, _MORE_WITH_ACCENTS = 1.1, 0.6
"""So many times as many letters must be in known words of another language as in those of the default. The second is
for text with accents: few of its words are read right in the default."""
_LEAST_KNOWN = 0.3
"""The share of letters in such words: text of other scripts has fewer."""
_ACCENTED = 2
"""So many words with other letters than English has are no coincidence."""

_FIRST_LINES = 5
"""Lines that are read to see whether the default is enough."""
_DOUBTFUL_LINES = 4
"""At most so many lines that the default does not read well are read with every candidate."""
_PROBED_LINES = 2
"""So many of them show whether a page is in another script than was expected."""
_LINES = 8
"""So many lines are read with each language that was better on one of them."""
_AGREEING = 2
"""So many lines must be in a language other than the default: names and addresses are in none."""
_MAX_LANGUAGES = 3

_MIN_LETTERS = 8
"""A line with fewer letters proves nothing."""
_CONVINCING = 0.75
"""With this share of letters in words of the dictionary, nothing else is tried on a line."""
_LEGIBLE = 0.6
"""With this certainty a line of few letters is what it seems to be, such as a row of numbers. With this confidence it
is in the language's script: lines of other scripts are read with 0.0 to 0.5."""
_CREDIBLE = 0.6
"""The minimum score of a line's language."""
_SETTLED, _SURE = 0.8, 0.85
"""With this score no further language is tried on a line, and with this confidence no further script."""
_MIN_LETTERS_SECOND = 15
"""Letters that a line must have to add a second language to a page."""
_MIN_LETTERS_OF_SCRIPT = 6
"""Letters that a line must have to be in another script. Many scripts write a word with one or two."""
_SURE_OF_SCRIPT, _SURE_OF_EXPECTED = 0.8, 0.5
"""Confidence with which a line of another script must be read: models read most scripts with 0.4 to 0.78. The second is
for the script that was found."""
_MAX_LINE_WIDTH = 24
"""In line heights: only so much of a line is read, about forty letters."""
_BETTER_BY = 0.1
"""How much better another language's score must be to be the line's language instead."""
_FURTHER = 1.25
"""Lines that are so many times as far apart as usual are in different paragraphs."""
_LARGE = 3
"""Lines of a large paragraph."""
_SPACE = 0.5
"""Between lines of which the script is found, in heights of the highest."""

_Item = TypeVar("_Item")


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
    words: tuple[str, ...] = ()
    """The words that have these letters, without punctuation."""

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

    @property
    def is_in_script(self) -> bool:
        """Whether the line is in the language's script, whatever its language."""
        return self.letters >= _MIN_LETTERS and self.confidence >= _LEGIBLE


class LineReader(Protocol):
    """The engine functions that detection needs."""

    def lines(self, image: Image.Image, dpi: float) -> list[Box]:
        """Return the boxes of a page's lines, column by column."""
        ...

    def read(self, line: Image.Image, dpi: float, language: str) -> LineReading: ...

    def known_letters(self, words: Sequence[str], language: str) -> int:
        """Return how many letters those of the words have that are in the language's dictionary."""
        ...

    def script(self, image: Image.Image, dpi: float) -> str | None:
        """Return the script of most of an image, such as `Latin`; None if it is unclear. Takes 0.2 s or more."""
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
    boxes = _worth_reading(reader.lines(image, dpi))
    readings = _LineReadings(reader, image, dpi, default)
    doubtful = _doubtful(boxes, readings)[:_DOUBTFUL_LINES]
    if not doubtful:
        return (default,)
    search = _Search(readings, sorted(candidates, key=_commonness))
    better = search.winners(doubtful)
    if better <= {default}:
        return (default,)
    spread = _sampled(boxes, _LINES)
    more = [box for box in spread if box not in doubtful and not readings.of(box, default).is_convincing]
    better |= search.winners([box for box in more if readings.winner(box, [default, *better], default) == default])
    return _ordered(readings, boxes, spread, doubtful, [default, *sorted(better - {default}, key=_commonness)])


def _ordered(
    readings: _LineReadings,
    boxes: Sequence[Box],
    spread: Sequence[Box],
    doubtful: Sequence[Box],
    candidates: Sequence[str],
) -> tuple[str, ...]:
    """Return those of the candidates, the default and others, that the page is in; the main one first."""
    default = readings.default
    lines = list(dict.fromkeys([*spread, *doubtful]))
    found = {box: readings.addition(box, default, candidates) for box in lines}
    for box, name in list(found.items()):  # others in this language may be beside it
        if name is not None and list(found.values()).count(name) < _AGREEING:
            beside = [other for other in _beside(box, boxes) if other not in found]
            found |= {other: readings.addition(other, default, [name]) for other in beside}
    votes = Counter(found.values())
    candidates = [name for name in candidates if name == default or votes[name] >= min(_AGREEING, len(lines))]
    letters = dict.fromkeys(candidates, 0)
    for box in spread:
        best = readings.better(box, candidates, default)
        letters[best] += readings.of(box, best).letters
    by_letters = sorted(candidates, key=lambda name: -letters[name])
    main = by_letters[0]
    winners = {readings.addition(box, main, by_letters[1:]) for box in lines}
    also = [name for name in by_letters[1:] if name in winners]
    # Were the default first, Tesseract would prefer its unaccented words to accented words of another language.
    return tuple(sorted((main, *also)[:_MAX_LANGUAGES], key=lambda name: name == default))


class _Search:
    """Finds languages that read lines better than the default does. `ranked`: all, the most common first."""

    def __init__(self, readings: _LineReadings, ranked: Sequence[str]) -> None:
        self._readings = readings
        group = group_of(readings.default)
        self._own = [name for name in ranked if group_of(name) == group]
        self._others = [name for name in ranked if group_of(name) != group]

    def winners(self, boxes: Sequence[Box]) -> set[str]:
        """Return the best language of each of these lines, which the default does not read well."""
        of_default = {box: self._readings.of(box, self._readings.default) for box in boxes}
        in_script = [box for box in boxes if of_default[box].is_in_script]
        others = [box for box in boxes if not of_default[box].is_in_script][:_DOUBTFUL_LINES]
        found: set[str] = set()
        if in_script:
            found |= self._best(in_script[:_DOUBTFUL_LINES], self._likeliest(in_script))
        if others:
            found |= self._best_of_scripts(others)
        return found

    def _best(self, boxes: Sequence[Box], languages: Iterable[str], sure_of: float = 1.0) -> set[str]:
        """Return the best language of each line, of the default and these, until all lines have been read well.

        That is so if words of the language were read, or letters with a confidence of `sure_of`.
        """
        default = self._readings.default
        tried, open_lines = [default], list(boxes)
        for name in languages:
            tried.append(name)
            readings = {box: self._readings.of(box, name) for box in open_lines}
            open_lines = [box for box, it in readings.items() if it.score < _SETTLED and it.confidence < sure_of]
            if not open_lines:
                break
        return {self._readings.winner(box, tried, default) for box in boxes}

    def _likeliest(self, boxes: Sequence[Box]) -> list[str]:
        """Return the languages whose dictionaries have clearly more of what the default read than its own has.

        Those with letters of another form, Fraktur, come last.
        """
        default = self._readings.default
        words = [word for box in boxes for word in self._readings.of(box, default).words]
        known = {name: self._readings.known_letters(words, name) for name in (default, *self._own)}
        accented = sum(not word.isascii() for word in words) >= _ACCENTED
        least = (_MORE_WITH_ACCENTS if accented else _MORE_WORDS) * known[default]
        least = max(least, _LEAST_KNOWN * sum(map(len, words)))
        better = [name for name in self._own if name != default and known[name] > least]
        better.sort(key=lambda name: -known[name])
        same_form = [name for name in better if script_of(name) == script_of(default)]
        return [*same_form[:_LIKELIEST], *(name for name in better if name not in same_form)]

    def _best_of_scripts(self, boxes: Sequence[Box]) -> set[str]:
        """Return the best languages of lines that do not seem to be in the default's script."""
        default = self._readings.default
        found = self._best(boxes, self._likeliest(boxes)) - {default}
        probed = boxes[:_PROBED_LINES]
        firsts = list({script_of(name): name for name in reversed(self._others)}.values())[::-1]
        if len(firsts) > _SCRIPT_FROM:
            script = self._readings.script(boxes)
            firsts.sort(key=lambda name: script_of(name) != script)
        found |= self._best(probed, firsts[:_MAX_SCRIPTS], sure_of=_SURE) - {default}
        scripts = {script_of(name) for name in found}
        more = [name for name in self._others if script_of(name) in scripts][:_MAX_CANDIDATES]
        return self._best(boxes, [*found, *more]) if more else found


def _doubtful(boxes: Sequence[Box], readings: _LineReadings) -> list[Box]:
    """Return sampled lines that the default reads badly, each with the line beside it, which it reads badly too.

    A name or a number is alone. A paragraph in another script may have two lines, of which this is the last.
    """
    found = []
    for box in _sampled(boxes, _FIRST_LINES):
        if readings.of(box, readings.default).is_convincing:
            continue
        beside = _beside(box, boxes)
        if not readings.is_in_another_script(box):
            beside = beside[:1]
        doubtful = [other for other in beside if not readings.of(other, readings.default).is_convincing]
        if doubtful or not beside:
            found += [box, *doubtful[:1]]
    return list(dict.fromkeys(found))


class _LineReadings:
    """The readings of the sampled lines in each language; each is read once."""

    def __init__(self, reader: LineReader, image: Image.Image, dpi: float, default: str) -> None:
        self._reader, self._image, self._dpi = reader, image, dpi
        self.default = default
        self._expected: set[str] = set()
        """Scripts that were found."""
        self._readings: dict[tuple[Box, str], LineReading] = {}

    def of(self, box: Box, language: str) -> LineReading:
        key = (box, language)
        if key not in self._readings:
            self._readings[key] = self._reader.read(self._cut_out(box), self._dpi, language)
        return self._readings[key]

    def is_in_another_script(self, box: Box) -> bool:
        """Return whether a line has so many letters, but seems to be in no language of the default's script."""
        reading = self.of(box, self.default)
        return reading.letters >= _MIN_LETTERS_SECOND and not reading.is_in_script

    def known_letters(self, words: Sequence[str], language: str) -> int:
        return self._reader.known_letters(words, language)

    def script(self, boxes: Sequence[Box]) -> str | None:
        """Return the script of most of these lines; None if it is unclear."""
        cut = [self._cut_out(box) for box in boxes]
        space = round(_SPACE * max(line.height for line in cut))
        size = max(line.width for line in cut) + 2 * space, sum(line.height + space for line in cut) + space
        image = Image.new("L", size, max(_paper(line) for line in cut))
        top = space
        for line in cut:
            image.paste(line, (space, top))
            top += line.height + space
        found = self._reader.script(image, self._dpi)
        if found is not None:
            self._expected.add(group_of_script(found))
        return found

    def winner(self, box: Box, candidates: Iterable[str], main: str) -> str:
        """Return the line's language: the main one, unless another reads it clearly better."""
        own = self.of(box, main)
        if own.is_convincing and own.letters:
            return main
        return self.better(box, candidates, main)

    def better(self, box: Box, candidates: Iterable[str], main: str) -> str:
        """Do the same, although the main language may be convincing: short words are in many dictionaries."""
        better = [name for name in candidates if name != main and self._is_better(box, name, main)]
        return self.best(box, better) if better else main

    def best(self, box: Box, candidates: Sequence[str]) -> str:
        """Return the language in which a line is read best, among those of the script that is read most surely."""
        script = group_of(max(candidates, key=lambda name: self.of(box, name).confidence))
        fitting = [name for name in candidates if group_of(name) == script]
        return max(fitting, key=lambda name: self.of(box, name).score)  # the first of equals

    def _is_better(self, box: Box, other: str, main: str) -> bool:
        """Return whether a line is clearly in the other language.

        Dictionaries of different scripts cannot be compared: what a model takes for its letters is often one of its
        words. Its confidence is far lower than that of the script's own models.
        """
        own, reading = self.of(box, main), self.of(box, other)
        if group_of(other) == group_of(main):
            return reading.score >= max(_CREDIBLE, own.score + _BETTER_BY)
        sure = own.confidence if own.letters >= _MIN_LETTERS or group_of(main) != LATIN else own.certainty
        least = _SURE_OF_EXPECTED if group_of(other) in self._expected else _SURE_OF_SCRIPT
        return reading.letters >= _MIN_LETTERS_OF_SCRIPT and reading.confidence >= max(least, sure + _BETTER_BY)

    def addition(self, box: Box, main: str, others: Sequence[str]) -> str | None:
        """Return the language for which this line is a sufficient reason to read the page in it too; None if none."""
        other = self.winner(box, others, main)
        if other == main:
            return None
        reading = self.of(box, other)
        is_enough = reading.letters >= _MIN_LETTERS_SECOND and reading.is_convincing
        return other if is_enough or group_of(main) != group_of(other) else None

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


def _spread(items: Sequence[_Item], count: int) -> list[_Item]:
    """Return so many of the items, evenly distributed."""
    if len(items) <= count:
        return list(items)
    return [items[(2 * index + 1) * len(items) // (2 * count)] for index in range(count)]


def _sampled(boxes: Sequence[Box], count: int) -> list[Box]:
    """Return so many of the lines: one of each large paragraph, the others evenly distributed over the page."""
    blocks = [block for block in _blocks(boxes) if len(block) >= _LARGE]
    middles = {block[len(block) // 2] for block in _spread(blocks, count)} if len(blocks) > 1 else set()
    rest = _spread([box for box in boxes if box not in middles], count - len(middles))
    return [box for box in boxes if box in middles or box in rest]


def _beside(box: Box, boxes: Sequence[Box]) -> list[Box]:
    """Return the line below a line, if there is one, and the one above."""
    index = boxes.index(box)
    return [*boxes[index + 1 : index + 2], *boxes[max(0, index - 1) : index]]


def _blocks(boxes: Sequence[Box]) -> list[list[Box]]:
    """Return the lines of each paragraph, as the space between them shows."""
    steps = [below.top - above.top for above, below in pairwise(boxes)]
    usual = median([step for step in steps if step > 0] or [0])
    blocks = [[box] for box in boxes[:1]]
    for step, box in zip(steps, boxes[1:], strict=True):
        if 0 <= step <= _FURTHER * usual:
            blocks[-1].append(box)
        else:
            blocks.append([box])
    return blocks


def _commonness(language: str) -> tuple[int, str]:
    """Return the place of a language in the order in which languages are tried."""
    return (COMMON.index(language) if language in COMMON else len(COMMON), language)


def _paper(line: Image.Image) -> int:
    """Return the grey of the paper around a line."""
    histogram = line.histogram()
    return histogram.index(max(histogram))
