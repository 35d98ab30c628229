"""Tesseract's TSV.

The twelve columns describe every page, block, paragraph, line and word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import DocumentHead, Page
from ocrdesk.layout.line_joining import one_line

COLUMNS = (
    *("level", "page_num", "block_num", "par_num", "line_num", "word_num"),
    *("left", "top", "width", "height", "conf", "text"),
)
PAGE, BLOCK, PARAGRAPH, LINE, WORD = range(1, 6)
_NO_CONFIDENCE = "-1"


def tsv(_head: DocumentHead, pages: Iterable[Page]) -> Iterator[str]:
    """Yield a heading and one row per element. Nothing is quoted, as in Tesseract's files: read it with QUOTE_NONE.

    Confidence is between 0 and 100, and -1 for an element that is not a word.
    """
    yield "\t".join(COLUMNS) + "\n"
    for page in pages:
        yield "".join(_rows(page))


def _rows(page: Page) -> Iterator[str]:
    yield _row(PAGE, (page.number, 0, 0, 0, 0), Box(0, 0, page.width, page.height))
    for block_number, block in enumerate(page.blocks, 1):
        yield _row(BLOCK, (page.number, block_number, 0, 0, 0), block.box)
        yield _row(PARAGRAPH, (page.number, block_number, 1, 0, 0), block.box)
        for line_number, line in enumerate(block.lines, 1):
            yield _row(LINE, (page.number, block_number, 1, line_number, 0), line.box)
            for word_number, word in enumerate(line.words, 1):
                numbers = (page.number, block_number, 1, line_number, word_number)
                yield _row(WORD, numbers, word.box, f"{word.confidence * 100:.2f}", one_line(word.text))


def _row(level: int, numbers: tuple[int, ...], box: Box, confidence: str = _NO_CONFIDENCE, text: str = "") -> str:
    columns = (level, *numbers, box.left, box.top, max(0, box.width), max(0, box.height))
    return "\t".join((*map(str, columns), confidence, text)) + "\n"
