"""Keeps what was read on a straightened image until its structure is known, and then maps it to the page as it was.

Rows, columns and ruling lines are found on straight images: on a skewed one, a word at one end of a row of a table is
beside a word of another row.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ocrdesk.contract.box import Box
from ocrdesk_worker.preprocess.pixels import np
from ocrdesk_worker.preprocess.straightening.word_ink import box_around

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ocrdesk.contract.document import Block, Page
    from ocrdesk.contract.structure import TableGrid
    from ocrdesk_worker.preprocess.straightening.deskew import DeskewedImage
    from ocrdesk_worker.preprocess.straightening.dewarp import DewarpedImage

_GRID = 128
"""Places of a page are found on its straightened image by so many columns and rows of points."""


@dataclass(frozen=True)
class LevelPage:
    """A straightened page image, and the blocks that were read on it, in its pixels."""

    straight: DewarpedImage | DeskewedImage
    blocks: tuple[Block, ...]

    def level_box(self, box: Box) -> Box:
        """Return where a box of the original is on the straightened image, up to a cell of a coarse grid larger."""
        points, places = self._grid
        width, height = self.straight.image.size
        margin = np.array((width, height)) / _GRID
        low, high = np.array((box.left, box.top)) - margin, np.array((box.right, box.bottom)) + margin
        inside = points[((places >= low) & (places <= high)).all(axis=1)]
        if not len(inside):
            return Box.clipped(box, width, height)
        return box_around(inside, width, height)

    def on_original(self, page: Page) -> Page:
        """Return a page that is in pixels of the straightened image in those of the original; all but its codes."""
        straight = self.straight
        blocks = (
            block.model_copy(update={"table": self._table(block.table)}) if block.table else block
            for block in page.blocks
        )
        changes = {
            "width": straight.original_width,
            "height": straight.original_height,
            "blocks": straight.map_to_original(tuple(blocks)),
            "figures": tuple(it.model_copy(update={"box": self._original_box(it.box)}) for it in page.figures),
            "form_fields": tuple(it.model_copy(update={"box": self._original_box(it.box)}) for it in page.form_fields),
            "unread": tuple(map(self._original_box, page.unread)),
        }
        return page.model_copy(update=changes)

    def _table(self, table: TableGrid) -> TableGrid:
        cells = tuple(cell.model_copy(update={"box": self._original_box(cell.box)}) for cell in table.cells)
        return table.model_copy(update={"cells": cells})

    def _original_box(self, box: Box) -> Box:
        """Return the box on the original around the corners of a box of the straightened image."""
        left, top, right, bottom = box
        corners = np.array(((left, top), (right, top), (left, bottom), (right, bottom)), np.float64)
        points = self.straight.original_points(corners)
        return box_around(points, self.straight.original_width, self.straight.original_height)

    @cached_property
    def _grid(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Points of the straightened image, and where they are on the original."""
        width, height = self.straight.image.size
        across, down = np.meshgrid(np.linspace(0, width, _GRID + 1), np.linspace(0, height, _GRID + 1))
        points = np.column_stack((across.ravel(), down.ravel()))
        return points, self.straight.original_points(points)
