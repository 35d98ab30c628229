"""Leaves out one step of recognition, and measures each step's share of a page's processor time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any
from unittest import mock

from corpus import Case
from readers import EngineReader, Reading, cpu_seconds

from ocrdesk_worker.engines import auto
from ocrdesk_worker.engines.interface import EngineUnavailableError
from ocrdesk_worker.engines.rapid.rereading import Rereader
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.pipeline import orientation, page
from ocrdesk_worker.preprocess import clean_up
from ocrdesk_worker.render import page_frame
from ocrdesk_worker.render.page_source import DEFAULT_DPI

FULL = "full"
RESOLUTION = "resolution by need"
ORIENTATION, SKEW, POLARITY = "orientation", "skew", "polarity"
LIGHT, CONTRAST, CODES = "even lighting", "contrast", "codes"


@dataclass(frozen=True, slots=True)
class Patch:
    """A name in a module or class, and its replacement. An unknown name is an error."""

    owner: Any
    name: str
    instead: Any


def _missing(_engines: Engines) -> Rereader:
    raise EngineUnavailableError("this benchmark leaves it out")


def _as_it_is(image: Any, _thumbnail: Any) -> Any:
    return image


STEPS: dict[str, tuple[Patch, ...]] = {
    RESOLUTION: (
        Patch(page_frame, "_wanted_dpi", lambda _page, _area: DEFAULT_DPI),
        Patch(auto, "_scale", lambda _height, _highest: 1.0),
    ),
    "rereading": (Patch(Engines, "rereader", _missing),),
    ORIENTATION: (
        Patch(orientation, "lines_are_vertical", lambda _thumbnail: False),
        Patch(orientation._PageReader, "best_rotation", lambda *_: None),
    ),
    SKEW: (Patch(orientation, "measure_skew", lambda _thumbnail: 0.0),),
    POLARITY: (Patch(clean_up, "invert_if_dark", _as_it_is),),
    LIGHT: (Patch(clean_up, "correct_illumination", _as_it_is),),
    CONTRAST: (Patch(clean_up, "increase_contrast", _as_it_is),),
    CODES: (Patch(page, "find_codes", lambda _image: ()),),
}
"""The patches that leave out each step. Without its models, the engine itself leaves out rereading."""


class StepReader:
    """Read as `reader` does, without the named step; with the name `FULL`, with all steps."""

    def __init__(self, reader: EngineReader, name: str) -> None:
        self.name = name
        self._reader = reader

    def read(self, case: Case) -> Reading:
        with _patched(STEPS.get(self.name, ())):
            return self._reader.read(case)


@contextmanager
def _patched(patches: tuple[Patch, ...]) -> Iterator[None]:
    with ExitStack() as stack:
        for patch in patches:
            stack.enter_context(mock.patch.object(patch.owner, patch.name, patch.instead))
        yield


_CLOCKED: dict[str, tuple[tuple[Any, str], ...]] = {
    "rereading": ((Rereader, "improve"),),
    "polarity, light, contrast": ((page, "clean_up"),),
    "orientation": ((orientation, "lines_are_vertical"),),
    "skew": ((orientation, "measure_skew"),),
    "size of letters": ((auto, "find_components"),),
    "codes": ((page, "find_codes"),),
}
"""The functions in which each step spends its time on pages that need no step except rereading."""


@contextmanager
def clocked() -> Iterator[Counter[str]]:
    """Add up the processor seconds that each step uses inside the block."""
    taken: Counter[str] = Counter()
    with ExitStack() as stack:
        for step, places in _CLOCKED.items():
            for owner, name in places:
                timed = _timed(getattr(owner, name), step, taken)
                stack.enter_context(mock.patch.object(owner, name, timed))
        yield taken


def _timed(function: Callable[..., Any], step: str, taken: Counter[str]) -> Callable[..., Any]:
    @wraps(function)
    def timed(*arguments: Any, **named: Any) -> Any:
        begun = cpu_seconds()
        try:
            return function(*arguments, **named)
        finally:
            taken[step] += cpu_seconds() - begun  # type: ignore[assignment]  # typeshed has counts whole

    return timed
