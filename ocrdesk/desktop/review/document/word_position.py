"""The position of a word in a document."""

from __future__ import annotations

from typing import NamedTuple


class WordPosition(NamedTuple):
    """The page (from 1), and the indexes of block, line and word (from 0)."""

    page: int
    block: int
    line: int
    word: int
