"""Options for new jobs: languages, engine and mode."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings

from ocrdesk.contract.languages import AUTO_LANGUAGE, is_language_name

if TYPE_CHECKING:  # pydantic comes after the window
    from ocrdesk.contract.jobs import JobOptions

_LANGUAGES, _ENGINE, _MODE = "new_jobs/languages", "new_jobs/engine", "new_jobs/mode"


@dataclass(frozen=True, slots=True)
class JobDefaults:
    """In the API's terms; the most important language first."""

    languages: tuple[str, ...] = ("eng",)
    engine: str = "auto"
    mode: str = "auto"

    def options(self) -> JobOptions:
        """Return the options as the client sends them. Unknown values become the API's defaults."""
        from ocrdesk.contract.engines import EngineName, engine_name_problem
        from ocrdesk.contract.jobs import JobOptions, RecognitionMode

        return JobOptions(
            languages=self.languages,
            engine=self.engine if engine_name_problem(self.engine) is None else EngineName.AUTO,
            mode=RecognitionMode(self.mode) if self.mode in list(RecognitionMode) else RecognitionMode.AUTO,
        )


def read_defaults(store: QSettings) -> JobDefaults:
    """Return the stored options, or the API's defaults."""
    stored = str(store.value(_LANGUAGES, "eng")).split("+")
    languages = tuple(part for part in stored if part == AUTO_LANGUAGE or is_language_name(part))
    return JobDefaults(languages or ("eng",), str(store.value(_ENGINE, "auto")), str(store.value(_MODE, "auto")))


def write_defaults(store: QSettings, defaults: JobDefaults) -> None:
    store.setValue(_LANGUAGES, "+".join(defaults.languages))
    store.setValue(_ENGINE, defaults.engine)
    store.setValue(_MODE, defaults.mode)
