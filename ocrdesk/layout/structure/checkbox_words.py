"""Inserts the checkboxes that were found on a page as words before their labels.

A box replaces what an engine read there: it takes boxes for letters and brackets.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line, Word
from ocrdesk.contract.structure import FormField
from ocrdesk.layout.insertion import insertion_index
from ocrdesk.layout.text_direction import is_rtl

EMPTY, TICKED = "\N{BALLOT BOX}", "\N{BALLOT BOX WITH X}"
_CONFIDENCE = 0.9
_COVERED = 0.5
"""A word is what the engine read in a box if the box covers more than this share of it."""
_BAND = 64
"""Rows of pixels."""
_LABEL = 3.0
"""Sides between a box and the label in whose line it is."""
_READ_AS = re.compile(r"(?:[\[({|][\s_xXvV/]?[\])}|]|[\[\](){}|OoQD0CLUxXvV☐☑☒□■▢◻◯○●✓✔✗✘]{1,2})(?=[^\W\d_]|\d)")
"""What engines read in a box, in front of a label that they did not separate from it."""
_OWN_SIGNS = re.compile(r"[^\w\s]+|[OoQDCLUXxVvKkYyMNZz0UIl|/\\]{1,2}")
"""What an engine may read in a box alone. Other letters and figures in a frame say something."""
_SURE = 0.85


_LOW = 0.85
"""In heights of a word with ascenders: the letter o is lower; circles to be ticked are as high as capitals."""
_HAS_O = re.compile(r"o[a-z]|[A-Za-z]o")


def is_other_sign(word: Word, box: Box) -> bool:
    """Return whether the word is in the box and says something, or the box is a letter of it.

    The first is a figure on a key or the text of a button; the second the round o of a typewriter.
    """
    if _is_letter_of(word, box):
        return True
    if word.box.shared_area(box) <= _COVERED * max(1, word.box.area):
        return False
    return word.confidence >= _SURE and not _OWN_SIGNS.fullmatch(word.text)


def _is_letter_of(word: Word, box: Box) -> bool:
    is_inside = 10 * word.box.shared_area(box) >= 9 * box.area and box.height <= _LOW * word.box.height
    return is_inside and word.confidence >= _SURE and _HAS_O.search(word.text) is not None


def insert_checkboxes(blocks: Sequence[Block], boxes: Iterable[FormField], source: str) -> tuple[Block, ...]:
    """Return the blocks with a word of that source for each box; the same words if there are none."""
    fields = list(boxes)
    if not fields:
        return tuple(blocks)
    areas = _AreasByRow(field.box for field in fields)
    cleared = (block.refilled(lambda line: _without_readings(line.words, areas)) for block in blocks)
    changed = [block for block in cleared if block is not None]
    for field in fields:
        text = TICKED if field.ticked else EMPTY
        _insert(changed, Word(text=text, box=field.box, confidence=_CONFIDENCE, source=source))
    return tuple(changed)


class _AreasByRow:
    """Areas by the bands of rows that they are in, because a page may have many words."""

    def __init__(self, areas: Iterable[Box]) -> None:
        self._areas: defaultdict[int, list[Box]] = defaultdict(list)
        for area in areas:
            for band in range(area.top // _BAND, area.bottom // _BAND + 1):
                self._areas[band].append(area)

    def at(self, box: Box) -> Box | None:
        """Return an area that the box overlaps, found by the rows of the box's middle."""
        near = self._areas.get(int(box.center_y) // _BAND, ())
        return next((area for area in near if area.shared_area(box)), None)


def _without_readings(words: Sequence[Word], areas: _AreasByRow) -> Iterable[Word]:
    """Yield the words without what was read in the areas of boxes."""
    for word in words:
        area = areas.at(word.box)
        if area is None:
            yield word
        elif word.box.shared_area(area) <= _COVERED * max(1, word.box.area):
            yield _without_sign(word, area)


def _without_sign(word: Word, area: Box) -> Word:
    """Return the word without a sign at its beginning that was read in the area, and without the area."""
    at_left = word.box.left < area.center_x and word.box.right > area.right
    if not at_left:
        return word
    box = Box(area.right, word.box.top, word.box.right, word.box.bottom)
    text = word.text[found.end() :] if (found := _READ_AS.match(word.text)) else word.text
    return word.model_copy(update={"text": text, "box": box})


def _insert(blocks: list[Block], word: Word) -> None:
    """Insert the box into the line of its label, or as a block if it has none."""
    nearest = min(
        (
            (_distance(line, at, word.box), number, index, at)
            for number, block in enumerate(blocks)
            if block.box.crosses_rows(word.box)
            for index, line in enumerate(block.lines)
            if line.box.crosses_rows(word.box)
            for at in range(len(line.words))
        ),
        default=None,
    )
    if nearest is None or nearest[0] > _LABEL * word.box.width:
        line = Line(box=word.box, words=(word,))
        blocks.insert(insertion_index(blocks, word.box), Block(box=word.box, lines=(line,)))
        return
    _, number, index, at = nearest
    block = blocks[number]
    line = block.lines[index]
    words = (*line.words[:at], word, *line.words[at:])
    lines = list(block.lines)
    lines[index] = line.model_copy(update={"words": words, "box": Box.around([line.box, word.box])})
    blocks[number] = block.model_copy(update={"lines": tuple(lines), "box": Box.around([block.box, word.box])})


def _distance(line: Line, at: int, box: Box) -> float:
    """Return how far the box is from a word of the line, in pixels; infinite if the word does not follow the box."""
    label = line.words[at].box
    if not label.top < box.center_y < label.bottom and not box.top < label.center_y < box.bottom:
        return float("inf")
    rtl = is_rtl(word.text for word in line.words)
    gap = box.left - label.right if rtl else label.left - box.right
    return max(0.0, gap) if gap > -box.width / 2 else float("inf")
