"""Straightens the bent lines of a page image for the engine, and maps the boxes of its words back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

from ocrdesk_worker.preprocess.pixels import np
from ocrdesk_worker.preprocess.straightening.curvature import Curvature
from ocrdesk_worker.preprocess.straightening.word_ink import map_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ocrdesk.contract.document import Block

_CELLS = 48
"""The image is moved in so many columns and rows of cells, within which a line may be taken for straight."""
_MOST_ADDED = 0.25
"""Share of the page's height that is added above or below at most, for lines that bend beyond its edges."""


@dataclass(frozen=True, slots=True)
class DewarpedImage:
    """A page image whose lines are straight."""

    image: Image.Image
    original_width: int
    original_height: int
    top: int
    """The y that the first row of `image` has at the middle of the original."""
    curvature: Curvature

    def map_to_original(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Return the blocks with the boxes that their words have on the original image."""
        return map_words(blocks, self.image, self.original_points, self.original_width, self.original_height)

    def original_points(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return where points (rows of x and y) of the image are on the original."""
        x, levels = points[:, 0], points[:, 1] + self.top
        return np.column_stack((x, self.curvature.heights_at(self.curvature.width / 2, levels, x)))


def dewarp(image: Image.Image, curvature: Curvature) -> DewarpedImage:
    """Return the 8-bit grey image with straight lines. New areas get the tone of its paper."""
    width, height = image.size
    edge = np.linspace(0, width, _CELLS + 1)
    top = float(curvature.levels_of(edge, np.zeros(len(edge))).min())
    bottom = float(curvature.levels_of(edge, np.full(len(edge), float(height))).max())
    added = _MOST_ADDED * height
    first, last = math.floor(max(-added, min(0.0, top))), math.ceil(min(height + added, max(height, bottom)))
    xs = edge.round().astype(int)
    levels = np.linspace(0, last - first, _CELLS + 1).round().astype(int)
    across, down = np.meshgrid(xs.astype(np.float64), levels + float(first))
    heights = curvature.heights_at(curvature.width / 2, down, across)
    cells = [
        (
            (int(xs[column]), int(levels[row]), int(xs[column + 1]), int(levels[row + 1])),
            _corners(across, heights, row, column),
        )
        for row in range(_CELLS)
        for column in range(_CELLS)
        if xs[column] < xs[column + 1] and levels[row] < levels[row + 1]
    ]
    straight = image.transform(
        (width, last - first),
        Image.Transform.MESH,
        cells,
        Image.Resampling.BICUBIC,
        fillcolor=int(np.median(np.asarray(image)[::8, ::8])),
    )
    return DewarpedImage(straight, width, height, first, curvature)


def _corners(
    x: NDArray[np.float64], y: NDArray[np.float64], row: int, column: int
) -> tuple[float, float, float, float, float, float, float, float]:
    """Return the corners of a cell on the original: top left, bottom left, bottom right, top right."""
    places = ((row, column), (row + 1, column), (row + 1, column + 1), (row, column + 1))
    first, second, third, fourth = ((float(x[place]), float(y[place])) for place in places)
    return (*first, *second, *third, *fourth)
