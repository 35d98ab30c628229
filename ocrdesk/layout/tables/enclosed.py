"""The words in cells between ruling lines, and whether they are a table."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from ocrdesk.contract.box import Box
from ocrdesk.layout.tables.checks import is_prose
from ocrdesk.layout.tables.lattice import Lattice, LatticeCell
from ocrdesk.layout.tables.model import Column, Scale, TableWord, cell_text
from ocrdesk.layout.tables.text_kinds import is_caption, is_note, is_number
from ocrdesk.layout.tables.text_lines import has_columns, lines_of

_MAX_LAYOUT_CELLS = 4
"""Lines enclose this many cells at most if they divide a page or frame its boxes."""
_LONG_TEXT, _LONG_NOTE, _PAGE_TEXT = 60, 12, 120
"""Words of a text in a frame, of a note under a table, and of a part of a page."""
_MIN_FILLED = 0.4
"""The share of cells that have text."""
_MIN_COVERED = 0.3
"""The share of the area that they cover."""
_MIN_DIVIDED, _MIN_LABELS = 4, 3
"""Lines of a cell over several rows that are a row each; fewer are enough if the rows have numbers beside them."""
_MIN_VALUES = 2
"""Cells with numbers of such a row."""


@dataclass(slots=True)
class Enclosed:
    """A cell between lines and its words."""

    cell: LatticeCell
    words: list[TableWord] = field(default_factory=list)
    is_label: bool = False
    """Whether it is a line of a cell with a label for each row of numbers beside it."""

    @property
    def text(self) -> str:
        return cell_text(self.words)

    @property
    def row_span(self) -> int:
        return self.cell.end_row - self.cell.row

    @property
    def column_span(self) -> int:
        return self.cell.end_column - self.cell.column


def enclosed_words(lattice: Lattice, words: Iterable[TableWord]) -> list[Enclosed]:
    """Return the cells with the words whose middle they have."""
    filled = [Enclosed(cell) for cell in lattice.cells]
    at = {
        (row, column): it
        for it in filled
        for row in range(it.cell.row, it.cell.end_row)
        for column in range(it.cell.column, it.cell.end_column)
    }
    for word in words:
        place = lattice.place_at(word.box.center_x, word.box.center_y)
        if place is not None:
            at[place].words.append(word)
    return filled


def without_empty_strips(lattice: Lattice, cells: Sequence[Enclosed]) -> tuple[Lattice, list[Enclosed]]:
    """Return the lattice without rows and columns in which no text begins and ends: margins of cells, and edges of
    backgrounds. The cells beside them span fewer rows and columns.
    """
    texts = [it.cell for it in cells if it.text]
    rows = sorted({cell.row for cell in texts if cell.end_row - cell.row == 1})
    columns = sorted({cell.column for cell in texts if cell.end_column - cell.column == 1})
    if not rows or not columns:
        return lattice, list(cells)
    row_of, column_of = _counts(rows, len(lattice.ys)), _counts(columns, len(lattice.xs))
    kept = []
    for it in cells:
        cell = LatticeCell(
            row_of[it.cell.row], column_of[it.cell.column], row_of[it.cell.end_row], column_of[it.cell.end_column]
        )
        if cell.end_row > cell.row and cell.end_column > cell.column:
            kept.append(Enclosed(cell, it.words))
        elif it.text:
            return lattice, list(cells)
    return Lattice(_edges(lattice.xs, columns), _edges(lattice.ys, rows), tuple(it.cell for it in kept)), kept


def _counts(kept: Sequence[int], count: int) -> list[int]:
    """Return for each number how many of those kept are before it."""
    return [bisect_left(kept, number) for number in range(count)]


def _edges(positions: Sequence[float], kept: Sequence[int]) -> tuple[float, ...]:
    return positions[0], *(positions[number] for number in kept[1:]), positions[-1]


def divided(lattice: Lattice, cells: Sequence[Enclosed]) -> list[Enclosed]:
    """Return the cells. A cell beside several rows of text is as many cells."""
    numbers = Counter(it.cell.row for it in cells if it.row_span == 1 and is_number(it.text))
    valued = frozenset(row for row, count in numbers.items() if count >= _MIN_VALUES)
    return [part for it in cells for part in _divided(lattice, it, valued)]


def _divided(lattice: Lattice, it: Enclosed, valued: Set[int]) -> list[Enclosed]:
    """Return a cell over several rows as a cell for each, if it has lines of text in all, and is not running text.

    The lines between rows may end before the column of labels; and where areas of one colour touch, no line is seen.
    `valued` are the rows with numbers in several cells.
    """
    if it.row_span < 2:
        return [it]
    lines = lines_of(it.words)
    if len(lines) < it.row_span:
        return [it]
    by_row: dict[int, list[TableWord]] = {row: [] for row in range(it.cell.row, it.cell.end_row)}
    counts = dict.fromkeys(by_row, 0)
    for line in lines:
        middle = sum(word.box.center_y for word in line) / len(line)
        row = min(max(bisect_right(lattice.ys, middle) - 1, it.cell.row), it.cell.end_row - 1)
        by_row[row] += line
        counts[row] += 1
    has_line_each = set(counts.values()) == {1} and counts.keys() <= valued
    are_numbers = has_line_each and _are_numbers(lines)
    is_label = has_line_each and not are_numbers and _are_labels(lines)
    if not (is_label or are_numbers or _has_lines_in_all(lines, counts)):
        return [it]
    return [
        Enclosed(LatticeCell(row, it.cell.column, row + 1, it.cell.end_column), words, is_label)
        for row, words in by_row.items()
    ]


def _has_lines_in_all(lines: Sequence[Sequence[TableWord]], counts: Mapping[int, int]) -> bool:
    """Return whether many lines are in all rows, about as many in each, and are not running text."""
    if len(lines) < _MIN_DIVIDED or min(counts.values()) == 0:
        return False
    single = sum(count == 1 for count in counts.values())
    texts = Column(tuple(cell_text(line) for line in lines), tuple(Box.around([w.box for w in line]) for line in lines))
    return not is_prose(texts) and (single >= 0.8 * len(counts) or len(lines) >= 4 * len(counts))


def _are_numbers(lines: Sequence[Sequence[TableWord]]) -> bool:
    return all(is_number(word.word.text) for line in lines for word in line)


def _are_labels(lines: Sequence[Sequence[TableWord]]) -> bool:
    """Return whether each line begins as a text of its own does; a wrapped text has lines that continue."""
    return len(lines) >= _MIN_LABELS and not any(cell_text(line)[:1].islower() for line in lines)


def table_rows(lattice: Lattice, cells: Sequence[Enclosed], scale: Scale, inner: Sequence[Box] = ()) -> tuple[int, int]:
    """Return the first row and the one after the last, without titles, notes and empty rows in the same frame.

    Nor does a part of a page belong to it that has tables of its own, which `inner` are.
    """
    first, last = 0, len(lattice.ys) - 1
    width = len(lattice.xs) - 1
    by_row: dict[int, list[Enclosed]] = {}
    for it in cells:
        by_row.setdefault(it.cell.row, []).append(it)

    def alone(row: int) -> Enclosed | None:
        """Return the cell that is as wide as the table and begins in this row."""
        found = by_row.get(row, [])
        return found[0] if len(found) == 1 and found[0].column_span == width > 1 else None

    def is_frame(it: Enclosed) -> bool:
        box = lattice.box_of(it.cell)
        return any(box.contains(table.center_x, table.center_y) for table in inner)

    while first < last and (above := alone(first)) and (not above.text or is_caption(above.text) or is_frame(above)):
        first = above.cell.end_row
    while last - 1 > first:
        row = max(row for row in by_row if row < last)
        below = alone(row)
        if below is None or (below.text and not _is_note(below, scale) and not is_frame(below)):
            break
        last = row
    return first, last


def _is_note(it: Enclosed, scale: Scale) -> bool:
    return is_note(it.text) or (len(it.words) >= _LONG_NOTE and not has_columns(it.words, scale))


def has_enough_text(lattice: Lattice, cells: Sequence[Enclosed]) -> bool:
    """Return whether cells with text cover enough of the area. The cells of charts are mostly empty."""
    texts = sum(lattice.box_of(it.cell).area for it in cells if it.text)
    return texts >= _MIN_COVERED * lattice.box.area


def is_enclosed_table(cells: Sequence[Enclosed]) -> bool:
    """Return whether enough cells, in two columns and two rows at least, have text, and not the text of a page."""
    having = [it for it in cells if it.text]
    if len(having) < 3 or len(having) < _MIN_FILLED * len(cells):
        return False
    if len({it.cell.column for it in having}) < 2:
        return False
    if len({it.cell.row for it in having}) < 2 and not _has_aligned_lines(having):
        return False
    if len(cells) <= _MAX_LAYOUT_CELLS and max(len(it.words) for it in having) > _LONG_TEXT:
        return False
    return sum(len(it.words) > _PAGE_TEXT for it in having) * 3 < len(having)


def _has_aligned_lines(cells: Sequence[Enclosed]) -> bool:
    """Return whether the cells of one row have as many lines each, which may be rows."""
    counts = [len(lines_of(it.words)) for it in cells]
    return min(counts) >= 2 and max(counts) - min(counts) <= 1
