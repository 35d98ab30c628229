"""The engine `auto`: Tesseract at a fitting scale, and a second opinion on what it is unsure of or missed."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PIL import Image

from ocrdesk.contract.document import Block, Box, Source, Word
from ocrdesk_worker.engines.alphabets import alphabet_of
from ocrdesk_worker.engines.calibration import ALONE, CONFIRMED, calibrated
from ocrdesk_worker.engines.dictionary import known_in
from ocrdesk_worker.engines.engine import Engine, EngineMissing
from ocrdesk_worker.engines.tessdata import TessData
from ocrdesk_worker.prepare.ink import marks_on, pixels_of

if TYPE_CHECKING:
    from ocrdesk_worker.second_opinion.opinion import SecondOpinion

_TALLEST, _LOWEST, _LIKED = 26.0, 12.0, 20.0
"""Heights of letters in pixels: beyond the first two a page is scaled so that they get the third."""
_MOST_ENLARGED = 3.0
_SHARE = 0.6
"""Of a page's time limit: when it has passed, what is not yet read a second time stays as it is."""


class AutoEngine:
    """Without the models of the second opinion it is Tesseract alone.

    Made for one page, from whose time limit it takes no more than a part: a page must not be lost to a second opinion.
    """

    def __init__(
        self, data: TessData, first: Engine, opinion: Callable[[], SecondOpinion], within_s: float = math.inf
    ) -> None:
        self.source: Source = first.source
        self._data = data
        self._first = first
        self._opinion = opinion
        self._until = time.monotonic() + _SHARE * within_s

    def recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        pixels = pixels_of(image)
        marks = marks_on(pixels)
        scale = _scale(marks.height)
        if scale == 1.0:
            blocks = self._first.recognise(image, dpi, languages)
        else:
            size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
            resample = Image.Resampling.BOX if scale < 0.5 else Image.Resampling.BICUBIC
            sized = self._first.recognise(image.resize(size, resample), dpi * scale, languages)
            blocks = _scaled(sized, image.width / size[0], image.height / size[1], image.size)
        try:
            second = self._opinion()
        except EngineMissing:
            return calibrated(blocks, ALONE)
        alphabet = second.alphabet(alphabet_of(self._data, languages))
        if alphabet is None:
            return calibrated(blocks, ALONE)
        known = known_in(self._data, languages)
        return calibrated(second.improve(pixels, marks, blocks, alphabet, known, self._until), CONFIRMED)


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
