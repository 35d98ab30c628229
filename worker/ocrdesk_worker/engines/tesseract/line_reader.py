"""Reads single lines in several languages.

The results decide which languages a page is in.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence

import tesserocr
from PIL import Image

from ocrdesk.contract.box import Box
from ocrdesk.layout.text_direction import to_logical_order
from ocrdesk_worker.engines.languages.detection import LineReading
from ocrdesk_worker.engines.languages.dictionary import word_lookup
from ocrdesk_worker.engines.languages.line_parts import line_parts
from ocrdesk_worker.engines.languages.printed_lines import printed_lines
from ocrdesk_worker.engines.languages.scripts import script_of
from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.engines.tesseract.in_process import TesseractEngine, open_tesseract
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.preprocess.components import find_components, pixels_of

_WORD = tesserocr.RIL.WORD
_MAX_LOADED = 6
"""Models kept in memory, of which a task process has little."""
_NOTHING = LineReading(letters=0, confidence=0.0, known=0.0)
_MAX_LINE_HEIGHT = 64
"""Pixels: higher lines take longer, and are read no better. The network reads lines of 36 pixels."""
_LATIN_SCRIPTS = ("Latin", "Fraktur")
_PUNCTUATION = ".,:;!?()\"'\u060c\u061b\u061f"


class TesseractLines:
    """Finds lines, and reads them with the models of single languages."""

    def __init__(self, data: TessData, engine: TesseractEngine) -> None:
        self._data = data
        self._engine = engine
        self._apis: dict[tuple[object, ...], tesserocr.PyTessBaseAPI | None] = {}
        """Models by language and version; the last used is at the end."""

    def preload(self, language: str) -> None:
        """Load the language's model now, so that the processes forked from this one have it."""
        self._api(language)

    def lines(self, image: Image.Image, dpi: float) -> list[Box]:
        """Return the lines. The layout of a page is found only if its letters show no line: it has little text."""
        found = printed_lines(find_components(pixels_of(image)), *image.size)
        return found or line_parts(image, self._engine.text_lines(image, dpi))

    def read(self, line: Image.Image, dpi: float, language: str) -> LineReading:
        api = self._api(language)
        if api is None:
            return _NOTHING
        if line.height > _MAX_LINE_HEIGHT:
            scale = _MAX_LINE_HEIGHT / line.height
            line = line.resize((max(1, round(line.width * scale)), _MAX_LINE_HEIGHT), Image.Resampling.BOX)
            dpi *= scale
        try:
            api.SetImageBytes(line.tobytes(), line.width, line.height, 1, line.width)
            if dpi:
                api.SetSourceResolution(round(dpi))
            return self._line_reading(api.GetIterator(), language) if api.Recognize() else _NOTHING
        except RuntimeError:
            return _NOTHING
        finally:
            api.Clear()

    def known_letters(self, words: Sequence[str], language: str) -> int:
        is_word = word_lookup(self._data, (language,))
        return sum(len(word) for word in words if is_word(word))

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

    def _line_reading(self, iterator: tesserocr.PyResultIterator | None, language: str) -> LineReading:
        letters = latin = confidence = known = characters = certainty = 0.0
        words: list[str] = []
        is_word = word_lookup(self._data, (language,))
        has_own_letters = script_of(language) not in _LATIN_SCRIPTS
        for word in tesserocr.iterate_level(iterator, _WORD) if iterator is not None else ():
            if word.Empty(_WORD):
                continue
            text, likely = word.GetUTF8Text(_WORD), word.Confidence(_WORD) / 100
            characters += len(text)
            certainty += len(text) * likely
            count = sum(char.isalpha() for char in text)
            if has_own_letters and text.isascii():
                latin += count
                continue
            if count < 1 + text.isascii():  # numbers, symbols and single letters are the same in many languages
                continue
            letters += count
            words.append(text.strip(_PUNCTUATION))
            confidence += count * likely
            if word.ParagraphIsLtr():
                known += count * word.WordIsFromDictionary()
            else:  # Tesseract looks for the word as it is printed, from its end
                known += count * is_word(to_logical_order(text, rtl=True).strip(_PUNCTUATION))
        certainty = certainty / characters if characters else 0.0
        if not letters or latin > letters:  # models of other scripts read Latin letters too
            return LineReading(0, 0.0, 0.0, certainty)
        return LineReading(int(letters), confidence / letters, known / letters, certainty, tuple(words))

    def _api(self, language: str) -> tesserocr.PyTessBaseAPI | None:
        """Return the library with the language's model; None if its data cannot be used."""
        key = (language, self._data.versions((language,)))
        if key in self._apis:
            self._apis[key] = self._apis.pop(key)
            return self._apis[key]
        while len(self._apis) >= _MAX_LOADED:
            if oldest := self._apis.pop(next(iter(self._apis))):
                oldest.End()
        try:
            self._apis[key] = open_tesseract(self._data, (language,), tesserocr.PSM.SINGLE_LINE)
        except ProcessingError:
            self._apis[key] = None
        return self._apis[key]
