"""Finds all marks of a recognised page image."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ocrdesk.contract.document import Block, Word
from ocrdesk.contract.structure import FieldKind, FormField
from ocrdesk.layout.checkbox_words import is_other_sign
from ocrdesk.layout.page_marks import PageMarks, Rule
from ocrdesk_worker.marks.checkboxes import find_checkboxes
from ocrdesk_worker.marks.page_ink import Edges, PageInk
from ocrdesk_worker.marks.rules import find_rules
from ocrdesk_worker.preprocess.pixels import Pixels

_SLACK = 3
"""Pixels of the copy."""
_STROKES = frozenset("|_-\N{EN DASH}\N{EM DASH}=~.,:;'`Il1!i[]/\\\N{MIDDLE DOT}\N{BULLET}")
"""Signs that an engine reads in ruling lines."""


def find_marks(image: Pixels, blocks: Iterable[Block]) -> PageMarks:
    """Return the marks of a clean, upright 8-bit grey page image, whose words are in `blocks`."""
    height, width = image.shape
    ink = PageInk.of(image)
    words = [word for block in blocks for line in block.lines for word in line.words]
    letters = ink.from_page(word.box for word in words if not _is_stroke(word))
    letter_height = ink.letter_height(letters)
    found = find_checkboxes(ink, letters, letter_height)
    boxes = [
        FormField(
            kind=FieldKind.RADIO if box.is_round else FieldKind.CHECKBOX,
            box=ink.to_page(box.edges, width, height),
            ticked=box.is_ticked,
        )
        for box in found
    ]
    sides = [box.edges for box in found]
    across, down = find_rules(ink, letters, letter_height)
    rules = [Rule(ink.to_page(line, width, height), "horizontal") for line in across if not _is_in_any(line, sides)]
    rules += [Rule(ink.to_page(line, width, height), "vertical") for line in down if not _is_in_any(line, sides)]
    return PageMarks(rules=tuple(rules), form_fields=tuple(_without_other_signs(boxes, words)))


def _is_in_any(line: Edges, areas: Iterable[Edges]) -> bool:
    """Return whether the line is in an area or at its edge."""
    left, top, right, bottom = line
    return any(
        area[0] - _SLACK <= left
        and area[1] - _SLACK <= top
        and right <= area[2] + _SLACK
        and bottom <= area[3] + _SLACK
        for area in areas
    )


def _without_other_signs(boxes: Iterable[FormField], words: Sequence[Word]) -> Iterable[FormField]:
    """Return the boxes in which no text was read."""
    return [box for box in boxes if not any(is_other_sign(word, box.box) for word in words)]


def _is_stroke(word: Word) -> bool:
    """Return whether the word may be a line that was read as signs."""
    return _STROKES.issuperset(word.text)
