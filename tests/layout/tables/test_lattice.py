"""The cells that lines enclose: each line counts where it is drawn."""

from __future__ import annotations

from ocrdesk.layout.tables.lattice import Lattice, LatticeCell, lattice_of
from ocrdesk.layout.tables.rules import Stroke, Strokes


def lattice(across: list[tuple[int, int, int]], down: list[tuple[int, int, int]]) -> Lattice:
    found = lattice_of(Strokes(tuple(Stroke(*it) for it in across), tuple(Stroke(*it) for it in down), 5))
    assert found is not None
    return found


FRAME_ACROSS, FRAME_DOWN = [(0, 0, 300), (200, 0, 300)], [(0, 0, 200), (300, 0, 200)]


def test_crossing_lines_enclose_four_cells() -> None:
    found = lattice([*FRAME_ACROSS, (100, 0, 300)], [*FRAME_DOWN, (150, 0, 200)])
    assert (found.xs, found.ys) == ((0, 150, 300), (0, 100, 200))
    assert found.cells == tuple(LatticeCell(y, x, y + 1, x + 1) for y in (0, 1) for x in (0, 1))
    assert found.place_at(200, 50) == (0, 1)
    assert found.place_at(400, 50) is None


def test_a_line_that_ends_merges_the_cells_beyond() -> None:
    found = lattice([*FRAME_ACROSS, (100, 150, 300)], [*FRAME_DOWN, (150, 0, 200)])
    assert found.cells[0] == LatticeCell(0, 0, 2, 1)
    assert len(found.cells) == 3


def test_outer_borders_may_be_missing() -> None:
    found = lattice([(100, 0, 300)], [(150, 0, 200)])
    assert len(found.cells) == 4


def test_what_is_no_rectangle_is_divided_by_rows() -> None:
    found = lattice([*FRAME_ACROSS, (100, 0, 150)], [*FRAME_DOWN, (150, 0, 100)])
    assert set(found.cells) == {LatticeCell(0, 0, 1, 1), LatticeCell(0, 1, 1, 2), LatticeCell(1, 0, 2, 2)}


def test_a_grid_of_too_many_places_is_none() -> None:
    lines = tuple(Stroke(10 * at, 0, 5_000) for at in range(500))
    assert lattice_of(Strokes(lines, lines, 5)) is None
