"""Takes the roles of blocks from a tagged PDF, where its tags are plausible.

Many programs tag everything as a paragraph, or whole pages as a heading, so tags are checked against the text: headings
are short and few, and items of a list do not contain most of the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from ocrdesk.contract.document import Block, Line, Page
from ocrdesk.contract.structure import MAX_LEVEL, BlockRole
from ocrdesk.layout.page_marks import TaggedArea
from ocrdesk.layout.structure.markers import find_markers
from ocrdesk.layout.structure.parts import is_plain

_HEADING = re.compile(r"H([1-6])?|Title")
_ROLES = {"LI": BlockRole.LIST_ITEM, "Caption": BlockRole.CAPTION, "Note": BlockRole.FOOTNOTE, "Code": BlockRole.CODE}
_MAX_AREAS = 1_000
_MAX_HEADINGS = 0.4
"""Share of the page's letters in headings; with more the tags are not plausible."""
_MAX_HEADING_LETTERS = 250
_MAX_ITEM = 0.6
"""Share of the page's letters in one item of a list."""
_MAX_MARKER = 8
"""Letters of an item's marker."""
_STRIP, _MAX_IN_STRIP = 64, 100
"""Height in pixels of the strips of the page in which elements are searched, and the innermost elements of one."""


def with_tagged_roles(page: Page, tags: Sequence[TaggedArea]) -> Page:
    """Return the page with the roles of its headings, list items, captions, notes and code from the tags."""
    areas = [tag for tag in tags if _HEADING.fullmatch(tag.tag) or tag.tag in _ROLES][:_MAX_AREAS]
    if not areas:
        return page
    finder = _Finder(areas)
    total = max(1, sum(len(line.text) for block in page.blocks if is_plain(block) for line in block.lines))
    chosen = {id(line): finder.find(line) for block in page.blocks if is_plain(block) for line in block.lines}
    letters: dict[TaggedArea, int] = {}
    for block in page.blocks:
        for line in block.lines:
            if (tag := chosen.get(id(line))) is not None:
                letters[tag] = letters.get(tag, 0) + len(line.text)
    refused = set(_implausible(letters, total))
    labels = [tag for tag in tags if tag.tag == "Lbl"][:_MAX_AREAS]
    blocks: list[Block] = []
    for block in page.blocks:
        if not is_plain(block):
            blocks.append(block)
            continue
        for tag, run in groupby(block.lines, lambda line: _kept(chosen.get(id(line)), refused)):
            lines = tuple(run)
            before = blocks[-1] if blocks else None
            if tag is not None:
                blocks.append(_tagged(block, lines, tag, areas, labels))
            elif len(lines) == len(block.lines):
                blocks.append(block)
            else:
                blocks.append(block.with_lines(lines))
            if before is not None and tag is not None and _is_rest(before, blocks[-1], tag, chosen):
                blocks[-2:] = [before.with_lines((*before.lines, *blocks[-1].lines))]
    return page.model_copy(update={"blocks": tuple(blocks)})


def _kept(tag: TaggedArea | None, refused: set[TaggedArea]) -> TaggedArea | None:
    return None if tag in refused else tag


def _is_rest(before: Block, block: Block, tag: TaggedArea, chosen: dict[int, TaggedArea | None]) -> bool:
    """Return whether a block continues the element of the block before."""
    return before.role is block.role and chosen.get(id(before.lines[-1])) is tag


def _implausible(letters: dict[TaggedArea, int], total: int) -> Iterator[TaggedArea]:
    """Yield the elements whose tags are not plausible, by the letters in them."""
    headings = {tag: count for tag, count in letters.items() if _HEADING.fullmatch(tag.tag)}
    if sum(headings.values()) > _MAX_HEADINGS * total and total > _MAX_HEADING_LETTERS:
        yield from headings
    yield from (tag for tag, count in headings.items() if count > _MAX_HEADING_LETTERS)
    yield from (tag for tag, count in letters.items() if tag.tag == "LI" and count > _MAX_ITEM * total)


def _tagged(
    block: Block, lines: Sequence[Line], tag: TaggedArea, areas: Sequence[TaggedArea], labels: Sequence[TaggedArea]
) -> Block:
    if heading := _HEADING.fullmatch(tag.tag):
        return block.with_lines(lines, role=BlockRole.HEADING, level=int(heading[1] or 1))
    role = _ROLES[tag.tag]
    if role is not BlockRole.LIST_ITEM:
        return block.with_lines(lines, role=role)
    depth = sum(other.tag == "LI" and tag.path[: len(other.path)] == other.path for other in areas)
    return block.with_lines(lines, role=role, level=min(MAX_LEVEL, depth), marker=_marker(lines[0], tag, labels))


def _marker(line: Line, item: TaggedArea, labels: Iterable[TaggedArea]) -> str | None:
    """Return the marker with which an item's first line begins: the words of its label, if it has one."""
    label = next((label for label in labels if label.path[: len(item.path)] == item.path), None)
    if label is None:
        found = find_markers(line)
        return found[0].text if found else None
    words = [word for word in line.words if label.box.contains(int(word.box.center_x), int(word.box.center_y))]
    text = " ".join(word.text for word in words)
    return text if 0 < len(text) <= _MAX_MARKER and line.text.startswith(text) else None


class _Finder:
    """Finds the innermost element that contains a line."""

    def __init__(self, areas: Iterable[TaggedArea]) -> None:
        self._strips: dict[int, list[TaggedArea]] = {}
        for area in sorted(areas, key=lambda tag: -len(tag.path)):
            for strip in range(area.box.top // _STRIP, area.box.bottom // _STRIP + 1):
                inner = self._strips.setdefault(strip, [])
                if len(inner) < _MAX_IN_STRIP:
                    inner.append(area)

    def find(self, line: Line) -> TaggedArea | None:
        x, y = int(line.box.center_x), int(line.box.center_y)
        return next((area for area in self._strips.get(y // _STRIP, ()) if area.box.contains(x, y)), None)
