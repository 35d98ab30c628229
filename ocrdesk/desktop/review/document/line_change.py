"""A change to one line; undoable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ocrdesk.contract.document import Box, Line, Page, Word
from ocrdesk.contract.word_spacing import join_words
from ocrdesk.export.parts.markers import corrected_block
from ocrdesk.export.words_to_check import is_doubtful

Words = tuple[Word, ...]


class LinePosition(NamedTuple):
    """The position of a line: its page (from 1), and the indexes of block and line (from 0)."""

    page: int
    block: int
    line: int


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line's words before and after a change."""

    position: LinePosition
    before: Words
    after: Words

    @property
    def inverse(self) -> LineChange:
        return LineChange(self.position, self.after, self.before)


def line_at(page: Page, position: LinePosition) -> Line | None:
    """Return a line, or None if the page has no such line."""
    if position.block < len(page.blocks) and position.line < len(page.blocks[position.block].lines):
        return page.blocks[position.block].lines[position.line]
    return None


def changed(page: Page, changes: Iterable[LineChange]) -> Page:
    """Return the page with the changed lines replaced, whatever words they have on the page.

    Roles, cells and levels stay; a list item or footnote whose marker was corrected has the new one.
    """
    blocks = [list(block.lines) for block in page.blocks]
    touched: set[int] = set()
    for change in changes:
        line = line_at(page, change.position)
        if line is not None:
            blocks[change.position.block][change.position.line] = line.model_copy(update={"words": change.after})
            touched.add(change.position.block)
    return page.model_copy(
        update={
            "blocks": tuple(
                corrected_block(block, tuple(blocks[number])) if number in touched else block
                for number, block in enumerate(page.blocks)
            )
        }
    )


def line_positions(page: Page) -> list[LinePosition]:
    """Return the positions of all lines with words, in reading order."""
    return [
        LinePosition(page.number, block_number, line_number)
        for block_number, block in enumerate(page.blocks)
        for line_number, line in enumerate(block.lines)
        if line.words
    ]


def fewer_to_check(changes: Iterable[LineChange]) -> dict[int, int]:
    """Return by page how many words fewer are to be checked after the changes."""
    fewer: dict[int, int] = {}
    for change in changes:
        difference = sum(map(is_doubtful, change.before)) - sum(map(is_doubtful, change.after))
        fewer[change.position.page] = fewer.get(change.position.page, 0) + difference
    return fewer


def accepted(words: Words, indexes: Iterable[int]) -> Words:
    """Return the line's words with the chosen ones (indexes from 0) confirmed."""
    confirmed = set(indexes)
    return tuple(word.corrected(word.text) if number in confirmed else word for number, word in enumerate(words))


def retyped(words: Words, first: int, end: int, text: str) -> Words:
    """Return the line's words with those from `first` up to `end` replaced by `text`, or deleted if it is empty.

    As many words as before keep their line_positions one by one; otherwise they share the room by their letters.
    """
    old, texts = words[first:end], text.split()
    if text == join_words(old):
        texts = [word.text for word in old]
    if len(texts) == len(old):
        new: Sequence[Word] = [word.corrected(part) for word, part in zip(old, texts, strict=True)]
    else:
        new = _spread(old, texts)
    return (*words[:first], *new, *words[end:])


def _spread(old: Sequence[Word], texts: Sequence[str]) -> list[Word]:
    room = Box.around([word.box for word in old])
    letters = sum(map(len, texts)) + len(texts) - 1
    new, start = [], 0
    for text in texts:
        left = room.left + room.width * start // letters
        right = room.left + room.width * (start + len(text)) // letters
        word = old[0].corrected(text)
        new.append(word.model_copy(update={"box": Box(left, room.top, max(right, left + 1), room.bottom)}))
        start += len(text) + 1
    return new
