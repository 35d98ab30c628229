"""Words are in the cells that lines enclose; margins and edges of backgrounds are no rows and columns."""

from __future__ import annotations

from ocrdesk.layout.tables.enclosed import Enclosed, divided, enclosed_words, has_enough_text, without_empty_strips
from ocrdesk.layout.tables.lattice import Lattice, LatticeCell
from ocrdesk.layout.tables.model import TableWord
from tests.helpers.sample_pages import word


def words(*places: tuple[str, int, int]) -> list[TableWord]:
    return [TableWord(at, at, word(text, left, top)) for at, (text, left, top) in enumerate(places)]


def cells(*edges: tuple[int, int, int, int]) -> tuple[LatticeCell, ...]:
    return tuple(LatticeCell(*it) for it in edges)


def test_a_word_is_where_its_middle_is() -> None:
    lattice = Lattice((0, 200, 400), (0, 100), cells((0, 0, 1, 1), (0, 1, 1, 2)))
    left, right = enclosed_words(lattice, words(("one", 10, 10), ("three", 190, 10), ("out", 900, 10)))
    assert (left.text, right.text) == ("one", "three")


def test_margins_are_no_columns() -> None:
    lattice = Lattice((0, 10, 200, 400), (0, 100), cells((0, 0, 1, 1), (0, 1, 1, 2), (0, 2, 1, 3)))
    smaller, left = without_empty_strips(lattice, enclosed_words(lattice, words(("one", 20, 10), ("two", 210, 10))))
    assert smaller.xs == (0, 200, 400)
    assert [it.text for it in left] == ["one", "two"]
    assert [it.cell.column for it in left] == [0, 1]


def test_a_label_cell_beside_rows_is_divided() -> None:
    lattice = Lattice((0, 200), (0, 60, 120, 180, 240), cells((0, 0, 4, 1)))
    found = enclosed_words(lattice, words(("One", 0, 15), ("Two", 0, 75), ("Six", 0, 135), ("Ten", 0, 195)))
    assert [it.text for it in divided(lattice, found)] == ["One", "Two", "Six", "Ten"]
    few = enclosed_words(lattice, words(("Two", 0, 75), ("Six", 0, 135)))
    assert divided(lattice, few) == few


def test_cells_of_a_chart_are_mostly_empty() -> None:
    lattice = Lattice((0, 100, 900), (0, 100), cells((0, 0, 1, 1), (0, 1, 1, 2)))
    first, second = (Enclosed(cell) for cell in lattice.cells)
    first.words += words(("12", 10, 10))
    assert not has_enough_text(lattice, [first, second])
    second.words += words(("13", 310, 10))
    assert has_enough_text(lattice, [first, second])
