"""Connected areas of a mask.

Pixels that touch, if only at a corner, are in one area. Neighbouring pixels of a row are one run, and runs that touch
those of the row above are joined.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ocrdesk_worker.preprocess.pixels import Mask, np

Numbers = np.ndarray[tuple[Any, ...], np.dtype[np.intp]]


@dataclass(frozen=True)
class ConnectedAreas:
    """The connected areas of a mask, numbered from 0 in the order of their first pixels."""

    shape: tuple[int, int]
    rows: Numbers
    """The row of each run, and its first column, the column after its last, and its area's number."""
    starts: Numbers
    ends: Numbers
    owners: Numbers
    count: int

    @cached_property
    def boxes(self) -> Numbers:
        """A row for each area: left, top, width, height."""
        left, right = np.full(self.count, self.shape[1]), np.zeros(self.count, np.intp)
        top, bottom = np.full(self.count, self.shape[0]), np.zeros(self.count, np.intp)
        np.minimum.at(left, self.owners, self.starts)
        np.maximum.at(right, self.owners, self.ends)
        np.minimum.at(top, self.owners, self.rows)
        np.maximum.at(bottom, self.owners, self.rows + 1)
        return np.column_stack((left, top, right - left, bottom - top))

    @cached_property
    def sizes(self) -> Numbers:
        """The number of pixels of each area."""
        return np.bincount(self.owners, self.ends - self.starts, self.count).astype(np.intp)

    def owners_at(self, rows: Numbers, columns: Numbers) -> Numbers:
        """Return the number of the area that each of these pixels is in. They must be pixels of the mask."""
        across = self.shape[1] + 1
        run = np.searchsorted(self.rows * across + self.starts, rows * across + columns, "right") - 1
        owners: Numbers = self.owners[run]
        return owners

    def mask_of(self, chosen: Mask) -> Mask:
        """Return the pixels of some areas: `chosen` has a value for each."""
        changes = np.zeros((self.shape[0], self.shape[1] + 1), np.int8)
        painted = chosen[self.owners]
        changes[self.rows[painted], self.starts[painted]] = 1
        changes[self.rows[painted], self.ends[painted]] = -1
        return np.cumsum(changes[:, :-1], axis=1, dtype=np.int8).view(np.bool_)

    def of_long_runs(self, least_run: int) -> ConnectedAreas:
        """Return the connected areas of the runs of at least that length alone."""
        starts, ends = (self.rows * (self.shape[1] + 1) + edges for edges in (self.starts, self.ends))
        return _connected(self.shape, starts, ends, least_run)


def find_connected_areas(mask: Mask, *, least_run: int = 1, gap: int = 0) -> ConnectedAreas:
    """Return the connected areas of a mask. Takes about 20 ms for a dense page of 1600 pixels' length.

    Gaps of up to `gap` pixels within a row are filled; runs shorter than `least_run` pixels are left out.
    """
    height, width = mask.shape
    across = width + 1  # a column without pixels separates the rows
    flat = np.zeros(height * across + 1, np.bool_)
    flat[1:].reshape(height, across)[:, :-1] = mask
    changes = np.flatnonzero(flat[1:] != flat[:-1])
    starts, ends = changes[::2], changes[1::2]
    if gap and len(starts):
        apart = (starts[1:] - ends[:-1] > gap) | (starts[1:] // across != starts[:-1] // across)
        starts, ends = starts[np.concatenate(([True], apart))], ends[np.concatenate((apart, [True]))]
    return _connected((height, width), starts, ends, least_run)


def _connected(shape: tuple[int, int], starts: Numbers, ends: Numbers, least_run: int) -> ConnectedAreas:
    """Return the connected areas of runs. `starts` and `ends` count the pixels of all rows, each with one more."""
    across = shape[1] + 1
    if least_run > 1:
        long = ends - starts >= least_run
        starts, ends = starts[long], ends[long]
    owners, count = _join(starts, ends, across)
    rows = starts // across
    return ConnectedAreas(shape, rows, starts - rows * across, ends - rows * across, owners, count)


def _join(starts: Numbers, ends: Numbers, across: int) -> tuple[Numbers, int]:
    """Return the number of each run's area, and how many there are."""
    # of the runs in the row above, those from `first` on touch a run
    first = np.searchsorted(ends, starts - across, "left")
    touching = _count_touching(starts, ends - across, first)
    lower = np.repeat(np.arange(len(starts)), touching)
    upper = np.arange(len(lower)) + np.repeat(first - np.cumsum(touching) + touching, touching)
    heads = _heads(len(starts), lower, upper)
    is_head = heads == np.arange(len(heads))
    numbers = np.cumsum(is_head) - 1
    return numbers[heads], int(np.count_nonzero(is_head))


def _count_touching(starts: Numbers, reach: Numbers, first: Numbers) -> Numbers:
    """Return how many runs, from the first one on, begin before each run's `reach` or at it: few, so no search."""
    touching = np.zeros(len(starts), np.intp)
    left = np.arange(len(starts))
    following = first
    while len(left):
        touches = starts[following] <= reach[left]
        left, following = left[touches], following[touches] + 1
        touching[left] += 1
    return touching


def _heads(count: int, lower: Numbers, upper: Numbers) -> Numbers:
    """Return the first run of each run's area: pairs of touching runs are merged until all have the same first run."""
    heads = np.arange(count)
    heads[lower] = upper  # one of the runs above
    while True:
        while True:  # each run looks at its head's head, until all heads are their own
            further = heads[heads]
            if np.array_equal(further, heads):
                break
            heads = further
        one, other = heads[lower], heads[upper]
        differ = one != other
        if not differ.any():
            return heads
        lower, upper = lower[differ], upper[differ]
        one, other = one[differ], other[differ]
        np.minimum.at(heads, np.maximum(one, other), np.minimum(one, other))
