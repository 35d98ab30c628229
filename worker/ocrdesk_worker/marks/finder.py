"""Finds all marks of a recognised page image."""

from __future__ import annotations

from collections.abc import Iterable

from ocrdesk.contract.document import Block, Word
from ocrdesk.layout.page_marks import PageMarks, Rule
from ocrdesk_worker.marks.page_ink import PageInk
from ocrdesk_worker.marks.rules import find_rules
from ocrdesk_worker.preprocess.pixels import Pixels

_STROKES = frozenset("|_-\N{EN DASH}\N{EM DASH}=~.,:;'`Il1!i[]/\\\N{MIDDLE DOT}\N{BULLET}")
"""Signs that an engine reads in ruling lines."""


def find_marks(image: Pixels, blocks: Iterable[Block]) -> PageMarks:
    """Return the marks of a clean, upright 8-bit grey page image, whose words are in `blocks`."""
    height, width = image.shape
    ink = PageInk.of(image)
    words = [word for block in blocks for line in block.lines for word in line.words]
    letters = ink.from_page(word.box for word in words if not _is_stroke(word))
    across, down = find_rules(ink, letters, ink.letter_height(letters))
    rules = [Rule(ink.to_page(line, width, height), "horizontal") for line in across]
    rules += [Rule(ink.to_page(line, width, height), "vertical") for line in down]
    return PageMarks(rules=tuple(rules))


def _is_stroke(word: Word) -> bool:
    """Return whether the word may be a line that was read as signs."""
    return _STROKES.issuperset(word.text)
