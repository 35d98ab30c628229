"""Separates words of a line whose boxes overlap.

Tesseract sometimes gives a word a box that also covers the words after it. Such a box misleads everything that asks
where a word is: what is read again, in which order words are, and what a search marks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line, Word

_TOLERANCE = 0.15
"""In heights of a word: slanted neighbours may share so much width."""


def separate_words(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Return the blocks with words that share no columns, in lines that are read from left to right."""
    return tuple(
        block.model_copy(update={"lines": tuple(_separated(line) for line in block.lines)}) for block in blocks
    )


def _separated(line: Line) -> Line:
    boxes = [word.box for word in line.words]
    if not any(_overlap(one, other) for one, other in pairwise(boxes)) or not _runs_to_the_right(boxes):
        return line
    usual = median(box.width / len(word.text) for box, word in zip(boxes, line.words, strict=True))
    for index in range(len(boxes) - 1):
        if _overlap(boxes[index], boxes[index + 1]):
            boxes[index : index + 2] = _apart(boxes[index : index + 2], line.words[index : index + 2], usual)
    words = (word.model_copy(update={"box": box}) for word, box in zip(line.words, boxes, strict=True))
    return line.model_copy(update={"words": tuple(words)})


def _overlap(one: Box, other: Box) -> bool:
    return one.shared_width(other) > _TOLERANCE * min(one.height, other.height)


def _runs_to_the_right(boxes: Sequence[Box]) -> bool:
    rising = sum(one.left < other.left for one, other in pairwise(boxes))
    return 2 * rising > len(boxes) - 1


def _apart(boxes: Sequence[Box], words: Sequence[Word], usual: float) -> Sequence[Box]:
    """Return two boxes of which the one with the less likely width gave way to the other."""
    one, other = boxes
    if one.left >= other.left and one.right >= other.right:  # the order of the words is not that of the boxes
        return boxes
    excess = [box.width / (usual * len(word.text)) for box, word in zip(boxes, words, strict=True)]
    if one.left < other.left and (excess[0] >= excess[1] or one.right >= other.right):
        return Box(one.left, one.top, max(one.left + 1, other.left - 1), one.bottom), other
    return one, Box(min(one.right + 1, other.right - 1), other.top, other.right, other.bottom)
