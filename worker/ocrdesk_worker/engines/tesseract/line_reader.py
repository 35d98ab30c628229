"""Reads single lines of a page with Tesseract, in one language after another, for the choice of languages."""

from __future__ import annotations

import contextlib
import os

import tesserocr
from PIL import Image

from ocrdesk.contract.document import Box
from ocrdesk_worker.engines.languages.detection import Reading
from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.engines.tesseract.in_process import TesseractEngine, opened
from ocrdesk_worker.errors import ProcessingError

_WORD = tesserocr.RIL.WORD
_MOST_LOADED = 6
"""Models kept in memory, of which a task process has little."""
_NOTHING = Reading(letters=0, confidence=0.0, known=0.0)


class TesseractLines:
    """Finds lines with the page engine, whose layout serves the page's own reading after, and reads them apart."""

    def __init__(self, data: TessData, engine: TesseractEngine) -> None:
        self._data = data
        self._engine = engine
        self._apis: dict[tuple[object, ...], tesserocr.PyTessBaseAPI | None] = {}
        """Models by language and version, those used last at the end."""

    def preload(self, language: str) -> None:
        """As the engine's."""
        self._api(language)

    def lines(self, image: Image.Image, dpi: float) -> list[Box]:
        return self._engine.text_lines(image, dpi)

    def read(self, line: Image.Image, dpi: float, language: str) -> Reading:
        api = self._api(language)
        if api is None:
            return _NOTHING
        try:
            api.SetImageBytes(line.tobytes(), line.width, line.height, 1, line.width)
            if dpi:
                api.SetSourceResolution(round(dpi))
            return _judged(api.GetIterator()) if api.Recognize() else _NOTHING
        except RuntimeError:
            return _NOTHING
        finally:
            api.Clear()

    def script(self, image: Image.Image, dpi: float) -> str | None:
        with (
            contextlib.suppress(RuntimeError),
            tesserocr.PyTessBaseAPI(path=f"{self._data.folder}{os.sep}", lang="osd", psm=tesserocr.PSM.OSD_ONLY) as api,
        ):
            api.SetVariable("debug_file", os.devnull)
            api.SetImageBytes(image.tobytes(), image.width, image.height, 1, image.width)
            if dpi:
                api.SetSourceResolution(round(dpi))
            found = api.DetectOrientationScript()
            return str(found["script_name"]) if found else None
        return None

    def _api(self, language: str) -> tesserocr.PyTessBaseAPI | None:
        """None for a language whose data cannot be used: it reads nothing."""
        key = (language, self._data.versions((language,)))
        if key in self._apis:
            self._apis[key] = self._apis.pop(key)
            return self._apis[key]
        while len(self._apis) >= _MOST_LOADED:
            if oldest := self._apis.pop(next(iter(self._apis))):
                oldest.End()
        try:
            self._apis[key] = opened(self._data, (language,), tesserocr.PSM.SINGLE_LINE)
        except ProcessingError:
            self._apis[key] = None
        return self._apis[key]


def _judged(iterator: tesserocr.PyResultIterator | None) -> Reading:
    letters = confidence = known = 0.0
    if iterator is not None:
        for word in tesserocr.iterate_level(iterator, _WORD):
            if word.Empty(_WORD):
                continue
            text = word.GetUTF8Text(_WORD)
            count = sum(char.isalpha() for char in text)
            if count < 1 + text.isascii():  # numbers, signs and single letters are the same in many languages
                continue
            letters += count
            confidence += count * word.Confidence(_WORD) / 100
            known += count * word.WordIsFromDictionary()
    return Reading(int(letters), confidence / letters, known / letters) if letters else _NOTHING
