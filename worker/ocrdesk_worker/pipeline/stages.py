"""Splits an engine of two stages, so that a page's rotation is decided before the second."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

from ocrdesk.contract.document import Block
from ocrdesk_worker.engines.interface import Engine, StagedEngine


class FirstStage:
    """The first stage of an engine of two stages; any other engine as it is."""

    def __init__(self, engine: Engine) -> None:
        self.source = engine.source
        self.recognise = engine.recognise_first if isinstance(engine, StagedEngine) else engine.recognise


class CheckedEngine:
    """An engine of two stages that calls `check` between them; any other engine as it is."""

    def __init__(self, engine: Engine, check: Callable[[tuple[Block, ...]], None]) -> None:
        self.source = engine.source
        self._engine, self._check = engine, check

    def recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        if isinstance(self._engine, StagedEngine):
            return self._engine.recognise_checked(image, dpi, languages, self._check)
        return self._engine.recognise(image, dpi, languages)
