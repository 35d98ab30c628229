"""Removes the bar, bracket or digit that an engine read from the ruling line beside a word.

A line of a table is higher than a character: its ink goes on above or below the word.
"""

from __future__ import annotations

import re

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Word
from ocrdesk.layout.row_builder import Rows
from ocrdesk_worker.engines.calibration import DOUBTFUL
from ocrdesk_worker.preprocess.pixels import Mask, Pixels, np

_AT_END, _AT_START = re.compile(r"[\w)%.]\s*[|\[\]!/\\1lIi)}]$"), re.compile(r"^[|\[\]!/\\1lIi({][\w(.$-]")
_ALIKE = frozenset("1lIi")
"""Letters and digits, which only count as a line in a doubtful word with a piece of ink for each other character."""
_PAIRS = {")": "(", "]": "[", "}": "{", "(": ")", "[": "]", "{": "}"}
_REACH = 0.5
"""In heights of the word: how far a line goes on above or below it."""
_ZONE = 0.4
"""In heights: how far inside the word's box the line may be."""
_BESIDE = 2
"""Pixels: how far beside the word's box it may be."""
_WHOLE = 0.9
"""The least share of the line's height that has ink."""
_THICKEST = 0.3
"""In heights of the word: a thicker area is no line."""


def trim_rules(rows: Rows, image: Pixels) -> None:
    """Change the words that end or begin with what is a ruling line in the image."""
    for row in rows.all():
        for word in list(row.words):
            trimmed = _trimmed(_trimmed(word, image, at_end=True), image, at_end=False)
            if trimmed is not word:
                row.replace([word], [trimmed])


def _trimmed(word: Word, image: Pixels, *, at_end: bool) -> Word:
    text = word.text
    if not (_AT_END if at_end else _AT_START).search(text):
        return word
    edge, rest = (text[-1], text[:-1]) if at_end else (text[0], text[1:])
    if edge in _PAIRS and _PAIRS[edge] in rest:
        return word
    left, right = (word.box.left, word.box.right + _BESIDE) if at_end else (word.box.left - _BESIDE, word.box.right)
    around = Box.clipped((left, word.box.top, right, word.box.bottom), image.shape[1], image.shape[0])
    if edge in _ALIKE and word.confidence >= DOUBTFUL:
        return word
    found = _find_line(around, image, at_end=at_end)
    if found is None:
        return word
    ink, line = found
    columns = np.asarray(ink.any(axis=0))
    columns[line - 1 if at_end else 0 : None if at_end else line + 2] = False
    inked = np.flatnonzero(columns)
    if not len(inked) or (edge in _ALIKE and _count_pieces(columns) != len(rest)):
        return word
    box = Box(around.left + int(inked[0]), word.box.top, around.left + int(inked[-1]) + 1, word.box.bottom)
    return word.model_copy(update={"text": rest, "box": box})


def _find_line(box: Box, image: Pixels, *, at_end: bool) -> tuple[Mask, int] | None:
    """Return the ink in a box, and the column of it where a line ends or begins that goes on above or below."""
    reach, zone = round(_REACH * box.height), max(2, round(_ZONE * box.height)) + _BESIDE
    above, below = min(reach, box.top), min(reach, image.shape[0] - box.bottom)
    part = image[box.top - above : box.bottom + below, box.left : box.right]
    if not part.size or box.width <= zone:
        return None
    dark = np.asarray(part < (int(part.min()) + int(part.max())) // 2)
    is_line = (above == reach) & (dark[: above + box.height].mean(axis=0) >= _WHOLE)
    is_line |= (below == reach) & (dark[above:].mean(axis=0) >= _WHOLE)
    columns = np.flatnonzero(is_line[-zone:] if at_end else is_line[:zone])
    if not len(columns) or len(columns) > max(2, _THICKEST * box.height):
        return None
    line = int(columns[0]) + box.width - zone if at_end else int(columns[-1])
    return dark[above : above + box.height], line


def _count_pieces(columns: Mask) -> int:
    return int((np.diff(np.concatenate(([0], columns.astype(np.int8)))) == 1).sum())
