"""The engine `tesseract`: libtesseract in this process, through tesserocr."""

from __future__ import annotations

import os

# Before libtesseract loads: one process a core is faster than processes whose threads fight over cores.
os.environ.setdefault("OMP_THREAD_LIMIT", "1")

from collections.abc import Iterator

import tesserocr
from PIL import Image

from ocrdesk.contract.document import Block, Box, Source, Word
from ocrdesk_worker.engines.layout import PlacedWord, blocks_of
from ocrdesk_worker.engines.tessdata import TessData
from ocrdesk_worker.faults import engine_failed, language_unusable


class TesseractEngine:
    """Keeps the models of the languages it read last; another set is loaded when it is asked for."""

    source = Source.TESSERACT

    def __init__(self, data: TessData) -> None:
        self._data = data
        self._loaded: tuple[object, ...] = ()
        self._api: tesserocr.PyTessBaseAPI | None = None

    def preload(self, languages: tuple[str, ...]) -> None:
        """Loads models now, so that the processes forked from this one find them in place."""
        self._ready(languages)

    def recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        api = self._ready(languages)
        try:
            api.SetImageBytes(image.tobytes(), image.width, image.height, 1, image.width)
            if dpi:
                api.SetSourceResolution(round(dpi))
            if not api.Recognize():
                raise engine_failed()
            return blocks_of(_words(api.GetIterator(), image.width, image.height))
        except RuntimeError as error:
            raise engine_failed() from error
        finally:
            api.Clear()

    def _ready(self, languages: tuple[str, ...]) -> tesserocr.PyTessBaseAPI:
        wanted = (languages, self._data.versions(languages))
        if self._api is None or self._loaded != wanted:
            if self._api is not None:
                self._api.End()
                self._api = None
            self._api = _open(self._data, languages, tesserocr.PSM.AUTO)
            self._loaded = wanted
        return self._api


def _open(data: TessData, languages: tuple[str, ...], mode: int) -> tesserocr.PyTessBaseAPI:
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
