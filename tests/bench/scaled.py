"""The benchmark command for smaller page images: what plain Tesseract gains in time and loses in words.

python tests/bench/scaled.py --corpus DIR [--scales WIDTHxHEIGHT,...]
"""

from __future__ import annotations

import os

# Set before numerical libraries load: one thread, so that processor seconds are comparable.
os.environ["OMP_THREAD_LIMIT"] = os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

import corpus
import tesserocr
from PIL import Image
from scoring import PlacedWord, fold, positional_accuracy

from ocrdesk_worker.engines.languages.tessdata import collect
from ocrdesk_worker.engines.tesseract.in_process import open_tesseract

_DPI = 300
_DEFAULT = "1x1,0.9x1,0.8x1,0.7x1,0.67x0.67,0.5x0.67"


@dataclass(frozen=True, slots=True)
class Read:
    """The words right at their place, as a share, and the processor seconds for the layout and for recognition."""

    score: float
    layout_s: float
    recognition_s: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--corpus", type=Path, required=True, help="a folder as accuracy.py reads it")
    parser.add_argument("--scales", default=_DEFAULT, help=f"of a page's width and height (default: {_DEFAULT})")
    options = parser.parse_args()
    scales = [tuple(float(side) for side in scale.split("x")) for scale in options.scales.split(",")]
    cases = list(corpus.pages(options.corpus))
    if not cases:
        sys.exit(corpus.NEEDED)
    api = open_tesseract(collect(), corpus.ENGLISH, tesserocr.PSM.AUTO)
    print(f"{len(cases)} pages\n\nscale        words right  layout s  recognition s")
    for width, height in scales:
        found = [_read(api, case, width, height) for case in cases]
        layout, recognition = sum(one.layout_s for one in found), sum(one.recognition_s for one in found)
        scale = f"{width:g} x {height:g}"
        print(f"{scale:11}  {mean(one.score for one in found):11.4f}  {layout:8.2f}  {recognition:13.2f}")
    return 0


def _read(api: Any, case: corpus.Case, width: float, height: float) -> Read:
    with Image.open(case.path) as image:
        page = image.convert("L")
    if (width, height) != (1, 1):
        page = page.resize((round(page.width * width), round(page.height * height)), Image.Resampling.BICUBIC)
    api.SetImageBytes(page.tobytes(), page.width, page.height, 1, page.width)
    api.SetSourceResolution(_DPI)
    begun = time.process_time()
    api.AnalyseLayout()
    laid_out = time.process_time()
    api.Recognize()
    ended = time.process_time()
    words = list(_words(api, tesserocr.RIL.WORD, width, height))
    api.Clear()
    return Read(positional_accuracy(case.words, words), laid_out - begun, ended - laid_out)


def _words(api: Any, level: int, width: float, height: float) -> Sequence[PlacedWord]:
    """Return the words with their boxes in the original page's pixels."""
    found = []
    for item in tesserocr.iterate_level(api.GetIterator(), level):
        if not item.Empty(level) and (box := item.BoundingBox(level)):
            left, top, right, bottom = box
            text = fold(item.GetUTF8Text(level))
            found.append(PlacedWord(text, left / width, top / height, right / width, bottom / height))
    return found


if __name__ == "__main__":
    sys.exit(main())
