"""Reads pictures of single lines or words: characters with their confidences and places."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ocrdesk_worker.engines.rapid.models import Floats, Model, Numbers, model_path
from ocrdesk_worker.preprocess.components import Image
from ocrdesk_worker.preprocess.opencv import cv2, np

_HEIGHT = 48
_MOST_COLUMNS = 1000
"""Of all pictures that are read together: larger batches leave the processor's cache, and take half as long again."""
_WIDEST = 4800
_ALIKE = 1.15
_STEP = 8
_LEAST_LIKELY = 0.002
_MOST_OTHERS = 4


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character, or a space. `start` and `end` are fractions of the picture's width.

    `others` are what else it may be, and how likely each is, where that is more than next to nothing.
    """

    text: str
    confidence: float
    start: float
    end: float
    others: tuple[tuple[str, float], ...] = ()


class LineReader:
    """Raises EngineMissing where there is no model."""

    def __init__(self) -> None:
        self._model = Model(model_path("rec"))
        # the first output means "nothing new here", the last a space
        self._characters = ["", *self._model.metadata["character"].splitlines(), " "]
        self._outputs: dict[frozenset[str], Numbers] = {}

    @property
    def characters(self) -> frozenset[str]:
        """What it can read."""
        return frozenset(self._characters)

    def read(
        self, pictures: Sequence[Image], alphabet: frozenset[str], until: float = math.inf
    ) -> list[list[Glyph] | None]:
        """The glyphs of each grey picture. No characters but those of the alphabet, and spaces, are considered.

        The narrowest pictures come first; None for those whose turn had not come `until` then (time.monotonic).
        """
        answer: list[list[Glyph] | None] = [None for _ in pictures]
        outputs = self._considered(alphabet)
        for numbers, width in _batches([_width(picture) for picture in pictures]):
            if time.monotonic() > until:
                break
            widths = [min(width, _width(pictures[number])) for number in numbers]
            batch = np.zeros((len(numbers), 3, _HEIGHT, width), np.float32)
            for place, number in enumerate(numbers):
                batch[place, :, :, : widths[place]] = _prepared(pictures[number], widths[place])
            likely = self._model(batch)[:, :, outputs]
            for place, number in enumerate(numbers):
                answer[number] = self._glyphs(likely[place], outputs, width / widths[place])
        return answer

    def _considered(self, alphabet: frozenset[str]) -> Numbers:
        if alphabet not in self._outputs:
            wanted = alphabet | {"", " "}
            numbers = [number for number, character in enumerate(self._characters) if character in wanted]
            self._outputs[alphabet] = np.array(numbers)
        return self._outputs[alphabet]

    def _glyphs(self, likely: Floats, outputs: Numbers, stretch: float) -> list[Glyph]:
        """One picture's columns, each with how likely each output is. Repeats are one glyph that goes on."""
        best, sure = likely.argmax(1), likely.max(1)
        step = stretch / len(best)
        glyphs: list[Glyph] = []
        surest: list[int] = []
        previous = 0
        for column, choice in enumerate(best):
            confidence, end = float(sure[column]), min(1.0, (column + 1) * step)
            if choice and choice == previous:
                last = glyphs[-1]
                if confidence > last.confidence:
                    surest[-1] = column
                glyphs[-1] = Glyph(last.text, max(last.confidence, confidence), last.start, end)
            elif choice:
                text = self._characters[outputs[choice]]
                glyphs.append(Glyph(text, confidence, min(1.0, column * step), end))
                surest.append(column)
            previous = choice
        return [
            replace(glyph, others=self._others(likely[column], outputs, glyph.text))
            for glyph, column in zip(glyphs, surest, strict=True)
        ]

    def _others(self, likely: Floats, outputs: Numbers, chosen: str) -> tuple[tuple[str, float], ...]:
        """The likeliest other characters of one column."""
        above = np.flatnonzero(likely > _LEAST_LIKELY)
        ranked = sorted(((float(likely[output]), self._characters[outputs[output]]) for output in above), reverse=True)
        return tuple((text, share) for share, text in ranked if text and text != chosen)[:_MOST_OTHERS]


def _width(picture: Image) -> int:
    """The columns that the picture takes in the model's height."""
    high, wide = (int(side) for side in picture.shape)
    return min(_WIDEST, max(_STEP * 2, math.ceil(_HEIGHT * wide / high)))


def _prepared(picture: Image, width: int) -> Floats:
    shrinks = picture.shape[0] > _HEIGHT
    sized = cv2.resize(picture, (width, _HEIGHT), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    return sized.astype(np.float32) / 127.5 - 1


def _batches(widths: Sequence[int]) -> Iterator[tuple[list[int], int]]:
    """Numbers of pictures of like width, and the width that holds them all."""
    by_width = sorted(range(len(widths)), key=lambda number: widths[number])
    batch: list[int] = []
    for number in by_width:
        if batch and (
            widths[number] > widths[batch[0]] * _ALIKE + _STEP or widths[number] * (len(batch) + 1) > _MOST_COLUMNS
        ):
            yield batch, _rounded(widths[batch[-1]])
            batch = []
        batch.append(number)
    if batch:
        yield batch, _rounded(widths[batch[-1]])


def _rounded(width: int) -> int:
    return max(4 * _STEP, math.ceil(width / _STEP) * _STEP)
