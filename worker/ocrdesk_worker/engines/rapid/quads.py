"""Quadrilaterals of skewed lines.

A quad has the four corners of a line of text. The pixels inside it can be cut out.
"""

from __future__ import annotations

import math
from typing import Any

from ocrdesk.contract.box import Rectangle
from ocrdesk_worker.preprocess.pixels import Pixels, np
from ocrdesk_worker.preprocess.resizing import cubic_weights

Quad = np.ndarray[tuple[Any, ...], np.dtype[Any]]
"""4 x 2: top left, top right, bottom right, bottom left, as x and y in pixels of the page image."""


def as_quad(corners: Quad) -> Quad:
    """Return four corners in the order of a quad."""
    total, difference = corners.sum(1), corners[:, 0] - corners[:, 1]
    picked = [total.argmin(), difference.argmax(), total.argmax(), difference.argmin()]
    return corners[picked].astype(np.float32)


def quad_of(rectangle: Rectangle) -> Quad:
    left, top, right, bottom = rectangle
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


def rectangle_around(quad: Quad) -> Rectangle:
    """Return the smallest upright rectangle around a quad."""
    left, top = quad.min(0)
    right, bottom = quad.max(0)
    return float(left), float(top), float(right), float(bottom)


def size_of(quad: Quad) -> tuple[float, float]:
    """Return the width and height, along and across the line."""
    width = max(np.linalg.norm(quad[0] - quad[1]), np.linalg.norm(quad[3] - quad[2]))
    height = max(np.linalg.norm(quad[0] - quad[3]), np.linalg.norm(quad[1] - quad[2]))
    return float(width), float(height)


def vertical_readings(quad: Quad) -> list[Quad]:
    """Return a vertical line's quad as if it is read upwards, and as if it is read downwards."""
    return [quad[[3, 0, 1, 2]], quad[[1, 2, 3, 0]]]


def cut_out(image: Pixels, quad: Quad) -> Pixels:
    """Return the pixels inside a quad, deskewed; at least one pixel."""
    width, height = (max(1, round(side)) for side in size_of(quad))
    left, top, right, bottom = rectangle_around(quad)
    if abs(right - left - width) < 1 and abs(bottom - top - height) < 1:  # upright: nothing to turn
        rows, columns = image.shape
        part = image[
            max(0, round(top)) : max(1, min(rows, round(bottom))),
            max(0, round(left)) : max(1, min(columns, round(right))),
        ]
        if part.size:
            return part
    # what lies beyond the image is like its outermost pixels
    columns = np.arange(math.floor(left) - 1, math.ceil(right) + 3)
    rows = np.arange(math.floor(top) - 1, math.ceil(bottom) + 3)
    around = image[np.ix_(rows.clip(0, image.shape[0] - 1), columns.clip(0, image.shape[1] - 1))]
    return _interpolated(around, quad - (columns[0], rows[0]), width, height)


def _interpolated(image: Pixels, quad: Quad, width: int, height: int) -> Pixels:
    """Return the pixels inside a quad, which the image contains with a margin for the interpolation."""
    across, down = np.arange(width) / width, (np.arange(height) / height)[:, None]
    start, along, upright = quad[0], quad[1] - quad[0], quad[3] - quad[0]
    askew = quad[2] - quad[1] - upright
    x, y = (start[axis] + along[axis] * across + (upright[axis] + askew[axis] * across) * down for axis in (0, 1))
    left, top = x.astype(np.intp), y.astype(np.intp)
    x_weights, y_weights = (cubic_weights((place - base).astype(np.float32)) for place, base in ((x, left), (y, top)))
    flat, first = image.ravel(), (top - 1) * image.shape[1] + left - 1
    total = np.zeros((height, width), np.float32)
    for row in range(4):
        line = np.zeros((height, width), np.float32)
        for column in range(4):
            line += flat.take(first + (row * image.shape[1] + column)) * x_weights[column]
        total += line * y_weights[row]
    pixels: Pixels = np.rint(total).clip(0, 255).astype(np.uint8)
    return pixels


def part_of(quad: Quad, start: float, end: float, top: float = 0.0, bottom: float = 1.0) -> Rectangle:
    """Return the upright rectangle around a part of a quad.

    `start` and `end` are fractions of the line's width, `top` and `bottom` of its height.
    """
    upper_start, upper_end = quad[0] + (quad[1] - quad[0]) * start, quad[0] + (quad[1] - quad[0]) * end
    lower_start, lower_end = quad[3] + (quad[2] - quad[3]) * start, quad[3] + (quad[2] - quad[3]) * end
    corners = [
        upper_start + (lower_start - upper_start) * top,
        upper_end + (lower_end - upper_end) * top,
        upper_end + (lower_end - upper_end) * bottom,
        upper_start + (lower_start - upper_start) * bottom,
    ]
    return rectangle_around(np.array(corners, np.float32))
