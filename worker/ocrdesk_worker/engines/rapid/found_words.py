"""The words of Tesseract on a page, as the rereading sees them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Word
from ocrdesk.layout.row_builder import Row, Rows
from ocrdesk_worker.engines.calibration import DOUBTFUL

_MAX_LINE_HEIGHT = 1.8
"""In heights of its tallest word: a taller line is skewed, or more than one line."""


@dataclass(eq=False, slots=True)
class FoundWord:
    """A word of Tesseract's, the row that contains it, and its box as high as the line."""

    word: Word
    row: Row
    line_box: Box
    is_doubtful: bool
    is_cut: bool = False
    """Whether it lacks a letter at an end, over which `line_box` reaches."""


def find_words(rows: Rows, is_wrong: Iterable[Word] = ()) -> list[FoundWord]:
    """Return all words of the rows. Doubtful are those with little confidence, and those that are known to be wrong."""
    wrong = {id(word) for word in is_wrong}
    return [
        FoundWord(word, row, line_box, word.confidence < DOUBTFUL or id(word) in wrong)
        for row in rows.all()
        for word, line_box in zip(row.words, _line_boxes(row), strict=True)
    ]


def _line_boxes(row: Row) -> list[Box]:
    """Return the box of each word, as high as its line unless the row is more than one line.

    The height of the line distinguishes an o from an O.
    """
    boxes = [word.box for word in row.words]
    if not boxes:
        return []
    line = Box.around(boxes)
    if line.height > _MAX_LINE_HEIGHT * max(box.height for box in boxes):
        return boxes
    return [Box(box.left, line.top, box.right, line.bottom) for box in boxes]
