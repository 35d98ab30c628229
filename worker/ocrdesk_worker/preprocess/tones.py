"""Percentiles of the tones of an image, by counting them: to sort a page's pixels takes several times as long."""

from __future__ import annotations

from math import floor

from PIL import Image

from ocrdesk_worker.preprocess.pixels import Pixels, np


def percentiles(tones: Pixels, *percents: float) -> list[float]:
    """Return these percentiles of 8-bit tones, of which there must be at least one, as `numpy.percentile` does."""
    counts = Image.fromarray(np.ascontiguousarray(tones).reshape(1, -1)).histogram()
    places = np.cumsum(counts)
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
