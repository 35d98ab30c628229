"""The benchmark command for pages in several scripts: each region's text, compared with what was written there.

python tests/bench/mixed_scripts.py [--kinds KIND,…] [--only LANGUAGE,…] [--pages N] [--auto] [--keep DIR]

Draws pages with regions in languages of different scripts, reads them with all steps in the languages of the page (or
those that are detected), and prints the share of right characters of each kind and language, and the processor time.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

os.environ["OMP_THREAD_LIMIT"] = "1"

from drawn import print_quality, script_kinds
from drawn.script_kinds import Region, ScriptSheet
from drawn.script_texts import SCRIPTS
from PIL import Image
from scoring import edits

from ocrdesk.contract.box import contains_center
from ocrdesk.contract.document import Page
from ocrdesk.contract.jobs import RecognitionMode
from ocrdesk.contract.languages import AUTO_LANGUAGE
from ocrdesk.contract.media_types import MediaType
from ocrdesk.contract.word_spacing import join_words
from ocrdesk_worker.engines.languages.tessdata import collect
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.pipeline.page import read_page
from ocrdesk_worker.render.open_file import open_source

_SEED = 20261130
_SIZE = (8.27, 8.5)
"""The page in inches."""
_DEGRADATIONS = (print_quality.clean, print_quality.scanned, print_quality.compressed, print_quality.grainy)


@dataclass(frozen=True, slots=True)
class Case:
    """A drawn page, its regions, and the languages in which it is read."""

    name: str
    kind: str
    image: Image.Image
    dpi: int
    regions: tuple[Region, ...]
    languages: tuple[str, ...]


def cases(kinds: Sequence[str], only: Sequence[str], count: int, installed: Sequence[str]) -> Iterator[Case]:
    """Yield so many pages of each kind and its languages, the same ones in every run.

    Languages without data or a font are left out.
    """
    for kind in kinds:
        for languages in script_kinds.KINDS[kind].languages:
            if only and not set(only) & set(languages):
                continue
            if missing := [name for name in languages if name not in installed or not SCRIPTS[name].font_files()]:
                print(f"{kind} {'+'.join(languages)}: no data or font for {', '.join(missing)}", file=sys.stderr)
                continue
            for number in range(count):
                yield _case(kind, languages, number)


def _case(kind: str, languages: tuple[str, ...], number: int) -> Case:
    how = script_kinds.KINDS[kind]
    name = f"{kind}_{'+'.join(languages)}_{number:02}"
    rng = random.Random(f"{_SEED}/{name}")
    dpi, points = how.dpis[number % len(how.dpis)], rng.choice(how.points)
    sheet = ScriptSheet(Image.new("L", (round(_SIZE[0] * dpi), round(_SIZE[1] * dpi)), 255), dpi, points, rng)
    how.draw(sheet, languages)
    degrade = _DEGRADATIONS[number % len(_DEGRADATIONS)]
    named = tuple(dict.fromkeys(languages))
    return Case(name, kind, degrade(sheet.image, rng), dpi, tuple(sheet.regions), named)


def right_characters(region: Region, page: Page, scale: float) -> float:
    """Return 1 minus the edits for each character of a region; white space counts where the script has it."""
    area = region.box.scaled(scale, scale)
    lines = ([word for word in line.words if contains_center(area, word.box)] for line in page.lines())
    found = "\n".join(join_words(words) for words in lines if words)
    blank = " " if SCRIPTS[region.language].breaks == " " else ""
    wanted, got = (blank.join(text.split()) for text in ("\n".join(region.lines), found))
    return max(0.0, 1 - edits(wanted, got) / len(wanted))


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 1 if no page could be drawn and read."""
    options = _options(arguments)
    engines = Engines(collect())
    engines.preload(("eng",))
    shares: dict[tuple[str, str], list[float]] = defaultdict(list)
    seconds: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="ocrdesk-bench-") as folder:
        kept = options.keep or Path(folder)
        kept.mkdir(parents=True, exist_ok=True)
        for case in cases(options.kinds, options.only, options.pages, engines.data.languages):
            path = kept / f"{case.name}.png"
            case.image.save(path, dpi=(case.dpi, case.dpi))
            begun = time.process_time()
            page = _read(path, engines, options.engine, (AUTO_LANGUAGE,) if options.auto else case.languages)
            seconds[case.kind].append(time.process_time() - begun)
            path.with_suffix(".txt").write_text("\n".join(line.text for line in page.lines()), "utf-8")
            path.with_suffix(".json").write_text(page.model_dump_json(exclude={"timing"}, indent=1), "utf-8")
            said = []
            for region in case.regions:
                share = right_characters(region, page, page.width / case.image.width)
                shares[case.kind, region.language].append(share)
                said.append(f"{region.language} {share:.3f}")
            found = f"{'+'.join(page.languages)}, {seconds[case.kind][-1]:.1f} s"
            print(f"{case.name} ({found}): {', '.join(said)}", file=sys.stderr, flush=True)
    if not shares:
        return 1
    _print_table(options.kinds, shares, seconds)
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    known = tuple(script_kinds.KINDS)
    parser.add_argument("--kinds", type=_kinds, default=known, help=f"any of {','.join(known)} (default: all)")
    parser.add_argument("--only", type=lambda text: text.split(","), default=(), help="only pages with one of these")
    parser.add_argument("--pages", type=int, default=2, help="pages of each kind and its languages (default: 2)")
    parser.add_argument("--auto", action="store_true", help="lets the languages be detected")
    parser.add_argument("--engine", default="auto")
    parser.add_argument("--keep", type=Path, help="keeps the pages and what was read of them in this folder")
    return parser.parse_args(arguments)


def _kinds(text: str) -> list[str]:
    names = text.split(",")
    if unknown := [name for name in names if name not in script_kinds.KINDS]:
        raise argparse.ArgumentTypeError(f"unknown kind: {', '.join(unknown)}")
    return names


def _print_table(
    kinds: Sequence[str], shares: dict[tuple[str, str], list[float]], seconds: dict[str, list[float]]
) -> None:
    languages = [language for language in SCRIPTS if any(language == key[1] for key in shares)]
    print(f"| kind | {' | '.join(languages)} | all | s a page |\n|{'---|' * (len(languages) + 3)}")
    for kind in kinds:
        if kind not in seconds:
            continue
        cells = [f"{mean(shares[kind, name]):.3f}" if (kind, name) in shares else "" for name in languages]
        every = [share for key, found in shares.items() if key[0] == kind for share in found]
        print(f"| {kind} | {' | '.join(cells)} | {mean(every):.3f} | {mean(seconds[kind]):.2f} |")
    every = [share for found in shares.values() for share in found]
    print(f"| all | {' | ' * len(languages)}{mean(every):.3f} | {mean(map(mean, seconds.values())):.2f} |")


def _read(path: Path, engines: Engines, engine: str, languages: tuple[str, ...]) -> Page:
    source = open_source(path, MediaType.PNG)
    try:
        picked = engines.picker(languages)
        choose = engines.choose
        return read_page(source, 1, lambda: choose(engine, languages), picked, mode=RecognitionMode.FORCE)
    finally:
        source.close()


if __name__ == "__main__":
    sys.exit(main())
