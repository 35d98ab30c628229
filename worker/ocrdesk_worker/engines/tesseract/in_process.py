"""The engine `tesseract`: libtesseract in this process, through tesserocr."""

from __future__ import annotations

import os

# Before libtesseract loads: one process a core is faster than processes whose threads fight over cores.
os.environ.setdefault("OMP_THREAD_LIMIT", "1")

from collections.abc import Iterator

import tesserocr
from PIL import Image

from ocrdesk.contract.document import Block, Box, Source, Word
from ocrdesk.contract.jobs import DEFAULT_LANGUAGES
from ocrdesk.layout.word_grouping import PlacedWord, group_words
from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.errors import engine_failed, language_unusable


class TesseractEngine:
    """Keeps the models of the languages it read last; another set is loaded when it is asked for."""

    source = Source.TESSERACT

    def __init__(self, data: TessData) -> None:
        self._data = data
        self._loaded: tuple[object, ...] = ()
        self._api: tesserocr.PyTessBaseAPI | None = None
        self._shown: tuple[Image.Image, float] | None = None
        """The image whose layout the library has in hand, and its resolution."""

    def preload(self, languages: tuple[str, ...]) -> None:
        """Loads models now, so that the processes forked from this one find them in place."""
        self._ready(languages)

    def text_lines(self, image: Image.Image, dpi: float, languages: tuple[str, ...] = DEFAULT_LANGUAGES) -> list[Box]:
        """Where the page's lines are. Reading it in these languages next goes on from the layout found here."""
        api = self._ready(languages)
        self._show(api, image, dpi)
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

    def recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        api = self._ready(languages)
        try:
            if self._shown is None or self._shown[0] is not image or self._shown[1] != dpi:
                self._show(api, image, dpi)
            if not api.Recognize():
                raise engine_failed()
            return group_words(_words(api.GetIterator(), image.width, image.height))
        except RuntimeError as error:
            raise engine_failed() from error
        finally:
            self._shown = None
            api.Clear()

    def recognise_sparse(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        api = self._ready(languages)
        self._shown = None
        api.SetPageSegMode(tesserocr.PSM.SPARSE_TEXT)
        try:
            return self.recognise(image, dpi, languages)
        finally:
            api.SetPageSegMode(tesserocr.PSM.AUTO)

    def _show(self, api: tesserocr.PyTessBaseAPI, image: Image.Image, dpi: float) -> None:
        self._shown = None
        api.SetImageBytes(image.tobytes(), image.width, image.height, 1, image.width)
        if dpi:
            api.SetSourceResolution(round(dpi))
        self._shown = (image, dpi)

    def _ready(self, languages: tuple[str, ...]) -> tesserocr.PyTessBaseAPI:
        wanted = (languages, self._data.versions(languages))
        if self._api is None or self._loaded != wanted:
            if self._api is not None:
                self._api.End()
            self._api = self._shown = None
            self._api = opened(self._data, languages, tesserocr.PSM.AUTO)
            self._loaded = wanted
        return self._api


def opened(data: TessData, languages: tuple[str, ...], mode: int) -> tesserocr.PyTessBaseAPI:
    """The library with these models. Raises Fault when one cannot be used."""
    try:
        api = tesserocr.PyTessBaseAPI(
            path=f"{data.folder}{os.sep}", lang="+".join(languages), psm=mode, oem=tesserocr.OEM.LSTM_ONLY
        )
    except RuntimeError as error:
        raise language_unusable(languages) from error
    api.SetVariable("debug_file", os.devnull)
    return api


def _words(iterator: tesserocr.PyResultIterator | None, width: int, height: int) -> Iterator[PlacedWord]:
    """The words Tesseract found. Its paragraphs are our blocks."""
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
        text = item.GetUTF8Text(level.WORD).strip()
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
        )
