"""Says which pixels of a line image are text."""

from __future__ import annotations

from typing import Any

from ocrdesk_worker.preprocess.pixels import Pixels, np

Mask = np.ndarray[tuple[Any, ...], np.dtype[Any]]
"""Which pixels, or which columns of pixels, have ink."""

_PAPER = 90
"""Per cent of a column of a line are darker than paper at most: it is visible above and below letters."""
_TONES_APART, _JUMP, _MOST_JUMPS = 48, 16, 8
"""Paper with tones so far apart is coloured in part. It changes at few places; light letters change everywhere."""
_TONES = np.arange(256)
_EDGES = 0.1
"""Shares of a line's height at its top and bottom in which neighbouring lines may be visible."""


def find_ink(image: Pixels) -> Mask:
    """Return which pixels are text: the dark or the light ones, whichever are fewer.

    Where the paper has several tones, as under a highlighter, text is what differs from the paper around it.
    """
    paper = _paper_of(image)
    jumps = int((np.abs(np.diff(paper)) > _JUMP).sum())
    if 0 < jumps <= _MOST_JUMPS and int(paper.max()) - int(paper.min()) > _TONES_APART:
        return _fewer((255 - np.abs(image.astype(np.int16) - paper)).clip(0, 255).astype(np.uint8))
    return _fewer(image)


def _paper_of(image: Pixels) -> Any:
    """Return the percentile of each column that is paper, as NumPy's function does, without its general cases."""
    place = (len(image) - 1) * (_PAPER / 100)
    before = int(place)
    after, part = min(before + 1, len(image) - 1), place - before
    ordered = np.partition(image, (before, after), axis=0)
    low, high = ordered[before], ordered[after]
    apart = high - low
    return (low + apart * part if part < 0.5 else high - apart * (1 - part)).astype(np.int16)


def _fewer(image: Pixels) -> Mask:
    is_light: Mask = image > _threshold(image)
    return ~is_light if is_light.mean() >= 0.5 else is_light


def find_dark(image: Pixels) -> Mask:
    """Return which pixels are darker than the others, also where most are."""
    is_dark: Mask = image <= _threshold(image)
    return is_dark


def inked_columns(ink: Mask) -> Mask:
    """Return which columns have ink, apart from that of the lines above and below."""
    columns: Mask = np.asarray(ink[_inner(ink.shape[0])].any(0))
    return columns


def longest_gap(columns: bytes) -> int:
    """Return the longest stretch of columns without ink, of the bytes of such a mask."""
    return max(map(len, columns.split(b"\1")))


def _inner(height: int) -> slice:
    return slice(int(height * _EDGES), max(int(height * (1 - _EDGES)), int(height * _EDGES) + 1))


def _threshold(image: Pixels) -> int:
    """Return the tone that best separates dark from light (Otsu): it gives the greatest variance between both."""
    return int(thresholds_of(np.bincount(image.ravel(), minlength=256)))


def thresholds_of(counts: np.ndarray[tuple[Any, ...], np.dtype[np.intp]]) -> Any:
    """Return that tone for each row of counts, of which there is one for each of the 256 tones."""
    counts = counts.astype(np.float64)
    dark, tones = np.cumsum(counts, axis=-1), np.cumsum(counts * _TONES, axis=-1)
    pixels, total = dark[..., -1:], tones[..., -1:]
    apart = (total * dark - tones * pixels) ** 2
    return np.argmax(apart / np.maximum(dark * (pixels - dark), 1), axis=-1)
