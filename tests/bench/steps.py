"""The benchmark command for the steps of recognition: what each one gains and costs.

python tests/bench/steps.py [--corpus DIR] [--pages N] [--clean N] [--steps STEP,STEP] [--dpi DPI,DPI]
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
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import mean

import corpus
import degradations
import scoring
from ablation import CODES, CONTRAST, FULL, LIGHT, ORIENTATION, POLARITY, RESOLUTION, SKEW, STEPS, StepReader, clocked
from corpus import Case
from degradations import Degradation
from load import Meter
from PIL import Image
from readers import EngineReader, Reading, write_warm_up
from scan import DPI, make_scan

from ocrdesk.contract.jobs import EngineName
from ocrdesk_worker.engines.languages.tessdata import collect
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.render.pdfium import PdfiumSource

REREADING_AIM = 0.10
_RESOLUTIONS = (75, 100, 150, 200, 300, 400, 600)
_PDF_QUALITY = 90
_MADE, _PAGES, _RECEIPTS, _DOCUMENTS = "generated pages", "pages", "receipts", "documents"
_DEGRADED: dict[str, dict[str, Degradation]] = {
    ORIENTATION: {"turned by 90": degradations.turned_by(90), "turned by 180": degradations.turned_by(180)},
    SKEW: {"skewed by 2": degradations.skewed(2)},
    POLARITY: {"inverted": degradations.inverted()},
    LIGHT: {"badly lit": degradations.badly_lit()},
    CONTRAST: {
        "faint": degradations.between(150, 185),
        "faint and grainy": degradations.between(150, 185, 5),
    },
    CODES: {"with codes": degradations.with_codes()},
}
"""The degradations that each step corrects."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Files of one kind, and the steps to leave out, one at a time."""

    name: str
    cases: tuple[Case, ...]
    steps: tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """The scores and processor seconds of one reader for one batch, and the number of codes that it found."""

    scores: list[float] = field(default_factory=list)
    cpu_s: float = 0.0
    codes: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A batch read with and without one step."""

    batch: Batch
    step: str
    full: Tally
    without: Tally

    @property
    def gain(self) -> float:
        return mean(self.full.scores) - mean(self.without.scores)


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0, 1 if a file was not read, 2 for invalid arguments."""
    options = _options(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    data = collect()
    with tempfile.TemporaryDirectory(prefix="ocrdesk-bench-") as name:
        folder = Path(name)
        sets = dict(_sets(options.corpus, options.pages, data.languages, folder))
        batches = [*_as_they_are(sets, options.steps), *_degraded(sets, options.steps, folder)]
        if RESOLUTION in options.steps:
            batches += _at_resolutions(sets[_MADE], options.dpi, folder)
        reader = EngineReader(Engines(data), EngineName.AUTO, write_warm_up(folder / "warm-up.png"))
        meter = Meter()
        rows: list[Row] = []
        failures: list[str] = []
        print(f"{'files':<34}{'left out':<20}{'n':>3}{'full':>9}{'without':>9}{'gain':>9}{'x cpu':>8}")
        for batch in batches:
            found = _measured(batch, reader, failures)
            rows += found
            print("\n".join(map(_line, found)), flush=True)
        print("\n".join(["", *_most_gained(rows), *_codes_found(rows)]))
        clean = _clean_pages(reader, options.clean, folder)
    print(_EXPLAINED.format(others=meter.read().others_share))
    print(clean)
    if options.corpus is None:
        print(f"Only generated pages were read. {corpus.NEEDED.replace('is needed', 'adds external files')}")
    for failure in failures:
        print(f"FAILED: {failure}")
    return 1 if failures else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--corpus", type=Path, help="a folder with pages, receipts and documents (default: none)")
    parser.add_argument("--pages", type=int, default=2, help="pages to generate (default: 2)")
    parser.add_argument(
        "--clean", type=int, default=12, help="clean pages to generate for the last lines (default: 12)"
    )
    parser.add_argument(
        "--steps",
        type=lambda names: names.split(","),
        default=list(STEPS),
        help="steps to leave out, by name (default: all)",
    )
    parser.add_argument(
        "--dpi",
        type=lambda numbers: [int(number) for number in numbers.split(",")],
        default=_RESOLUTIONS,
        help=f"resolutions of generated pages (default: {','.join(map(str, _RESOLUTIONS))})",
    )
    options = parser.parse_args(arguments)
    if unknown := set(options.steps) - set(STEPS):
        parser.error(f"unknown step: {', '.join(sorted(unknown))}; known: {', '.join(STEPS)}")
    if options.corpus and not options.corpus.is_dir():
        parser.error(f"{options.corpus} is not a folder")
    if min(options.pages, options.clean) < 1:
        parser.error("--pages and --clean must be 1 or more")
    if min(options.dpi) < 1:
        parser.error("--dpi must be 1 or more")
    return options


# ── the files ────────────────────────────────────────────────────────────────────────────────────


def _sets(
    folder: Path | None, pages: int, installed: tuple[str, ...], made_in: Path
) -> Iterator[tuple[str, tuple[Case, ...]]]:
    """Yield the unchanged files by kind. Sets without files are omitted."""
    yield _MADE, tuple(_made_pages(pages, made_in))
    if folder is None:
        return
    for name, cases in (
        (_PAGES, corpus.pages(folder)),
        (_RECEIPTS, corpus.receipts(folder)),
        (_DOCUMENTS, corpus.documents(folder, installed)),
    ):
        if found := tuple(cases):
            yield name, found


def _made_pages(count: int, folder: Path) -> Iterator[Case]:
    """Yield the pages of the pipeline benchmark's scan, each as a PNG."""
    scan = make_scan(folder / "scan.pdf", count)
    source = PdfiumSource(scan.path)
    for index, text in enumerate(scan.page_texts):
        path = folder / f"made-{index + 1}.png"
        source.render(index).image.save(path, dpi=(DPI, DPI), compress_level=1)
        yield Case(path.stem, path, corpus.ENGLISH, text=text)
    source.close()


def _as_they_are(sets: dict[str, tuple[Case, ...]], steps: Sequence[str]) -> Iterator[Batch]:
    for name, cases in sets.items():
        yield Batch(name, cases, tuple(steps))


def _degraded(sets: dict[str, tuple[Case, ...]], steps: Sequence[str], folder: Path) -> Iterator[Batch]:
    """Yield the generated pages and those of the corpus, with each degradation that a step corrects."""
    for step in steps:
        for how, degradation in _DEGRADED.get(step, {}).items():
            for name in (name for name in (_MADE, _PAGES) if name in sets):
                cases = tuple(_degraded_case(case, how, degradation, folder) for case in sets[name])
                yield Batch(f"{name}, {how}", cases, (step,))


def _degraded_case(case: Case, how: str, degradation: Degradation, folder: Path) -> Case:
    path = folder / f"{case.name} {how}.png"
    with Image.open(case.path) as opened:
        size = opened.size
        known = {"dpi": opened.info["dpi"]} if "dpi" in opened.info else {}
        degradation.image(opened.convert("L")).save(path, compress_level=1, **known)
    return replace(case, path=path, words=tuple(degradation.word(word, size) for word in case.words))


def _at_resolutions(pages: Sequence[Case], resolutions: Sequence[int], folder: Path) -> Iterator[Batch]:
    """Yield the generated pages at other resolutions, as PDFs of one image and as images."""
    for dpi in resolutions:
        copies = [_at_resolution(page, dpi, folder) for page in pages]
        for number, kind in enumerate(("PDF", "image")):
            yield Batch(f"{_MADE}, {dpi} dpi {kind}", tuple(pair[number] for pair in copies), (RESOLUTION,))


def _at_resolution(page: Case, dpi: int, folder: Path) -> tuple[Case, Case]:
    pdf, png = (folder / f"{page.name} {dpi}{suffix}" for suffix in (".pdf", ".png"))
    with Image.open(page.path) as image:
        size = round(image.width * dpi / DPI), round(image.height * dpi / DPI)
        copy = image.resize(size, Image.Resampling.BOX if dpi < DPI else Image.Resampling.BICUBIC)
    copy.save(pdf, resolution=dpi, quality=_PDF_QUALITY)
    copy.save(png, dpi=(dpi, dpi), compress_level=1)
    return replace(page, path=pdf), replace(page, path=png)


# ── reading and scoring ──────────────────────────────────────────────────────────────────────────


def _measured(batch: Batch, reader: EngineReader, failures: list[str]) -> list[Row]:
    """Read every file with the full pipeline and without each step; the order alternates from file to file.

    A file that one of these readers could not read counts for none of them.
    """
    readers = [StepReader(reader, name) for name in (FULL, *batch.steps)]
    tallies = {each.name: Tally() for each in readers}
    for number, case in enumerate(batch.cases):
        readings: dict[str, Reading] = {}
        for each in readers if number % 2 == 0 else reversed(readers):
            try:
                readings[each.name] = each.read(case)
            except (ProcessingError, RuntimeError) as error:
                failures.append(f"{batch.name}/{case.name}, {each.name}: {error}")
        if len(readings) < len(readers):
            continue
        for name, reading in readings.items():
            tallies[name].scores.append(_score(batch.name, case, reading))
            tallies[name].cpu_s += reading.cpu_s
            tallies[name].codes += len(set(reading.codes) & set(degradations.CODES.values()))
        print(f"{batch.name}/{case.name}: {readings[FULL].cpu_s:.1f} s", file=sys.stderr, flush=True)
    full = tallies[FULL]
    return [Row(batch, step, full, tallies[step]) for step in batch.steps] if full.scores else []


def _score(kind: str, case: Case, reading: Reading) -> float:
    """Return a score from 0 to 1: words at their places if known, F1 of words on receipts, else correct characters."""
    if case.words:
        return scoring.positional_accuracy(case.words, tuple(_as_stored(case, reading)))
    if kind == _RECEIPTS:
        return scoring.f1(scoring.bag_of_words(case.text), scoring.bag_of_words(reading.text))
    return max(0.0, 1 - scoring.error_rate(case.text, reading.text))


def _as_stored(case: Case, reading: Reading) -> Iterator[scoring.PlacedWord]:
    """Yield the words at their places on the file's image, however the reader rotated it."""
    with Image.open(case.path) as image:
        wide, high = image.size
    size = (wide, high) if reading.rotation % 180 == 0 else (high, wide)
    for word in reading.words:
        yield degradations.turned_word(word, size, -reading.rotation)


def _clean_pages(reader: EngineReader, count: int, folder: Path) -> str:
    """Report the share of the processor time that the steps take on pages that need none of them."""
    scan = folder / "clean"
    scan.mkdir()
    cases = list(_made_pages(count, scan))
    with clocked() as taken:
        whole = sum(reader.read(case).cpu_s for case in cases)
    rereading = taken.pop("rereading", 0.0) / whole
    met = "yes" if rereading <= REREADING_AIM else "NO"
    tests = ", ".join(f"{name} {seconds / whole:.2%}" for name, seconds in taken.items())
    return (
        f"Clean pages ({count} generated): rereading {rereading:.1%} of the processor time, "
        f"aim <= {REREADING_AIM:.0%}: {met}\n"
        f"Tests on them: {sum(taken.values()) / whole:.1%} ({tests})"
    )


# ── the report ───────────────────────────────────────────────────────────────────────────────────

_EXPLAINED = """
Scores are means over the files: on pages the share of words at their places, on receipts F1 of words, on documents and
generated pages 1 minus the share of wrong characters. full: the pipeline with the engine auto; gain: full minus
without; x cpu: processor time without the step as a multiple of the full pipeline's. One process, one thread, models
loaded, readers in turns. Without resolution by need PDF pages are rendered at 300 dpi, images are used unchanged, and
letters of any size are read at that size. Other programs took {others:.0%} of the processor time used.
"""


def _line(row: Row) -> str:
    full, without = row.full, row.without
    ratio = without.cpu_s / full.cpu_s if full.cpu_s else float("nan")
    return (
        f"{row.batch.name:<34}{row.step:<20}{len(full.scores):>3}{mean(full.scores):>9.4f}"
        f"{mean(without.scores):>9.4f}{row.gain:>+9.4f}{ratio:>7.2f}x"
    )


def _most_gained(rows: Sequence[Row]) -> Iterator[str]:
    """Yield each step's best and worst row."""
    for step in STEPS:
        if own := [row for row in rows if row.step == step]:
            best, worst = max(own, key=lambda row: row.gain), min(own, key=lambda row: row.gain)
            yield f"{step}: {best.gain:+.4f} ({best.batch.name}) to {worst.gain:+.4f} ({worst.batch.name})"


def _codes_found(rows: Sequence[Row]) -> Iterator[str]:
    coded = [row for row in rows if row.step == CODES and row.batch.name.endswith("with codes")]
    if coded:
        there = len(degradations.CODES) * sum(len(row.full.scores) for row in coded)
        found = sum(row.full.codes for row in coded)
        yield f"Codes found on pages with codes: {found} of {there}"


if __name__ == "__main__":
    sys.exit(main())
