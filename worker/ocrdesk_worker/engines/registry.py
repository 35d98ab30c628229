"""Which engines this machine has, which one a name means, and what is missing for the others."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from ocrdesk.contract.jobs import DEFAULT_LANGUAGES, EngineName
from ocrdesk.contract.languages import AUTO_LANGUAGE
from ocrdesk_worker.engines.auto import AutoEngine
from ocrdesk_worker.engines.calibration import CalibratedEngine
from ocrdesk_worker.engines.interface import Engine, EngineUnavailableError
from ocrdesk_worker.engines.languages.detection import detect_languages
from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.errors import ProcessingError, engine_missing, unknown_language

if TYPE_CHECKING:
    from PIL import Image

    from ocrdesk_worker.engines.interface import SparseEngine
    from ocrdesk_worker.engines.rapid.rereading import Rereader
    from ocrdesk_worker.engines.tesseract.in_process import TesseractEngine
    from ocrdesk_worker.engines.tesseract.line_reader import TesseractLines

PickLanguages = Callable[["Image.Image", float], tuple[str, ...]]
"""The languages to read a page image of a resolution in."""

_MOST_WITHOUT_CHOICE = 3

AUTO_ORDER = (EngineName.TESSERACT, EngineName.TESSERACT_CLI)
"""What `auto` takes as its first reader, in the order of preference."""
_ALL = (*AUTO_ORDER, EngineName.RAPID)


class Engines:
    """Makes each engine once, when it is first asked for."""

    def __init__(self, data: TessData) -> None:
        self.data = data
        self._made: dict[EngineName, Engine] = {}
        self._lines: TesseractLines | None = None
        self._opinion: Rereader | None = None

    def installed(self) -> dict[EngineName, str | None]:
        """Each engine's name, and None, or the command that mends its absence."""
        answer: dict[EngineName, str | None] = {}
        for name in _ALL:
            try:
                self._get(name)
            except EngineUnavailableError as missing:
                answer[name] = str(missing)
            else:
                answer[name] = None
        return answer

    def preload(self, languages: tuple[str, ...]) -> None:
        """Loads the in-process engine with those of the languages that are there.

        Data that cannot be used does no harm here: a page that needs it says so.
        """
        present = tuple(name for name in languages if name in self.data.languages)
        if not present:
            return
        with contextlib.suppress(EngineUnavailableError, ProcessingError):
            engine = self._get(EngineName.TESSERACT)
            engine.preload(present)  # type: ignore[attr-defined]  # only the in-process engine has models to load
            with contextlib.suppress(EngineUnavailableError):
                self.second_opinion()
            if len(self.data.languages) > 1 and (lines := self._line_reader()):
                lines.preload(present[0])

    def choose(self, name: EngineName, languages: tuple[str, ...], within_s: float = math.inf) -> Engine:
        """The engine for a page of a job; `auto` is all that is installed, working together. Raises Fault.

        `within_s` is the time that the page may take from now.
        """
        known = self.data.languages
        missing = [language for language in languages if language not in known and language != AUTO_LANGUAGE]
        if missing or not known:
            raise unknown_language(missing or list(DEFAULT_LANGUAGES), list(known))
        remedy = "pip install 'ocrdesk[server]'"
        for candidate in AUTO_ORDER if name is EngineName.AUTO else (name,):
            try:
                engine = self._get(candidate)
            except EngineUnavailableError as error:
                remedy = str(error)
                continue
            if name is not EngineName.AUTO:
                return CalibratedEngine(engine)
            first = cast("SparseEngine", engine)  # as all in AUTO_ORDER
            return AutoEngine(self.data, first, self.second_opinion, within_s)
        raise engine_missing(name.value, f"Get it with: {remedy}")

    def second_opinion(self) -> Rereader:
        """What reads the doubtful parts of pages again. Raises EngineMissing."""
        if self._opinion is None:
            try:
                from ocrdesk_worker.engines.rapid.rereading import Rereader
            except ImportError:
                raise EngineUnavailableError("pip install 'ocrdesk[photo]'") from None
            self._opinion = Rereader()
        return self._opinion

    def picker(self, languages: tuple[str, ...]) -> PickLanguages:
        """Says of each page which languages to read it in: those that were asked for, or what `auto` finds.

        Only the in-process engine can find any. Where it is missing, a few of the installed ones are read together.
        """
        if AUTO_LANGUAGE not in languages:
            return lambda _image, _dpi: languages
        installed = self.data.languages
        default = next((name for name in DEFAULT_LANGUAGES if name in installed), installed[0] if installed else "")
        lines = self._line_reader()
        if lines is None:
            together = [default, *(name for name in installed if name != default)]
            return lambda _image, _dpi: tuple(together[:_MOST_WITHOUT_CHOICE])
        return lambda image, dpi: detect_languages(lines, image, dpi, installed, default)

    def _line_reader(self) -> TesseractLines | None:
        try:
            engine = self._get(EngineName.TESSERACT)
        except EngineUnavailableError:
            return None
        if self._lines is None:
            from ocrdesk_worker.engines.tesseract.in_process import TesseractEngine
            from ocrdesk_worker.engines.tesseract.line_reader import TesseractLines

            if not isinstance(engine, TesseractEngine):
                return None
            self._lines = TesseractLines(self.data, engine)
        return self._lines

    def _get(self, name: EngineName) -> Engine:
        if name not in self._made:
            self._made[name] = self._rapid() if name is EngineName.RAPID else _MAKERS[name](self.data)
        return self._made[name]

    def _rapid(self) -> Engine:
        opinion = self.second_opinion()
        from ocrdesk_worker.engines.rapid.engine import RapidEngine

        return RapidEngine(self.data, opinion)


def _tesseract(data: TessData) -> TesseractEngine:
    try:
        from ocrdesk_worker.engines.tesseract.in_process import TesseractEngine
    except ImportError:
        raise EngineUnavailableError("pip install tesserocr") from None
    return TesseractEngine(data)


def _tesseract_cli(data: TessData) -> Engine:
    try:
        from ocrdesk_worker.engines.tesseract.command import TesseractCliEngine
    except ImportError:
        raise EngineUnavailableError("pip install pytesseract") from None
    return TesseractCliEngine(data)


_MAKERS: dict[EngineName, Callable[[TessData], Engine]] = {
    EngineName.TESSERACT: _tesseract,
    EngineName.TESSERACT_CLI: _tesseract_cli,
}
