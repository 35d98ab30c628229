"""Turns the network's outputs for a line into words.

Each step of the network has a likelihood for each character, and for a blank. Usually the likeliest count. A word that
is in no dictionary is compared with words that are, which may be a little less likely.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from ocrdesk_worker.engines.calibration import interpolate
from ocrdesk_worker.engines.rapid.models import Floats
from ocrdesk_worker.engines.rapid.spelling import IsWord
from ocrdesk_worker.preprocess.pixels import np

_CERTAINTY, _OFFSET = 0.35, -0.085
"""Tesseract's confidence is 1 plus the first times the sum of the second and the lowest logarithm of a likelihood."""
_AS_TESSERACT = (
    *((0.0, 0.0), (0.5, 0.1), (0.7, 0.4), (0.85, 0.75), (0.9, 0.82)),
    *((0.95, 0.87), (0.96, 0.905), (0.965, 0.93), (0.969, 0.955), (0.97, 0.97)),
)
"""Points of the confidence by Tesseract's formula, and the confidence of its own words of the same quality."""
_UNKNOWN = 2.25
"""The logarithms of a word that is in no dictionary count so many times."""
_UNLIKELY = math.log(0.005)
"""A character or space that is so much less likely than the best is not considered."""
_SURE = math.log(0.9)
_NOISE = math.log(0.05)
_FEW_STEPS = 2
_MOST_DOUBTFUL = 4
"""Characters of a word for which others are tried."""
_PUNCTUATION = ".,:;!?()[]{}\"'\u2018\u2019\u201c\u201d*"

_HYPHENS = re.compile("[-/]")
_NUMBER = re.compile(r"[-+$\u20ac\u00a3]?\d+(?:[.,:/-]\d+)*%?")


@dataclass(frozen=True, slots=True)
class ReadWord:
    """A word, its confidence as Tesseract gives it, and the steps of its first and last letter."""

    text: str
    confidence: float
    begin: int
    end: int
    is_known: bool
    """Whether a dictionary has it, or it is a number."""


@dataclass(frozen=True, slots=True)
class _Letter:
    """A character, the steps it takes, and the lowest logarithm of a likelihood there and at the blanks before it."""

    output: int
    begin: int
    end: int
    low: float


class LineReader:
    """Reads words of a network's outputs."""

    def __init__(self, characters: Sequence[str], blank: int, is_word: IsWord) -> None:
        self._characters = characters
        self._blank = blank
        self._space = characters.index(" ") if " " in characters else blank
        self._is_word = is_word

    def words(self, logs: Floats) -> list[ReadWord]:
        """Return the words of a line. `logs`: the logarithm of each output's likelihood at each step."""
        if not len(logs):
            return []
        best = self._without_lone_steps(logs, logs.argmax(1))
        line = _Line(logs, best, _step_likelihoods(logs, best, self._blank), self._blank)
        words: list[list[_Letter]] = [[]]
        for letter in line.letters():
            if letter.output == self._space:
                words.append([])
            else:
                words[-1].append(letter)
        return [self._word(part) for word in words if word for part in self._checked(line, word)]

    def likelihood(self, logs: Floats) -> float:
        """Return the mean likelihood of the letters of a line; 0 if there are none."""
        best = logs.argmax(1) if len(logs) else np.zeros(0, np.intp)
        letters = np.flatnonzero(best != self._blank)
        return float(np.exp(logs[letters, best[letters]]).mean()) if len(letters) else 0.0

    def _without_lone_steps(self, logs: Floats, best: np.ndarray) -> np.ndarray:
        """Return the outputs without characters of a single step that is more likely the edge of another.

        At its edges, a character and the blank share a step.
        """
        before, after = np.append(self._blank, best[:-1]), np.append(best[1:], self._blank)
        lone = np.flatnonzero((best != before) & (best != after) & (best != self._blank))
        for step in lone:
            row = logs[step]
            own, blank = math.exp(row[best[step]]), math.exp(row[self._blank])
            for other in (before[step], after[step]):
                if other not in (self._blank, self._space) and math.exp(row[other]) + blank > own:
                    best[step] = other
                    break
        return best

    def _word(self, letters: Sequence[_Letter]) -> ReadWord:
        low = min(letter.low for letter in letters)
        text = self._text(letters)
        return ReadWord(text, _confidence(low), letters[0].begin, letters[-1].end, self._is_known(text))

    def _text(self, letters: Sequence[_Letter]) -> str:
        return "".join(self._characters[letter.output] for letter in letters)

    def _is_known(self, text: str) -> bool:
        core = text.strip(_PUNCTUATION)
        return bool(core) and all(self._is_word(part) or _NUMBER.fullmatch(part) for part in _HYPHENS.split(core))

    def _checked(self, line: _Line, letters: list[_Letter]) -> Iterator[list[_Letter]]:
        """Yield the word, or the words or the word of a dictionary that it is more likely to be."""
        low = min(letter.low for letter in letters)
        if low < _NOISE or self._is_known(self._text(letters)):
            yield letters
            return
        parts = self._split(line, letters)
        if len(parts) == 1:
            yield self._respelled(line, letters, _UNKNOWN * line.cost(letters)) or letters
        else:
            yield from parts

    def _split(self, line: _Line, letters: list[_Letter]) -> list[list[_Letter]]:
        """Return the parts of what may be several words, some of them known: one part if that is the likeliest."""
        places = {0: 0.0}
        for place in range(1, len(letters)):
            less = line.less_likely(self._space, letters[place - 1].end - 1, letters[place].begin + 1)
            if less > _UNLIKELY:
                places[place] = less
        if len(places) == 1:
            return [letters]
        ends = [*places, len(letters)][1:]
        best: dict[int, tuple[float, list[list[_Letter]]]] = {0: (0.0, [])}
        for end in ends:
            for begin in [place for place in places if place < end]:
                part = letters[begin:end]
                price = line.cost(part) * (1 if self._is_known(self._text(part)) else _UNKNOWN)
                total = best[begin][0] + price - places[begin]
                if end not in best or total < best[end][0]:
                    first = replace(part[0], low=min(part[0].low, places[begin]))
                    best[end] = total, [*best[begin][1], [first, *part[1:]]]
        return best[len(letters)][1]

    def _respelled(self, line: _Line, letters: list[_Letter], cost: float) -> list[_Letter] | None:
        """Return the likeliest word of a dictionary that differs in doubtful characters; None if none is likelier."""
        doubtful = [
            number
            for number, letter in enumerate(letters)
            if letter.low < _SURE or letter.end - letter.begin <= _FEW_STEPS
        ]
        doubtful = sorted(doubtful, key=lambda number: letters[number].low)[:_MOST_DOUBTFUL]
        choices = [line.others(letters[number]) for number in doubtful]
        base, best = line.cost(letters), None
        for chosen in product(*choices):
            price = base - sum(less for _, less in chosen)
            if price >= cost or all(less == 0 for _, less in chosen):
                continue
            other: list[_Letter | None] = list(letters)
            for number, (output, less) in zip(doubtful, chosen, strict=True):
                old = letters[number]
                is_gone = output in (self._blank, self._space)
                other[number] = None if is_gone else _Letter(output, old.begin, old.end, min(old.low, less))
            word = [letter for letter in other if letter is not None]
            if word and self._is_known(self._text(word)) and any(c.isalpha() for c in self._text(word)):
                best, cost = word, price
        return best


class _Line:
    """The outputs of a line: the logarithm of the likelihood of each at each step, and the chosen ones."""

    def __init__(self, logs: Floats, best: np.ndarray, likelihoods: Floats, blank: int) -> None:
        self._logs = logs
        self._best = best
        self._likelihoods = likelihoods
        self._blank = blank
        self._sums = np.append(0.0, np.cumsum(likelihoods))

    def letters(self) -> Iterator[_Letter]:
        changes = np.flatnonzero(np.diff(self._best, prepend=-1))
        lowest = np.minimum.reduceat(self._likelihoods, changes)
        ends = np.append(changes[1:], len(self._best))
        pending = 0.0
        """The least likely blank since the last letter."""
        for output, begin, end, low in zip(
            self._best[changes].tolist(), changes.tolist(), ends.tolist(), lowest.tolist(), strict=True
        ):
            if output == self._blank:
                pending = min(pending, low)
            else:
                yield _Letter(output, begin, end, min(pending, low))
                pending = 0.0

    def cost(self, letters: Sequence[_Letter]) -> float:
        """Return how unlikely the steps of these letters are. Each costs a little even if it is certain."""
        begin, end = letters[0].begin, letters[-1].end
        return float(self._sums[begin] - self._sums[end]) - _OFFSET * (end - begin)

    def less_likely(self, output: int, begin: int, end: int) -> float:
        """Return the logarithm of how much less likely an output is than the chosen, where it is likeliest."""
        steps = slice(max(0, begin), end)
        return float((self._logs[steps, output] - self._likelihoods[steps]).max())

    def others(self, letter: _Letter) -> list[tuple[int, float]]:
        """Return the outputs that a letter may be, and the logarithm of how much less likely each is."""
        part = self._logs[letter.begin : letter.end]
        less = part.sum(0) - part[:, letter.output].sum()
        ranked = np.argsort(-less)[:3]
        return [(letter.output, 0.0)] + [
            (int(output), float(less[output]))
            for output in ranked
            if output != letter.output and less[output] > _UNLIKELY
        ]


def _step_likelihoods(logs: Floats, best: np.ndarray, blank: int) -> Floats:
    """Return the logarithm of the likelihood of each step.

    Where a letter begins or ends, the letter and the blank share a step, which is as likely as both together.
    """
    steps = np.arange(len(best))
    first = np.exp(logs[steps, best])
    others = logs.copy()
    others[steps, best] = -np.inf
    second = others.argmax(1)
    before, after = np.append(blank, best[:-1]), np.append(best[1:], blank)
    is_border = (best != before) | (best != after)
    shares = is_border & ((second == before) | (second == after))
    likelihoods: Floats = np.log(np.minimum(1.0, first + np.where(shares, np.exp(others[steps, second]), 0.0)))
    return likelihoods


def _confidence(log_likelihood: float) -> float:
    """Return the confidence that Tesseract gives to words that are right as often."""
    return interpolate(max(0.0, 1 + _CERTAINTY * (log_likelihood + _OFFSET)), _AS_TESSERACT)
