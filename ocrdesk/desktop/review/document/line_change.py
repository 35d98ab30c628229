"""Changes of a page's lines: what is undone and redone, kept on disk and sent; it knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ocrdesk.contract.document import Box, Line, Page, Word
from ocrdesk.export.words_to_check import is_doubtful

Words = tuple[Word, ...]


class LinePlace(NamedTuple):
    """A line of a result: its page (from 1), its block there and its line in that (from 0)."""

    page: int
    block: int
    line: int


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line's words before and after."""

    place: LinePlace
    before: Words
    after: Words

    @property
    def inverse(self) -> LineChange:
        return LineChange(self.place, self.after, self.before)


def line_at(page: Page, place: LinePlace) -> Line | None:
    """None where the page has no such line."""
    if place.block < len(page.blocks) and place.line < len(page.blocks[place.block].lines):
        return page.blocks[place.block].lines[place.line]
    return None


def changed(page: Page, changes: Iterable[LineChange]) -> Page:
    """The page with those of its lines replaced that the changes name, whatever they hold."""
    blocks = [list(block.lines) for block in page.blocks]
    touched: set[int] = set()
    for change in changes:
        line = line_at(page, change.place)
        if line is not None:
            blocks[change.place.block][change.place.line] = line.model_copy(update={"words": change.after})
            touched.add(change.place.block)
    return page.model_copy(
        update={
            "blocks": tuple(
                block.model_copy(update={"lines": tuple(blocks[number])}) if number in touched else block
                for number, block in enumerate(page.blocks)
            )
        }
    )


def places(page: Page) -> list[LinePlace]:
    """The page's lines that have words, in reading order: those of its text that are not empty."""
    return [
        LinePlace(page.number, block_number, line_number)
        for block_number, block in enumerate(page.blocks)
        for line_number, line in enumerate(block.lines)
        if line.words
    ]


def fewer_to_check(changes: Iterable[LineChange]) -> dict[int, int]:
    """How many words fewer are to be checked after the changes, by page."""
    fewer: dict[int, int] = {}
    for change in changes:
        difference = sum(map(is_doubtful, change.before)) - sum(map(is_doubtful, change.after))
        fewer[change.place.page] = fewer.get(change.place.page, 0) + difference
    return fewer


def accepted(words: Words, chosen: Iterable[int]) -> Words:
    """The line's words, those chosen (from 0) confirmed as they are."""
    right = set(chosen)
    return tuple(word.corrected(word.text) if number in right else word for number, word in enumerate(words))


def retyped(words: Words, first: int, end: int, text: str) -> Words:
    """The line's words with those from `first` up to `end` read as `text`; none where it is empty.

    As many words as before keep their places one by one; otherwise they share the room by their letters.
    """
    old, texts = words[first:end], text.split()
    if len(texts) == len(old):
        new: Sequence[Word] = [word.corrected(part) for word, part in zip(old, texts, strict=True)]
    else:
        new = _shared_out(old, texts)
    return (*words[:first], *new, *words[end:])


def _shared_out(old: Sequence[Word], texts: Sequence[str]) -> list[Word]:
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
