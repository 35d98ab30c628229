"""Makes the page's pictures its figures, but not those behind running text or tables."""

from __future__ import annotations

from collections.abc import Sequence

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Page
from ocrdesk.contract.structure import BlockRole, Figure
from ocrdesk.layout.structure.parts import is_plain

_MAX_FIGURES = 200
_MAX_CHECKS = 400_000
"""Figures times lines: of a page with very many lines only the first pictures are figures."""
_MAX_TEXT = 0.35
"""Share of an area that lines of text cover: with more it is a panel behind the text."""
_PROSE_WORDS, _MAX_PROSE = 6, 3
"""Words of a line of prose, and such lines in a figure; with more it is a panel too."""
_IN_TABLE = 0.6
"""Share of an area that is in a table."""


def with_figures(page: Page, pictures: Sequence[Box]) -> Page:
    """Return the page with its pictures as figures, from top to bottom. Without pictures it stays as it is."""
    if not pictures:
        return page
    lines = [line.box for block in page.blocks if block.role is not BlockRole.TABLE for line in block.lines]
    tables = [block.box for block in page.blocks if block.table is not None]
    prose = [line.box for block in page.blocks for line in block.lines if len(line.words) >= _PROSE_WORDS]
    figures = []
    for box in pictures[: min(_MAX_FIGURES, _MAX_CHECKS // max(1, len(lines)))]:
        covered = sum(line.shared_area(box) for line in lines)
        is_panel = sum(box.contains(int(line.center_x), int(line.center_y)) for line in prose) > _MAX_PROSE
        is_in_table = any(table.shared_area(box) > _IN_TABLE * box.area for table in tables)
        if not is_panel and not is_in_table and covered <= _MAX_TEXT * box.area:
            figures.append(Figure(box=box))
    return page.model_copy(update={"figures": tuple(figures)})


def is_in_figure(box: Box, figures: Sequence[Figure]) -> bool:
    """Return whether the centre of a box is in a figure."""
    return any(figure.box.contains(int(box.center_x), int(box.center_y)) for figure in figures)


def labels_of_figures(page: Page) -> set[int]:
    """Return the numbers of the blocks that are in figures: labels of axes and parts, from 0."""
    if not page.figures:
        return set()
    return {
        number
        for number, block in enumerate(page.blocks)
        if is_plain(block) and all(is_in_figure(line.box, page.figures) for line in block.lines)
    }
