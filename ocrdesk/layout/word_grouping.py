"""Groups an engine's words into lines and blocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line, Word


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word and the numbers of the block and line that contain it, in reading order."""

    block: int
    line: int
    word: Word


def group_words(words: Iterable[PlacedWord]) -> tuple[Block, ...]:
    """Return blocks of lines of words; each line and block gets the box around its content."""
    blocks = []
    for _, in_block in groupby(words, key=lambda placed: placed.block):
        lines = []
        for _, in_line in groupby(in_block, key=lambda placed: placed.line):
            members = tuple(placed.word for placed in in_line)
            lines.append(Line(box=Box.around([word.box for word in members]), words=members))
        blocks.append(Block(box=Box.around([line.box for line in lines]), lines=tuple(lines)))
    return tuple(blocks)
