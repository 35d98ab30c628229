"""Counts underscores in the image: the recogniser reads several that touch as one.

An underscore is a bar of ink on or below the line with nothing above it. How many a bar is follows from its width: in a
fixed-width face from the width of a character, otherwise from the height of the letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ocrdesk_worker.engines.rapid.ink import Mask, find_ink
from ocrdesk_worker.engines.rapid.recognizer import Glyph
from ocrdesk_worker.preprocess.pixels import np

_THICKEST = 0.15
_NARROWEST = 0.2
"""In heights of the line image."""
_MOST = 4
"""A longer bar is a line to write on, or a rule."""
_PER_HEIGHT = 0.86
"""The usual width of an underscore, in heights of a capital letter: from 0.69 in DejaVu Sans to 1.05 in Courier."""
_SAME, _CONSISTENT = 0.12, 0.7
"""Centres are on a grid if this share of their distances differs by less than that from a multiple of the pitch."""
_MIN_DISTANCES = 4


@dataclass(frozen=True, slots=True)
class _Bar:
    first: int
    last: int
    """Columns of the line image; the last is exclusive."""

    @property
    def width(self) -> int:
        return self.last - self.first


def restore_underscores(glyphs: Sequence[Glyph], image: Mask) -> Sequence[Glyph]:
    """Return the glyphs of a line image with as many underscores as it shows; as they are if none was read."""
    if not any(glyph.text == "_" for glyph in glyphs):
        return glyphs
    ink = find_ink(image)
    width = ink.shape[1]
    restored = list(glyphs)
    bars = _bars(ink)
    for bar in bars:
        count = round(bar.width / _advance(ink, bars))
        if not 1 <= count <= _MOST:
            continue
        inside = [glyph for glyph in restored if glyph.text in "_ " and bar.first <= _middle(glyph) * width <= bar.last]
        confidence = min((glyph.confidence for glyph in inside if glyph.text == "_"), default=0.9)
        edges = np.linspace(bar.first / width, bar.last / width, count + 1).tolist()
        restored = [glyph for glyph in restored if glyph not in inside]
        restored += [Glyph("_", confidence, start, end) for start, end in pairwise(edges)]
        restored.sort(key=_middle)
    return restored


def _middle(glyph: Glyph) -> float:
    return (glyph.start + glyph.end) / 2


def _bars(ink: Mask) -> list[_Bar]:
    height = ink.shape[0]
    inked = ink.any(0)
    tops = np.where(inked, ink.argmax(0), height)
    bottoms = np.where(inked, height - ink[::-1].argmax(0), 0)
    letters = bottoms - tops >= height / 4
    if not letters.any():
        return []
    line = float(np.median(bottoms[letters]))
    is_bar = inked & (tops >= line - 1) & (bottoms - tops <= max(2, _THICKEST * height))
    bars = [bar for bar in _runs(is_bar) if bar.width >= _NARROWEST * height]
    return [bar for bar in bars if not _continues_under_letters(bar, ink, tops)]


def _continues_under_letters(bar: _Bar, ink: Mask, tops: Mask) -> bool:
    """Return whether the bar's ink goes on beside it, as the line of underlined text does."""
    rows = slice(int(tops[bar.first : bar.last].min()), None)
    beside = [column for column in (bar.first - 2, bar.last + 1) if 0 <= column < ink.shape[1]]
    return any(bool(ink[rows, column].any()) for column in beside)


def _runs(mask: Mask) -> list[_Bar]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], mask.astype(np.int8), [0]))))
    return [_Bar(int(first), int(last)) for first, last in zip(edges[::2], edges[1::2], strict=True)]


def _advance(ink: Mask, bars: Sequence[_Bar]) -> float:
    """Return the width of an underscore in pixels."""
    letters: Mask = np.array(ink.any(0))
    for bar in bars:
        letters[bar.first : bar.last] = False
    middles = [(run.first + run.last) / 2 for run in _runs(letters)]
    distances = [after - before for before, after in pairwise(middles)]
    if len(distances) >= _MIN_DISTANCES:
        pitch = median(distances)
        on_grid = sum(abs(it / pitch - max(1, round(it / pitch))) < _SAME for it in distances)
        if on_grid >= _CONSISTENT * len(distances):
            return float(pitch)
    rows = np.flatnonzero(ink[:, letters].any(1))
    heights = ink.shape[0] - ink[:, letters].argmax(0)
    bottom = float(np.median(ink.shape[0] - ink[::-1][:, letters].argmax(0))) if len(rows) else 0.0
    return max(1.0, _PER_HEIGHT * (float(np.percentile(heights, 90)) - (ink.shape[0] - bottom))) if len(rows) else 1.0
