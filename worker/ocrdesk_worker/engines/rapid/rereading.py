"""Has what Tesseract is unsure of, or missed, read again, and merges both into one page.

Three things are looked at. Marks like letters that lie in no word, and many doubtful words, have the page's lines
found anew: those that Tesseract did not cover are read whole. Other doubtful words are read one by one. On a page
where a third of the words are doubtful Tesseract's word boundaries are no help either: all of its lines are read.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import fmean

from ocrdesk.contract.document import Block, Box, Source, Word
from ocrdesk.layout.row_builder import Row, Rows
from ocrdesk_worker.engines.calibration import DOUBTFUL, NOISE
from ocrdesk_worker.engines.rapid.detector import LineDetector
from ocrdesk_worker.engines.rapid.quads import Quad, cut_out, edges_of, part_of, size_of, turned, upright
from ocrdesk_worker.engines.rapid.recognizer import Glyph, LineReader
from ocrdesk_worker.engines.rapid.spelling import Knows
from ocrdesk_worker.engines.rapid.word_split import words_of
from ocrdesk_worker.preprocess.components import Components, Image, unread
from ocrdesk_worker.preprocess.opencv import np

_HALF_SURE = 0.5
_FEW_UNREAD = 3
_MANY_DOUBTFUL = 0.2
_POOR_PAGE = 0.33
_LETTER_HEIGHT = 8.0
"""Pixels: how tall letters may be for the detector, which is the faster the smaller the image."""
_SMALLEST, _LARGEST = 640.0, 1600.0
_COVERED = 0.9
_TALL = 1.5
_UPRIGHT_LINE = 1.8


@dataclass(eq=False, slots=True)
class _Found:
    """A word of Tesseract's, and the row that it is in."""

    word: Word
    row: Row
    line: Box

    @property
    def is_doubtful(self) -> bool:
        return self.word.confidence < DOUBTFUL


@dataclass(eq=False, slots=True)
class _Task:
    """Something to read: a whole line with Tesseract's words in it, or a single one of them."""

    quad: Quad
    inside: list[_Found]
    is_line: bool
    kept: list[_Found] = field(default_factory=list)
    """Those of its words that stay as they are."""


class Rereader:
    """Raises EngineMissing where the models are missing."""

    def __init__(self) -> None:
        self._detector = LineDetector()
        self._reader = LineReader()

    def alphabet(self, characters: frozenset[str]) -> frozenset[str] | None:
        """Those of a language's characters that can be read; None when its letters cannot."""
        known = characters & self._reader.characters
        letters = {character for character in characters if character.isalpha()}
        return known if len(letters & known) >= 0.9 * len(letters) else None

    def read_all(self, image: Image, marks: Components, alphabet: frozenset[str], knows: Knows) -> tuple[Block, ...]:
        """The whole page by this reader alone."""
        rows = Rows(())
        tasks = [_Task(quad, [], is_line=True) for quad in self._lines(image, marks)]
        for words in self._read(image, tasks, alphabet, knows, math.inf, poor=True):
            if words and fmean(word.confidence for word in words) >= _HALF_SURE:
                rows.add(words)
        return rows.blocks()

    def improve(
        self,
        image: Image,
        marks: Components,
        blocks: tuple[Block, ...],
        alphabet: frozenset[str],
        knows: Knows,
        until: float = math.inf,
    ) -> tuple[Block, ...]:
        """The page as Tesseract read it, with what was doubtful or missing put right. `knows` is asked about words.

        What cannot be looked at `until` then (time.monotonic) stays as it is.
        """
        rows = Rows(blocks)
        found = [_Found(word, row, _line_of(word, row)) for row in rows.all() for word in row.words]
        doubtful = sum(one.is_doubtful for one in found)
        missed = unread(marks, image, (one.word.box for one in found if one.word.confidence >= NOISE))
        if not doubtful and missed < _FEW_UNREAD:
            return blocks
        poor = doubtful > _POOR_PAGE * len(found)
        lines = []
        if missed >= _FEW_UNREAD or doubtful > _MANY_DOUBTFUL * len(found):
            lines = self._lines(image, marks)
        tasks = _tasks(found, lines, poor=poor)
        for task, words in zip(tasks, self._read(image, tasks, alphabet, knows, until, poor=poor), strict=True):
            if words is not None:
                _merge(rows, task, words, poor=poor)
        return rows.blocks()

    def _lines(self, image: Image, marks: Components) -> list[Quad]:
        wanted = _LETTER_HEIGHT / max(marks.height, 4.0) * max(image.shape)
        return self._detector.lines(image, max(_SMALLEST, min(_LARGEST, wanted)))

    def _read(
        self,
        image: Image,
        tasks: list[_Task],
        alphabet: frozenset[str],
        knows: Knows,
        until: float,
        *,
        poor: bool,
    ) -> list[list[Word] | None]:
        """What each task's picture says, as words on the page; None where there was no time for it."""
        quads = [task.quad for task in tasks]
        steep = [number for number, task in enumerate(tasks) if task.is_line and _is_steep(task.quad)]
        other_way = []
        for number in steep:
            quads[number], downwards = turned(quads[number])
            other_way.append(downwards)
        quads += other_way
        pictures = [cut_out(image, quad) for quad in quads]
        glyphs = self._reader.read(pictures, alphabet, until)
        for place, number in enumerate(steep, start=len(tasks)):
            if _sureness(glyphs[place]) > _sureness(glyphs[number]):
                glyphs[number], quads[number], pictures[number] = glyphs[place], quads[place], pictures[place]
        answer: list[list[Word] | None] = []
        for number, task in enumerate(tasks):
            read = glyphs[number]
            if read is None:
                answer.append(None)
                continue
            starts = [] if poor else _starts(task, quads[number])
            answer.append(
                [
                    Word(
                        text=word.text,
                        box=_box(part_of(quads[number], word.start, word.end, word.top, word.bottom), image),
                        confidence=min(1.0, word.confidence),
                        source=Source.RAPID,
                    )
                    for word in words_of(read, pictures[number], knows, starts)
                ]
            )
        return answer


def _line_of(word: Word, row: Row) -> Box:
    """The word's box as high as its line, whose height tells an o from an O; if it is one line indeed."""
    line = row.box
    if line.height > _UPRIGHT_LINE * max(other.box.height for other in row.words):
        return word.box
    return Box(word.box.left, line.top, word.box.right, line.bottom)


def _tasks(found: list[_Found], lines: Sequence[Quad], *, poor: bool) -> list[_Task]:
    """What is to be read, each of Tesseract's words by one task at most."""
    tasks = []
    free = dict.fromkeys(found)
    for quad in lines:
        edges = edges_of(quad)
        inside = [one for one in free if _is_inside(one.word.box, edges)]
        for one in inside:
            del free[one]
        doubtful = [one for one in inside if one.is_doubtful]
        if poor or len(doubtful) * 2 > len(inside) or not _is_covered(quad, inside):
            kept = [] if poor else [one for one in inside if not one.is_doubtful]
            tasks.append(_Task(quad, inside, is_line=True, kept=kept))
        else:
            tasks += [_single(one) for one in doubtful]
    tasks += [_single(one) for one in free if poor or one.is_doubtful]
    return tasks


def _single(one: _Found) -> _Task:
    """A word, with a margin as wide as the reader is used to."""
    box = one.line
    across, down = max(2.0, 0.2 * box.height), max(2.0, 0.12 * box.height)
    return _Task(upright((box.left - across, box.top - down, box.right + across, box.bottom + down)), [one], False)


def _is_inside(box: Box, edges: tuple[float, float, float, float]) -> bool:
    left, top, right, bottom = edges
    return left <= (box.left + box.right) / 2 <= right and top <= (box.top + box.bottom) / 2 <= bottom


def _is_covered(quad: Quad, inside: list[_Found]) -> bool:
    """Whether words that are half sure at least, and no taller than the line, fill most of it."""
    left, _, right, _ = edges_of(quad)
    height = min(size_of(quad))
    filled = np.zeros(max(1, int(right - left)), bool)
    for one in inside:
        box = one.word.box
        if one.word.confidence >= _HALF_SURE and box.height <= _TALL * height:
            filled[max(0, int(box.left - left - height / 2)) : max(0, int(box.right - left + height / 2))] = True
    return bool(filled.mean() >= _COVERED)


def _is_steep(quad: Quad) -> bool:
    wide, high = size_of(quad)
    return high > 1.5 * wide


def _sureness(glyphs: Sequence[Glyph] | None) -> float:
    return fmean(glyph.confidence for glyph in glyphs) if glyphs else 0.0


def _starts(task: _Task, quad: Quad) -> list[float]:
    """Where Tesseract has words begin, as fractions of the line."""
    left, _, right, _ = edges_of(quad)
    return [(one.word.box.left - left) / max(1.0, right - left) for one in task.inside]


def _box(edges: tuple[float, float, float, float], image: Image) -> Box:
    """Whole pixels around it, on the page, at least one in size."""
    high, wide = image.shape
    left, top = min(max(0, int(edges[0])), wide - 1), min(max(0, int(edges[1])), high - 1)
    right, bottom = max(left + 1, min(wide, round(edges[2]))), max(top + 1, min(high, round(edges[3])))
    return Box(left, top, right, bottom)


def _merge(rows: Rows, task: _Task, words: list[Word], *, poor: bool) -> None:
    """Takes what was read instead of Tesseract's words where it is the surer of the two."""
    sure = fmean(word.confidence for word in words) if words else 0.0
    old = [one for one in task.inside if one not in task.kept]
    if sure < _HALF_SURE:
        was_surer = bool(task.inside) and fmean(one.word.confidence for one in task.inside) >= sure
        stays = [one for one in old if one.word.confidence >= NOISE and (was_surer or not task.is_line)]
        for one in old:
            if one not in stays:
                one.row.replace([one.word], ())
        return
    new = [word for word in words if not any(_are_one(word.box, one.word.box) for one in task.kept)]
    if len(old) == 1 and len(new) == 1 and old[0].word.text == new[0].text:
        new = [new[0].model_copy(update={"box": old[0].word.box, "confidence": _agreed(old[0].word, new[0])})]
    for one in old:
        one.row.replace([one.word], ())
    if not new:
        return
    hosts = [one.row for one in task.inside]
    if hosts and not poor:
        max(hosts, key=hosts.count).replace((), new)
    else:
        rows.add(new)


def _are_one(box: Box, other: Box) -> bool:
    shared = min(box.right, other.right) - max(box.left, other.left)
    return shared > 0.5 * min(box.width, other.width)


def _agreed(one: Word, other: Word) -> float:
    """Two readers that say the same are surer than either."""
    return min(0.99, 1 - (1 - max(one.confidence, 0.5)) * (1 - other.confidence))
