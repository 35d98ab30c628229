"""The benchmark command for degraded pages: how well they are read with and without the steps that correct them.

python tests/bench/upright.py [CORPUS] [--pages N] [--only ROW,ROW]
"""

from __future__ import annotations

import argparse
import html
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

os.environ["OMP_THREAD_LIMIT"] = "1"

from degradations import Degradation, badly_lit, between, inverted, skewed, turned_by, untouched
from PIL import Image
from report import word_f1
from scan import make_scan

from ocrdesk.contract.document import Block
from ocrdesk.contract.jobs import EngineName
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.engines.interface import Engine
from ocrdesk_worker.engines.languages.tessdata import collect
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.pipeline.orientation import recognise_upright
from ocrdesk_worker.preprocess.clean_up import clean_up
from ocrdesk_worker.preprocess.grayscale import to_grey
from ocrdesk_worker.preprocess.quarter_turns import lines_are_vertical
from ocrdesk_worker.preprocess.straightening.deskew import measure_skew
from ocrdesk_worker.render.image_file import ImageSource
from ocrdesk_worker.render.pdfium import PdfiumSource

_LANGUAGES = ("eng",)
_MOST_COST = 0.02
_TITLE = re.compile(r"<span\b[^>]*\bocrx_word\b[^>]*>(.*?)</span>", re.DOTALL)
_DOCUMENTS = {
    "phototest-rotated-L.png": "phototest.gold.txt",
    "phototest-rotated-R.png": "phototest.gold.txt",
    "phototest-rotated-180.png": "phototest.gold.txt",
    "cardinal.pdf": "linn.txt",
    "skew.pdf": "linn.txt",
    "rotated_skew.pdf": "linn.txt",
    "linn.png": "linn.txt",
    "eurotext.tif": "eurotext.txt",
    "8071_093.3B.tif": "8071_093.3B.txt",
    "8087_054.3B.tif": "8087_054.3B.txt",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A page before it is degraded, and its text."""

    image: Image.Image
    dpi: float
    text: str


@dataclass(frozen=True, slots=True)
class Score:
    """Words F1 and processor seconds of one reading."""

    f1: float
    seconds: float


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("corpus", type=Path, nargs="?", help="a folder with pages/image and pages/truth (hOCR)")
    parser.add_argument(
        "--pages", type=int, default=2, help="pages to generate, or to read from the corpus (default: 2)"
    )
    parser.add_argument(
        "--only",
        type=lambda names: names.split(","),
        default=list(_DEGRADED),
        help="rows of the table, by name (default: all)",
    )
    options = parser.parse_args(arguments)
    if unknown := set(options.only) - set(_DEGRADED):
        parser.error(f"unknown row: {', '.join(sorted(unknown))}; known: {', '.join(_DEGRADED)}")
    if options.corpus and not options.corpus.is_dir():
        parser.error(f"{options.corpus} is not a folder")
    engine = Engines(collect()).choose(EngineName.TESSERACT, _LANGUAGES)
    samples = list(_of_corpus(options.corpus, options.pages) if options.corpus else _made(options.pages))
    print(f"{len(samples)} pages. F1 of the words in any order; time: processor seconds relative to those without.\n")
    print(f"{'pages':<34}{'without':>8}{'with':>8}{'time':>7}")
    for name in options.only:
        degradation = _DEGRADED[name]
        _row(
            name,
            [_compared(Sample(degradation.image(sample.image), sample.dpi, sample.text), engine) for sample in samples],
        )
    if options.corpus:
        _print_files(options.corpus, engine)
    _print_cost(samples, engine)
    return 0


def _row(name: str, scores: Sequence[tuple[Score, Score]]) -> None:
    before, after = ([score[side] for score in scores] for side in (0, 1))
    times = sum(score.seconds for score in after) / max(1e-9, sum(score.seconds for score in before))
    f1 = [mean(score.f1 for score in side) for side in (before, after)]
    print(f"{name:<34}{f1[0]:>8.3f}{f1[1]:>8.3f}{times:>6.2f}x", flush=True)


def _compared(sample: Sample, engine: Engine) -> tuple[Score, Score]:
    """Score the page without and with the correcting steps."""
    begun = time.thread_time()
    plain = engine.recognise(sample.image, sample.dpi, _LANGUAGES)
    between = time.thread_time()
    image, thumbnail = clean_up(sample.image)
    upright = recognise_upright(image, thumbnail, sample.dpi, engine, lambda _image, _dpi: _LANGUAGES).blocks
    ended = time.thread_time()
    return (
        Score(word_f1(_text(plain), sample.text), between - begun),
        Score(word_f1(_text(upright), sample.text), ended - between),
    )


def _text(blocks: tuple[Block, ...]) -> str:
    return "\n".join(line.text for block in blocks for line in block.lines)


def _print_files(corpus: Path, engine: Engine) -> None:
    print()
    for name, truth in _DOCUMENTS.items():
        path, text = corpus / "documents" / name, corpus / "documents" / truth
        if path.is_file() and text.is_file():
            _row(name, [_compared(sample, engine) for sample in _opened(path, text)])
    receipts = sorted((corpus / "receipts").glob("*.jpg"))
    if receipts:
        scores = [_compared(sample, engine) for path in receipts for sample in _opened(path, path.with_suffix(".txt"))]
        _row(f"{len(scores)} receipts", scores)


def _opened(path: Path, text: Path) -> Iterator[Sample]:
    media = {".pdf": MediaType.PDF, ".png": MediaType.PNG, ".tif": MediaType.TIFF, ".jpg": MediaType.JPEG}[path.suffix]
    source = PdfiumSource(path) if media is MediaType.PDF else ImageSource(path, media)
    for index in range(source.page_count):
        rendered = source.render(index)
        yield Sample(to_grey(rendered.image), rendered.dpi, text.read_text(encoding="utf-8"))
    source.close()


def _print_cost(samples: Sequence[Sample], engine: Engine) -> None:
    """Print the cost of the tests on pages that need none of the steps."""
    tests = engine_s = 0.0
    for sample in samples:
        begun = time.thread_time()
        _, thumbnail = clean_up(sample.image)
        lines_are_vertical(thumbnail)
        measure_skew(thumbnail)
        between = time.thread_time()
        engine.recognise(sample.image, sample.dpi, _LANGUAGES)
        tests += between - begun
        engine_s += time.thread_time() - between
    share = tests / engine_s
    print(f"\nTests on clean pages: {share:.2%} of the engine's time, aim < {_MOST_COST:.0%}: ", end="")
    print("yes" if share < _MOST_COST else "NO")


def _made(count: int) -> Iterator[Sample]:
    with tempfile.TemporaryDirectory(prefix="ocrdesk-bench-") as folder:
        scan = make_scan(Path(folder) / "scan.pdf", count)
        source = PdfiumSource(scan.path)
        texts = scan.page_texts
        for index in range(count):
            rendered = source.render(index)
            yield Sample(to_grey(rendered.image), rendered.dpi, texts[index])
        source.close()


def _of_corpus(corpus: Path, count: int) -> Iterator[Sample]:
    images = sorted((corpus / "pages" / "image").iterdir())
    for path in images[:: max(1, len(images) // count)][:count]:
        hocr = (corpus / "pages" / "truth" / f"{path.stem}.hocr").read_text(encoding="utf-8")
        words = (html.unescape(re.sub("<[^>]+>", "", word)) for word in _TITLE.findall(hocr))
        with Image.open(path) as image:
            yield Sample(to_grey(image).copy(), 0.0, " ".join(words))


_DEGRADED: dict[str, Degradation] = {
    "as they are": untouched(),
    "turned by 90": turned_by(90),
    "turned by 180": turned_by(180),
    "turned by 270": turned_by(270),
    "skewed by 0.5": skewed(0.5),
    "skewed by -1": skewed(-1),
    "skewed by 3": skewed(3),
    "skewed by -7": skewed(-7),
    "inverted": inverted(),
    "dark mode (225 on 40)": between(225, 40),
    "faint (150 on 185)": between(150, 185),
    "faint on dark (70 on 40)": between(70, 40),
    "faint and grainy": between(150, 185, 5),
    "grainy": between(30, 225, 18),
    "badly lit": badly_lit(),
}


if __name__ == "__main__":
    sys.exit(main())
