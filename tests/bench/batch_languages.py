"""The benchmark command for languages in Latin script: wrong characters of lines in batches, and of libtesseract.

python tests/bench/batch_languages.py [--only LANGUAGE,…]

Draws two paragraphs in each installed language, in five prints, clean and degraded. Both readers get the same image.
"""

from __future__ import annotations

import os

os.environ["OMP_THREAD_LIMIT"] = os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import random
import sys
from collections.abc import Sequence

from drawn.latin_texts import LATIN
from language_detection import PRINTS, empty_sheet
from PIL import Image
from scoring import edits

from ocrdesk.contract.document import Block
from ocrdesk_worker.engines.batch.engine import BatchTesseractEngine
from ocrdesk_worker.engines.languages.tessdata import collect
from ocrdesk_worker.engines.tesseract.in_process import TesseractEngine

_PRINTS = ("clean", "small", "blurred", "typed", "faint")
_PARAGRAPHS, _SENTENCES = 2, 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a row for each language; return the exit code: 1 if none is installed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--only", type=lambda text: text.split(","), default=(), help="only these languages")
    options = parser.parse_args(arguments)
    data = collect()
    alone = TesseractEngine(data)
    batches = BatchTesseractEngine(data, alone)
    languages = [name for name in LATIN if name in data.languages and (not options.only or name in options.only)]
    print("wrong characters in %: in batches, libtesseract; then the number on each print")
    for language in languages:
        letters, wrong, shares = 0, [0, 0], []
        for name in _PRINTS:
            image, text = _page(language, name)
            read = [engine.recognise(image, PRINTS[name].dpi, (language,)) for engine in (batches, alone)]
            found = [edits(text, _text(blocks)) for blocks in read]
            wrong = [before + more for before, more in zip(wrong, found, strict=True)]
            letters += len(text)
            shares.append(f"{name} {found[0]}/{found[1]}")
        print(f"{language}: {100 * wrong[0] / letters:.2f} {100 * wrong[1] / letters:.2f}   {', '.join(shares)}")
    return 0 if languages else 1


def _page(language: str, name: str) -> tuple[Image.Image, str]:
    """Return a drawn page, and its text. The noise of a page depends on those that were drawn before it."""
    how, chance = PRINTS[name], random.Random(f"{language}{name}")
    sheet = empty_sheet(how, chance)
    top = sheet.margin
    for _ in range(_PARAGRAPHS):
        top = sheet.write(language, sheet.text(language, _SENTENCES), sheet.whole(top)) + how.dpi // 10
    image = how.degrade(sheet.image, chance).convert("L")
    return image, " ".join(line for region in sheet.regions for line in region.lines)


def _text(blocks: Sequence[Block]) -> str:
    return " ".join(word.text for block in blocks for line in block.lines for word in line.words)


if __name__ == "__main__":
    sys.exit(main())
