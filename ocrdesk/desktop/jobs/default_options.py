"""What new jobs are asked for unless somebody says otherwise: languages, engine and mode."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings

if TYPE_CHECKING:  # pydantic comes after the window
    from ocrdesk.contract.jobs import JobOptions

_LANGUAGES, _ENGINE, _MODE = "new_jobs/languages", "new_jobs/engine", "new_jobs/mode"


@dataclass(frozen=True, slots=True)
class JobDefaults:
    """By the API's own names; languages with the most important first."""

    languages: tuple[str, ...] = ("eng",)
    engine: str = "auto"
    mode: str = "auto"

    def options(self) -> JobOptions:
        """As the client sends them. What the API does not know (any more) is left at its default."""
        from ocrdesk.contract.engines import EngineName, engine_name_problem
        from ocrdesk.contract.jobs import JobOptions, RecognitionMode

        return JobOptions(
            languages=self.languages,
            engine=self.engine if engine_name_problem(self.engine) is None else EngineName.AUTO,
            mode=RecognitionMode(self.mode) if self.mode in list(RecognitionMode) else RecognitionMode.AUTO,
        )


def read_defaults(store: QSettings) -> JobDefaults:
    """Those that were kept, else the API's own."""
    languages = tuple(part for part in str(store.value(_LANGUAGES, "eng")).split("+") if part)
    return JobDefaults(languages or ("eng",), str(store.value(_ENGINE, "auto")), str(store.value(_MODE, "auto")))


def write_defaults(store: QSettings, defaults: JobDefaults) -> None:
    store.setValue(_LANGUAGES, "+".join(defaults.languages))
    store.setValue(_ENGINE, defaults.engine)
    store.setValue(_MODE, defaults.mode)
