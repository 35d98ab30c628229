"""Re-reads uncertain parts and merges both results.

Three kinds of parts are read again. If components like letters are outside all words, or many words are doubtful, the
page's lines are detected again, and those that Tesseract did not cover are read whole. Other doubtful words are read
one by one. If a third of the page's words are doubtful, Tesseract's word boundaries do not help either: all its lines
are read.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import fmean

from ocrdesk.contract.box import Box, Rectangle, contains_center
from ocrdesk.contract.document import Block, Source, Word
from ocrdesk.layout.row_builder import Row, Rows
from ocrdesk_worker.engines.calibration import DOUBTFUL, NOISE
from ocrdesk_worker.engines.rapid.currency import restore_rupee_signs
from ocrdesk_worker.engines.rapid.detector import LineDetector
from ocrdesk_worker.engines.rapid.quads import (
    Quad,
    cut_out,
    part_of,
    quad_of,
    rectangle_around,
    size_of,
    vertical_readings,
)
from ocrdesk_worker.engines.rapid.recognizer import Glyph, LineRecognizer
from ocrdesk_worker.engines.rapid.spelling import IsWord
from ocrdesk_worker.engines.rapid.word_split import split_words
from ocrdesk_worker.preprocess.components import Components, count_unread
from ocrdesk_worker.preprocess.pixels import Pixels, np

_HALF_SURE = 0.5
_FEW_UNREAD = 3
_MANY_DOUBTFUL = 0.2
_POOR_PAGE = 0.33
_LETTER_HEIGHT = 8.0
"""Pixels: the height of letters for the detector, which is faster on smaller images."""
_SMALLEST, _LARGEST = 640.0, 1600.0
_COVERED = 0.9
_TALL = 1.5
_MAX_LINE_HEIGHT = 1.8
"""In heights of its tallest word: a taller line is skewed, or more than one line."""
_READABLE = 0.9
"""Share of a language's letters that must be readable."""


@dataclass(eq=False, slots=True)
class _FoundWord:
    """A word of Tesseract's, the row that contains it, and its box as high as the line."""

    word: Word
    row: Row
    line_box: Box

    @property
    def is_doubtful(self) -> bool:
        return self.word.confidence < DOUBTFUL


@dataclass(eq=False, slots=True)
class _Task:
    """Something to read: a whole line with Tesseract's words in it, or a single one of them."""

    quad: Quad
    inside: list[_FoundWord]
    is_line: bool
    kept: list[_FoundWord] = field(default_factory=list)
    """Those of its words that stay as they are."""


class Rereader:
    """Reads lines and words with neural networks. Raises EngineUnavailableError if the models are missing."""

    def __init__(self) -> None:
        self._detector = LineDetector()
        self._recognizer = LineRecognizer()

    def readable(self, alphabet: frozenset[str]) -> frozenset[str] | None:
        """Return the characters of a language that can be read; None if its letters cannot."""
        known = alphabet & self._recognizer.characters
        letters = {character for character in alphabet if character.isalpha()}
        return known if len(letters & known) >= _READABLE * len(letters) else None

    def restore_rupee_signs(self, image: Pixels, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Return the page as Tesseract read it, with the rupee sign before the amounts that have it."""
        return restore_rupee_signs(
            image, blocks, lambda parts, characters: self._recognizer.read(list(parts), characters, math.inf)
        )

    def read_all(
        self, image: Pixels, components: Components, alphabet: frozenset[str], is_word: IsWord
    ) -> tuple[Block, ...]:
        """Read the whole page without Tesseract."""
        rows = Rows(())
        tasks = [_Task(quad, [], is_line=True) for quad in self._detect_lines(image, components)]
        for words in self._read(image, tasks, alphabet, is_word, math.inf, poor=True):
            if words and fmean(word.confidence for word in words) >= _HALF_SURE:
                rows.add(words)
        return rows.blocks()

    def improve(
        self,
        image: Pixels,
        components: Components,
        blocks: tuple[Block, ...],
        alphabet: frozenset[str],
        is_word: IsWord,
        deadline: float = math.inf,
    ) -> tuple[Block, ...]:
        """Return the page as Tesseract read it, with doubtful and missing words read again.

        `is_word` says whether a dictionary has a word. Words that are not reached before `deadline` (time.monotonic)
        stay as they are.
        """
        rows = Rows(blocks)
        found = [_FoundWord(word, row, _line_box(word, row)) for row in rows.all() for word in row.words]
        doubtful = sum(one.is_doubtful for one in found)
        unread = count_unread(components, image, (one.word.box for one in found if one.word.confidence >= NOISE))
        if not doubtful and unread < _FEW_UNREAD:
            return blocks
        poor = doubtful > _POOR_PAGE * len(found)
        lines = []
        if unread >= _FEW_UNREAD or doubtful > _MANY_DOUBTFUL * len(found):
            lines = self._detect_lines(image, components)
        tasks = _tasks(found, lines, poor=poor)
        for task, words in zip(tasks, self._read(image, tasks, alphabet, is_word, deadline, poor=poor), strict=True):
            if words is not None:
                _merge(rows, task, words, poor=poor)
        return rows.blocks()

    def _detect_lines(self, image: Pixels, components: Components) -> list[Quad]:
        wanted = _LETTER_HEIGHT / max(components.letter_height, 4.0) * max(image.shape)
        return self._detector.detect(image, max(_SMALLEST, min(_LARGEST, wanted)))

    def _read(
        self,
        image: Pixels,
        tasks: list[_Task],
        alphabet: frozenset[str],
        is_word: IsWord,
        deadline: float,
        *,
        poor: bool,
    ) -> list[list[Word] | None]:
        """Return the words of each task, with boxes on the page; None if there was no time for it."""
        quads = [task.quad for task in tasks]
        steep = [number for number, task in enumerate(tasks) if task.is_line and _is_steep(task.quad)]
        other_way = []
        for number in steep:
            quads[number], downwards = vertical_readings(quads[number])
            other_way.append(downwards)
        quads += other_way
        images = [cut_out(image, quad) for quad in quads]
        glyphs = self._recognizer.read(images, alphabet, deadline)
        for index, number in enumerate(steep, start=len(tasks)):
            if _mean_confidence(glyphs[index]) > _mean_confidence(glyphs[number]):
                glyphs[number], quads[number], images[number] = glyphs[index], quads[index], images[index]
        results: list[list[Word] | None] = []
        for number, task in enumerate(tasks):
            read = glyphs[number]
            if read is None:
                results.append(None)
                continue
            starts = [] if poor else _word_starts(task, quads[number])
            results.append(
                [
                    Word(
                        text=word.text,
                        box=_box(part_of(quads[number], word.start, word.end, word.top, word.bottom), image),
                        confidence=min(1.0, word.confidence),
                        source=Source.RAPID,
                    )
                    for word in split_words(read, images[number], is_word, starts)
                ]
            )
        return results


def _line_box(word: Word, row: Row) -> Box:
    """Return the word's box as high as its line, unless the row is more than one line.

    The height of the line distinguishes an o from an O.
    """
    line = row.box
    if line.height > _MAX_LINE_HEIGHT * max(other.box.height for other in row.words):
        return word.box
    return Box(word.box.left, line.top, word.box.right, line.bottom)


def _tasks(found: list[_FoundWord], lines: Sequence[Quad], *, poor: bool) -> list[_Task]:
    """Return what is to be read; each of Tesseract's words is in one task at most."""
    tasks = []
    free = dict.fromkeys(found)
    for quad in lines:
        rectangle = rectangle_around(quad)
        inside = [one for one in free if contains_center(rectangle, one.word.box)]
        for one in inside:
            del free[one]
        doubtful = [one for one in inside if one.is_doubtful]
        if poor or len(doubtful) * 2 > len(inside) or not _is_covered(quad, inside):
            kept = [] if poor else [one for one in inside if not one.is_doubtful]
            tasks.append(_Task(quad, inside, is_line=True, kept=kept))
        else:
            tasks += [_single_word(one) for one in doubtful]
    tasks += [_single_word(one) for one in free if poor or one.is_doubtful]
    return tasks


def _single_word(one: _FoundWord) -> _Task:
    """Return the task to read one word, with the margin that the recogniser expects."""
    box = one.line_box
    across, down = max(2.0, 0.2 * box.height), max(2.0, 0.12 * box.height)
    rectangle = box.left - across, box.top - down, box.right + across, box.bottom + down
    return _Task(quad_of(rectangle), [one], is_line=False)


def _is_covered(quad: Quad, inside: list[_FoundWord]) -> bool:
    """Return whether words fill most of the line that are at least half sure, and no taller than the line."""
    left, _, right, _ = rectangle_around(quad)
    height = min(size_of(quad))
    filled = np.zeros(max(1, int(right - left)), bool)
    for one in inside:
        box = one.word.box
        if one.word.confidence >= _HALF_SURE and box.height <= _TALL * height:
            filled[max(0, int(box.left - left - height / 2)) : max(0, int(box.right - left + height / 2))] = True
    return bool(filled.mean() >= _COVERED)


def _is_steep(quad: Quad) -> bool:
    width, height = size_of(quad)
    return height > 1.5 * width


def _mean_confidence(glyphs: Sequence[Glyph] | None) -> float:
    return fmean(glyph.confidence for glyph in glyphs) if glyphs else 0.0


def _word_starts(task: _Task, quad: Quad) -> list[float]:
    """Return where Tesseract's words begin, as fractions of the line."""
    left, _, right, _ = rectangle_around(quad)
    return [(one.word.box.left - left) / max(1.0, right - left) for one in task.inside]


def _box(rectangle: Rectangle, image: Pixels) -> Box:
    height, width = image.shape
    left, top, right, bottom = rectangle
    return Box.clipped((int(left), int(top), round(right), round(bottom)), width, height)


def _merge(rows: Rows, task: _Task, words: list[Word], *, poor: bool) -> None:
    """Replace Tesseract's words by what was read, if that is the surer of the two."""
    confidence = fmean(word.confidence for word in words) if words else 0.0
    old = [one for one in task.inside if one not in task.kept]
    if confidence < _HALF_SURE:
        was_surer = bool(task.inside) and fmean(one.word.confidence for one in task.inside) >= confidence
        stays = [one for one in old if one.word.confidence >= NOISE and (was_surer or not task.is_line)]
        for one in old:
            if one not in stays:
                one.row.replace([one.word], ())
        return
    new = [word for word in words if not any(word.box.shares_columns(one.word.box) for one in task.kept)]
    if len(old) == 1 and len(new) == 1 and old[0].word.text == new[0].text:
        agreed = _agreed_confidence(old[0].word, new[0])
        new = [new[0].model_copy(update={"box": old[0].word.box, "confidence": agreed})]
    for one in old:
        one.row.replace([one.word], ())
    if not new:
        return
    hosts = [one.row for one in task.inside]
    if hosts and not poor:
        max(hosts, key=hosts.count).replace((), new)
    else:
        rows.add(new)


def _agreed_confidence(one: Word, other: Word) -> float:
    """Return the confidence of a word that two engines read alike: more than either's."""
    return min(0.99, 1 - (1 - max(one.confidence, 0.5)) * (1 - other.confidence))
