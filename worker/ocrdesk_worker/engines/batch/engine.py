"""Reads pages with Tesseract's layout, and with its network for many lines at once.

That takes half the time. Pages on which much is doubtful are read by libtesseract, whose search for words of its
dictionaries is more thorough; so are those in languages whose networks cannot be run this way, and pages with text
that is not upright.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from PIL import Image

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Word
from ocrdesk.layout.word_grouping import PlacedWord, group_words
from ocrdesk_worker.engines.batch.layout_lines import full_heights, join_cut_lines, without_repeats, without_rules
from ocrdesk_worker.engines.batch.line_images import LineImage, LineInk, cut_line
from ocrdesk_worker.engines.batch.line_model import LineModel
from ocrdesk_worker.engines.batch.line_words import LineReader, ReadWord
from ocrdesk_worker.engines.batch.network import UnsupportedNetworkError, read_network
from ocrdesk_worker.engines.calibration import DOUBTFUL, NOISE
from ocrdesk_worker.engines.languages.dictionary import word_lookup
from ocrdesk_worker.engines.languages.scripts import script_of
from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.engines.rapid.spelling import IsWord
from ocrdesk_worker.engines.tesseract.in_process import LayoutLine, TesseractEngine
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.preprocess.components import pixels_of
from ocrdesk_worker.preprocess.pixels import Pixels

_log = logging.getLogger(__name__)

_SCRIPTS = frozenset({"Latin"})
_SAMPLED = 4
"""Every so many lines are read first, to see whether the page is clear."""
_FEWEST_SAMPLED = 10
_FEWEST_WORDS = 30
"""The share of doubtful words says little on a page of fewer, and little time is to be gained."""
_MANY_DOUBTFUL, _MANY_IN_SAMPLE = 0.23, 0.35
_HOPELESS, _NO_TEXT, _POOR = 0.1, 0.3, 0.5
"""Mean confidences of a line: below the first it is noise, below the second if it has some words, and below the third
its words are not told apart."""
_FEW = 3
_UNKNOWN, _CLEARLY = 0.8, 0.02
"""The weight of words that no dictionary has, and how much better a line has to be in another language."""
_LIKELY = 0.7
"""Dark lines that are read with less likelihood are read again with their tones inverted."""


class BatchTesseractEngine:
    """Reads clear pages by batches of lines, and others with libtesseract."""

    def __init__(self, data: TessData, tesseract: TesseractEngine) -> None:
        self.source = tesseract.source
        self._data = data
        self._tesseract = tesseract
        self._models: dict[tuple[object, ...], LineModel | None] = {}

    def preload(self, languages: tuple[str, ...]) -> None:
        """Load networks now, so that the processes forked from this one have them."""
        for language in languages:
            self._model(language)

    def recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        words = self._words(image, dpi, languages)
        if words is None:
            return self._tesseract.recognise(image, dpi, languages)
        self._tesseract.release()
        return group_words(words)

    def _words(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> list[PlacedWord] | None:
        """Return the words of a clear page; None if libtesseract should read it."""
        models = [model for language in languages if (model := self._model(language))]
        if len(models) < len(languages):
            return None
        lines = self._tesseract.layout(image, dpi, languages)
        if lines is None:
            return None
        try:
            return self._clear_words(pixels_of(image), lines, models, languages)
        except (ProcessingError, MemoryError) as error:
            _log.warning("lines were not read in batches (%s)", type(error).__name__)
            return None

    def recognise_sparse(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        return self._tesseract.recognise_sparse(image, dpi, languages)

    def recognise_block(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        return self._tesseract.recognise_block(image, dpi, languages)

    def _clear_words(
        self, page: Pixels, lines: Sequence[LayoutLine], models: Sequence[LineModel], languages: tuple[str, ...]
    ) -> list[PlacedWord] | None:
        """Return the page's words; None if too many of them are doubtful. A sample of the lines is read first."""
        lines = join_cut_lines(page, without_repeats(without_rules(lines)))
        is_word = word_lookup(self._data, languages)
        readers = [_ModelReader(model, is_word) for model in models]
        height = models[0].network.height
        boxes = zip(lines, full_heights(lines), strict=True)
        cut = [(line, image) for line, box in boxes if (image := cut_line(page, box, height))]
        every = _SAMPLED if len(cut) >= _SAMPLED * _FEWEST_SAMPLED else 1
        rest = [number for number in range(len(cut)) if number % every]
        readings: dict[int, _Reading] = {}
        for numbers, most in ((range(0, len(cut), every), _MANY_IN_SAMPLE), (rest, _MANY_DOUBTFUL)):
            images = [cut[number][1] for number in numbers]
            found = zip(*(reader.read(images) for reader in readers), strict=True)
            readings |= {number: _best(choices) for number, choices in zip(numbers, found, strict=True)}
            if _doubtful_share(readings.values()) >= most:
                return None
        if sum(len(reading.words) for reading in readings.values()) < _FEWEST_WORDS:
            return None
        return [
            word
            for number, (line, image) in enumerate(cut)
            for word in _placed(page, line, image, readings[number], self.source)
        ]

    def _model(self, language: str) -> LineModel | None:
        """Return the language's network; None if it cannot be run here."""
        if script_of(language) not in _SCRIPTS:
            return None
        key = (language, self._data.versions((language,)))
        if key not in self._models:
            self._models = {other: model for other, model in self._models.items() if other[0] != language}
            file = self._data.files().get(language)
            self._models[key] = _open(file) if file else None
        return self._models[key]


def _open(file: Path) -> LineModel | None:
    try:
        return LineModel(read_network(file))
    except (UnsupportedNetworkError, OSError):
        return None


@dataclass(frozen=True, slots=True)
class _Reading:
    """The words of a line; none if the line is noise."""

    words: list[ReadWord]
    pixels_per_step: int
    is_inverted: bool

    @property
    def quality(self) -> float:
        """Return the mean confidence of the letters; those of unknown words count less."""
        letters = sum(len(word.text) for word in self.words)
        sure = sum(len(word.text) * word.confidence * (1 if word.is_known else _UNKNOWN) for word in self.words)
        return sure / letters if letters else 0.0


def _best(readings: Sequence[_Reading]) -> _Reading:
    """Return the best reading of a line in several languages; the first unless another is clearly better."""
    first = readings[0]
    other = max(readings, key=lambda reading: reading.quality)
    return other if other.quality > first.quality + _CLEARLY else first


class _ModelReader:
    """Reads lines with one network."""

    def __init__(self, model: LineModel, is_word: IsWord) -> None:
        self._model = model
        self._reader = LineReader(model.network.characters, model.network.blank, is_word)

    def read(self, images: Sequence[LineImage]) -> list[_Reading]:
        logs = self._model.read([image.values for image in images])
        dark = {number: self._reader.likelihood(logs[number]) for number, image in enumerate(images) if image.is_dark}
        unlikely = [number for number, likelihood in dark.items() if likelihood < _LIKELY]
        again = self._model.read([-images[number].values for number in unlikely])
        better = {
            number: other
            for number, other in zip(unlikely, again, strict=True)
            if self._reader.likelihood(other) > dark[number]
        }
        readings = []
        for number, one in enumerate(logs):
            outputs = better.get(number, one)
            readings.append(
                _Reading(
                    words=_plausible(self._reader.words(outputs)),
                    pixels_per_step=self._model.network.pool[0],
                    is_inverted=number in better,
                )
            )
        return readings


def _doubtful_share(readings: Iterable[_Reading]) -> float:
    """Return the share of doubtful words, without what is probably noise; 1 if there are no words."""
    confidences = [word.confidence for reading in readings for word in reading.words if word.confidence >= NOISE]
    return sum(confidence < DOUBTFUL for confidence in confidences) / len(confidences) if confidences else 1.0


def _plausible(words: Sequence[ReadWord]) -> list[ReadWord]:
    """Return the words of a line; none if it is part of a drawing, and one if it is read too badly to divide it."""
    mean = fmean(word.confidence for word in words) if words else 0.0
    if mean < _HOPELESS or (len(words) >= _FEW and mean < _NO_TEXT):
        return []
    if len(words) == 1 or mean >= _POOR:
        return list(words)
    text = "".join(word.text for word in words)
    return [ReadWord(text, min(word.confidence for word in words), words[0].begin, words[-1].end, is_known=False)]


def _placed(page: Pixels, line: LayoutLine, image: LineImage, reading: _Reading, source: str) -> Iterator[PlacedWord]:
    """Yield the words with boxes around their ink. Neighbours are divided at the widest gap between their letters."""
    ink = LineInk(page, line.box, image.threshold, is_inverted=reading.is_inverted)
    begin = line.box.left
    for number, word in enumerate(reading.words):
        end = line.box.right
        if number + 1 < len(reading.words):
            steps = word.end, reading.words[number + 1].begin
            columns = [image.left + step * reading.pixels_per_step / image.scale for step in steps]
            end = ink.clearest_column(columns[0], columns[1])
        box = ink.tight_box(begin, end) or Box(begin, line.box.top, max(begin + 1, end), line.box.bottom)
        begin = end
        yield PlacedWord(
            line.block, line.line, Word(text=word.text, box=box, confidence=word.confidence, source=source)
        )
