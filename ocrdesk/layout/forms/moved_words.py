"""Moves words of a page into blocks of their own."""

from __future__ import annotations

from collections.abc import Sequence

from ocrdesk.contract.document import Block, Line


def with_words_moved(blocks: Sequence[Block], moved: Sequence[Sequence[Block]]) -> tuple[Block, ...]:
    """Return the blocks without the words of `moved`, and each of its groups of blocks where its first word was.

    The words of `moved` are those of the blocks themselves, not copies.
    """
    owner = {
        id(word): number
        for number, group in enumerate(moved)
        for block in group
        for line in block.lines
        for word in line.words
    }
    made: list[Block] = []
    written: set[int] = set()
    for block in blocks:
        kept: list[Line] = []
        for line in block.lines:
            numbers = {owner[id(word)] for word in line.words if id(word) in owner}
            for number in sorted(numbers - written):
                made += _rest(block, kept)
                kept = []
                made += moved[number]
                written.add(number)
            words = tuple(word for word in line.words if id(word) not in owner) if numbers else line.words
            if words or not numbers:
                kept.append(line.with_words(words) if numbers else line)
        made += _rest(block, kept)
    return tuple(made)


def _rest(block: Block, lines: Sequence[Line]) -> list[Block]:
    if len(lines) == len(block.lines) and all(one is other for one, other in zip(lines, block.lines, strict=True)):
        return [block]
    return [block.with_lines(lines)] if lines else []
