"""Where a word of a result is."""

from __future__ import annotations

from typing import NamedTuple


class WordPosition(NamedTuple):
    """Its page (from 1), block, line and word (from 0)."""

    page: int
    block: int
    line: int
    word: int
