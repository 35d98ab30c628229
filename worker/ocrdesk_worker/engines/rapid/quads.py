"""Quads: the four corners of a line of text that may lie askew; and the picture of what is inside."""

from __future__ import annotations

from typing import Any

from ocrdesk_worker.preprocess.components import Image
from ocrdesk_worker.preprocess.opencv import cv2, np

Quad = np.ndarray[tuple[Any, ...], np.dtype[Any]]
"""4 x 2: top left, top right, bottom right, bottom left, as x and y in pixels of the page image."""

Edges = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def ordered(corners: Quad) -> Quad:
    """Four corners in the order of a Quad."""
    total, difference = corners.sum(1), corners[:, 0] - corners[:, 1]
    picked = [total.argmin(), difference.argmax(), total.argmax(), difference.argmin()]
    return corners[picked].astype(np.float32)


def upright(edges: Edges) -> Quad:
    left, top, right, bottom = edges
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


def edges_of(quad: Quad) -> Edges:
    """The smallest upright rectangle around it."""
    left, top = quad.min(0)
    right, bottom = quad.max(0)
    return float(left), float(top), float(right), float(bottom)


def size_of(quad: Quad) -> tuple[float, float]:
    """Its width and height, along and across the line."""
    wide = max(np.linalg.norm(quad[0] - quad[1]), np.linalg.norm(quad[3] - quad[2]))
    high = max(np.linalg.norm(quad[0] - quad[3]), np.linalg.norm(quad[1] - quad[2]))
    return float(wide), float(high)


def turned(quad: Quad) -> list[Quad]:
    """A line that runs up or down, from where it begins if it runs up, and if it runs down."""
    return [quad[[3, 0, 1, 2]], quad[[1, 2, 3, 0]]]


def cut_out(image: Image, quad: Quad) -> Image:
    """What is inside, laid straight. At least one pixel."""
    wide, high = (max(1, round(side)) for side in size_of(quad))
    left, top, right, bottom = edges_of(quad)
    if abs(right - left - wide) < 1 and abs(bottom - top - high) < 1:  # upright: nothing to turn
        rows, columns = image.shape
        part = image[
            max(0, round(top)) : max(1, min(rows, round(bottom))),
            max(0, round(left)) : max(1, min(columns, round(right))),
        ]
        if part.size:
            return part
    target = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    straight: Image = cv2.warpPerspective(
        image,
        cv2.getPerspectiveTransform(quad, target),
        (wide, high),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return straight


def part_of(quad: Quad, start: float, end: float, top: float = 0.0, bottom: float = 1.0) -> Edges:
    """The upright rectangle around a part of it, from `start` to `end` along the line, in fractions of it."""
    upper_start, upper_end = quad[0] + (quad[1] - quad[0]) * start, quad[0] + (quad[1] - quad[0]) * end
    lower_start, lower_end = quad[3] + (quad[2] - quad[3]) * start, quad[3] + (quad[2] - quad[3]) * end
    corners = [
        upper_start + (lower_start - upper_start) * top,
        upper_end + (lower_end - upper_end) * top,
        upper_end + (lower_end - upper_end) * bottom,
        upper_start + (lower_start - upper_start) * bottom,
    ]
    return edges_of(np.array(corners, np.float32))
