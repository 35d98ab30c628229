"""A page as the parts that people read: paragraphs, headings, lists, tables, listings and notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, BlockKind, Page
from ocrdesk.contract.structure import BlockRole
from ocrdesk.export.parts.code_lines import code_lines
from ocrdesk.export.parts.list_numbers import ListNumber, is_bullet, numbers_of
from ocrdesk.export.parts.markers import split_marker
from ocrdesk.export.parts.note_references import (
    NoteLabels,
    NoteReference,
    find_references,
    is_note,
    line_text,
    mark_of,
)
from ocrdesk.export.table_texts import TableText, table_text
from ocrdesk.layout.line_joining import join_lines
from ocrdesk.layout.structure.older_pages import structured
from ocrdesk.layout.text_direction import is_rtl


@dataclass(frozen=True, slots=True)
class TextPart:
    """A paragraph, heading, caption, header or footer on one line. `level` is that of a heading.

    The texts of all parts may have references to notes in them: see `split_references`.
    """

    role: BlockRole
    kind: BlockKind
    level: int
    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class LinesPart:
    """A part whose line breaks carry meaning: code, verse or an address."""

    role: BlockRole
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListItem:
    """An item of a list. `depth` counts from 0, and is at most one more than that of the item before it.

    `marker` is what is printed before it; `number` is what it says, None for a bullet or another sign. `starts_list`
    is set for the first item of a list of its kind at its depth.
    """

    depth: int
    text: str
    marker: str
    number: ListNumber | None
    ticked: bool | None
    starts_list: bool

    @property
    def is_labelled(self) -> bool:
        """Whether its marker is neither a bullet nor a number that lists can have: "§ 3", "1.2.1"."""
        return self.number is None and self.ticked is None and not is_bullet(self.marker)


@dataclass(frozen=True, slots=True)
class ListPart:
    """Neighbouring list items, which may be of several lists."""

    items: tuple[ListItem, ...]


@dataclass(frozen=True, slots=True)
class NotePart:
    """A footnote. `label` is that of the reference in the text, None if there is none; then the mark is in `text`."""

    label: str | None
    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class TablePart:
    """A table."""

    table: TableText
    box: Box


Part = TextPart | LinesPart | ListPart | NotePart | TablePart


def page_parts(page: Page, labels: NoteLabels) -> Iterator[Part]:
    """Yield the parts of a page of any version, in reading order. Parts without text are left out."""
    page = structured(page)
    texts = _Texts(page, labels)
    numbered = [(number, block) for number, block in enumerate(page.blocks) if block.lines]
    for kind, group in groupby(numbered, key=lambda one: _grouped(one[1])):
        members = list(group)
        if kind is BlockRole.LIST_ITEM:
            if items := _items([(block, *texts.item(number, block)) for number, block in members]):
                yield ListPart(items)
        elif kind is BlockRole.CODE:
            if lines := code_lines([block for _, block in members]):
                yield LinesPart(BlockRole.CODE, lines)
        else:
            for number, block in members:
                if part := _part(number, block, texts):
                    yield part


def _grouped(block: Block) -> BlockRole | None:
    """Return the role of blocks that make one part with their neighbours of the same role."""
    grouped = block.role in (BlockRole.LIST_ITEM, BlockRole.CODE) and not block.kind.is_header_or_footer
    return block.role if grouped and block.table is None else None


def _part(number: int, block: Block, texts: _Texts) -> Part | None:
    if block.table is not None:
        table = table_text(block)
        return TablePart(table, block.box) if table else None
    if is_note(block):
        return texts.note(number, block)
    lines = texts.lines(number, block)
    if block.role.keeps_line_breaks and not block.kind.is_header_or_footer:
        return LinesPart(block.role, tuple(lines)) if any(lines) else None
    text = join_lines(lines)
    role = BlockRole.PARAGRAPH if block.kind.is_header_or_footer else block.role
    return TextPart(role, block.kind, block.level or 1, text, block.box) if text else None


class _Texts:
    """The texts of a page's blocks, with references to its notes."""

    def __init__(self, page: Page, labels: NoteLabels) -> None:
        self._labels: dict[int, str] = {}
        """The labels of notes that the text refers to, by the number of their block."""
        self._marks: dict[tuple[int, int], dict[int, tuple[int, NoteReference]]] = {}
        found = find_references(page)
        for (number, line, word), (note, length, mark) in sorted(found.items()):
            label = self._labels[note] = labels.label(page.number, note, mark)
            self._marks.setdefault((number, line), {})[word] = (length, NoteReference(label, mark))

    def lines(self, number: int, block: Block) -> list[str]:
        """Return the texts of the lines that have words."""
        return [
            line_text(line, self._marks.get((number, index), {}))
            for index, line in enumerate(block.lines)
            if line.words
        ]

    def item(self, number: int, block: Block) -> tuple[str, str]:
        """Return the marker of a list item, and its text without it."""
        return split_marker(block.marker, join_lines(self.lines(number, block)))

    def note(self, number: int, block: Block) -> NotePart | None:
        text = join_lines(self.lines(number, block))
        label = self._labels.get(number)
        if label is None:
            return NotePart(None, "", text) if text else None
        marker, rest = split_marker(block.marker, text)
        return NotePart(label, mark_of(marker) or marker, rest)


def _items(found: Sequence[tuple[Block, str, str]]) -> tuple[ListItem, ...]:
    """Return the items of neighbouring blocks, from each block, its marker and its text."""
    depths = _depths([block.level or 1 for block, _, _ in found])
    numbers: list[ListNumber | None] = [None] * len(found)
    for siblings in _siblings(depths):
        markers = ["" if found[index][0].ticked is not None else found[index][1] for index in siblings]
        for index, number in zip(siblings, numbers_of(markers), strict=True):
            numbers[index] = number
    items: list[ListItem] = []
    open_kinds: list[object] = []
    for (block, marker, text), depth, number in zip(found, depths, numbers, strict=True):
        if not text and not marker:
            continue
        form = (number.kind, number.before, number.after) if number else is_bullet(marker)
        kind = "task" if block.ticked is not None else form
        starts = depth >= len(open_kinds) or open_kinds[depth] != kind
        open_kinds[depth:] = [kind]
        items.append(ListItem(min(depth, len(open_kinds) - 1), text, marker, number, block.ticked, starts))
    return tuple(items)


def _depths(levels: Sequence[int]) -> list[int]:
    """Return how deep each item is nested, from 0, without gaps."""
    open_levels: list[int] = []
    depths = []
    for level in levels:
        while open_levels and open_levels[-1] > level:
            open_levels.pop()
        if not open_levels or open_levels[-1] < level:
            open_levels.append(level)
        depths.append(len(open_levels) - 1)
    return depths


def _siblings(depths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the numbers of the items of each list."""
    open_lists: list[list[int]] = []
    for index, depth in enumerate(depths):
        while len(open_lists) > depth + 1:
            yield open_lists.pop()
        if len(open_lists) <= depth:
            open_lists.append([])
        open_lists[depth].append(index)
    yield from open_lists


def is_rtl_text(text: str) -> bool:
    """Return whether a part's text is written from right to left."""
    return is_rtl([text])
