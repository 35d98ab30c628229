"""The words of Tesseract on a page, as the rereading sees them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Word
from ocrdesk.layout.row_builder import Row, Rows
from ocrdesk_worker.engines.calibration import DOUBTFUL
from ocrdesk_worker.engines.rapid.spelling import IsWord

_MAX_LINE_HEIGHT = 1.8
"""In heights of its tallest word: a taller line is skewed, or more than one line."""

_PROBABLE = 0.82
"""A doubtful word of letters with this confidence is right as often as its second reading, unless much is doubtful."""
_CLEAR_PAGE, _FAIR_PAGE = 0.1, 0.2
"""Shares of doubtful words: with fewer all such words are probable, or those that a dictionary has."""
_PLAIN_WORD = re.compile(r"(?!.*['\u2018\u2019]{2})\W*([^\W\d_]+(?:['\u2019-][^\W\d_]+)*)\W*")
"""Letters with punctuation around them; not a quotation mark that was read as two apostrophes, an address or a code."""


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


def trust_probable_words(found: Sequence[FoundWord], is_word: IsWord) -> None:
    """Give the doubtful words of a page that are probably right the confidence of words that are not doubtful.

    None of them if a fifth of the page's words are doubtful.
    """
    doubtful = [one for one in found if one.is_doubtful]
    if len(doubtful) >= _FAIR_PAGE * len(found):
        return
    is_clear = len(doubtful) < _CLEAR_PAGE * len(found)
    for one in doubtful:
        plain = _PLAIN_WORD.fullmatch(one.word.text)
        if plain and not one.is_cut and _PROBABLE <= one.word.confidence < DOUBTFUL and (is_clear or is_word(plain[1])):
            trusted = one.word.model_copy(update={"confidence": DOUBTFUL})
            one.row.replace([one.word], [trusted])
            one.word, one.is_doubtful = trusted, False


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
