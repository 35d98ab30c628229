"""Which engines this machine has, which one a name means, and what is missing for the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ocrdesk.contract.jobs import EngineName
from ocrdesk_worker.engines.engine import Engine, EngineMissing
from ocrdesk_worker.engines.tessdata import TessData
from ocrdesk_worker.faults import engine_missing, unknown_language

if TYPE_CHECKING:
    from ocrdesk_worker.engines.tesseract import TesseractEngine

AUTO_ORDER = (EngineName.TESSERACT, EngineName.TESSERACT_CLI)


class Engines:
    """Makes each engine once, when it is first asked for."""

    def __init__(self, data: TessData) -> None:
        self.data = data
        self._made: dict[EngineName, Engine] = {}

    def installed(self) -> dict[EngineName, str | None]:
        """Each engine's name, and None, or the command that mends its absence."""
        answer: dict[EngineName, str | None] = {}
        for name in AUTO_ORDER:
            try:
                self._get(name)
            except EngineMissing as missing:
                answer[name] = str(missing)
            else:
                answer[name] = None
        return answer

    def preload(self, languages: tuple[str, ...]) -> None:
        """Loads the in-process engine with those of the languages that are there."""
        present = tuple(name for name in languages if name in self.data.languages)
        if present:
            try:
                engine = self._get(EngineName.TESSERACT)
            except EngineMissing:
                return
            engine.preload(present)  # type: ignore[attr-defined]  # only the in-process engine has models to load

    def choose(self, name: EngineName, languages: tuple[str, ...]) -> Engine:
        """The engine for a job; `auto` is the best that is installed. Raises Fault."""
        if missing := self.data.missing(languages):
            raise unknown_language(missing, list(self.data.languages))
        remedy = "pip install 'ocrdesk[server]'"
        for candidate in AUTO_ORDER if name is EngineName.AUTO else (name,):
            try:
                return self._get(candidate)
            except EngineMissing as error:
                remedy = str(error)
        raise engine_missing(name.value, f"Get it with: {remedy}")

    def _get(self, name: EngineName) -> Engine:
        if name not in self._made:
            self._made[name] = _MAKERS[name](self.data)
        return self._made[name]


def _tesseract(data: TessData) -> TesseractEngine:
    try:
        from ocrdesk_worker.engines.tesseract import TesseractEngine
    except ImportError:
        raise EngineMissing("pip install tesserocr") from None
    return TesseractEngine(data)


def _tesseract_cli(data: TessData) -> Engine:
    try:
        from ocrdesk_worker.engines.tesseract_cli import TesseractCliEngine
    except ImportError:
        raise EngineMissing("pip install pytesseract") from None
    return TesseractCliEngine(data)


_MAKERS: dict[EngineName, Callable[[TessData], Engine]] = {
    EngineName.TESSERACT: _tesseract,
    EngineName.TESSERACT_CLI: _tesseract_cli,
}
