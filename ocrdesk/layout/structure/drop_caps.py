"""Joins drop caps with their words.

A drop cap is a letter as tall as several lines where a paragraph begins. Engines read it with its middle or last line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, BlockKind, Line, Page, Word

_TALL = 1.8
"""Height of a drop cap relative to the words beside it."""
_NEAR = 1.5
"""In heights of the words beside it: how far from a drop cap its first line begins at most."""
_FIRST = 0.45
"""Share of a drop cap's height, from its top, in which the middle of its first line is."""
_WORDS = frozenset("AIOEYÀ")
"""Letters that may be a word of their own: another word may follow."""
_MAX_CAPS = 50
"""A page with more tall letters has none."""
_LINES = 500
"""Lines of a block that may be a drop cap's first."""
_NEIGHBOURS = 2
"""Blocks before and after the one with the drop cap that may have its first line."""


@dataclass(frozen=True, slots=True)
class _Cap:
    """A drop cap: where it was read, and the line to which it belongs, each by block and line from 0."""

    word: Word
    source: tuple[int, int]
    target: tuple[int, int]


def with_drop_caps(page: Page) -> Page:
    """Return the page with each drop cap at the beginning of its first line, joined with its word there."""
    tall = list(_tall_letters(page.blocks))
    if not 0 < len(tall) <= _MAX_CAPS:
        return page
    caps = [cap for number, index in tall if (cap := _cap(page.blocks, number, index))]
    if not caps:
        return page
    lines: dict[tuple[int, int], Line | None] = {}

    def line_at(place: tuple[int, int]) -> Line | None:
        return lines.get(place, page.blocks[place[0]].lines[place[1]])

    for cap in caps:
        if (source := line_at(cap.source)) is not None:
            lines[cap.source] = _without(source, cap.word)
        if (target := line_at(cap.target)) is not None:
            lines[cap.target] = _with(target, cap.word)
    firsts = [(line, cap.word.box) for cap in caps if (line := lines[cap.target]) is not None]
    return page.model_copy(update={"blocks": _joined(_rebuilt(page.blocks, lines), firsts)})


def _tall_letters(blocks: Sequence[Block]) -> Iterator[tuple[int, int]]:
    """Yield the numbers of block and line of lines that begin with a single capital, taller than words are."""
    heights = [word.box.height for block in blocks for line in block.lines[:_LINES] for word in line.words[:4]]
    least = _TALL * median(heights) if heights else 0.0
    for number, block in enumerate(blocks):
        if block.kind is BlockKind.TEXT:
            for index, line in enumerate(block.lines):
                word = line.words[0] if line.words else None
                if word is not None and len(word.text) == 1 and word.text.isupper() and word.box.height >= least:
                    yield number, index


def _cap(blocks: Sequence[Block], number: int, index: int) -> _Cap | None:
    """Return the drop cap among the words of a line, if there is one, and a line beside its upper part."""
    line = blocks[number].lines[index]
    word = line.words[0]
    best: tuple[int, tuple[int, int]] | None = None
    for near in range(max(0, number - _NEIGHBOURS), min(len(blocks), number + _NEIGHBOURS + 1)):
        if blocks[near].kind is not BlockKind.TEXT:
            continue
        for place, other in enumerate(blocks[near].lines[:_LINES]):
            rest = [it for it in other.words if it is not word]
            if rest and _is_beside(word.box, rest) and (best is None or rest[0].box.top < best[0]):
                best = rest[0].box.top, (near, place)
    return _Cap(word, (number, index), best[1]) if best else None


def _is_beside(cap: Box, words: Sequence[Word]) -> bool:
    """Return whether words begin beside the upper part of a drop cap."""
    height = median(word.box.height for word in words)
    middle = words[0].box.center_y
    return (
        cap.height >= _TALL * height
        and -height / 2 <= words[0].box.left - cap.right <= _NEAR * height
        and cap.top - height / 2 <= middle <= cap.top + _FIRST * cap.height
        and words[0].text[0].isalpha()
    )


def _without(line: Line, word: Word) -> Line | None:
    words = [it for it in line.words if it is not word]
    return line.with_words(words) if words else None


def _with(line: Line, cap: Word) -> Line:
    """Return a line with a drop cap before its first word, as high as that."""
    first, *others = line.words
    box = Box(min(cap.box.left, first.box.left), first.box.top, first.box.right, first.box.bottom)
    if cap.text in _WORDS and not first.text[:2].isupper():
        alone = cap.model_copy(update={"box": Box(box.left, box.top, max(box.left + 1, cap.box.right), box.bottom)})
        words = (alone, first, *others)
    else:
        confidence = min(cap.confidence, first.confidence)
        joined = first.model_copy(update={"text": cap.text + first.text, "box": box, "confidence": confidence})
        words = (joined, *others)
    return line.with_words(words)


def _rebuilt(blocks: Sequence[Block], lines: dict[tuple[int, int], Line | None]) -> tuple[Block, ...]:
    changed = {number for number, _ in lines}
    rebuilt = []
    for number, block in enumerate(blocks):
        if number not in changed:
            rebuilt.append(block)
            continue
        kept = [found for index, line in enumerate(block.lines) if (found := lines.get((number, index), line))]
        if kept:
            rebuilt.append(block.with_lines(kept))
    return tuple(rebuilt)


def _joined(blocks: Sequence[Block], firsts: Sequence[tuple[Line, Box]]) -> tuple[Block, ...]:
    """Return the blocks with the lines beside a drop cap in one. `firsts` are the lines with caps, and their boxes."""
    cap_of = {id(line): box for line, box in firsts}
    joined: list[Block] = []
    cap: Box | None = None
    for block in blocks:
        if cap is not None and block.kind is BlockKind.TEXT and _is_around(cap, block.lines[0]):
            joined[-1] = joined[-1].with_lines((*joined[-1].lines, *block.lines))
        else:
            joined.append(block)
            cap = None
        cap = next((cap_of[id(line)] for line in reversed(block.lines) if id(line) in cap_of), cap)
    return tuple(joined)


def _is_around(cap: Box, line: Line) -> bool:
    """Return whether a line begins beside the lower part of a drop cap."""
    box = line.words[0].box
    return cap.center_y < box.center_y < cap.bottom and 0 <= box.left - cap.right <= _NEAR * box.height
