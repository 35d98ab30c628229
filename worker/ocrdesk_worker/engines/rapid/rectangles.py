"""The smallest rectangle, at any angle, around an area of pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ocrdesk_worker.preprocess.connected_areas import Numbers
from ocrdesk_worker.preprocess.pixels import np

Points = np.ndarray[tuple[Any, ...], np.dtype[np.float64]]
"""A row for each point: x and y."""


@dataclass(frozen=True, slots=True)
class TurnedRectangle:
    """A rectangle in any direction, with the lengths of two neighbouring sides."""

    centre: Points
    direction: Points
    """Of the first side; its length is 1."""
    side: float
    other_side: float

    def corners(self, margin: float) -> Points:
        """Return the four corners, in order, of the rectangle with sides longer by `margin`."""
        along = self.direction * ((self.side + margin) / 2)
        across = np.array([-self.direction[1], self.direction[0]]) * ((self.other_side + margin) / 2)
        corners: Points = self.centre + np.array([-along - across, along - across, along + across, across - along])
        return corners


def smallest_rectangle(rows: Numbers, lefts: Numbers, rights: Numbers) -> TurnedRectangle:
    """Return the rectangle with the smallest area around an area of pixels; one of its sides is on their convex hull.

    The pixels are given by their rows, downwards, and the first and last column in each.
    """
    hull = np.array(_hull(rows.tolist(), lefts.tolist(), rights.tolist()), np.float64)
    sides = hull - hull[np.arange(len(hull)) - 1]
    lengths = np.hypot(sides[:, 0], sides[:, 1])
    directions = sides[lengths > 0] / lengths[lengths > 0, None] if lengths.any() else np.array([[1.0, 0.0]])
    normals = np.column_stack((-directions[:, 1], directions[:, 0]))
    along, across = hull @ directions.T, hull @ normals.T  # a column for each direction
    first, last, top, bottom = along.min(axis=0), along.max(axis=0), across.min(axis=0), across.max(axis=0)
    best = int(np.argmin((last - first) * (bottom - top)))
    middle, height = (first[best] + last[best]) / 2, (top[best] + bottom[best]) / 2
    centre = directions[best] * middle + normals[best] * height
    return TurnedRectangle(centre, directions[best], float(last[best] - first[best]), float(bottom[best] - top[best]))


def _hull(rows: Sequence[int], lefts: Sequence[int], rights: Sequence[int]) -> list[tuple[int, int]]:
    """Return the corners of the convex hull, as x and y, all the way round."""
    left = _left_hull(rows, lefts)
    right = _left_hull(rows, [-column for column in rights])
    return left + [(-x, y) for x, y in reversed(right)]


def _left_hull(rows: Sequence[int], lefts: Sequence[int]) -> list[tuple[int, int]]:
    hull: list[tuple[int, int]] = []
    for x, y in zip(lefts, rows, strict=True):
        while len(hull) > 1:
            (x1, y1), (x2, y2) = hull[-2], hull[-1]
            if (x2 - x1) * (y - y1) < (x - x1) * (y2 - y1):  # the point before is on the left of a straight line
                break
            hull.pop()
        hull.append((x, y))
    return hull
