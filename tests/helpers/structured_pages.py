"""Makes pages whose blocks have roles, for the tests of exports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ocrdesk.contract.document import Block, Box, Page
from ocrdesk.contract.structure import BlockRole, Cell, Figure, TableGrid
from tests.helpers import sample_pages
from tests.helpers.sample_pages import PITCH, line


def part(role: BlockRole, *lines: str, top: int = 100, **fields: Any) -> Block:
    """Return a block of these lines with a role."""
    return sample_pages.block(*lines, top=top).model_copy(update={"role": role, **fields})


def heading(text: str, level: int = 1) -> Block:
    return part(BlockRole.HEADING, text, level=level)


def item(text: str, marker: str | None = None, level: int = 1, *, ticked: bool | None = None) -> Block:
    """Return a list item; the marker is the beginning of its text."""
    return part(BlockRole.LIST_ITEM, f"{marker} {text}" if marker else text, level=level, marker=marker, ticked=ticked)


def items(*markers: str, level: int = 1) -> list[Block]:
    """Return list items with the text "text"."""
    return [item("text", marker, level) for marker in markers]


def note(text: str, marker: str) -> Block:
    return part(BlockRole.FOOTNOTE, f"{marker} {text}", marker=marker, top=2800)


def table(
    cells: Sequence[tuple[int, int, int, int, str]], *, rows: int, columns: int, header_rows: int = 1, top: int = 100
) -> Block:
    """Return a table, from row, column, row span, column span and text of each cell; "" for an empty one."""
    lines = []
    made = []
    for number, (row, column, row_span, column_span, text) in enumerate(cells):
        left, cell_top = 100 + 400 * column, top + PITCH * row
        box = Box(left, cell_top, left + 400 * column_span, cell_top + PITCH * row_span)
        made.append(Cell(row=row, column=column, row_span=row_span, column_span=column_span, box=box))
        if text:
            lines.append(line(text, left, cell_top).model_copy(update={"cell": number}))
    grid = TableGrid(rows=rows, columns=columns, header_rows=header_rows, cells=tuple(made))
    box = Box(100, top, 100 + 400 * columns, top + PITCH * rows)
    return Block(role=BlockRole.TABLE, box=box, lines=tuple(lines), table=grid)


def page_of(
    *blocks: Block, number: int = 1, figures: Sequence[Box] = (), languages: tuple[str, ...] = ("eng",)
) -> Page:
    """Return a page whose structure is known."""
    made = sample_pages.page(*blocks, number=number, languages=languages)
    return made.model_copy(update={"has_structure": True, "figures": tuple(Figure(box=box) for box in figures)})


SPANS = table(
    [
        (0, 0, 2, 1, "Name"),
        (0, 1, 1, 2, "Years"),
        (1, 1, 1, 1, "2019"),
        (1, 2, 1, 1, "2020"),
        (2, 0, 1, 1, "Apples"),
        (2, 2, 1, 1, "3.60"),
    ],
    rows=3,
    columns=3,
    header_rows=2,
)
"""A table with a header of two rows, a cell over two rows, one over two columns, and a place without a cell."""
