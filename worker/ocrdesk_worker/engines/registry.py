"""Creates each installed engine once, chooses the engine of a page, and says why others cannot be used."""

from __future__ import annotations

import contextlib
import logging
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from ocrdesk.contract.engines import EngineName
from ocrdesk.contract.jobs import DEFAULT_LANGUAGES
from ocrdesk.contract.languages import AUTO_LANGUAGE
from ocrdesk_worker.engines.auto import AutoEngine
from ocrdesk_worker.engines.calibration import CalibratedEngine
from ocrdesk_worker.engines.entry_points import FoundEngines, UnusableEngine, find_engines
from ocrdesk_worker.engines.interface import Engine, EngineUnavailableError
from ocrdesk_worker.engines.languages.detection import detect_languages
from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.errors import ProcessingError, engine_missing, unknown_language

if TYPE_CHECKING:
    from PIL import Image

    from ocrdesk_worker.engines.batch.engine import BatchTesseractEngine
    from ocrdesk_worker.engines.interface import SparseEngine
    from ocrdesk_worker.engines.rapid.rereading import Rereader
    from ocrdesk_worker.engines.tesseract.line_reader import TesseractLines

_log = logging.getLogger(__name__)

PickLanguages = Callable[["Image.Image", float], tuple[str, ...]]
"""Returns the languages in which to read a page image of a resolution (pixels per inch; 0: unknown)."""

_MOST_WITHOUT_CHOICE = 3
_LONGEST_REASON = 400

AUTO_ORDER: tuple[str, ...] = (EngineName.TESSERACT, EngineName.TESSERACT_CLI)
"""The first engine of `auto`, in order of preference."""


class Engines:
    """The engines of this machine. Creates each one once, when it is first needed."""

    def __init__(self, data: TessData, found: FoundEngines | None = None) -> None:
        """`found`: by default, the engines of all installed packages."""
        self.data = data
        self._found = found or find_engines()
        self._created: dict[str, Engine] = {}
        self._unavailable: dict[str, str] = {}
        self._lines: TesseractLines | None = None
        self._batch: BatchTesseractEngine | None = None

    def installed(self) -> dict[str, str | None]:
        """Return each engine's name, and None if it can be used, else why not. Creates them all."""
        answer: dict[str, str | None] = {}
        for name in self._found.factories:
            try:
                self.get(name)
            except EngineUnavailableError as error:
                answer[name] = str(error)
            else:
                answer[name] = None
        return answer

    def names(self) -> tuple[str, ...]:
        """Return the names of all engines that were found."""
        return tuple(self._found.factories)

    def runs_programs(self, name: str) -> bool:
        """Return whether the engine of a job, of this name, starts programs."""
        for candidate in AUTO_ORDER if name == EngineName.AUTO else (name,):
            with contextlib.suppress(EngineUnavailableError):
                return bool(getattr(self.get(candidate), "runs_programs", False))
        return False

    def unusable(self) -> tuple[UnusableEngine, ...]:
        """Return every engine that is installed but cannot be used: those that lack something, then broken ones."""
        lacking = (UnusableEngine(name, reason) for name, reason in self.installed().items() if reason is not None)
        return (*lacking, *self._found.broken)

    def preload(self, languages: tuple[str, ...]) -> None:
        """Load Tesseract in this process with those of the languages that are installed.

        Damaged data is no error here: the page that needs it fails with the reason.
        """
        if present := self._present(languages):
            with contextlib.suppress(EngineUnavailableError, ProcessingError):
                engine = self.get(EngineName.TESSERACT)
                engine.preload(present)  # type: ignore[attr-defined]  # only the in-process engine has models to load
            if batch := self._batch_engine():
                batch.preload(present)

    def preload_rest(self, languages: tuple[str, ...]) -> None:
        """Load what pages of other languages need too: models to detect languages, and to read ideographs."""
        if not (present := self._present(languages)):
            return
        with contextlib.suppress(EngineUnavailableError):
            self.rereader().prepare()
        if len(self.data.languages) > 1 and (lines := self._line_reader()):
            lines.preload(present[0])

    def _present(self, languages: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in languages if name in self.data.languages)

    def choose(self, name: str, languages: tuple[str, ...], within_s: float = math.inf) -> Engine:
        """Return the engine for a page of a job; `auto` combines all that are installed. Raises ProcessingError.

        `within_s` is the processor time that the page may need from now, in seconds.
        """
        known = self.data.languages
        missing = [language for language in languages if language not in known and language != AUTO_LANGUAGE]
        if missing or not known:
            raise unknown_language(missing or list(DEFAULT_LANGUAGES), list(known))
        reason = ""
        for candidate in AUTO_ORDER if name == EngineName.AUTO else (name,):
            try:
                engine = self.get(candidate)
            except EngineUnavailableError as error:
                reason = str(error)
                continue
            if name != EngineName.AUTO:
                return CalibratedEngine(engine)
            first = self._batch_engine() or cast("SparseEngine", engine)  # as all in AUTO_ORDER
            return AutoEngine(self.data, first, self.rereader, within_s)
        raise engine_missing(name, reason)

    def _batch_engine(self) -> BatchTesseractEngine | None:
        """Return what reads pages by batches of lines; None without Tesseract in this process, or ONNX Runtime."""
        if self._batch is None:
            try:
                engine = self.get(EngineName.TESSERACT)
                from ocrdesk_worker.engines.batch.engine import BatchTesseractEngine
                from ocrdesk_worker.engines.tesseract.in_process import TesseractEngine
            except (EngineUnavailableError, ImportError):
                return None
            if isinstance(engine, TesseractEngine):
                self._batch = BatchTesseractEngine(self.data, engine)
        return self._batch

    def rereader(self) -> Rereader:
        """Return what reads the uncertain parts of pages again. Raises EngineUnavailableError."""
        engine = self.get(EngineName.RAPID)
        from ocrdesk_worker.engines.rapid.engine import RapidEngine

        if not isinstance(engine, RapidEngine):
            raise EngineUnavailableError("The engine rapid is another one.")
        return engine.rereader

    def picker(self, languages: tuple[str, ...]) -> PickLanguages:
        """Return a function that picks the languages of each page: those requested, or for `auto` those detected.

        Only Tesseract in this process can detect languages. Without it, up to three installed ones are used together.
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
            engine = self.get(EngineName.TESSERACT)
        except EngineUnavailableError:
            return None
        if self._lines is None:
            from ocrdesk_worker.engines.tesseract.in_process import TesseractEngine
            from ocrdesk_worker.engines.tesseract.line_reader import TesseractLines

            if not isinstance(engine, TesseractEngine):
                return None
            self._lines = TesseractLines(self.data, engine)
        return self._lines

    def get(self, name: str) -> Engine:
        """Return an engine by its name. Raises EngineUnavailableError."""
        if name in self._unavailable:
            raise EngineUnavailableError(self._unavailable[name])
        if name not in self._created:
            try:
                self._created[name] = self._create(name)
            except EngineUnavailableError as error:
                self._unavailable[name] = str(error)[:_LONGEST_REASON]
                raise
        return self._created[name]

    def _create(self, name: str) -> Engine:
        """Create an engine. Whatever a package does wrong makes its engine unavailable, and stops no worker."""
        factory = self._found.factories.get(name)
        if factory is None:
            raise EngineUnavailableError(self._why_not_found(name))
        try:
            if reason := factory.unavailable_because():
                raise EngineUnavailableError(str(reason))
            engine = factory.create(self.data)
            source = engine.source
        except EngineUnavailableError:
            raise
        except (Exception, SystemExit) as error:
            _log.warning("the engine %s cannot be created", name, exc_info=error)
            raise EngineUnavailableError(
                f"It cannot be created ({type(error).__name__}). The worker's log has the details."
            ) from error
        if source != name:
            raise EngineUnavailableError(f"Its words have another source than its name: {source!r:.60}.")
        return engine

    def _why_not_found(self, name: str) -> str:
        for broken in self._found.broken:
            if broken.name == name:
                return broken.reason
        return f"Its engines are: {', '.join((EngineName.AUTO, *self._found.factories))}."
