"""The visible edges of filled areas: of backgrounds behind cells, rows and frames."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ocrdesk_worker.render.page_frame import PdfRectangle

_MAX_AREAS = 4_000
"""Of a page with more, the largest are used."""
_MAX_COMPARED = 200
"""How many of the largest areas of a colour may have others inside."""
_TOUCHING_POINTS = 1.2
_BESIDE_POINTS = 6.0
"""A line so near to an edge is that edge: between them is the white inside a cell's border."""
_COVERED = 0.6


@dataclass(frozen=True, slots=True)
class FilledArea:
    """An upright rectangle, in points of the page's space, and its colour."""

    box: PdfRectangle
    color: tuple[int, int, int, int]


def visible_edges(areas: Iterable[FilledArea], lines: Sequence[PdfRectangle]) -> Iterator[PdfRectangle]:
    """Yield the edges of areas that are not beside one of these lines. Areas of one colour that touch are one."""
    largest = sorted(areas, key=lambda area: -_size(area.box))[:_MAX_AREAS]
    by_color: dict[tuple[int, int, int, int], list[PdfRectangle]] = {}
    for area in largest:
        by_color.setdefault(area.color, []).append(area.box)
    is_drawn = _drawn_lines(lines)
    for boxes in by_color.values():
        for box in _merged(boxes):
            for edge in _edges(box):
                if not is_drawn(edge):
                    yield edge


def _size(box: PdfRectangle) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _edges(box: PdfRectangle) -> tuple[PdfRectangle, ...]:
    left, bottom, right, top = box
    return (
        (left, top, right, top),
        (left, bottom, right, bottom),
        (left, bottom, left, top),
        (right, bottom, right, top),
    )


def _merged(boxes: Sequence[PdfRectangle]) -> list[PdfRectangle]:
    """Return the areas of one colour: pieces side by side or one on the other as one, without those inside others."""
    found = list(boxes)
    for _ in range(3):
        before = len(found)
        found = _outer(_joined(_joined(found, 0), 1))
        if len(found) == before:
            break
    return found


def _joined(boxes: Sequence[PdfRectangle], axis: int) -> list[PdfRectangle]:
    """Join areas that touch along a whole side: for axis 0 side by side, for axis 1 one on the other."""
    other = 1 - axis
    near = _TOUCHING_POINTS
    runs: list[list[float]] = []
    open_runs: dict[tuple[int, int], int] = {}
    for box in sorted(boxes, key=lambda box: (box[axis], box[other])):
        key = round(box[other] / near), round(box[other + 2] / near)
        for one in (key, *((key[0] + a, key[1] + b) for a in (-1, 0, 1) for b in (-1, 0, 1))):
            number = open_runs.get(one)
            if number is not None and box[axis] - runs[number][axis + 2] <= near:
                run = runs[number]
                run[axis + 2] = max(run[axis + 2], box[axis + 2])
                break
        else:
            open_runs[key] = len(runs)
            runs.append(list(box))
    return [(run[0], run[1], run[2], run[3]) for run in runs]


def _outer(boxes: Sequence[PdfRectangle]) -> list[PdfRectangle]:
    near = _TOUCHING_POINTS
    kept: list[PdfRectangle] = []
    for box in sorted(boxes, key=_size, reverse=True):
        if not any(
            it[0] - near <= box[0] and it[1] - near <= box[1] and box[2] <= it[2] + near and box[3] <= it[3] + near
            for it in kept[:_MAX_COMPARED]
        ):
            kept.append(box)
    return kept


def _drawn_lines(lines: Sequence[PdfRectangle]) -> Callable[[PdfRectangle], bool]:
    """Return a function that says whether an edge is beside lines that cover most of it."""
    across = sorted(
        ((line[1] + line[3]) / 2, line[0], line[2]) for line in lines if line[2] - line[0] >= line[3] - line[1]
    )
    down = sorted(
        ((line[0] + line[2]) / 2, line[1], line[3]) for line in lines if line[2] - line[0] < line[3] - line[1]
    )
    tables = [(across, [line[0] for line in across]), (down, [line[0] for line in down])]

    def is_drawn(edge: PdfRectangle) -> bool:
        vertical = edge[2] - edge[0] < edge[3] - edge[1]
        found, positions = tables[vertical]
        position = edge[0] if vertical else edge[1]
        start, end = (edge[1], edge[3]) if vertical else (edge[0], edge[2])
        first = bisect_left(positions, position - _BESIDE_POINTS)
        last = min(first + 1_000, bisect_right(positions, position + _BESIDE_POINTS))
        pieces = sorted(
            (max(start, low), min(end, high)) for _, low, high in found[first:last] if low < end > start < high
        )
        covered, reached = 0.0, start
        for low, high in pieces:
            covered += max(0.0, high - max(low, reached))
            reached = max(reached, high)
        return covered >= _COVERED * (end - start)

    return is_drawn
