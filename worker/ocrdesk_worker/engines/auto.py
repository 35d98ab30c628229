"""The engine `auto`: Tesseract at a fitting scale, and a second look at what it is unsure of or missed."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PIL import Image

from ocrdesk.contract.document import Block, Box, Word
from ocrdesk_worker.engines.calibration import ALONE, CONFIRMED, calibrated
from ocrdesk_worker.engines.interface import EngineUnavailableError, SparseEngine
from ocrdesk_worker.engines.languages.alphabets import alphabet_of
from ocrdesk_worker.engines.languages.dictionary import word_lookup
from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.engines.tesseract import sparse_pass
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.preprocess.components import Components, marks_on, pixels_of
from ocrdesk_worker.preprocess.opencv import short_memory_told
from ocrdesk_worker.preprocess.ruling_lines import remove_ruling_lines

if TYPE_CHECKING:
    from ocrdesk_worker.engines.rapid.rereading import Rereader

_log = logging.getLogger(__name__)

_TALLEST, _LOWEST, _LIKED = 26.0, 12.0, 20.0
"""Heights of letters in pixels: beyond the first two a page is scaled so that they get the third."""
_MOST_ENLARGED = 3.0
_LONGEST_SIDE = 6000
"""Pixels: no page is made larger than that for the second pass."""
_SHARE = 0.6
"""Of a page's time limit: when it has passed, what is not yet read a second time stays as it is."""


class AutoEngine:
    """The second look is the second opinion's, or a second pass of Tesseract's where its models are missing.

    Made for one page, from whose time limit it takes no more than a part: a page must not be lost to a second look.
    """

    def __init__(
        self, data: TessData, first: SparseEngine, opinion: Callable[[], Rereader], within_s: float = math.inf
    ) -> None:
        self.source = first.source
        self._data = data
        self._first = first
        self._opinion = opinion
        self._until = time.monotonic() + _SHARE * within_s

    def recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        pixels = pixels_of(image)
        marks = marks_on(pixels)
        scale = _scale(marks.height)
        try:
            second = self._opinion()
            alphabet = second.alphabet(alphabet_of(self._data, languages))
        except EngineUnavailableError:
            alphabet = None
        if alphabet is None:
            return calibrated(self._twice(image, marks, scale, dpi, languages), ALONE)
        blocks = _read(self._first.recognise, image, scale, dpi, languages)
        known = word_lookup(self._data, languages)
        try:
            with short_memory_told():
                better = second.improve(pixels, marks, blocks, alphabet, known, self._until)
        except (ProcessingError, MemoryError) as error:
            _log.warning("the second opinion gave up (%s): Tesseract's reading stays", type(error).__name__)
            return calibrated(blocks, ALONE)
        return calibrated(better, CONFIRMED)

    def _twice(
        self, image: Image.Image, marks: Components, scale: float, dpi: float, languages: tuple[str, ...]
    ) -> tuple[Block, ...]:
        """What Tesseract alone makes of it, in a second pass too where the first asks for it and there is time."""
        pixels = pixels_of(image)
        clean = remove_ruling_lines(pixels, marks.height)
        ruled = clean is not pixels
        blocks = _read(self._first.recognise, Image.fromarray(clean) if ruled else image, scale, dpi, languages)
        if not sparse_pass.needs_sparse_pass(pixels, marks, blocks) or time.monotonic() >= self._until:
            return blocks
        left = sparse_pass.mask_read_words(clean, blocks)
        larger = max(scale, min(scale * sparse_pass.LARGER, _LONGEST_SIDE / max(pixels.shape)))
        again = _read(self._first.recognise_sparse, Image.fromarray(left), larger, dpi, languages)
        return sparse_pass.merged(blocks, again)


def _read(
    recognise: Callable[[Image.Image, float, tuple[str, ...]], tuple[Block, ...]],
    image: Image.Image,
    scale: float,
    dpi: float,
    languages: tuple[str, ...],
) -> tuple[Block, ...]:
    """What is read from the image in another size, placed in its own pixels."""
    if scale == 1.0:
        return recognise(image, dpi, languages)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    resample = Image.Resampling.BOX if scale < 0.5 else Image.Resampling.BICUBIC
    blocks = recognise(image.resize(size, resample), dpi * scale, languages)
    return _scaled(blocks, image.width / size[0], image.height / size[1], image.size)


def _scale(height: float) -> float:
    if height > _TALLEST:
        return _LIKED / height
    return min(_MOST_ENLARGED, _LIKED / height) if 0 < height < _LOWEST else 1.0


def _scaled(blocks: tuple[Block, ...], across: float, down: float, size: tuple[int, int]) -> tuple[Block, ...]:
    """The blocks with all boxes in the pixels of the page."""

    def scaled(box: Box) -> Box:
        left, top = int(box.left * across), int(box.top * down)
        return Box(
            left,
            top,
            max(left + 1, min(size[0], round(box.right * across))),
            max(top + 1, min(size[1], round(box.bottom * down))),
        )

    def moved(word: Word) -> Word:
        return word.model_copy(update={"box": scaled(word.box)})

    refilled = (block.refilled(lambda line: map(moved, line.words)) for block in blocks)
    return tuple(block for block in refilled if block is not None)
