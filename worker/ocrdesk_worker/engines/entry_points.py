"""Finds engine factories by entry point, and reports the broken ones."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points

from ocrdesk.contract.engines import ENGINE_GROUP, engine_name_problem
from ocrdesk_worker.engines.included import INCLUDED_TARGETS
from ocrdesk_worker.engines.interface import EngineFactory

_log = logging.getLogger(__name__)

_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class UnusableEngine:
    """An engine that is installed but cannot be used, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class FoundEngines:
    """The factories by engine name, ocrdesk's own first, and the entry points that lead to none."""

    factories: dict[str, EngineFactory]
    broken: tuple[UnusableEngine, ...] = ()


def find_engines(announced: Iterable[EntryPoint] | None = None) -> FoundEngines:
    """Load the factory of each announced engine (by default: of all installed packages). Log those that are broken.

    A package cannot replace an engine of ocrdesk. If two packages use one name, the package that is first in the
    alphabet keeps it.
    """
    factories: dict[str, EngineFactory] = {}
    owners: dict[str, str] = {}
    broken: list[UnusableEngine] = []
    for point in _in_order(entry_points(group=ENGINE_GROUP) if announced is None else announced):
        name, owner = point.name, _package_of(point)
        if name in factories:
            problem: str | None = (
                f"The packages {owners[name]} and {owner} both have it. That of {owners[name]} is used."
            )
        elif name in INCLUDED_TARGETS:
            problem = None
        else:
            problem = engine_name_problem(name)
        if problem is None:
            loaded = _load(point)
            if not isinstance(loaded, str):
                factories[name], owners[name] = loaded, owner
                continue
            problem = loaded
        shown = name.encode("unicode_escape").decode()[:_LONGEST_NAME]
        _log.warning("the engine %s of the package %s is not used: %s", shown, owner, problem)
        broken.append(UnusableEngine(shown, problem))
    return FoundEngines(factories, tuple(broken))


def _in_order(announced: Iterable[EntryPoint]) -> list[EntryPoint]:
    """Return ocrdesk's own engines, then the others by name and package.

    Ocrdesk's own are always included: an installation that is older than the code does not announce them.
    """
    own = [EntryPoint(name, target, ENGINE_GROUP) for name, target in INCLUDED_TARGETS.items()]
    others = [point for point in announced if INCLUDED_TARGETS.get(point.name) != point.value]
    return own + sorted(others, key=lambda point: (point.name, _package_of(point)))


def _package_of(point: EntryPoint) -> str:
    return point.dist.name if point.dist else "ocrdesk"


def _load(point: EntryPoint) -> EngineFactory | str:
    """Return the entry point's factory, or what is wrong with it."""
    try:
        factory = point.load()
        name = factory.name
        is_complete = callable(factory.unavailable_because) and callable(factory.create)
    except (Exception, SystemExit) as error:
        _log.warning("the engine %s cannot be loaded", point.name, exc_info=error)
        return f"Its package cannot be loaded ({type(error).__name__}). The worker's log has the details."
    if not is_complete:
        return f"{point.value} is no engine factory."
    if name != point.name:
        return f"Its factory has another name than its entry point: {name!r:.60}."
    return factory  # type: ignore[no-any-return]  # checked above, as far as a protocol can be
