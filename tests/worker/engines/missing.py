"""Engines of this machine, some of which are missing parts."""

from __future__ import annotations

from dataclasses import dataclass

from ocrdesk_worker.engines.entry_points import FoundEngines, find_engines
from ocrdesk_worker.engines.interface import Engine, EngineUnavailableError, TessData
from ocrdesk_worker.engines.registry import Engines

REASON = "It is not installed. Get it with: pip install the-engine"


@dataclass(frozen=True, slots=True)
class MissingEngine:
    name: str

    def unavailable_because(self) -> str | None:
        return REASON

    def create(self, data: TessData) -> Engine:
        raise EngineUnavailableError("it was created although it is not available")


def engines_without(data: TessData, *names: str) -> Engines:
    """Return the engines of this machine, as if these ones were not installed."""
    return Engines(data, FoundEngines(find_engines().factories | {name: MissingEngine(name) for name in names}))
