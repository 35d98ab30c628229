"""Re-reads uncertain parts of a page that Tesseract has read.

Three kinds of parts are read again. If components like letters are outside all words, or many words are doubtful, the
page's lines are detected again, and those that Tesseract did not cover are read whole. Other doubtful words are read
where Tesseract found them. If a third of the page's words are doubtful, Tesseract's word boundaries do not help either:
all its lines are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from ocrdesk.contract.box import Box, Rectangle, contains_center
from ocrdesk.contract.document import Block, Source, Word
from ocrdesk.layout.row_builder import Rows
from ocrdesk.layout.word_boxes import separate_words
from ocrdesk_worker.engines.calibration import NOISE
from ocrdesk_worker.engines.effort import Effort
from ocrdesk_worker.engines.rapid.amounts.currency import restore_rupee_signs
from ocrdesk_worker.engines.rapid.amounts.faded_points import restore_points
from ocrdesk_worker.engines.rapid.amounts.lost_points import lost_points
from ocrdesk_worker.engines.rapid.amounts.torn_figures import join_torn_figures
from ocrdesk_worker.engines.rapid.detector import LineDetector
from ocrdesk_worker.engines.rapid.found_words import find_words, trust_probable_words
from ocrdesk_worker.engines.rapid.letters.cut_words import mark_cut_words
from ocrdesk_worker.engines.rapid.letters.rule_edges import trim_rules
from ocrdesk_worker.engines.rapid.letters.zeros import settle_zeros
from ocrdesk_worker.engines.rapid.lone_numbers import is_sure, lone_line, lone_numbers
from ocrdesk_worker.engines.rapid.merging import Merger
from ocrdesk_worker.engines.rapid.quads import Quad, cut_out, part_of, rectangle_around, size_of, vertical_readings
from ocrdesk_worker.engines.rapid.recognizer import Glyph, LineRecognizer
from ocrdesk_worker.engines.rapid.regions import HALF_SURE, Region, choose_regions
from ocrdesk_worker.engines.rapid.spelling import IsWord
from ocrdesk_worker.engines.rapid.stacked_rows import split_steep, take_stacked
from ocrdesk_worker.engines.rapid.underscores import restore_underscores
from ocrdesk_worker.engines.rapid.word_split import split_words
from ocrdesk_worker.preprocess.components import Components, count_unread, find_unread
from ocrdesk_worker.preprocess.pixels import Pixels, np

_FEW_UNREAD = 3
_MANY_DOUBTFUL = 0.2
_POOR_PAGE = 0.33
_LETTER_HEIGHT = 8.0
"""Pixels: the height of letters for the detector, which is faster on smaller images."""
_SMALLEST, _LARGEST = 640.0, 1600.0
_SMALL_PRINT = 0.6
"""In heights of the page's letters: lower letters may be lost where lines are detected."""
_NARROWEST_LETTER = 3.0
"""A box of one letter with its margin is at most so many times as high as wide."""
_READABLE = 0.9
"""Share of a language's letters that must be readable."""


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

    def prepare(self) -> None:
        """Load what only some languages need, for processes that are forked from this one."""
        self._recognizer.prepare()

    def read_parts(self, images: Sequence[Pixels], characters: frozenset[str]) -> Sequence[Sequence[Glyph] | None]:
        """Return the glyphs of each line image, which has these characters alone."""
        return self._recognizer.read(images, characters, Effort())

    def restore_rupee_signs(self, image: Pixels, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Return the page as Tesseract read it, with the rupee sign before the amounts that have it."""
        return restore_rupee_signs(
            image, blocks, lambda parts, characters: self._recognizer.read(list(parts), characters, Effort())
        )

    def read_all(
        self, image: Pixels, components: Components, alphabet: frozenset[str], is_word: IsWord
    ) -> tuple[Block, ...]:
        """Read the whole page without Tesseract."""
        rows = Rows(())
        regions = [Region(quad, [], is_line=True) for quad in self._detect_lines(image, components)]
        for words in self._read(image, regions, alphabet, is_word, Effort(), poor=True):
            if words and fmean(word.confidence for word in words) >= HALF_SURE:
                rows.add(words)
        return rows.blocks()

    def improve(
        self,
        image: Pixels,
        components: Components,
        blocks: tuple[Block, ...],
        alphabet: frozenset[str],
        is_word: IsWord,
        effort: Effort | None = None,
    ) -> tuple[Block, ...]:
        """Return the page as Tesseract read it, with doubtful and missing words read again.

        `is_word` says whether a dictionary has a word. Words beyond `effort` stay as they are.
        """
        rows = Rows(separate_words(blocks))
        join_torn_figures(rows, image)
        stacked = take_stacked(rows.all(), image)
        found = find_words(rows, lost_points((word for row in rows.all() for word in row.words), image))
        doubtful = sum(one.is_doubtful for one in found)
        mark_cut_words(found, components)
        trust_probable_words(found, is_word)
        read = [one.word.box for one in found if one.word.confidence >= NOISE]
        unread = count_unread(components, image, read)
        poor = doubtful > _POOR_PAGE * len(found)
        lines: list[Quad] = []
        if unread >= _FEW_UNREAD or doubtful > _MANY_DOUBTFUL * len(found):
            lines = self._detect_lines(image, components)
            lines += self._detect_small_print(image, components, read, lines)
        if not found and not lines:
            lines = lone_line(components, image)
        lines = _with_stacked(lines, stacked)
        regions = choose_regions(found, lines, poor=poor)
        whole = [rectangle_around(region.quad) for region in regions if region.is_line]
        regions += lone_numbers(components, image, read, whole)
        if not regions:
            return rows.blocks()
        merger = Merger(rows, regions, poor=poor)
        results = self._read(image, regions, alphabet, is_word, effort or Effort(), poor=poor)
        for region, words in zip(regions, settle_zeros(results, [one.word for one in found]), strict=True):
            if words is not None and (not region.is_lone or is_sure(words, is_word)):
                merger.merge(region, words)
        trim_rules(rows, image)
        join_torn_figures(rows, image)
        restore_points(rows, image)
        return rows.blocks()

    def _detect_lines(self, image: Pixels, components: Components) -> list[Quad]:
        wanted = _LETTER_HEIGHT / max(components.letter_height, 4.0) * max(image.shape)
        lines = self._detector.detect(image, max(_SMALLEST, min(_LARGEST, wanted)))
        return split_steep(lines, image)

    def _detect_small_print(
        self, image: Pixels, components: Components, read: Sequence[Box], lines: Sequence[Quad]
    ) -> list[Quad]:
        """Return lines in print so small that it vanished where lines were detected for the page's usual letters."""
        small = Components(components.boxes[components.boxes[:, 3] < _SMALL_PRINT * components.letter_height])
        places = [*read, *(_box(rectangle_around(quad), image) for quad in lines)]
        if count_unread(small, image, places) < _FEW_UNREAD:
            return []
        unread = find_unread(small, image, places)
        height = max(1, sorted(box.height for box in unread)[len(unread) // 2])
        left, top, right, bottom = Box.around(unread)
        margin = 2 * height
        left, top = max(0, left - margin), max(0, top - margin)
        part = image[top : bottom + margin, left : right + margin]
        wanted = _LETTER_HEIGHT / height * max(part.shape)
        if wanted > _LARGEST:
            return []
        found = self._detector.detect(part, max(_SMALLEST, wanted))
        return [quad + np.array([left, top], np.float32) for quad in found]

    def _read(
        self,
        image: Pixels,
        regions: list[Region],
        alphabet: frozenset[str],
        is_word: IsWord,
        effort: Effort,
        *,
        poor: bool,
    ) -> list[list[Word] | None]:
        """Return the words of each region, with boxes on the page; None if it is beyond the effort."""
        quads = [region.quad for region in regions]
        steep = [number for number, region in enumerate(regions) if region.is_line and _is_steep(region.quad)]
        others = [(number, quad) for number in steep for quad in vertical_readings(quads[number])]
        tried = [*quads, *(quad for _, quad in others)]
        images = [cut_out(image, quad) for quad in tried]
        glyphs = self._recognizer.read(images, alphabet, effort)
        confidences = [_mean_confidence(read) for read in glyphs]
        for number in steep:
            if not _may_be_letter(quads[number]):
                confidences[number] = -1.0
        for index, (number, quad) in enumerate(others, start=len(regions)):
            if confidences[index] > confidences[number]:
                confidences[number], glyphs[number] = confidences[index], glyphs[index]
                quads[number], images[number] = quad, images[index]
        results: list[list[Word] | None] = []
        for number, region in enumerate(regions):
            read = glyphs[number]
            if read is None:
                results.append(None)
                continue
            starts = [] if poor else _word_starts(region, quads[number])
            results.append(
                [
                    Word(
                        text=word.text,
                        box=_box(part_of(quads[number], word.start, word.end, word.top, word.bottom), image),
                        confidence=min(1.0, word.confidence),
                        source=Source.RAPID,
                    )
                    for word in split_words(restore_underscores(read, images[number]), images[number], is_word, starts)
                ]
            )
        return results


def _with_stacked(lines: Sequence[Quad], stacked: Sequence[Quad]) -> list[Quad]:
    """Return the detected lines, and the rows of columns that are in none of them."""
    detected = [rectangle_around(quad) for quad in lines]
    missing = [quad for quad in stacked if not any(contains_center(area, rectangle_around(quad)) for area in detected)]
    return [*lines, *missing]


def _is_steep(quad: Quad) -> bool:
    width, height = size_of(quad)
    return height > 1.5 * width


def _may_be_letter(quad: Quad) -> bool:
    """Return whether a steep quad may be around one upright letter or digit, such as an I."""
    width, height = size_of(quad)
    return height <= _NARROWEST_LETTER * width


def _mean_confidence(glyphs: Sequence[Glyph] | None) -> float:
    return fmean(glyph.confidence for glyph in glyphs) if glyphs else 0.0


def _word_starts(region: Region, quad: Quad) -> list[float]:
    """Return where Tesseract's words begin, as fractions of the line."""
    left, _, right, _ = rectangle_around(quad)
    return [(one.word.box.left - left) / max(1.0, right - left) for one in region.inside]


def _box(rectangle: Rectangle, image: Pixels) -> Box:
    height, width = image.shape
    left, top, right, bottom = rectangle
    return Box.clipped((int(left), int(top), round(right), round(bottom)), width, height)
