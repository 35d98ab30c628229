"""Joins ruling lines and groups those that cross."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocrdesk.layout.page_marks import Rule

_MAX_RULES = 4_000
"""Of a page with more, the longest are used."""
_SAME_LINE = 0.4
"""In heights of the median word: lines this near are one: the two lines of a double rule, and a cell's own borders."""
_JOIN = 0.7
"""In heights of the median word: pieces of a line are this far apart at most; so is an end from the line it meets."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A whole ruling line: the pieces on one position.

    A horizontal one is at y = `position`, from x = `start` to `end`.
    """

    position: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Strokes:
    """Ruling lines that cross or meet, or all of a page, each kind by position."""

    horizontal: tuple[Stroke, ...]
    vertical: tuple[Stroke, ...]
    reach: float
    """In pixels: how far from a line another may end to meet it."""

    @property
    def left(self) -> float:
        return min([*(line.start for line in self.horizontal), *(line.position for line in self.vertical)])

    @property
    def right(self) -> float:
        return max([*(line.end for line in self.horizontal), *(line.position for line in self.vertical)])

    @property
    def top(self) -> float:
        return min([*(line.position for line in self.horizontal), *(line.start for line in self.vertical)])

    @property
    def bottom(self) -> float:
        return max([*(line.position for line in self.horizontal), *(line.end for line in self.vertical)])


def joined_strokes(rules: Iterable[Rule], height: float) -> Strokes:
    """Return the page's ruling lines as whole lines. `height` is that of the median word, in pixels."""
    longest = sorted(rules, key=lambda rule: -max(rule.box.width, rule.box.height))[:_MAX_RULES]
    across = [(rule.box.center_y, rule.box.left, rule.box.right) for rule in longest if rule.direction == "horizontal"]
    down = [(rule.box.center_x, rule.box.top, rule.box.bottom) for rule in longest if rule.direction == "vertical"]
    same, join = _SAME_LINE * height, _JOIN * height
    return Strokes(_joined(across, same, join, height), _joined(down, same, join, height), join)


def _joined(pieces: Iterable[tuple[float, int, int]], same: float, join: float, shortest: float) -> tuple[Stroke, ...]:
    """Return the lines that pieces (position, start, end) are of. What is shorter than a letter is high is no line."""
    groups: list[list[tuple[float, int, int]]] = []
    for piece in sorted(pieces):
        if groups and piece[0] - groups[-1][0][0] <= same:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    lines: list[Stroke] = []
    for group in groups:
        run: list[tuple[float, int, int]] = []
        end = 0
        for piece in sorted(group, key=lambda piece: piece[1]):
            if run and piece[1] - end > join:
                lines.append(_stroke(run, end))
                run = []
            end = max(end, piece[2]) if run else piece[2]
            run.append(piece)
        lines.append(_stroke(run, end))
    return tuple(line for line in lines if line.end - line.start >= shortest)


def _stroke(pieces: Sequence[tuple[float, int, int]], end: int) -> Stroke:
    weight = sum(piece[2] - piece[1] for piece in pieces) or 1
    position = sum(piece[0] * (piece[2] - piece[1]) for piece in pieces) / weight if weight > 1 else pieces[0][0]
    return Stroke(position, pieces[0][1], end)


def crossing_groups(strokes: Strokes) -> list[Strokes]:
    """Return the groups of lines that cross or meet, each with lines of both directions."""
    reach = strokes.reach
    vertical = sorted(strokes.vertical, key=lambda line: line.position)
    positions = [line.position for line in vertical]
    parent = list(range(len(strokes.horizontal) + len(vertical)))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    offset = len(strokes.horizontal)
    for number, line in enumerate(strokes.horizontal):
        first = bisect_left(positions, line.start - reach)
        last = bisect_right(positions, line.end + reach)
        for other in range(first, last):
            if vertical[other].start - reach <= line.position <= vertical[other].end + reach:
                parent[root(number)] = root(offset + other)
    groups: dict[int, tuple[list[Stroke], list[Stroke]]] = {}
    for number, line in enumerate([*strokes.horizontal, *vertical]):
        groups.setdefault(root(number), ([], []))[number >= offset].append(line)
    return [Strokes(tuple(across), tuple(down), reach) for across, down in groups.values() if across and down]


def parted(strokes: Strokes, heights: Sequence[float]) -> list[Strokes]:
    """Return the lines above, between and below these heights, in order, each with lines of both directions.

    Lines that cross a height are cut there.
    """
    groups: list[tuple[list[Stroke], list[Stroke]]] = [([], []) for _ in range(len(heights) + 1)]
    for line in strokes.horizontal:
        groups[bisect_left(heights, line.position)][0].append(line)
    for line in strokes.vertical:
        first, last = bisect_left(heights, line.start), bisect_left(heights, line.end)
        ends = [line.start, *map(round, heights[first:last]), line.end]
        for number, (start, end) in enumerate(pairwise(ends), first):
            groups[number][1].append(Stroke(line.position, start, end))
    return [Strokes(tuple(across), tuple(down), strokes.reach) for across, down in groups if across and down]
