"""The benchmark command for languages that are detected: how many pages' languages are found, and at which cost.

python tests/bench/language_detection.py [--only LANGUAGE,…] [--corpus DIR] [--list]

Draws pages in one language, pages with a paragraph in another, and pages of numbers, clean and degraded, and detects
the languages of each among all that are installed. With --corpus also its pages, receipts and documents.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

os.environ["OMP_THREAD_LIMIT"] = "1"

import corpus
import drawn_pages
from drawn import print_quality
from drawn.latin_texts import TEXTS
from drawn.print_quality import Degrade
from drawn.script_kinds import ScriptSheet
from drawn.sheet import TYPEWRITER, fonts_of
from PIL import Image

from ocrdesk.contract.languages import AUTO_LANGUAGE
from ocrdesk.contract.media_types import sniff
from ocrdesk_worker.engines.languages.scripts import script_of
from ocrdesk_worker.engines.languages.tessdata import collect
from ocrdesk_worker.engines.registry import Engines, PickLanguages
from ocrdesk_worker.preprocess.clean_up import clean_up
from ocrdesk_worker.preprocess.grayscale import to_grey
from ocrdesk_worker.render.open_file import open_source

_SEED = 20261201
_SIZE = (8.27, 5.5)
"""The page in inches."""
_DEFAULT = "eng"
_HEAD_BYTES = 1024
_NUMBERS = ("table", "form", "statement", "chart", "figures", "bank", "phones", "index")
_NUMBER_PAGES = 3


@dataclass(frozen=True, slots=True)
class Case:
    """A page, its kind, and its languages: the main one first, unless the default is one of several."""

    name: str
    kind: str
    image: Image.Image
    dpi: float
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Print:
    """How a page is printed and scanned: its resolution, the size of its text in points, and what happens to it."""

    dpi: int
    points: float
    degrade: Degrade
    is_typed: bool = False


PRINTS = {
    "clean": Print(300, 11, print_quality.clean),
    "small": Print(150, 8, print_quality.compressed),
    "blurred": Print(200, 10, print_quality.blurred),
    "typed": Print(200, 12, print_quality.faxed, is_typed=True),
    "faint": Print(200, 11, print_quality.faint),
    "large": Print(600, 12, print_quality.scanned),
}
_PAIR_PRINTS = ("clean", "small", "faint")


def cases(only: Sequence[str], installed: Sequence[str]) -> Iterator[Case]:
    """Yield the drawn pages, the same ones in every run. Languages without data or a font are left out."""
    languages = [name for name in TEXTS if name in installed and TEXTS[name].font_files()]
    chosen = [name for name in languages if not only or name in only]
    for language in chosen:
        for name, how in PRINTS.items():
            if not how.is_typed or (script_of(language) == "Latin" and fonts_of(TYPEWRITER)):
                yield _page(f"one {name}", how, (language,), (language,) * 2)
    for language in chosen:
        if language == _DEFAULT:
            continue
        for name in _PAIR_PRINTS:
            yield _page(f"second {name}", PRINTS[name], (language, _DEFAULT), (_DEFAULT, language, _DEFAULT))
    if not only or _DEFAULT in only:
        for name, image, _ in drawn_pages.sheets(_NUMBERS, _NUMBER_PAGES):
            yield Case(name, "numbers", image.convert("L"), 0, (_DEFAULT,))


def empty_sheet(how: Print, rng: random.Random) -> ScriptSheet:
    """Return a sheet of paper to write on, before it is degraded."""
    size = round(_SIZE[0] * how.dpi), round(_SIZE[1] * how.dpi)
    sheet = ScriptSheet(Image.new("L", size, 255), how.dpi, how.points, rng)
    if how.is_typed:
        sheet.latin_font = rng.choice(fonts_of(TYPEWRITER))
    return sheet


def _page(kind: str, how: Print, languages: tuple[str, ...], paragraphs: Sequence[str]) -> Case:
    """Return a page of these paragraphs, of three sentences each."""
    name = f"{kind} {'+'.join(languages)}"
    rng = random.Random(f"{_SEED}/{name}")
    sheet = empty_sheet(how, rng)
    top = sheet.margin
    for language in paragraphs:
        top = sheet.write(language, sheet.text(language, 3), sheet.whole(top)) + how.dpi // 6
    return Case(name, kind, how.degrade(sheet.image, rng).convert("L"), how.dpi, languages)


def corpus_cases(folder: Path, installed: tuple[str, ...]) -> Iterator[Case]:
    """Yield the first page of each file that has a truth."""
    sets = {
        "pages": corpus.pages(folder),
        "receipts": corpus.receipts(folder),
        "documents": corpus.documents(folder, installed),
    }
    for kind, found in sets.items():
        for case in found:
            with case.path.open("rb") as file:
                media = sniff(file.read(_HEAD_BYTES))
            source = open_source(case.path, media)
            try:
                rendered = source.render(0)
                image = to_grey(rendered.image).copy()  # closed with its source
            finally:
                source.close()
            yield Case(case.name, kind, image, rendered.dpi, case.languages)


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 1 if there was no page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--only", type=lambda text: text.split(","), default=(), help="only drawn pages with one of these"
    )
    parser.add_argument("--corpus", type=Path, help="also the pages of this folder")
    parser.add_argument("--list", action="store_true", help="prints each page that is not right")
    options = parser.parse_args(arguments)
    engines = Engines(collect())
    engines.preload((_DEFAULT,))
    engines.preload_rest((_DEFAULT,))
    pick = engines.picker((AUTO_LANGUAGE,))
    installed = engines.data.languages
    results: dict[str, Counter[str]] = defaultdict(Counter)
    seconds: dict[str, float] = defaultdict(float)
    sources = [cases(options.only, installed)]
    if options.corpus:
        sources.append(corpus_cases(options.corpus, installed))
    for source in sources:
        for case in source:
            found, taken = _detected(case, pick)
            result = _judged(set(found), set(case.languages))
            results[case.kind][result] += 1
            seconds[case.kind] += taken
            if options.list and result != "right":
                print(
                    f"{case.kind} {case.name}: {'+'.join(found)} ({result}), {taken:.2f} s", file=sys.stderr, flush=True
                )
    _print_table(results, seconds)
    return 0 if results else 1


def _detected(case: Case, pick: PickLanguages) -> tuple[tuple[str, ...], float]:
    """Return the languages that are found, and the processor seconds of finding them."""
    image, _ = clean_up(case.image)
    begun = time.process_time()
    found = pick(image, case.dpi)
    return found, time.process_time() - begun


def _judged(found: set[str], wanted: set[str]) -> str:
    if found == wanted:
        return "right"
    return "more" if found > wanted else "missing"


def _print_table(results: dict[str, Counter[str]], seconds: dict[str, float]) -> None:
    print("| pages | right | too many languages | one missing or wrong | s a page |\n|---|---|---|---|---|")
    totals: Counter[str] = Counter()
    for kind, counts in results.items():
        _print_row(kind, counts, seconds[kind])
        totals += counts
    _print_row("all", totals, sum(seconds.values()))


def _print_row(kind: str, counts: Counter[str], taken: float) -> None:
    cells = " | ".join(str(counts[result]) for result in ("right", "more", "missing"))
    print(f"| {kind} ({counts.total()}) | {cells} | {taken / counts.total():.3f} |")


if __name__ == "__main__":
    sys.exit(main())
