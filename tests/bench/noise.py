"""The benchmark command: words of a result that the page does not show, and words that it has twice.

python tests/bench/noise.py --corpus DIR [--engine auto] [--list]
"""

from __future__ import annotations

import os

os.environ["OMP_THREAD_LIMIT"] = os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import corpus
from readers import EngineReader, Reading, write_warm_up
from scoring import PlacedWord

from ocrdesk.contract.engines import EngineName
from ocrdesk_worker.engines.languages.tessdata import collect
from ocrdesk_worker.engines.registry import Engines

_SAME_PLACE = 0.5
"""Two words are at the same place if they share more than this part of the smaller one's area."""
_SLACK = 4
"""Pixels: the boxes of a truth may be so tight."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0, or 2 for a missing corpus."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--corpus", type=Path, help="the folder with pages")
    parser.add_argument("--engine", default=EngineName.AUTO)
    parser.add_argument("--list", action="store_true", help="print the words")
    options = parser.parse_args(arguments)
    cases = list(corpus.pages(options.corpus)) if options.corpus else []
    if not cases:
        parser.error(corpus.NEEDED)
    total = noise = twice = 0
    with tempfile.TemporaryDirectory(prefix="ocrdesk-bench-") as folder:
        reader = EngineReader(Engines(collect()), options.engine, write_warm_up(Path(folder) / "warm-up.png"))
        for case in cases:
            reading = reader.read(case)
            off, doubled = list(off_the_text(case.words, reading.words)), list(repeated(reading.words))
            total, noise, twice = total + len(reading.words), noise + len(off), twice + len(doubled)
            print(f"{case.name}: {len(reading.words)} words, {len(off)} at no word of the page, {len(doubled)} twice")
            if options.list:
                print("\n".join(_described(reading, index) for index in (*off, *doubled)))
    share = noise / max(1, total)
    print(f"\n{len(cases)} pages, {total} words: {noise} ({share:.2%}) at no word of the page, {twice} twice")
    return 0


def off_the_text(truth: Sequence[PlacedWord], found: Sequence[PlacedWord]) -> Iterator[int]:
    """Yield the indexes of the words that no word of the truth touches."""
    for index, word in enumerate(found):
        if not any(_touch(word, other) for other in truth):
            yield index


def repeated(found: Sequence[PlacedWord]) -> Iterator[int]:
    """Yield the indexes of the words that are at the place of an earlier word."""
    for index, word in enumerate(found):
        if any(_shared_part(word, other) > _SAME_PLACE for other in found[:index]):
            yield index


def _described(reading: Reading, index: int) -> str:
    word = reading.words[index]
    box = ", ".join(f"{edge:.0f}" for edge in word[1:])
    return f"    {word.text!r} with {reading.confidences[index]:.2f} at {box}"


def _touch(one: PlacedWord, other: PlacedWord) -> bool:
    return (
        one.left < other.right + _SLACK
        and other.left < one.right + _SLACK
        and one.top < other.bottom + _SLACK
        and other.top < one.bottom + _SLACK
    )


def _shared_part(one: PlacedWord, other: PlacedWord) -> float:
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    smaller = min((word.right - word.left) * (word.bottom - word.top) for word in (one, other))
    return max(0.0, wide) * max(0.0, high) / max(1.0, smaller)


if __name__ == "__main__":
    sys.exit(main())
