"""Reads a round letter that stands alone in a column of numbers as a zero.

A recogniser cannot tell 0, O and o without other characters beside them, so it is sure of none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Word
from ocrdesk_worker.preprocess.pixels import np

_ROUND = frozenset("0Oo")
_NUMBER = re.compile(r"[-($]{0,2}\d[\d.,]*%?\)?")
_IN_COLUMN = 3
_NEAR, _HEIGHT = 0.4, 0.25
"""In heights of the zero: how far the edges of a column, and the heights of its numbers, may differ."""
_CONFIDENCE = 0.97
_LEAST = 0.2
"""The confidence below which it may be anything."""


def settle_zeros(results: Sequence[list[Word] | None], first: Iterable[Word]) -> list[list[Word] | None]:
    """Return the words of each region, with a zero for each round letter that is alone in a column of numbers.

    `first` are the words of the other engine, which may be such numbers.
    """
    doubtful = [words[0] for words in results if words and len(words) == 1 and words[0].text in _ROUND]
    if not doubtful:
        return list(results)
    read = [word for words in results if words for word in words]
    numbers = [word.box for word in (*first, *read) if _NUMBER.fullmatch(word.text) and word.text not in _ROUND]
    edges = np.array(numbers, np.int64).reshape(-1, 4)
    zeros = {id(word) for word in doubtful if word.confidence >= _LEAST and _is_in_column(word.box, edges)}
    return [
        [words[0].model_copy(update={"text": "0", "confidence": max(_CONFIDENCE, words[0].confidence)})]
        if words and id(words[0]) in zeros
        else words
        for words in results
    ]


def _is_in_column(box: Box, edges: np.ndarray[tuple[Any, ...], np.dtype[np.int64]]) -> bool:
    """Return whether enough numbers, whose edges are the rows, are as high as a box and begin or end where it does."""
    near, height = _NEAR * box.height, _HEIGHT * box.height
    has_edge = (np.abs(edges[:, 0] - box.left) <= near) | (np.abs(edges[:, 2] - box.right) <= near)
    is_as_high = np.abs(edges[:, 3] - edges[:, 1] - box.height) <= height
    return int((has_edge & is_as_high).sum()) >= _IN_COLUMN
