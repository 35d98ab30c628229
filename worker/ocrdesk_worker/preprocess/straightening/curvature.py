"""Measures how the lines of a page bend, as on photos of open books and curled sheets.

The page is cut into narrow upright strips. How far the lines of one strip are higher or lower than those of the next
tells their slope there. One smooth field is fitted to these slopes; a line of text follows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any

from ocrdesk_worker.preprocess.pixels import Mask, Pixels, np
from ocrdesk_worker.preprocess.resizing import reduce
from ocrdesk_worker.preprocess.thumbnail import Thumbnail

_Numbers = np.ndarray[tuple[Any, ...], np.dtype[np.float64]]

_STRIP = 24
"""Width of a strip, in pixels of the thumbnail: a few letters."""
_MIN_STRIPS, _MIN_ROWS = 8, 100
_LEAST_REACH, _MOST_REACH, _REACH = 2, 10, 0.45
"""How far lines of two neighbouring strips may differ in height: pixels, and a share of the distance between lines.

Half of this distance could be up or down.
"""
_BAND = 72
"""Height of what is compared at a time: several lines. Bands overlap by half."""
_AROUND = 31
"""Rows whose mean is taken from a row, so that only lines count and no shadows, photos or upright rules."""
_ALIKE = 0.4
"""Correlation of neighbouring strips below which nothing is known about their lines."""
_MIN_SLOPES = 24
_KNOTS = 14
"""Places across the page where the slope may change its rate, so that the field follows a book's fold."""
_STIFFNESS, _LEVELLING = 0.02, 0.005
"""Weights of the changes of the slope from knot to knot, and of the slope itself where nothing was measured."""
_ROUNDS = 4
_OUTLIER = 2.5
_LEAST_SCALE = 0.015
"""A slope differs from the field by about this much because strips consist of pixels."""
_FITTING = 0.6
"""Share of the measured slopes that must agree with the field."""
_LEAST_BEND = 1.5
"""Pixels of the thumbnail: a smaller bend is not examined further."""
_CLEAR_BEND = 0.33
"""In distances between lines: what a line must bend by, compared with its chord."""
_SHORTEST, _LONGEST = 5, 120
"""Distances between lines, in pixels of the thumbnail."""
_LARGE, _USUAL = 40.0, 20.0
"""Lines of large print are measured on a smaller image, in which they have about the second distance."""
_REGULAR = 0.15
_CLEARLY = 1.08
"""The lines must be so many times as sharp along the field as along straight lines of any slope."""
_MAX_DEGREES, _STEP_DEGREES = 6.0, 0.5
_MAX_POINTS = 10_000
_LONGEST_SIDE = 26_000
"""In pixels, as for skewed pages."""


@dataclass(frozen=True)
class Curvature:
    """The field of the slopes of a page's lines. Lengths are in pixels of the page image."""

    width: float
    height: float
    slopes: _Numbers
    """Two rows, with a column for each knot from left to right: the slope, and what is added to it per height."""

    def heights_at(self, start_x: float, y: _Numbers, end_x: _Numbers) -> _Numbers:
        """Return at which y the lines through (`start_x`, `y`) are at `end_x`. The arrays have one shape."""
        return self._followed(np.full(np.shape(end_x), start_x), y, end_x)

    def levels_of(self, x: _Numbers, y: _Numbers) -> _Numbers:
        """Return the y that the lines through these points have at the middle of the page."""
        return self._followed(x, y, np.full(np.shape(x), self.width / 2))

    def _followed(self, start_x: _Numbers, y: _Numbers, end_x: _Numbers) -> _Numbers:
        """Follow the field in steps of half a knot's distance (the midpoint method)."""
        steps = 2 * _KNOTS
        step = (end_x - start_x) / steps
        x, y = np.array(start_x, np.float64), np.array(y, np.float64)
        for _ in range(steps):
            half = y + self._slope(x, y) * step / 2
            y = y + self._slope(x + step / 2, half) * step
            x = x + step
        return y

    def _slope(self, x: _Numbers, y: _Numbers) -> _Numbers:
        places = np.linspace(0, self.width, self.slopes.shape[1])
        level, change = (np.interp(x, places, row) for row in self.slopes)
        slope: _Numbers = level + change * np.clip(y / self.height - 0.5, -0.75, 0.75)
        return slope


def measure_curvature(thumbnail: Thumbnail) -> Curvature | None:
    """Return how the lines bend; None if they do not, or if it is not clear. Takes about 10 ms for a flat page."""
    ink = thumbnail.ink
    height, width = ink.shape
    strips = width // _STRIP
    if strips < _MIN_STRIPS or height < _MIN_ROWS or max(ink.shape) * thumbnail.factor > _LONGEST_SIDE:
        return None
    profiles = _profiles(ink, strips)
    distance = _line_distance(profiles)
    if distance == inf:
        return None
    if distance >= _LARGE:
        smaller = int(distance / _USUAL)
        return measure_curvature(Thumbnail(reduce(thumbnail.grey, smaller), thumbnail.factor * smaller))
    places, slopes, weights = _slopes(profiles, max(_LEAST_REACH, min(_MOST_REACH, int(_REACH * distance))))
    if len(slopes) < _MIN_SLOPES:
        return None
    curvature = _fitted(places, slopes, weights, width, height)
    if curvature is None:
        return None
    bend = _bend(curvature, places)
    if bend < _LEAST_BEND or bend < _CLEAR_BEND * distance or not _is_sharper(curvature, ink):
        return None
    factor = thumbnail.factor
    return Curvature(width * factor, height * factor, curvature.slopes)


def _profiles(ink: Mask, strips: int) -> _Numbers:
    """Return a row for each strip: how much ink each of its rows has, compared with the rows around."""
    height = len(ink)
    counts = ink[:, : strips * _STRIP].reshape(height, strips, _STRIP).sum(axis=2, dtype=np.float64).T
    padded = np.pad(counts, ((0, 0), (1, 1)), "edge")
    smooth = (padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]) / 4
    around = _window_sums(np.pad(smooth, ((0, 0), (_AROUND // 2, _AROUND // 2)), "edge"), _AROUND)
    profiles: _Numbers = smooth - around / _AROUND
    return profiles


def _window_sums(rows: _Numbers, length: int) -> _Numbers:
    sums = np.cumsum(np.pad(rows, ((0, 0), (1, 0))), axis=1)
    found: _Numbers = sums[:, length:] - sums[:, :-length]
    return found


def _slopes(profiles: _Numbers, reach: int) -> tuple[_Numbers, _Numbers, _Numbers]:
    """Return the places (x, y) where a slope was measured, the slopes, and their weights."""
    left, right = profiles[:-1], profiles[1:]
    band = min(_BAND, profiles.shape[1] - 2 * reach)
    inner = slice(reach, profiles.shape[1] - reach)
    every = slice(None, None, max(1, band // 2))
    energy = _window_sums(left[:, inner] ** 2, band)[:, every]
    likeness = []
    for shift in range(-reach, reach + 1):
        moved = right[:, reach + shift : right.shape[1] - reach + shift]
        both = _window_sums(left[:, inner] * moved, band)[:, every]
        other = _window_sums(moved**2, band)[:, every]
        likeness.append(both / np.sqrt(np.maximum(energy * other, 1e-9)))
    scores = np.stack(likeness)
    best = scores[1:-1].argmax(axis=0) + 1
    before, at, after = (np.take_along_axis(scores, (best + by)[None], 0)[0] for by in (-1, 0, 1))
    curve = before - 2 * at + after
    is_peak = (at > before) & (at >= after) & (curve < 0) & (at >= _ALIKE) & (energy > band / 2)
    shifts = best - reach + np.where(is_peak, (before - after) / np.where(is_peak, 2 * curve, 1), 0)
    pairs, bands = np.nonzero(is_peak)
    x = (pairs + 1.0) * _STRIP
    y = bands * float(max(1, band // 2)) + reach + band / 2
    return np.column_stack((x, y)), shifts[is_peak] / _STRIP, at[is_peak] ** 2


def _fitted(places: _Numbers, slopes: _Numbers, weights: _Numbers, width: int, height: int) -> Curvature | None:
    """Return the smooth field that most of the slopes agree with; None if they do not agree."""
    position = places[:, 0] / width * (_KNOTS - 1)
    hats = np.maximum(0, 1 - np.abs(position[:, None] - np.arange(_KNOTS)))
    rows = np.hstack((hats, hats * (places[:, 1] / height - 0.5)[:, None]))
    bending = np.diff(np.eye(_KNOTS), 2, axis=0)
    stiff = np.kron(np.eye(2), np.vstack((_STIFFNESS * bending, _LEVELLING * np.eye(_KNOTS)))) * np.sqrt(len(slopes))
    trust = np.ones(len(slopes))
    field = np.zeros(2 * _KNOTS)
    scale = _LEAST_SCALE
    for _ in range(_ROUNDS):
        root = np.sqrt(weights * trust)[:, None]
        field = np.linalg.lstsq(np.vstack((rows * root, stiff)), np.append(slopes * root[:, 0], np.zeros(len(stiff))))[
            0
        ]
        errors = np.abs(slopes - rows @ field)
        scale = max(_LEAST_SCALE, 1.5 * float(np.median(errors)))
        trust = np.minimum(1, (scale / np.maximum(errors, 1e-9)) ** 2)
    if np.mean(errors <= _OUTLIER * _LEAST_SCALE) < _FITTING:
        return None
    return Curvature(width, height, field.reshape(2, _KNOTS))


def _bend(curvature: Curvature, places: _Numbers) -> float:
    """Return by how much lines differ from their chords, where slopes were measured."""
    left, right = np.percentile(places[:, 0], (2, 98))
    levels = np.percentile(places[:, 1], (5, 25, 50, 75, 95))
    x = np.linspace(left, right, 25)
    across, down = np.tile(x, len(levels)), np.repeat(levels, len(x))
    heights = curvature.heights_at(curvature.width / 2, down, across).reshape(len(levels), len(x))
    return float(max(np.ptp(y - np.interp(x, (left, right), (y[0], y[-1]))) for y in heights))


def _line_distance(profiles: _Numbers) -> float:
    """Return the usual distance between two lines in pixels of the thumbnail; infinite if there is no regular one."""
    longest = min(_LONGEST, profiles.shape[1] // 3)
    power = float((profiles**2).sum())
    likeness = np.array(
        [float((profiles[:, lag:] * profiles[:, :-lag]).sum()) / max(power, 1e-9) for lag in range(1, longest + 2)]
    )
    lags = np.arange(2, longest + 1)
    is_peak = (likeness[1:-1] > likeness[:-2]) & (likeness[1:-1] >= likeness[2:]) & (likeness[1:-1] > _REGULAR)
    peaks = lags[is_peak & (lags >= _SHORTEST)]
    return float(peaks[0]) if len(peaks) else inf


def _is_sharper(curvature: Curvature, ink: Mask) -> bool:
    """Return whether the lower ends of the letters are in clearly fewer rows if the rows follow the field."""
    rows, columns = np.nonzero(ink[:-1] & ~ink[1:])
    every = -(-len(rows) // _MAX_POINTS) or 1
    x, y = columns[::every].astype(np.float64), rows[::every].astype(np.float64)
    degrees = np.arange(-_MAX_DEGREES, _MAX_DEGREES + _STEP_DEGREES / 2, _STEP_DEGREES)
    straight = max(_sharpness(y - x * np.tan(np.radians(angle))) for angle in degrees)
    return _sharpness(curvature.levels_of(x, y)) >= _CLEARLY * straight


def _sharpness(rows: _Numbers | Pixels) -> float:
    """Return how unevenly points are distributed over the rows; that some lie on whole pixels is no advantage."""
    counts = np.convolve(np.bincount((rows - rows.min()).astype(np.intp)), (0.25, 0.5, 0.25))
    return float(counts @ counts)
