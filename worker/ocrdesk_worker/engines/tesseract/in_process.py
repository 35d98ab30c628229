"""Tesseract in this process.

The engine `tesseract` uses libtesseract through tesserocr.
"""

from __future__ import annotations

import os

# Before libtesseract loads: one process per core is faster than processes whose threads compete for cores.
os.environ.setdefault("OMP_THREAD_LIMIT", "1")

from collections.abc import Iterator
from dataclasses import dataclass

import tesserocr
from PIL import Image

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Source, Word
from ocrdesk.contract.jobs import DEFAULT_LANGUAGES
from ocrdesk.layout.text_direction import to_logical_order
from ocrdesk.layout.word_grouping import PlacedWord, group_words
from ocrdesk_worker.engines.languages.scripts import are_vertical
from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.errors import engine_failed, language_unusable

_KIND = tesserocr.PT
_NO_TEXT = frozenset({_KIND.HORZ_LINE, _KIND.VERT_LINE, _KIND.NOISE})


@dataclass(frozen=True, slots=True)
class LayoutLine:
    """A part of a line that is recognised at once, and the numbers of its block and line in reading order."""

    block: int
    line: int
    box: Box
    baseline: float
    """The row on which its letters stand."""


class TesseractEngine:
    """Keeps the models of the languages that it read last, and loads others when they are needed."""

    source = Source.TESSERACT

    def __init__(self, data: TessData) -> None:
        self._data = data
        self._loaded: tuple[object, ...] = ()
        self._api: tesserocr.PyTessBaseAPI | None = None
        self._current: tuple[Image.Image, float] | None = None
        """The image whose layout the library holds, and its resolution."""

    def preload(self, languages: tuple[str, ...]) -> None:
        """Load models now, so that the processes forked from this one have them."""
        self._load(languages)

    def text_lines(self, image: Image.Image, dpi: float, languages: tuple[str, ...] = DEFAULT_LANGUAGES) -> list[Box]:
        """Return the boxes of the page's lines. Reading it in these languages next reuses this layout."""
        api = self._load(languages)
        self._set_image(api, image, dpi)
        found = api.AnalyseLayout()
        lines = (
            []
            if found is None
            else [
                line.BoundingBox(tesserocr.RIL.TEXTLINE)
                for line in tesserocr.iterate_level(found, tesserocr.RIL.TEXTLINE)
            ]
        )
        return [Box(*box) for box in lines if box is not None]

    def layout(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> list[LayoutLine] | None:
        """Return the page's lines; None if some are not upright. Reading it in these languages next reuses them."""
        api = self._load(languages)
        try:
            self._set_image(api, image, dpi)
            found = api.AnalyseLayout(merge_similar_words=True)
        except RuntimeError as error:
            raise engine_failed() from error
        lines: list[LayoutLine] = []
        level = tesserocr.RIL
        block = line = 0
        for item in tesserocr.iterate_level(found, level.WORD) if found is not None else ():
            block += item.IsAtBeginningOf(level.PARA)
            line += item.IsAtBeginningOf(level.TEXTLINE)
            edges = item.BoundingBox(level.WORD)
            if edges is None or item.BlockType() in _NO_TEXT:
                continue
            if item.Orientation()[0] != tesserocr.Orientation.PAGE_UP:
                return None
            box = Box(*edges)
            ends = item.Baseline(level.WORD)
            baseline = (ends[0][1] + ends[1][1]) / 2 if ends else box.bottom
            lines.append(LayoutLine(block, line, box, min(max(baseline, box.top + 1), box.bottom)))
        return lines

    def release(self) -> None:
        """Forget the image."""
        self._current = None
        if self._api is not None:
            self._api.Clear()

    def recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        api = self._load(languages)
        try:
            self._set_image(api, image, dpi)
            if not api.Recognize():
                raise engine_failed()
            return group_words(_words(api.GetIterator(), image.width, image.height))
        except RuntimeError as error:
            raise engine_failed() from error
        finally:
            self.release()

    def recognise_sparse(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        return self._recognise_as(tesserocr.PSM.SPARSE_TEXT, image, dpi, languages)

    def recognise_block(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        upright = tesserocr.PSM.SINGLE_BLOCK_VERT_TEXT
        return self._recognise_as(
            upright if are_vertical(languages) else tesserocr.PSM.SINGLE_BLOCK, image, dpi, languages
        )

    def _recognise_as(self, mode: int, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        """Recognise the image with another page segmentation mode."""
        api = self._load(languages)
        self._current = None
        api.SetPageSegMode(mode)
        try:
            return self.recognise(image, dpi, languages)
        finally:
            api.SetPageSegMode(tesserocr.PSM.AUTO)

    def _set_image(self, api: tesserocr.PyTessBaseAPI, image: Image.Image, dpi: float) -> None:
        """Give the library an image; nothing is done if it holds that one, with its layout."""
        if self._current is not None and self._current[0] is image and self._current[1] == dpi:
            return
        self._current = None
        api.SetImageBytes(image.tobytes(), image.width, image.height, 1, image.width)
        if dpi:
            api.SetSourceResolution(round(dpi))
        self._current = (image, dpi)

    def _load(self, languages: tuple[str, ...]) -> tesserocr.PyTessBaseAPI:
        key = (languages, self._data.versions(languages))
        if self._api is None or self._loaded != key:
            if self._api is not None:
                self._api.End()
            self._api = self._current = None
            self._api = open_tesseract(self._data, languages, tesserocr.PSM.AUTO)
            self._loaded = key
        return self._api


def open_tesseract(data: TessData, languages: tuple[str, ...], mode: int) -> tesserocr.PyTessBaseAPI:
    """Open the library with these models. Raises ProcessingError if one cannot be used."""
    try:
        api = tesserocr.PyTessBaseAPI(
            path=f"{data.folder}{os.sep}", lang="+".join(languages), psm=mode, oem=tesserocr.OEM.LSTM_ONLY
        )
    except RuntimeError as error:
        raise language_unusable(languages) from error
    api.SetVariable("debug_file", os.devnull)
    return api


def _words(iterator: tesserocr.PyResultIterator | None, width: int, height: int) -> Iterator[PlacedWord]:
    """Yield the words that Tesseract found. Its paragraphs are our blocks.

    Words come in the order in which they are read, but their characters in the order in which they are printed. In
    right-to-left text the number of spaces before a word is not known.
    """
    if iterator is None:
        return
    level = tesserocr.RIL
    block = line = 0
    for item in tesserocr.iterate_level(iterator, level.WORD):
        if item.IsAtBeginningOf(level.PARA):
            block += 1
        if item.IsAtBeginningOf(level.TEXTLINE):
            line += 1
        if item.Empty(level.WORD):
            continue
        rtl = not item.ParagraphIsLtr()
        text = to_logical_order(item.GetUTF8Text(level.WORD).strip(), rtl=rtl)
        box = item.BoundingBox(level.WORD)
        if not text or box is None:
            continue
        left, top, right, bottom = box
        yield PlacedWord(
            block,
            line,
            Word(
                text=text,
                box=Box(max(0, left), max(0, top), min(width, right), min(height, bottom)),
                confidence=min(1.0, max(0.0, item.Confidence(level.WORD) / 100)),
                source=Source.TESSERACT,
            ),
            touches=not rtl and not item.BlanksBeforeWord(),
        )
