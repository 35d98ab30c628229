"""The benchmark command for our own code: processor seconds per page of each step, apart from the engines' libraries.

python tests/bench/own_code.py [--repeat N] FILE…
"""

from __future__ import annotations

import os

# Set before numerical libraries load: one thread, so that processor seconds are comparable.
os.environ["OMP_THREAD_LIMIT"] = os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import wraps
from pathlib import Path
from statistics import mean
from typing import Any
from unittest import mock

from ocrdesk.backend.storage import page_results
from ocrdesk.contract.document import Page
from ocrdesk.contract.engines import EngineName
from ocrdesk.contract.media_types import sniff
from ocrdesk_worker.engines import auto
from ocrdesk_worker.engines.batch import engine as batch_engine
from ocrdesk_worker.engines.batch import line_model
from ocrdesk_worker.engines.batch.engine import BatchTesseractEngine
from ocrdesk_worker.engines.languages.tessdata import collect
from ocrdesk_worker.engines.rapid.detector import LineDetector
from ocrdesk_worker.engines.rapid.models import Model
from ocrdesk_worker.engines.rapid.recognizer import LineRecognizer
from ocrdesk_worker.engines.rapid.rereading import Rereader
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.engines.tesseract import in_process
from ocrdesk_worker.jobs import file_answers
from ocrdesk_worker.pipeline import orientation, page
from ocrdesk_worker.render.open_file import open_source

TESSERACT, NETWORKS = "libtesseract", "ONNX Runtime"
_OPENING = "opening and rendering"
_LANGUAGES = ("eng",)
_STEPS: dict[str, tuple[tuple[Any, str], ...]] = {
    NETWORKS: ((Model, "__call__"),),
    _OPENING: ((sys.modules[__name__], "open_source"),),
    "grey, light and contrast": ((page, "to_grey"), (page, "clean_up")),
    "orientation and skew": ((orientation, "lines_are_vertical"), (orientation, "straightened")),
    "leaders": ((auto, "take_leaders"), (auto, "insert_leaders")),
    "components": ((auto, "find_components"),),
    "image for Tesseract": ((auto, "_recognise_scaled"),),
    "lines in batches": ((BatchTesseractEngine, "recognise"),),
    "Tesseract's words": ((in_process, "group_words"), (batch_engine, "group_words")),
    "rereading: what, and merging": ((Rereader, "improve"),),
    "rereading: around the networks": ((LineDetector, "detect"), (LineRecognizer, "read"), (Rereader, "_read")),
    "signs": ((auto, "restore_signs"),),
    "order of rows": ((auto, "order_rows"), (auto, "join_amounts")),
    "codes": ((page, "find_codes"), (page, "drop_barcode_noise")),
    "marks": ((page, "find_marks"), (page, "drop_noise"), (page, "insert_checkboxes")),
    "lines and paragraphs": (
        (page, "set_margins_apart"),
        (page, "part_form_columns"),
        (page, "mark_headers_footers"),
        (page, "fix_paragraphs"),
    ),
    "structure": ((page, "with_structure"),),
    "checking and packing": ((sys.modules[__name__], "_stored"),),
}
"""The functions of each step. Time that another step's function takes within them counts for that one alone."""
_REST = "the rest"


class Clock:
    """Adds up processor seconds by step, without those of the steps within it."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self._within = [0.0]

    def timed(self, function: Callable[..., Any], step: str) -> Callable[..., Any]:
        @wraps(function)
        def timed(*arguments: Any, **named: Any) -> Any:
            self._within.append(0.0)
            begun = time.process_time()
            try:
                return function(*arguments, **named)
            finally:
                passed = time.process_time() - begun
                self.taken[step] += passed - self._within.pop()  # type: ignore[assignment]  # typeshed has counts whole
                self._within[-1] += passed

        return timed


class _Timed:
    """An object whose methods are timed."""

    def __init__(self, timed: Any, clock: Clock, step: str) -> None:
        self._timed, self._clock, self._step = timed, clock, step

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._timed, name)
        return self._clock.timed(found, self._step) if callable(found) else found


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file", type=Path, nargs="+", help="images or PDFs whose first page is read")
    parser.add_argument(
        "--repeat", type=int, default=3, help="of so many readings, each step's best counts (default: 3)"
    )
    options = parser.parse_args(arguments)
    engines = Engines(collect())
    clock = Clock()
    taken: dict[Path, Counter[str]] = {}
    with _clocked(clock):
        for path in options.file:
            _read_and_store(path, engines)  # what is loaded or compiled once
            runs = [_run(path, engines, clock) for _ in range(options.repeat)]
            taken[path] = Counter({step: min(run[step] for run in runs) for step in runs[0]})
    _print(taken)
    return 0


@contextmanager
def _clocked(clock: Clock) -> Iterator[None]:
    with ExitStack() as stack:
        for step, places in _STEPS.items():
            for owner, name in places:
                stack.enter_context(mock.patch.object(owner, name, clock.timed(getattr(owner, name), step)))
        for module, name, step in (
            (in_process, "open_tesseract", TESSERACT),
            (line_model, "open_session", NETWORKS),
            (sys.modules[__name__], "open_source", _OPENING),
        ):
            stack.enter_context(mock.patch.object(module, name, _opening(getattr(module, name), clock, step)))
        yield


def _opening(function: Callable[..., Any], clock: Clock, step: str) -> Callable[..., Any]:
    return lambda *given: _Timed(function(*given), clock, step)


def _run(path: Path, engines: Engines, clock: Clock) -> Counter[str]:
    clock.taken.clear()
    clock.timed(_read_and_store, _REST)(path, engines)
    return Counter({step: clock.taken[step] for step in (TESSERACT, *_STEPS, _REST)})


def _read_and_store(path: Path, engines: Engines) -> None:
    """Do what a worker does for a page: open the file, read it, check what the confined process answers, pack it."""
    with path.open("rb") as file:
        media = sniff(file.read(1024))
    assert media is not None, path
    source = open_source(path, media)
    try:
        read = page.read_page(
            source,
            1,
            lambda: engines.choose(EngineName.AUTO, _LANGUAGES),
            _LANGUAGES,
        )
    finally:
        source.close()
    _stored(read, engines.names())


def _stored(read: Page, sources: Sequence[str]) -> None:
    page_results.pack(file_answers.checked_page(read.model_dump_json().encode(), read.number, sources))


def _print(taken: dict[Path, Counter[str]]) -> None:
    own = {path: sum(run.values()) - run[TESSERACT] - run[NETWORKS] for path, run in taken.items()}
    print(f"Milliseconds of processor time per page, mean of {len(taken)}:")
    for step in next(iter(taken.values())):
        print(f"{step:<34}{1000 * mean(run[step] for run in taken.values()):8.1f}")
    print(f"{'our own code':<34}{1000 * mean(own.values()):8.1f}")
    for path, seconds in own.items():
        print(f"  {path.name:<32}{1000 * seconds:8.1f}")


if __name__ == "__main__":
    sys.exit(main())
