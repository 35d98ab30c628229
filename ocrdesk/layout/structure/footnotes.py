"""Finds footnotes: small text at the end of a page or column that begins with a mark."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ocrdesk.contract.document import Block, BlockKind, Line, Page
from ocrdesk.contract.structure import BlockRole
from ocrdesk.layout.structure.looks import PageLooks
from ocrdesk.layout.structure.parts import is_plain

_SMALL = 0.92
"""Letters relative to the body's: a note is set at least one size smaller."""
_SMALL_MEASURED = 0.88
"""The same where letters are measured on an image."""
_LOWER_PART = 0.55
"""In page heights: footnotes begin below."""
_MARK = re.compile(r"(?:[*\u2020\u2021\u00a7\u00b6#]{1,3}|\d{1,3}|[a-z]|[\u00b9\u00b2\u00b3\u2070-\u2079]{1,3})[.)]?")
_ATTACHED = re.compile(
    r"([*\u2020\u2021\u00a7]{1,3}|\d{1,3}|[\u00b9\u00b2\u00b3\u2070-\u2079]{1,3})(?=[A-Z\u00c0-\u00de(\"\u201c])"
)
"""A mark to which the first word is attached."""
_BARE = re.compile(r"[.)]$")
_NUMBER_AT_END = re.compile(r"(?:[^\W\d]|[.,;:!?)\"\u201d\u2019])(\d{1,3})\W*$")
_SIGNS = "*\u2020\u2021\u00a7\u00b6#\u00b9\u00b2\u00b3\u2070\u2074\u2075\u2076\u2077\u2078\u2079"
_SUPERSCRIPTS = str.maketrans("\u00b9\u00b2\u00b3\u2070\u2074\u2075\u2076\u2077\u2078\u2079", "1230456789")
_RAISED = 0.75
"""Height of a raised number relative to the letters of its line."""


def with_footnotes(page: Page, looks: PageLooks) -> Page:
    """Return the page with each footnote as a block of its own, with its mark.

    A block whose text begins with a mark is a footnote if it is small and only small text is below it in its column.
    The page's text has to refer to one of its notes.
    """
    small = _SMALL if looks.is_styled else _SMALL_MEASURED
    top = _LOWER_PART * page.height
    candidates = [
        number
        for number, block in enumerate(page.blocks)
        if is_plain(block) and block.box.top >= top and _mark(block.lines[0]) and _is_small(block, looks, small)
    ]
    if not candidates:
        return page
    references = _references(page.blocks, set(candidates))
    notes: set[int] = set()
    for number in reversed(candidates):
        if _is_last(page.blocks, number, notes, looks, small):
            notes.add(number)
    notes = {number for number in notes if not _is_bibliography(page.blocks, number, notes)}
    if not any(_is_referred(page.blocks[number], references) for number in notes):
        return page
    blocks: list[Block] = []
    for number, block in enumerate(page.blocks):
        blocks += _split(block) if number in notes else [block]
    return page.model_copy(update={"blocks": tuple(blocks)})


def _is_bibliography(blocks: Sequence[Block], number: int, notes: set[int]) -> bool:
    """Return whether a note is under a heading: then it is a list's entry."""
    while number - 1 in notes:
        number -= 1
    return number > 0 and blocks[number - 1].role is BlockRole.HEADING


def _is_small(block: Block, looks: PageLooks, small: float) -> bool:
    return 2 * sum(looks.of(line).size <= small for line in block.lines) > len(block.lines)


def _is_last(blocks: Sequence[Block], number: int, notes: set[int], looks: PageLooks, small: float) -> bool:
    """Return whether only notes and small text are below a block in its column."""
    box = blocks[number].box
    for index in range(number + 1, len(blocks)):
        block = blocks[index]
        if block.kind is not BlockKind.TEXT or index in notes:
            continue
        if block.box.top >= box.bottom and block.box.crosses_columns(box) and not _is_small(block, looks, small):
            return False
    return True


def _references(blocks: Sequence[Block], candidates: set[int]) -> set[str]:
    """Return the marks and numbers to which the text refers: at the ends of words, or raised."""
    found: set[str] = set()
    for index, block in enumerate(blocks):
        if index in candidates or block.kind is not BlockKind.TEXT:
            continue
        for line in block.lines:
            for word in line.words:
                text = word.text
                if text.isascii() and text.isalpha():
                    continue
                found.update(sign for sign in text.translate(_SUPERSCRIPTS) if sign in _SIGNS)
                if any(sign in _SIGNS for sign in text):
                    found.update(re.findall(r"\d{1,3}", text.translate(_SUPERSCRIPTS)))
                is_raised = word.box.height <= _RAISED * line.box.height
                if number := _NUMBER_AT_END.search(text):
                    found.add(number[1])
                elif is_raised and (text.isdecimal() or len(text) == 1):
                    found.add(text)
    return found


def _is_referred(block: Block, references: set[str]) -> bool:
    mark = _mark(block.lines[0])
    return mark is not None and _BARE.sub("", mark).translate(_SUPERSCRIPTS) in references


def _mark(line: Line) -> str | None:
    """Return the mark with which a line begins; None if it has none."""
    first = line.words[0].text
    if len(line.words) > 1 and _MARK.fullmatch(first):
        return first
    attached = _ATTACHED.match(first)
    return attached[1] if attached else None


def _split(block: Block) -> list[Block]:
    """Return a block of notes as one block for each."""
    starts = [0]
    for index in range(1, len(block.lines)):
        mark = _mark(block.lines[index])
        if mark is not None and _follows(_mark(block.lines[starts[-1]]), mark):
            starts.append(index)
    return [
        block.with_lines(block.lines[start:end], role=BlockRole.FOOTNOTE, marker=_mark(block.lines[start]))
        for start, end in zip(starts, [*starts[1:], len(block.lines)], strict=True)
    ]


def _follows(before: str | None, mark: str) -> bool:
    """Return whether a mark is the one after another; signs follow each other in any order."""
    if before is None:
        return False
    one, two = (_BARE.sub("", it).translate(_SUPERSCRIPTS) for it in (before, mark))
    if one.isdecimal() and two.isdecimal():
        return int(two) == int(one) + 1
    if one.isalpha() and two.isalpha() and len(one) == len(two) == 1:
        return ord(two) == ord(one) + 1
    return one != two and one[0] in _SIGNS and two[0] in _SIGNS
