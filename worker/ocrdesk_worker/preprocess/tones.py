"""Percentiles of the tones of an image, by counting them: to sort a page's pixels takes several times as long."""

from __future__ import annotations

from math import floor

from PIL import Image

from ocrdesk_worker.preprocess.pixels import Pixels, np

_FEW = 8_000
"""Of so many tones on, Pillow counts faster than NumPy, which makes them 64-bit numbers first."""


def percentiles(tones: Pixels, *percents: float) -> list[float]:
    """Return these percentiles of 8-bit tones, of which there must be at least one, as `numpy.percentile` does."""
    places = _places(tones)
    last = int(places[-1]) - 1
    found = []
    for percent in percents:
        place = last * (percent / 100)
        before = floor(place)
        part = place - before
        low, high = np.searchsorted(places, (before, min(before + 1, last)), "right").tolist()
        found.append(low + (high - low) * part if part < 0.5 else high - (high - low) * (1 - part))
    return found


def median(tones: Pixels) -> float:
    """Return the median of 8-bit tones, of which there must be at least one."""
    return percentiles(tones, 50)[0]


def middle_tones(tones: Pixels) -> tuple[int, int]:
    """Return the two tones in the middle of all when they are sorted, which is one and the same for an odd number."""
    places = _places(tones)
    low, high = np.searchsorted(places, ((places[-1] - 1) // 2, places[-1] // 2), "right").tolist()
    return low, high


def _places(tones: Pixels) -> np.ndarray:
    """Return how many tones are no lighter than each of the 256."""
    if tones.size < _FEW:
        return np.cumsum(np.bincount(tones.ravel(), minlength=256))
    return np.cumsum(Image.fromarray(np.ascontiguousarray(tones).reshape(1, -1)).histogram())
