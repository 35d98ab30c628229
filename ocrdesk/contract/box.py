"""Rectangles in page-image pixels, and all geometry on them.

The origin is the top left corner: x grows to the right and y downwards. `Box` has whole pixels; `Rectangle` is the same
before rounding, as a plain tuple, because thousands of them are made for a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeVar

Rotation = Literal[0, 90, 180, 270]
"""Degrees clockwise."""

Rectangle = tuple[float, float, float, float]
"""Left, top, right, bottom in page-image pixels, not rounded. Every `Box` is one."""

_Number = TypeVar("_Number", int, float)


class Box(NamedTuple):
    """A rectangle in page-image pixels, origin top left; right and bottom are exclusive. JSON: [l, t, r, b]."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def area(self) -> int:
        return (self.right - self.left) * (self.bottom - self.top)

    @property
    def center_x(self) -> float:
        return (self.left + self.right) / 2

    @property
    def center_y(self) -> float:
        return (self.top + self.bottom) / 2

    @classmethod
    def around(cls, boxes: Sequence[Box]) -> Box:
        """Return the smallest box that contains all of `boxes`, of which there must be at least one."""
        left, top, right, bottom = zip(*boxes, strict=True)  # thousands of times for a page
        return cls(min(left), min(top), max(right), max(bottom))

    @classmethod
    def clipped(cls, edges: tuple[int, int, int, int], width: int, height: int) -> Box:
        """Return the box with these edges, clipped to an image of that size; at least one pixel wide and high."""
        left, top = min(max(0, edges[0]), width - 1), min(max(0, edges[1]), height - 1)
        return cls(left, top, max(left + 1, min(width, edges[2])), max(top + 1, min(height, edges[3])))

    def moved(self, x: int, y: int) -> Box:
        """Return the box moved to the right by `x` and down by `y`."""
        return Box(self.left + x, self.top + y, self.right + x, self.bottom + y)

    def scaled(self, x: float, y: float) -> Rectangle:
        """Return the box with its horizontal edges multiplied by `x` and its vertical ones by `y`, not rounded."""
        return self.left * x, self.top * y, self.right * x, self.bottom * y

    def contains(self, x: float, y: float) -> bool:
        """Return whether the point is in the box; its right and bottom edges are outside."""
        return self.left <= x < self.right and self.top <= y < self.bottom

    def shared_width(self, other: Box) -> int:
        """Return the width that both boxes share; below 0, how far they are apart horizontally."""
        return min(self.right, other.right) - max(self.left, other.left)

    def shared_height(self, other: Box) -> int:
        """Return the height that both boxes share; below 0, how far they are apart vertically."""
        return min(self.bottom, other.bottom) - max(self.top, other.top)

    def shared_area(self, other: Box) -> int:
        """Return how many pixels are in both boxes."""
        left, top, right, bottom = self  # not by calls: a dense page asks this a hundred thousand times
        other_left, other_top, other_right, other_bottom = other
        width = (right if right < other_right else other_right) - (left if left > other_left else other_left)
        if width <= 0:
            return 0
        height = (bottom if bottom < other_bottom else other_bottom) - (top if top > other_top else other_top)
        return width * height if height > 0 else 0

    def gap(self, other: Box) -> int:
        """Return the horizontal distance to a box beside this one; 0 if they share columns of pixels."""
        return max(self.left - other.right, other.left - self.right, 0)

    def crosses_rows(self, other: Box) -> bool:
        """Return whether the boxes share a row of pixels."""
        return self.top < other.bottom and other.top < self.bottom

    def crosses_columns(self, other: Box) -> bool:
        """Return whether the boxes share a column of pixels."""
        return self.left < other.right and other.left < self.right

    def overlaps(self, other: Box) -> bool:
        """Return whether the boxes share a pixel."""
        return overlap(self, other)

    def shares_columns(self, other: Box) -> bool:
        """Return whether the boxes share more than half of the narrower one's width."""
        shared = min(self.right, other.right) - max(self.left, other.left)  # not by calls: paragraphs ask this often
        return 2 * shared > min(self.right - self.left, other.right - other.left)

    def turned(self, direction: Rotation, width: int, height: int) -> Box:
        """Return the box on an image of that size that is turned so that text of that direction runs to the right."""
        return Box(*turned(self, direction, width, height))


def around(one: Rectangle, other: Rectangle) -> Rectangle:
    """Return the smallest rectangle that contains both."""
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def overlap(one: Rectangle, other: Rectangle) -> bool:
    """Return whether the rectangles share an area."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def contains_center(outer: Rectangle, inner: Rectangle) -> bool:
    """Return whether the centre of `inner` is in `outer` or on one of its edges."""
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def turned(
    edges: tuple[_Number, _Number, _Number, _Number], direction: int, width: int, height: int
) -> tuple[_Number, _Number, _Number, _Number]:
    """Return the edges on an image of `width` x `height` pixels that is turned so that text runs to the right.

    `direction` is how far clockwise the text is turned on the image as it is: 0, 90, 180 or 270 degrees.
    """
    left, top, right, bottom = edges
    if direction == 90:
        return top, width - right, bottom, width - left
    if direction == 180:
        return width - right, height - bottom, width - left, height - top
    if direction == 270:
        return height - bottom, left, height - top, right
    return edges
