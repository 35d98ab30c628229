"""Prepares the lines that Tesseract's layout found: which of them are text, and where their ink ends."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from statistics import median

from ocrdesk.contract.box import Box
from ocrdesk_worker.engines.rapid.ink import longest_gap
from ocrdesk_worker.engines.tesseract.in_process import LayoutLine
from ocrdesk_worker.preprocess.pixels import Pixels, np

_THIN, _LONG = 0.35, 10
"""Of a ruling line, in usual heights of a line: its height is less than the first, its width at least the second."""
_INSIDE, _LONGER, _AS_HIGH = 0.8, 3, 1.7
"""A part of a line is read with another of which it shares so much of its area, which is so many times as long, and at
most so many times as high."""
_LETTER, _SAME_ROW, _AS_TALL = 0.6, 0.2, 1.6
"""Of parts of a row, in heights of the lower one: the gap between them, that between their baselines, and the height of
the other."""
_BETWEEN_LETTERS = 0.2
"""Of the higher one: letters of a word are no further from each other."""
_TINY, _LOW = 0.5, 0.6
"""A line of dashes is lower than the first part of the usual height, one without ascenders higher than the second."""
_SHALLOW, _DESCENT = 0.18, 0.286
"""As parts of the height above the baseline: the least depth of a line with descenders, and their usual depth."""


def without_rules(lines: Sequence[LayoutLine]) -> list[LayoutLine]:
    """Return the lines but those that are far too long for their height: ruling lines."""
    usual = median(line.box.height for line in lines) if lines else 0
    return [line for line in lines if line.box.height > _THIN * usual or line.box.width < _LONG * usual]


def without_repeats(lines: Sequence[LayoutLine]) -> list[LayoutLine]:
    """Return the lines but the parts that are inside a longer line: its image shows them too."""
    boxes = np.array([line.box for line in lines]).reshape(-1, 4)
    left, top, right, bottom = boxes.T
    wide, high = right - left, bottom - top
    kept = []
    for number, line in enumerate(lines):
        across = np.minimum(right, right[number]) - np.maximum(left, left[number])
        down = np.minimum(bottom, bottom[number]) - np.maximum(top, top[number])
        inside = np.maximum(across, 0) * np.maximum(down, 0) >= _INSIDE * wide[number] * high[number]
        longer = (wide >= _LONGER * wide[number]) & (high <= _AS_HIGH * high[number])
        if not (inside & longer).any():
            kept.append(line)
    return kept


def join_cut_lines(page: Pixels, lines: Sequence[LayoutLine]) -> list[LayoutLine]:
    """Return the lines, those as one that were cut within a word.

    The layout may find the edge of a column in the middle of words that begin at the same place. It then puts their
    parts in two blocks, and the letter at the edge in neither.
    """
    first = list(range(len(lines)))
    for before, after in _neighbours(lines):
        one, other = lines[before].box, lines[after].box
        if _widest_gap(page, one, other) < _BETWEEN_LETTERS * max(one.height, other.height):
            first[after] = first[before]
    parts: dict[int, list[Box]] = {}
    for number, line in enumerate(lines):
        parts.setdefault(first[number], []).append(line.box)
    return [replace(lines[number], box=Box.around(parts[number])) for number in sorted(parts)]


def _neighbours(lines: Sequence[LayoutLine]) -> list[tuple[int, int]]:
    """Return the numbers of parts of a row in two blocks, with little room between them, from left to right."""
    by_baseline = sorted(range(len(lines)), key=lambda number: lines[number].baseline)
    baselines = [lines[number].baseline for number in by_baseline]
    pairs = []
    for number, line in enumerate(lines):
        reach = _SAME_ROW * line.box.height
        row = slice(bisect_left(baselines, line.baseline - reach), bisect_right(baselines, line.baseline + reach))
        pairs += [(number, other) for other in by_baseline[row] if _may_go_on(line, lines[other])]
    return sorted(pairs, key=lambda pair: lines[pair[1]].box.left)


def _may_go_on(one: LayoutLine, other: LayoutLine) -> bool:
    """Return whether a line may go on with another, which is in another block."""
    low, high = sorted((one.box.height, other.box.height))
    return (
        other.block != one.block
        and other.box.left > one.box.left
        and abs(other.box.left - one.box.right) < _LETTER * low
        and abs(other.baseline - one.baseline) < _SAME_ROW * low
        and high <= _AS_TALL * low
    )


def _widest_gap(page: Pixels, left: Box, right: Box) -> int:
    """Return the number of the most white columns that follow each other where two parts of a row meet."""
    reach = min(left.height, right.height) // 2
    rows = slice(min(left.top, right.top), max(left.bottom, right.bottom))
    part = page[rows, max(left.left, left.right - reach) : min(right.right, right.left + reach)]
    has_ink = (part < (int(part.min()) + int(part.max())) / 2).any(0)
    return longest_gap(has_ink.tobytes())


def full_heights(lines: Sequence[LayoutLine]) -> list[Box]:
    """Return the lines' boxes with room for ascenders and descenders, whether a line has such letters or not."""
    boxes = []
    for _, members in groupby(lines, key=lambda line: line.block):
        block = [(line.box, line.baseline, line.baseline - line.box.top) for line in members]
        usual = median(above for _, _, above in block)
        for box, baseline, own in block:
            above = usual if own < _TINY * usual or _LOW * usual < own < usual else own
            below = box.bottom - baseline
            if below < _SHALLOW * above:
                below = _DESCENT * above
            top, bottom = round(baseline - above), round(baseline + below)
            boxes.append(Box(box.left, max(0, min(top, box.top)), box.right, max(bottom, box.bottom)))
    return boxes
