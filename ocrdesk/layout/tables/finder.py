"""Finds tables on a page.

A table is found by the geometry of its words: columns separated by clear, straight gaps over three or more rows. In
doubt text stays text: a missed table is better than a false one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import inf

from ocrdesk.contract.document import BlockKind, Page
from ocrdesk.contract.structure import BlockRole
from ocrdesk.layout.mirroring import mirrored_box
from ocrdesk.layout.page_marks import NO_MARKS, PageMarks, Rule
from ocrdesk.layout.tables.aligned import aligned_tables
from ocrdesk.layout.tables.lattice import Lattice, lattice_of
from ocrdesk.layout.tables.model import MIN_WORDS, Scale, Table, TableWord
from ocrdesk.layout.tables.ruled import ruled_table
from ocrdesk.layout.tables.rules import Strokes, crossing_groups, joined_strokes, parted
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
    rules = list(rules)
    strokes = joined_strokes(rules, scale.height)
    found: list[Table] = []
    for lattice in _lattices(strokes, rules, words):
        inner = [table.box for table in found]
        table = ruled_table(lattice, strokes.horizontal, words, scale, inner)
        if table is not None:
            found.append(table)
            words = [word for word in words if word.index not in table.members]
    return found + aligned_tables(words, strokes.horizontal, scale)


def _lattices(strokes: Strokes, rules: Sequence[Rule], words: Sequence[TableWord]) -> list[Lattice]:
    """Return what crossing lines enclose, the smallest first: a table may be in a frame."""
    drawn = _drawn_heights(rules)
    lattices: list[Lattice] = []
    for group in crossing_groups(strokes):
        lattice = lattice_of(group)
        whites = _whites(lattice, drawn, words) if lattice else []
        parts = [lattice] if not whites else [lattice_of(part) for part in parted(group, whites)]
        lattices += [part for part in parts if part is not None]
    return sorted(lattices, key=lambda lattice: lattice.box.area)


def _drawn_heights(rules: Iterable[Rule]) -> list[tuple[int, int]]:
    """Return from where to where on the page there are vertical lines, from the top."""
    found: list[tuple[int, int]] = []
    for top, bottom in sorted((rule.box.top, rule.box.bottom) for rule in rules if rule.direction == "vertical"):
        if found and top <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], bottom)
        else:
            found.append((top, bottom))
    return found


def _whites(lattice: Lattice, drawn: Sequence[tuple[int, int]], words: Sequence[TableWord]) -> list[float]:
    """Return the middles of the white strips between frames one above the other: rows without a vertical line or word.

    The lines of a table go on from row to row. `drawn` is where the page has vertical lines.
    """
    strips = [(top, bottom) for top, bottom in pairwise(lattice.ys[1:-1]) if not _is_drawn((top + bottom) / 2, drawn)]
    if not strips:
        return []
    middles = sorted(word.box.center_y for word in words if lattice.xs[0] <= word.box.center_x <= lattice.xs[-1])
    return [(top + bottom) / 2 for top, bottom in strips if bisect_left(middles, top) == bisect_left(middles, bottom)]


def _is_drawn(height: float, drawn: Sequence[tuple[int, int]]) -> bool:
    at = bisect_right(drawn, (height, inf)) - 1
    return at >= 0 and height < drawn[at][1]


def _table_words(page: Page) -> Iterable[TableWord]:
    """Yield the words that have an area, and are in no header, footer or form: only those can be in a table."""
    index = 0
    lines = ((block, line) for block in page.blocks for line in block.lines)
    for number, (block, line) in enumerate(lines):
        is_text = block.kind is BlockKind.TEXT and block.role is BlockRole.PARAGRAPH
        for word in line.words:
            if is_text and word.box.width > 0 and word.box.height > 0:
                yield TableWord(index, number, word)
            index += 1
