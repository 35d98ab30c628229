"""Cuts a page's lines out, scaled and normalised as Tesseract's network expects them."""

from __future__ import annotations

from dataclasses import dataclass

from ocrdesk.contract.box import Box
from ocrdesk_worker.engines.batch.line_scaling import scaled
from ocrdesk_worker.engines.rapid.models import Floats
from ocrdesk_worker.preprocess.pixels import Pixels, np
from ocrdesk_worker.preprocess.tones import middle_tones, percentiles

_MARGIN = 4
"""Pixels around a line."""
_TONES = np.arange(256, dtype=np.float32)
_WIDEST = 16_000
_INK_SHARE, _PAPER_SHARE = 25, 75
"""Percentiles of the darkest and lightest places in the middle row."""


@dataclass(frozen=True, slots=True)
class LineImage:
    """A line as the network reads it. `left` and `scale`: the page's column of its first, and its columns per pixel."""

    values: Floats
    left: int
    scale: float
    threshold: float
    """Grey between ink and paper."""
    is_dark: bool
    """Whether most of the line is darker than that: its text may be light."""


def cut_line(page: Pixels, box: Box, height: int) -> LineImage | None:
    """Return the line in the box, `height` pixels high; None if the box is too small or too long for a line."""
    left, top = max(0, box.left - _MARGIN), max(0, box.top - _MARGIN)
    cut = page[top : box.bottom + _MARGIN, left : box.right + _MARGIN]
    if min(cut.shape) < 3:  # no letter
        return None
    scale = height / cut.shape[0]
    width = max(3, round(cut.shape[1] * scale))
    if width > _WIDEST:
        return None
    sharp = scaled(cut, width, height)
    ink, paper = _ink_and_paper(sharp[height // 2])
    contrast = max(1.0, (paper - ink) / 2)
    by_tone = np.clip((_TONES - ink) / contrast - 1, -1, 1)
    low, high = middle_tones(sharp)
    is_dark = bool(by_tone[low] + by_tone[high] < 0)
    return LineImage(by_tone[sharp], left, scale, (ink + paper) / 2, is_dark=is_dark)


def _ink_and_paper(row: Pixels) -> tuple[float, float]:
    before, here, after = row[:-2], row[1:-1], row[2:]
    dark = here[((here < before) & (here <= after)) | ((here <= before) & (here < after))]
    light = here[((here > before) & (here >= after)) | ((here >= before) & (here > after))]
    return (
        percentiles(dark, _INK_SHARE)[0] if len(dark) else 0.0,
        percentiles(light, _PAPER_SHARE)[0] if len(light) else 255.0,
    )


class LineInk:
    """The ink in a line's box, and where words are in it."""

    def __init__(self, page: Pixels, box: Box, threshold: float, *, is_inverted: bool) -> None:
        part = page[box.top : box.bottom, box.left : box.right]
        self._box = box
        self._ink = part > threshold if is_inverted else part < threshold
        self._columns: bytes = self._ink.any(0).tobytes()
        """For each column 1 if it has ink, else 0."""

    def tight_box(self, begin: int, end: int) -> Box | None:
        """Return the box around the ink in the page's columns `begin` to `end`; None if there is none."""
        left, top = self._box[:2]
        places = max(0, begin - left), max(0, end - left)
        first, last = self._columns.find(1, *places), self._columns.rfind(1, *places)
        if first < 0:
            return None
        rows: bytes = self._ink[:, first : last + 1].any(1).tobytes()
        return Box(left + first, top + rows.find(1), left + last + 1, top + rows.rfind(1) + 1)

    def clearest_column(self, begin: float, end: float) -> int:
        """Return where words are divided between two letters: the middle of the widest gap, or the least ink."""
        left = self._box.left
        low, high = max(0, int(begin) - left), min(len(self._columns), int(end) + 1 - left)
        if high - low < 2:
            return int((begin + end) / 2)
        others = self._columns[low:high]
        if 0 not in others:
            counts = self._ink[:, low:high].sum(0)
            others = (counts > counts.min()).tobytes()
        widest = max(map(len, others.split(b"\1")))
        return left + low + others.find(bytes(widest)) + widest // 2
