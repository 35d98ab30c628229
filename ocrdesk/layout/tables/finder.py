"""Finds tables on a page.

A table is found by the geometry of its words: columns separated by clear, straight gaps over three or more rows. In
doubt text stays text: a missed table is better than a false one.
"""

from __future__ import annotations

from collections.abc import Iterable

from ocrdesk.contract.document import BlockKind, Page
from ocrdesk.layout.mirroring import mirrored_box
from ocrdesk.layout.page_marks import NO_MARKS, PageMarks, Rule
from ocrdesk.layout.tables.aligned import aligned_tables
from ocrdesk.layout.tables.lattice import Lattice, lattice_of
from ocrdesk.layout.tables.model import MIN_WORDS, Scale, Table, TableWord
from ocrdesk.layout.tables.ruled import ruled_table
from ocrdesk.layout.tables.rules import Strokes, crossing_groups, joined_strokes
from ocrdesk.layout.text_direction import is_rtl


def find_tables(page: Page, marks: PageMarks = NO_MARKS) -> list[Table]:
    """Return the page's tables from top to bottom. Those of right-to-left text are found in its mirror image."""
    words = list(_table_words(page))
    if len(words) < MIN_WORDS:
        return []
    rules: Iterable[Rule] = marks.rules
    is_mirrored = is_rtl(word.word.text for word in words)
    if is_mirrored:
        words = [word.mirrored() for word in words]
        rules = (Rule(mirrored_box(rule.box), rule.direction) for rule in rules)
    found = _found(words, rules)
    if is_mirrored:
        found = [table.mirrored() for table in found]
    return sorted(found, key=lambda table: (table.box.top, table.box.left))


def _found(words: list[TableWord], rules: Iterable[Rule]) -> list[Table]:
    scale = Scale.of(words)
    strokes = joined_strokes(rules, scale.height)
    found: list[Table] = []
    for lattice in _lattices(strokes):
        table = ruled_table(lattice, strokes.horizontal, words, scale)
        if table is not None:
            found.append(table)
            words = [word for word in words if word.index not in table.members]
    return found + aligned_tables(words, strokes.horizontal, scale)


def _lattices(strokes: Strokes) -> list[Lattice]:
    """Return what crossing lines enclose, the smallest first: a table may be in a frame."""
    lattices = [lattice for group in crossing_groups(strokes) if (lattice := lattice_of(group))]
    return sorted(lattices, key=lambda lattice: lattice.box.area)


def _table_words(page: Page) -> Iterable[TableWord]:
    """Yield the words that have an area and are not in a header or footer: only those can be in a table."""
    index = 0
    lines = ((block.kind, line) for block in page.blocks for line in block.lines)
    for number, (kind, line) in enumerate(lines):
        for word in line.words:
            if kind is BlockKind.TEXT and word.box.width > 0 and word.box.height > 0:
                yield TableWord(index, number, word)
            index += 1
