"""Splits merged paragraphs and joins split ones.

Line ends decide. If the next line's first word would have fitted, the break is intended: after the end of a
sentence it begins a new paragraph, and so does an item of a list. If it would not have fitted, only the page's width
separates the lines: they are one paragraph if the sentence continues, at the usual distance and the same left edge.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ocrdesk.contract.document import Block, BlockKind, Line
from ocrdesk.layout.line_breaks import (
    is_text,
    letter_height,
    mean_height,
    neighbouring_blocks,
    next_word_would_fit,
    right_edge,
)
from ocrdesk.layout.mirroring import mirror
from ocrdesk.layout.text_direction import is_rtl

_MAX_PITCH = 1.3
"""In the page's usual distances between lines: a line that is farther away belongs to another paragraph."""
_MAX_PITCH_IN_HEIGHTS = 1.9
"""The same in line heights, for a page without a usual distance."""
_MAX_HEIGHT_RATIO = 1.35
_LEFT_TOLERANCE = 0.7
"""In line heights: how far apart two left edges may be."""
_MAX_INDENT = 4.0
"""In line heights: how far to the left of a paragraph's first line its second line may begin."""
_MIN_WORDS = 4
"""A line with fewer words does not continue: it is a heading or belongs to a list or an address."""
_LONGEST_MARKER = 3
"""Letters of a list item's marker, whatever characters it is read as."""
_SENTENCE_ENDS = tuple(".!?:;…\u06d4\u061b\u061f\u3002\uff01\uff1f\uff1a\uff1b")
_ITEM = re.compile(r"[^\w\s\"'\u201c\u201d\u201e\u2018\u2019([{]|\(?(?:\d{1,3}|[a-z])[.)]")
"""The first word of a list item; bullets of many shapes are read as all kinds of characters."""
_CLOSING = "\"'\u201d\u2019\u00bb)]"


def fix_paragraphs(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return a page's blocks, in reading order, with one paragraph each. Words, lines, headers and footers stay."""
    if is_rtl(line.text for block in blocks for line in block.lines):
        return mirror(_fixed(mirror(blocks)))
    return _fixed(blocks)


def _fixed(blocks: Sequence[Block]) -> tuple[Block, ...]:
    max_pitch = _max_pitch(blocks)
    fixed: list[Block] = []
    for index, block in enumerate(blocks):
        neighbours = neighbouring_blocks(blocks, index)
        first, *others = _split(block, neighbours) if block.kind is BlockKind.TEXT else (block,)
        if fixed and _continues(fixed[-1], first, neighbours, max_pitch):
            fixed[-1] = fixed[-1].with_lines((*fixed[-1].lines, *first.lines))
        else:
            fixed.append(first)
        fixed += others
    return tuple(fixed)


def _split(block: Block, neighbours: Sequence[Block]) -> Sequence[Block]:
    """Return the block's paragraphs."""
    right = right_edge(neighbours, block.box, letter_height(block.lines[0]))
    starts = [index for index in range(1, len(block.lines)) if _begins_paragraph(block.lines, index, right)]
    if not starts:
        return (block,)
    return [block.with_lines(block.lines[a:b]) for a, b in pairwise((0, *starts, len(block.lines)))]


def _begins_paragraph(lines: Sequence[Line], index: int, right: int) -> bool:
    """Return whether a paragraph begins with this line of a block."""
    upper, lower = lines[index - 1], lines[index]
    if not is_text(upper) or not is_text(lower) or not _ends_sentence(upper):
        return False
    if _is_item(lower) or next_word_would_fit(upper, lower, right, certainly=True):
        return True
    return index + 1 < len(lines) and _is_indented(upper, lower, lines[index + 1])


def _is_indented(upper: Line, line: Line, lower: Line) -> bool:
    height = mean_height(upper, line)
    edge = max(upper.box.left, lower.box.left)
    return line.box.left - edge > height and abs(upper.box.left - lower.box.left) < _LEFT_TOLERANCE * height


def _is_item(line: Line) -> bool:
    return len(line.words) > 1 and _ITEM.fullmatch(line.words[0].text) is not None


def _max_pitch(blocks: Sequence[Block]) -> float:
    """Return the greatest distance, in line heights, from one line to the next of the same paragraph."""
    pitches = [_pitch(upper, lower) for block in blocks for upper, lower in pairwise(block.lines)]
    return _MAX_PITCH * median(pitches) if len(pitches) > 1 else _MAX_PITCH_IN_HEIGHTS


def _pitch(upper: Line, lower: Line) -> float:
    return (lower.box.center_y - upper.box.center_y) / mean_height(upper, lower)


def _continues(above: Block, below: Block, neighbours: Sequence[Block], max_pitch: float) -> bool:
    """Return whether the last sentence of one block continues in the next block."""
    if above.kind is not BlockKind.TEXT or below.kind is not BlockKind.TEXT:
        return False
    upper, lower = above.lines[-1], below.lines[0]
    is_prose = len(upper.words) >= _MIN_WORDS and is_text(upper) and is_text(lower)
    if not is_prose or not _sentence_continues(upper, lower):
        return False
    heights = sorted((letter_height(upper), letter_height(lower)))
    return (
        heights[1] <= _MAX_HEIGHT_RATIO * heights[0]
        and 0.5 < _pitch(upper, lower) <= max_pitch
        and _is_aligned(above, lower)
        and not next_word_would_fit(upper, lower, right_edge(neighbours, upper.box, letter_height(upper)))
    )


def _sentence_continues(upper: Line, lower: Line) -> bool:
    last, first = upper.words[-1].text.rstrip(_CLOSING), lower.words[0].text.lstrip("\"'\u201c\u2018\u00ab([")
    if not last or not first or _ends_sentence(upper):
        return False
    if _has_no_case(last[-1]) and _has_no_case(first[0]):
        return True
    return first[0].islower() or ((last[-1].islower() or last[-1] in ",-") and first[0].isalpha() and len(first) > 1)


def _has_no_case(character: str) -> bool:
    """Return whether the character is a letter of a script without upper and lower case, such as Hebrew."""
    return character.isalpha() and character.lower() == character.upper()


def _ends_sentence(line: Line) -> bool:
    return line.words[-1].text.rstrip(_CLOSING).endswith(_SENTENCE_ENDS)


def _is_aligned(above: Block, lower: Line) -> bool:
    """Return whether the line begins where the lines of the paragraph above do: its second and later ones, if any.

    A list item's second line may begin under its first word, beside the marker.
    """
    upper = above.lines[-1]
    height = mean_height(upper, lower)
    offset = (lower.box.left - upper.box.left) / height
    if len(above.lines) > 1:
        return abs(offset) <= _LEFT_TOLERANCE
    marker, *words = upper.words
    hangs = len(marker.text) <= _LONGEST_MARKER and abs(lower.box.left - words[0].box.left) <= _LEFT_TOLERANCE * height
    return hangs or -_MAX_INDENT <= offset <= _LEFT_TOLERANCE
