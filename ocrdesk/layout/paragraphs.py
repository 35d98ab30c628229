"""Mends an engine's paragraphs: parts those that it ran together, and joins what it parted in mid-sentence.

What tells is the room at a line's end. Where the next line's first word had room, somebody wanted a new line: after a
sentence's end that is a new paragraph, as is an item of a list. Where it had none, nothing but the page's width parts
the lines: they are one paragraph when the sentence goes on, at the usual distance and the same edge.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ocrdesk.contract.document import Block, BlockKind, Box, Line
from ocrdesk.layout.line_breaks import (
    blocks_around,
    is_text,
    letter_height,
    mean_height,
    next_word_would_fit,
    right_edge,
)

_PITCH = 1.3
"""Of the page's usual distance between lines, and in line heights where it has none: further away is another text."""
_PITCH_IN_HEIGHTS = 1.9
_HEIGHT = 1.35
_LEFT = 0.7
"""In line heights: how far two left edges may be apart."""
_INDENT = 4.0
"""In line heights: how much less a paragraph's second line may begin to the left of its first."""
_LEAST_WORDS = 4
"""In a line that goes on: with less it is a heading's, a list's or an address's."""
_LONGEST_MARK = 3
"""Letters of an item's mark, whatever it is read as."""
_SENTENCE_ENDS = tuple(".!?:;…")
_ITEM = re.compile(r"[^\w\s\"'\u201c\u201d\u201e\u2018\u2019([{]|\(?(?:\d{1,3}|[a-z])[.)]")
"""What an item of a list begins with; dots of many shapes are read as some sign or other."""
_CLOSING = "\"'\u201d\u2019\u00bb)]"


def fix_paragraphs(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks of a page, in reading order, with a paragraph each. Words, lines and furniture stay as they are."""
    pitch = _usual_pitch(blocks)
    mended: list[Block] = []
    for at, block in enumerate(blocks):
        around = blocks_around(blocks, at)
        first, *others = _parted(block, around) if block.kind is BlockKind.TEXT else (block,)
        if mended and _goes_on(mended[-1], first, around, pitch):
            mended[-1] = _block_of((*mended[-1].lines, *first.lines), mended[-1])
        else:
            mended.append(first)
        mended += others
    return tuple(mended)


def _parted(block: Block, around: Sequence[Block]) -> Sequence[Block]:
    """The block's paragraphs."""
    right = right_edge(around, block.box, letter_height(block.lines[0]))
    starts = [at for at in range(1, len(block.lines)) if _is_start(block.lines, at, right)]
    if not starts:
        return (block,)
    return [_block_of(block.lines[a:b], block) for a, b in pairwise((0, *starts, len(block.lines)))]


def _is_start(lines: Sequence[Line], at: int, right: int) -> bool:
    """Whether a paragraph begins with one of the lines that were taken for one's."""
    upper, lower = lines[at - 1], lines[at]
    if not is_text(upper) or not is_text(lower) or not _ends_sentence(upper):
        return False
    height = mean_height(upper, lower)
    if _is_item(lower) or next_word_would_fit(upper, lower, right, without_doubt=True):
        return True
    return at + 1 < len(lines) and _is_indented(upper, lower, lines[at + 1], height)


def _is_indented(upper: Line, line: Line, lower: Line, height: float) -> bool:
    edge = max(upper.box.left, lower.box.left)
    return line.box.left - edge > height and abs(upper.box.left - lower.box.left) < _LEFT * height


def _is_item(line: Line) -> bool:
    return len(line.words) > 1 and _ITEM.fullmatch(line.words[0].text) is not None


def _usual_pitch(blocks: Sequence[Block]) -> float:
    """From one line to the next within paragraphs, in line heights."""
    pitches = [
        (_middle(lower.box) - _middle(upper.box)) / mean_height(upper, lower)
        for block in blocks
        for upper, lower in pairwise(block.lines)
    ]
    return _PITCH * median(pitches) if len(pitches) > 1 else _PITCH_IN_HEIGHTS


def _goes_on(above: Block, below: Block, around: Sequence[Block], most_pitch: float) -> bool:
    """Whether the block's last sentence is the next one's first."""
    if above.kind is not BlockKind.TEXT or below.kind is not BlockKind.TEXT:
        return False
    upper, lower = above.lines[-1], below.lines[0]
    is_prose = len(upper.words) >= _LEAST_WORDS and is_text(upper) and is_text(lower)
    if not is_prose or not _sentence_goes_on(upper, lower):
        return False
    heights = sorted((letter_height(upper), letter_height(lower)))
    height = mean_height(upper, lower)
    pitch = (_middle(lower.box) - _middle(upper.box)) / height
    return (
        heights[1] <= _HEIGHT * heights[0]
        and 0.5 < pitch <= most_pitch
        and _is_under(above, lower, height)
        and not next_word_would_fit(upper, lower, right_edge(around, upper.box, letter_height(upper)))
    )


def _sentence_goes_on(upper: Line, lower: Line) -> bool:
    last, first = upper.words[-1].text.rstrip(_CLOSING), lower.words[0].text.lstrip("\"'\u201c\u2018\u00ab([")
    if not last or not first or _ends_sentence(upper):
        return False
    return first[0].islower() or ((last[-1].islower() or last[-1] in ",-") and first[0].isalpha() and len(first) > 1)


def _ends_sentence(line: Line) -> bool:
    return line.words[-1].text.rstrip(_CLOSING).endswith(_SENTENCE_ENDS)


def _is_under(above: Block, lower: Line, height: float) -> bool:
    """Whether the line begins where the paragraph's lines do: its second and later ones, if it has any.

    An item's second line may begin under its first word, beside the mark.
    """
    upper = above.lines[-1]
    offset = (lower.box.left - upper.box.left) / height
    if len(above.lines) > 1:
        return abs(offset) <= _LEFT
    mark, *words = upper.words
    hangs = len(mark.text) <= _LONGEST_MARK and abs(lower.box.left - words[0].box.left) <= _LEFT * height
    return hangs or -_INDENT <= offset <= _LEFT


def _middle(box: Box) -> float:
    return (box.top + box.bottom) / 2


def _block_of(lines: Sequence[Line], like: Block) -> Block:
    return like.model_copy(update={"box": Box.around([line.box for line in lines]), "lines": tuple(lines)})
