"""The places and cells that crossing ruling lines enclose."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from ocrdesk.contract.box import Box
from ocrdesk.layout.tables.rules import Stroke, Strokes

_COVERED = 0.6
"""The share of a place's side that lines cover if the side is drawn."""
_MAX_PLACES = 20_000


@dataclass(frozen=True, slots=True)
class LatticeCell:
    """A cell between ruling lines: its first row and column, and those after its last, from 0."""

    row: int
    column: int
    end_row: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Lattice:
    """The cells that ruling lines enclose.

    `xs` and `ys` are the positions of all lines; outer borders may be missing.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[LatticeCell, ...]

    @property
    def box(self) -> Box:
        return Box(int(self.xs[0]), int(self.ys[0]), int(self.xs[-1]), int(self.ys[-1]))

    def box_of(self, cell: LatticeCell) -> Box:
        return Box(
            int(self.xs[cell.column]), int(self.ys[cell.row]), int(self.xs[cell.end_column]), int(self.ys[cell.end_row])
        )

    def place_at(self, x: float, y: float) -> tuple[int, int] | None:
        """Return the row and column of the place that has this point; None outside."""
        if not (self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]):
            return None
        row = min(bisect_right(self.ys, y) - 1, len(self.ys) - 2)
        return row, min(bisect_right(self.xs, x) - 1, len(self.xs) - 2)


def lattice_of(strokes: Strokes) -> Lattice | None:
    """Return the cells that these lines enclose; None if there are too many or none."""
    across, down = strokes.horizontal, strokes.vertical
    left, right, top, bottom = strokes.left, strokes.right, strokes.top, strokes.bottom
    xs = _positions([line.position for line in down], left, right, strokes.reach)
    ys = _positions([line.position for line in across], top, bottom, strokes.reach)
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 1 or rows * columns > _MAX_PLACES:
        return None
    floors = [[False] * columns for _ in range(rows + 1)]
    for line in across:
        _cover(floors[_nearest(ys, line.position)], line, xs)
    walls = [[False] * rows for _ in range(columns + 1)]
    for line in down:
        _cover(walls[_nearest(xs, line.position)], line, ys)
    return Lattice(xs, ys, tuple(_cells(floors, walls, rows, columns)))


def _positions(inner: Sequence[float], first: float, last: float, near: float) -> tuple[float, ...]:
    """Return the positions of lines, with the outer borders, which may be missing. Lines near each other are one."""
    found: list[float] = []
    for position in sorted([first, *inner, last]):
        if not found or position - found[-1] > near:
            found.append(position)
    return tuple(found)


def _nearest(positions: Sequence[float], position: float) -> int:
    after = bisect_right(positions, position)
    candidates = [number for number in (after - 1, after) if 0 <= number < len(positions)]
    return min(candidates, key=lambda number: abs(positions[number] - position))


def _cover(drawn: list[bool], line: Stroke, positions: Sequence[float]) -> None:
    """Note which sides between the positions the line covers."""
    first = max(0, bisect_right(positions, line.start) - 1)
    for number in range(first, len(drawn)):
        start, end = positions[number], positions[number + 1]
        if start > line.end:
            return
        if min(end, line.end) - max(start, line.start) >= _COVERED * (end - start):
            drawn[number] = True


def _cells(
    floors: Sequence[Sequence[bool]], walls: Sequence[Sequence[bool]], rows: int, columns: int
) -> list[LatticeCell]:
    """Return the rectangles of places without a line between them. What is not a rectangle is divided by rows."""
    group = [[-1] * columns for _ in range(rows)]
    members: list[list[tuple[int, int]]] = []
    for row in range(rows):
        for column in range(columns):
            if group[row][column] < 0:
                members.append(_connected(floors, walls, group, row, column, len(members)))
    cells: list[LatticeCell] = []
    for places in members:
        top, bottom = min(row for row, _ in places), max(row for row, _ in places) + 1
        left, right = min(column for _, column in places), max(column for _, column in places) + 1
        if (bottom - top) * (right - left) == len(places):
            cells.append(LatticeCell(top, left, bottom, right))
        else:
            cells += _by_rows(places, walls)
    return sorted(cells, key=lambda cell: (cell.row, cell.column))


def _connected(
    floors: Sequence[Sequence[bool]],
    walls: Sequence[Sequence[bool]],
    group: list[list[int]],
    row: int,
    column: int,
    number: int,
) -> list[tuple[int, int]]:
    """Return the places that are connected with this one, and note their number in `group`."""
    rows, columns = len(group), len(group[0])
    found: list[tuple[int, int]] = []
    waiting = [(row, column)]
    group[row][column] = number
    while waiting:
        y, x = waiting.pop()
        found.append((y, x))
        neighbours = (
            (y - 1, x, y > 0 and not floors[y][x]),
            (y + 1, x, y + 1 < rows and not floors[y + 1][x]),
            (y, x - 1, x > 0 and not walls[x][y]),
            (y, x + 1, x + 1 < columns and not walls[x + 1][y]),
        )
        for other_y, other_x, is_open in neighbours:
            if is_open and group[other_y][other_x] < 0:
                group[other_y][other_x] = number
                waiting.append((other_y, other_x))
    return found


def _by_rows(places: Sequence[tuple[int, int]], walls: Sequence[Sequence[bool]]) -> list[LatticeCell]:
    cells: list[LatticeCell] = []
    for row, column in sorted(places):
        last = cells[-1] if cells else None
        if last and last.row == row and last.end_column == column and not walls[column][row]:
            cells[-1] = LatticeCell(row, last.column, row + 1, column + 1)
        else:
            cells.append(LatticeCell(row, column, row + 1, column + 1))
    return cells
