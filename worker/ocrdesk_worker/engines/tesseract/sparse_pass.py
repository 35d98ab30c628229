"""Tesseract's second pass: what it doubted or missed is read again as scattered text, the rest painted out."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from statistics import fmean

from ocrdesk.contract.document import Block, Box, Word
from ocrdesk.layout.row_builder import Row, Rows
from ocrdesk_worker.engines.calibration import DOUBTFUL, NOISE
from ocrdesk_worker.preprocess.components import Components, Image, unread
from ocrdesk_worker.preprocess.opencv import cv2

LARGER = 1.5
"""As many times as large as in the first pass the page is read again."""
_SMOOTH = 0.7
"""Pixels: softens screened areas and the saw teeth of old scans, which the first pass failed on."""
_MARGIN = 0.15
"""In heights of a word: so far its letters may stand out of its box at the sides."""
_MANY_UNREAD = 20
_MANY_DOUBTFUL = 0.15
_SURE_OF_NEW = 0.7
"""Below it a line where there was none is specks or a piece of a drawing more often than not."""
_SAME_PLACE = 0.3
_PAPER = 255


def needs_sparse_pass(image: Image, marks: Components, blocks: Iterable[Block]) -> bool:
    """Whether the first pass left so much unread or doubtful that a second one is worth its time."""
    words = _words(blocks)
    doubtful = sum(word.confidence < DOUBTFUL for word in words)
    if doubtful > _MANY_DOUBTFUL * len(words):
        return True
    return unread(marks, image, (word.box for word in words if word.confidence >= NOISE)) >= _MANY_UNREAD


def mask_read_words(image: Image, blocks: Iterable[Block]) -> Image:
    """A softer copy of the page without the words that the first pass is sure of."""
    left: Image = cv2.GaussianBlur(image, (0, 0), _SMOOTH)
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
            left[box.top : box.bottom, max(0, box.left - margin) : box.right + margin] = _PAPER
    return left


def merged(first: Iterable[Block], second: Iterable[Block]) -> tuple[Block, ...]:
    """The first reading with what the second has that is new, or surer than the doubtful word in its place."""
    rows = Rows(first)
    old = [(word, row) for row in rows.all() for word in row.words]
    for line in (line for block in second for line in block.lines):
        new = []
        for word in line.words:
            there = [one for one in old if _share(one[0].box, word.box) > _SAME_PLACE]
            if not there:
                if word.confidence >= NOISE:
                    new.append(word)
            elif _is_better(word, [one for one, _ in there]):
                _put(word, there)
                old = [one for one in old if one not in there]
        if new and fmean(word.confidence for word in new) >= _SURE_OF_NEW:
            rows.add(new)
    return rows.blocks()


def _words(blocks: Iterable[Block]) -> list[Word]:
    return [word for block in blocks for line in block.lines for word in line.words]


def _is_better(word: Word, old: list[Word]) -> bool:
    """Than the words in its place. Two of them it must not join: scattered text loses spaces."""
    return max(one.confidence for one in old) < min(DOUBTFUL, word.confidence) and (
        sum(one.confidence >= NOISE for one in old) <= 1
    )


def _put(word: Word, old: list[tuple[Word, Row]]) -> None:
    for one, row in old:
        row.replace([one], ())
    old[0][1].replace((), [word])


def _share(one: Box, other: Box) -> float:
    """How much of the smaller box lies in the other."""
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(0, wide) * max(0, high) / min(one.width * one.height, other.width * other.height)
