"""An engine whose results are changed before another engine uses them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from PIL import Image

from ocrdesk.contract.document import Block, Box, Line, Source, Word
from ocrdesk.contract.jobs import EngineName
from ocrdesk_worker.engines.auto import AutoEngine
from ocrdesk_worker.engines.interface import SparseEngine
from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.engines.registry import Engines
from tests.helpers.sample_files import text_image

LINES = ["The quick brown fox", "jumps over the lazy dog", "and runs into the wood"]


ENGLISH = ("eng",)


class Pretender:
    """A first engine that changes the results of the real one."""

    source = Source.TESSERACT

    def __init__(self, engines: Engines, change: Callable[[Line], Line | None]) -> None:
        self._real = cast("SparseEngine", engines.get(EngineName.TESSERACT))
        self._change = change
        self.sizes: list[tuple[int, int]] = []

    def recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        self.sizes.append(image.size)
        return self._changed(self._real.recognise(image, dpi, languages))

    def recognise_sparse(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        return self._changed(self._real.recognise_sparse(image, dpi, languages))

    def _changed(self, read: tuple[Block, ...]) -> tuple[Block, ...]:
        blocks = []
        for block in read:
            lines = tuple(changed for line in block.lines if (changed := self._change(line)))
            if lines:
                blocks.append(Block(box=Box.around([line.box for line in lines]), lines=lines))
        return tuple(blocks)


def auto(engines: Engines, data: TessData, change: Callable[[Line], Line | None] = lambda line: line) -> AutoEngine:
    return AutoEngine(data, Pretender(engines, change), engines.rereader)


def page(lines: Sequence[str] = LINES) -> Image.Image:
    return text_image("\n".join(lines), (900, 100 + 60 * len(lines))).convert("L")


def lines_of(blocks: tuple[Block, ...]) -> list[str]:
    return [line.text for block in blocks for line in block.lines]


def words_in(blocks: tuple[Block, ...]) -> list[Word]:
    return [word for block in blocks for line in block.lines for word in line.words]


def with_word(line: Line, old: str, new: str, confidence: float) -> Line:
    words = tuple(
        word.model_copy(update={"text": new, "confidence": confidence}) if word.text == old else word
        for word in line.words
    )
    return line.model_copy(update={"words": words})
