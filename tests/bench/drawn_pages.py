"""Draws a corpus of pages as offices have them: tables, charts, forms, statements, lists, filings; clean and degraded.

python tests/bench/drawn_pages.py DIR [--kinds KIND,KIND] [--pages N]

Writes DIR/pages/image and DIR/pages/truth, which `accuracy.py --corpus DIR --sets pages` reads.
"""

from __future__ import annotations

import argparse
import html
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from drawn import diagram_kinds, number_kinds, print_quality, table_kinds, text_kinds
from drawn.print_quality import Degrade
from drawn.sheet import NARROW, SANS, SERIF, TYPEWRITER, Sheet, fonts_of
from PIL import Image
from scoring import PlacedWord

_SEED = 20261130


@dataclass(frozen=True, slots=True)
class Kind:
    """How pages of a kind are drawn: fonts, sizes in points, resolutions, size in inches, and degradations."""

    draw: Callable[[Sheet], None]
    fonts: tuple[str, ...]
    points: tuple[float, ...]
    dpis: tuple[int, ...] = (150, 200, 200, 300)
    size: tuple[float, float] = (8.5, 11.0)
    degradations: Sequence[Degrade] = print_quality.OFFICE_PAGES
    smallest_px: int = 0
    """The least size of a font in pixels: smaller commas and points look alike once they are blurred."""


_NUMBER_FONTS = (
    "dejavu/DejaVuSans.ttf",
    "dejavu/DejaVuSansMono.ttf",
    "liberation/LiberationSans-Regular.ttf",
    "liberation/LiberationSansNarrow-Regular.ttf",
    "liberation/LiberationSerif-Regular.ttf",
)


def _numbers(draw: Callable[[Sheet], None]) -> Kind:
    return Kind(
        draw, _NUMBER_FONTS, (7, 8, 9, 11), (150, 200, 300), (7.0, 9.0), print_quality.NUMBER_PAGES, smallest_px=18
    )


KINDS: dict[str, Kind] = {
    "table": _numbers(number_kinds.draw_table),
    "form": _numbers(number_kinds.draw_form),
    "chart": _numbers(number_kinds.draw_chart),
    "statement": _numbers(number_kinds.draw_statement),
    "figures": Kind(table_kinds.draw_figures, (*SERIF, *NARROW), (7, 7.5, 8), (200, 200, 300)),
    "grid": Kind(table_kinds.draw_grid, (*SANS, *SERIF), (7.5, 8, 9)),
    "bank": Kind(table_kinds.draw_bank, (*SANS, *TYPEWRITER), (8, 9, 10)),
    "phones": Kind(table_kinds.draw_phones, (*SANS, *SERIF), (8, 9, 10)),
    "index": Kind(table_kinds.draw_index, SERIF, (9, 10)),
    "timetable": Kind(table_kinds.draw_timetable, (*SANS, *NARROW), (7.5, 8, 9), (200, 300)),
    "coverage": Kind(table_kinds.draw_coverage, SANS, (8, 9)),
    "journal": Kind(text_kinds.draw_journal, SERIF, (9, 10)),
    "deposition": Kind(text_kinds.draw_deposition, TYPEWRITER, (11, 12)),
    "filing": Kind(text_kinds.draw_filing, SERIF, (12,)),
    "disclosures": Kind(text_kinds.draw_disclosures, SANS, (6.5, 7), (200, 300)),
    "headings": Kind(text_kinds.draw_headings, (*SANS, *SERIF), (10, 11)),
    "letter": Kind(text_kinds.draw_letter, (*SERIF, *TYPEWRITER), (11, 12)),
    "flow": Kind(diagram_kinds.draw_flow, SANS, (9, 10, 12)),
    "curves": Kind(diagram_kinds.draw_curves, SANS, (7.5, 8, 9), (200, 300)),
    "bars": Kind(diagram_kinds.draw_bars, SANS, (8, 9, 10)),
    "boxes": Kind(diagram_kinds.draw_boxes, (*SANS, *TYPEWRITER), (9, 10)),
}


def sheets(names: Sequence[str], count: int) -> Iterator[tuple[str, Image.Image, list[PlacedWord]]]:
    """Yield the name, image and words of `count` pages of each kind; the same ones in every run."""
    for name in names:
        kind = KINDS[name]
        for number in range(count):
            rng = random.Random(f"{_SEED}/{name}/{number}")
            path, dpi, points = rng.choice(fonts_of(kind.fonts)), rng.choice(kind.dpis), rng.choice(kind.points)
            width, height = (round(side * dpi) for side in kind.size)
            sheet = Sheet(Image.new("L", (width, height), 255), path, dpi, points, rng, kind.smallest_px)
            kind.draw(sheet)
            degrade = kind.degradations[number % len(kind.degradations)]
            yield f"{name}_{number:02}_{degrade.__name__}", degrade(sheet.image, rng), sheet.words


def _hocr(words: Sequence[PlacedWord]) -> str:
    spans = []
    for text, *edges in words:
        box = " ".join(str(round(edge)) for edge in edges)
        spans.append(f"<span class='ocrx_word' title='bbox {box}'>{html.escape(text)}</span>")
    return "<html><body>\n" + "\n".join(spans) + "\n</body></html>\n"


def _kind_names(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(text.split(",")))
    if unknown := [name for name in names if name not in KINDS]:
        raise argparse.ArgumentTypeError(f"unknown kind: {', '.join(unknown)} (known: {', '.join(KINDS)})")
    return names


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the corpus. Return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--kinds", type=_kind_names, default=tuple(KINDS), help=f"any of {','.join(KINDS)} (default: all)"
    )
    parser.add_argument("--pages", type=int, default=5, help="pages of each kind (default: 5)")
    options = parser.parse_args(arguments)
    if missing := [name for name in options.kinds if not fonts_of(KINDS[name].fonts)]:
        parser.error(
            f"no fonts for {', '.join(missing)}: install fonts-dejavu-core, fonts-liberation and fonts-urw-base35"
        )
    for name in ("image", "truth"):
        (options.folder / "pages" / name).mkdir(parents=True, exist_ok=True)
    for name, image, words in sheets(options.kinds, options.pages):
        image.save(options.folder / "pages" / "image" / f"{name}.png")
        (options.folder / "pages" / "truth" / f"{name}.hocr").write_text(_hocr(words), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
