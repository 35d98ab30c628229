"""Re-reads uncertain areas as sparse text.

This is Tesseract's second pass: the words that the first pass is sure of are painted over.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from statistics import fmean

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Word
from ocrdesk.layout.row_builder import Row, Rows
from ocrdesk_worker.engines.calibration import DOUBTFUL, NOISE
from ocrdesk_worker.preprocess.components import Components, count_unread
from ocrdesk_worker.preprocess.pixels import Pixels
from ocrdesk_worker.preprocess.smoothing import weighted_mean

ENLARGEMENT = 1.5
"""The page is re-read so many times as large as in the first pass."""
_SMOOTHING = (146, 53, 2)
"""A bell curve whose standard deviation is 0.7 pixels.

It softens screened areas and the jagged edges of old scans, on which the first pass failed.
"""
_MARGIN = 0.15
"""In heights of a word: its letters may extend so far beyond its box at the sides."""
_MANY_UNREAD = 20
_MANY_UNREAD_JOINED = 6
"""The same in Arabic script, whose letters are joined."""
_MANY_DOUBTFUL = 0.15
_SURE_OF_NEW = 0.7
"""Mean confidence of a new line below which it is usually specks or part of a drawing."""
_SAME_PLACE = 0.3
"""Two words are at the same place if they share more than this part of the smaller one's area."""
_PAPER = 255


def needs_sparse_pass(
    image: Pixels, components: Components, blocks: Iterable[Block], *, joined_letters: bool = False
) -> bool:
    """Return whether the first pass left so much unread or doubtful that a second pass is worth its time."""
    words = _words(blocks)
    doubtful = sum(word.confidence < DOUBTFUL for word in words)
    if doubtful > _MANY_DOUBTFUL * len(words):
        return True
    return count_unread(components, image, (word.box for word in words if word.confidence >= NOISE)) >= (
        _MANY_UNREAD_JOINED if joined_letters else _MANY_UNREAD
    )


def mask_read_words(image: Pixels, blocks: Iterable[Block]) -> Pixels:
    """Return a softer copy of the page without the words that the first pass is sure of."""
    masked = weighted_mean(image, _SMOOTHING)
    for line in (line for block in blocks for line in block.lines):
        sure = [word.box for word in line.words if word.confidence >= DOUBTFUL]
        gaps = [
            Box.around([word.box, following.box])
            for word, following in pairwise(line.words)
            if min(word.confidence, following.confidence) >= DOUBTFUL
            and following.box.left - word.box.right <= word.box.height
        ]
        for box in (*sure, *gaps):
            margin = round(_MARGIN * box.height)
            masked[box.top : box.bottom, max(0, box.left - margin) : box.right + margin] = _PAPER
    return masked


def merge_passes(first: Iterable[Block], second: Iterable[Block]) -> tuple[Block, ...]:
    """Return the first pass with those words of the second that are new, or surer than the doubtful word there."""
    rows = Rows(first)
    old = [(word, row) for row in rows.all() for word in row.words]
    for line in (line for block in second for line in block.lines):
        new = []
        for word in line.words:
            there = [one for one in old if _shared_part(one[0].box, word.box) > _SAME_PLACE]
            if not there:
                if word.confidence >= NOISE:
                    new.append(word)
            elif _is_better(word, [one for one, _ in there]):
                _replace(there, word)
                old = [one for one in old if one not in there]
        if new and fmean(word.confidence for word in new) >= _SURE_OF_NEW:
            rows.add(new)
    return rows.blocks()


def _words(blocks: Iterable[Block]) -> list[Word]:
    return [word for block in blocks for line in block.lines for word in line.words]


def _is_better(word: Word, old: list[Word]) -> bool:
    """Return whether a word is better than those at its place. It must not join two: sparse text loses spaces."""
    return max(one.confidence for one in old) < min(DOUBTFUL, word.confidence) and (
        sum(one.confidence >= NOISE for one in old) <= 1
    )


def _replace(old: list[tuple[Word, Row]], word: Word) -> None:
    for one, row in old:
        row.replace([one], ())
    old[0][1].replace((), [word])


def _shared_part(one: Box, other: Box) -> float:
    """Return the part of the smaller box that is in the other."""
    return one.shared_area(other) / min(one.area, other.area)
