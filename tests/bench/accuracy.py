"""The benchmark command: how well and at what cost each engine reads a corpus, compared with plain Tesseract.

python tests/bench/accuracy.py --corpus DIR [--engines auto,tesseract,...] [--sets pages,receipts,documents]
"""

from __future__ import annotations

import os

# Set before numerical libraries load: one thread, so that processor seconds are comparable.
os.environ["OMP_THREAD_LIMIT"] = os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean

import corpus
import scoring
from corpus import Case
from load import Meter
from readers import AUTO_ALONE, PLAIN, Alone, EngineReader, PlainReader, Reader, Reading, write_warm_up
from scoring import Group, Judged

from ocrdesk.contract.engines import EngineName, installed_engine_names
from ocrdesk_worker.engines.languages.tessdata import collect
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.errors import ProcessingError

PAGES_AIM, PAGES_COST_AIM, RECEIPTS_AIM = 0.965, 2.5, 0.94
_SETS = ("pages", "receipts", "documents")
_ENGINES = (*installed_engine_names(), AUTO_ALONE)
_DEFAULT_ENGINES = (EngineName.AUTO, EngineName.TESSERACT)
_JUDGED_ENGINE = EngineName.AUTO
_CALIBRATED = (_JUDGED_ENGINE, AUTO_ALONE)


@dataclass(slots=True)
class Tally:
    """The scores and processor seconds of one reader for one set."""

    scores: list[float] = field(default_factory=list)
    second_scores: list[float] = field(default_factory=list)
    cpu_s: float = 0.0


@dataclass(slots=True)
class Found:
    """All measurements: tallies by set and reader, the words of calibrated readers, and failures."""

    tallies: dict[str, dict[str, Tally]] = field(default_factory=dict)
    judged: dict[str, list[Judged]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0, 1 when a file was not read, 2 for a missing corpus or engine."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.corpus is None:
        parser.error(corpus.NEEDED)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    data = collect()
    engines = Engines(data)
    for name in options.engines:
        try:
            engines.choose(_engine(name), corpus.ENGLISH)
        except ProcessingError as error:
            parser.error(f"{name}: {error}")
    cases = {name: list(_cases(name, options.corpus, data.languages)) for name in options.sets}
    if not any(cases.values()):
        parser.error(f"{options.corpus} contains no files to read.\n{corpus.NEEDED}")
    with tempfile.TemporaryDirectory(prefix="ocrdesk-bench-") as folder:
        warm_up = write_warm_up(Path(folder) / "warm-up.png")
        readers: list[Reader] = [PlainReader(data)]
        alone = Alone(data)
        readers += [
            EngineReader(alone if name == AUTO_ALONE else engines, _engine(name), warm_up, name)
            for name in options.engines
        ]
        meter = Meter()
        found = _measured(cases, readers)
    _print_report(found, cases, readers, meter.read().others_share)
    return 1 if found.failures else 0


def _engine(name: str) -> str:
    return EngineName.AUTO if name == AUTO_ALONE else name


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--corpus", type=Path, help="the folder with pages, receipts and documents")
    parser.add_argument(
        "--engines",
        type=lambda text: _names(text, _ENGINES, "engine"),
        default=_DEFAULT_ENGINES,
        help=f"any of {','.join(_ENGINES)} (default: {','.join(_DEFAULT_ENGINES)})",
    )
    parser.add_argument(
        "--sets",
        type=lambda text: _names(text, _SETS, "set"),
        default=_SETS,
        help=f"any of {','.join(_SETS)} (default: all)",
    )
    return parser


def _names(text: str, known: tuple[str, ...], what: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(text.split(",")))
    if unknown := [name for name in names if name not in known]:
        raise argparse.ArgumentTypeError(f"unknown {what}: {', '.join(unknown)} (known: {', '.join(known)})")
    return names


def _cases(name: str, folder: Path, languages: tuple[str, ...]) -> Iterator[Case]:
    match name:
        case "pages":
            return corpus.pages(folder)
        case "receipts":
            return corpus.receipts(folder)
    return corpus.documents(folder, languages)


def _measured(cases: dict[str, list[Case]], readers: Sequence[Reader]) -> Found:
    """Let every reader read every file; the order of the readers alternates from file to file."""
    found = Found()
    for kind, files in cases.items():
        tallies = found.tallies[kind] = {reader.name: Tally() for reader in readers}
        for number, case in enumerate(files):
            said = []
            for reader in readers if number % 2 == 0 else reversed(readers):
                try:
                    reading = reader.read(case)
                except (ProcessingError, RuntimeError) as error:
                    found.failures.append(f"{kind}/{case.name} by {reader.name}: {error}")
                    continue
                tally = tallies[reader.name]
                tally.cpu_s += reading.cpu_s
                _score(kind, case, reading, tally)
                if kind == "pages" and reader.name in _CALIBRATED:
                    found.judged.setdefault(reader.name, []).extend(_judged(case, reading))
                said.append(f"{reader.name} {tally.scores[-1]:.3f} in {reading.cpu_s:.1f} s")
            print(f"{kind}/{case.name}: {', '.join(said)}", file=sys.stderr, flush=True)
    return found


def _score(kind: str, case: Case, reading: Reading, tally: Tally) -> None:
    if kind == "pages":
        tally.scores.append(scoring.positional_accuracy(case.words, reading.words))
    elif kind == "receipts":
        tally.scores.append(scoring.f1(scoring.bag_of_words(case.text), scoring.bag_of_words(reading.text)))
        tally.second_scores.append(scoring.f1(scoring.bag_of_runs(case.text), scoring.bag_of_runs(reading.text)))
    else:
        tally.scores.append(scoring.error_rate(case.text, reading.text))


def _judged(case: Case, reading: Reading) -> Iterator[Judged]:
    right = scoring.met(case.words, reading.words)
    for index, confidence in enumerate(reading.confidences):
        yield Judged(confidence, index in right)


_MEASURES = {
    "pages": "words at their places",
    "receipts": "F1 of words",
    "documents": "share of wrong characters",
}


def _print_report(found: Found, cases: dict[str, list[Case]], readers: Sequence[Reader], others_share: float) -> None:
    head = f"{'set':<11}{'engine':<15}{'files':>5}{'score':>9}{'runs F1':>9}{'cpu':>9}{'x plain':>9}"
    print(f"\n{head}   {'aim':<24}met")
    for kind, tallies in found.tallies.items():
        for reader in readers:
            if tallies[reader.name].scores:
                print(_row(kind, reader.name, tallies))
    print("\nScores are means over the files: " + ", ".join(f"{kind}: {_MEASURES[kind]}" for kind in found.tallies))
    print(
        "(for documents lower is better). runs F1: of runs of letters and digits. cpu: processor seconds for all files,"
        "\nin one process and one thread; x plain: as a multiple of plain's. plain: libtesseract with the unchanged"
        "\nfile, automatic layout; a PDF rendered at 300 dpi. Engines use the pipeline's own rendering and"
        f"\npreparation, with their models loaded. Other programs took {others_share:.0%} of the processor time used."
    )
    for case in cases.get("documents", ()):
        if case.languages != corpus.ENGLISH:
            print(f"documents/{case.name} was read in {'+'.join(case.languages)}.")
    for name, judged in found.judged.items():
        print("\n" + "\n".join(_calibration(name, judged)))
    for failure in found.failures:
        print(f"FAILED: {failure}")


def _row(kind: str, name: str, tallies: dict[str, Tally]) -> str:
    tally, plain = tallies[name], tallies[PLAIN]
    score = mean(tally.scores)
    ratio = tally.cpu_s / plain.cpu_s if plain.cpu_s else float("nan")
    second = f"{mean(tally.second_scores):>9.3f}" if tally.second_scores else f"{'':>9}"
    aim, is_met = _aim(kind, score, ratio, mean(plain.scores) if plain.scores else 0.0)
    met = f"{aim:<24}{'yes' if is_met else 'NO'}" if name == _JUDGED_ENGINE else ""
    row = f"{kind:<11}{name:<15}{len(tally.scores):>5}{score:>9.4f}{second}{tally.cpu_s:>8.1f}s{ratio:>8.2f}x   {met}"
    return row.rstrip()


def _aim(kind: str, score: float, ratio: float, plain_score: float) -> tuple[str, bool]:
    """Return the judged engine's aim for a set, and whether it is met."""
    match kind:
        case "pages":
            aim = f">= {PAGES_AIM:g}, <= {PAGES_COST_AIM:g}x plain"
            return aim, score >= PAGES_AIM and ratio <= PAGES_COST_AIM
        case "receipts":
            return f">= {RECEIPTS_AIM:g}", score >= RECEIPTS_AIM
    return "<= plain's", score <= plain_score


def _calibration(name: str, judged: Sequence[Judged]) -> Iterator[str]:
    by_words, by_scale = scoring.deciles(judged), scoring.scale_tenths(judged)
    yield f"Calibration of {name}'s confidence, {len(judged)} words on pages; correct: share at the right place"
    yield f"{'confidence':<18}{'words':>6}{'mean':>8}{'correct':>8}"
    yield from map(_group_row, by_words)
    error, by_scale_error = scoring.calibration_error(by_words), scoring.calibration_error(by_scale)
    yield (
        f"Expected calibration error: {error:.4f} over these tenths of the words, "
        f"{by_scale_error:.4f} over tenths of the scale."
    )


def _group_row(group: Group) -> str:
    span = f"{group.lowest:.3f} to {group.highest:.3f}"
    return f"{span:<18}{group.words:>6}{group.confidence:>8.3f}{group.right:>8.3f}"


if __name__ == "__main__":
    sys.exit(main())
