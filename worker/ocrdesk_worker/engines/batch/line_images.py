"""Cuts a page's lines out, scaled and normalised as Tesseract's network expects them."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image, ImageFilter

from ocrdesk.contract.box import Box
from ocrdesk_worker.engines.rapid.models import Floats
from ocrdesk_worker.preprocess.pixels import Pixels, np

_MARGIN = 4
"""Pixels around a line."""
_MUCH_SMALLER, _MUCH_LARGER = 0.7, 1.4
_SHARPENING = ((1, 0.2), (2, 0.4))
"""The radius of the neighbourhood in pixels and the strength: for lines made much smaller, and for the others."""
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
    sharp = _scaled(cut, width, height)
    ink, paper = _ink_and_paper(sharp[height // 2])
    contrast = max(1.0, (paper - ink) / 2)
    values = np.clip((sharp - ink) / contrast - 1, -1, 1)
    return LineImage(values, left, scale, (ink + paper) / 2, is_dark=bool(np.median(values) < 0))


def _scaled(cut: Pixels, width: int, height: int) -> Floats:
    """Return the image in that size. Interpolates and sharpens like Leptonica, as the network was trained."""
    scale = max(width / cut.shape[1], height / cut.shape[0])
    image = Image.fromarray(cut)
    if scale < _MUCH_SMALLER:
        scaled = image.resize((width, height), Image.Resampling.BOX)
    else:  # its pixels' corners, not their centres, lie upon each other
        across, down = cut.shape[1] / width, cut.shape[0] / height
        places = (across, 0, (1 - across) / 2, 0, down, (1 - down) / 2)
        scaled = image.transform((width, height), Image.Transform.AFFINE, places, Image.Resampling.BILINEAR)
    values: Floats = np.asarray(scaled, np.float32)
    if scale >= _MUCH_LARGER:
        return values
    radius, strength = _SHARPENING[0 if scale < _MUCH_SMALLER else 1]
    blurred = np.asarray(scaled.filter(ImageFilter.BoxBlur(radius)), np.float32)
    sharp: Floats = np.clip(np.rint(values + strength * (values - blurred)), 0, 255)
    return sharp


def _ink_and_paper(row: Floats) -> tuple[float, float]:
    before, here, after = row[:-2], row[1:-1], row[2:]
    dark = here[((here < before) & (here <= after)) | ((here <= before) & (here < after))]
    light = here[((here > before) & (here >= after)) | ((here >= before) & (here > after))]
    return (
        float(np.percentile(dark, _INK_SHARE)) if len(dark) else 0.0,
        float(np.percentile(light, _PAPER_SHARE)) if len(light) else 255.0,
    )


def find_ink(page: Pixels, box: Box, threshold: float, *, is_inverted: bool) -> Pixels:
    """Return which pixels in the box are ink."""
    part = page[box.top : box.bottom, box.left : box.right]
    return part > threshold if is_inverted else part < threshold


def tight_box(ink: Pixels, box: Box, begin: int, end: int) -> Box | None:
    """Return the box around the ink in columns `begin` to `end` of a line; None if there is none."""
    part = ink[:, max(0, begin - box.left) : max(0, end - box.left)]
    rows, columns = np.flatnonzero(part.any(1)), np.flatnonzero(part.any(0))
    if not len(rows):
        return None
    left = max(begin, box.left)
    return Box(left + int(columns[0]), box.top + int(rows[0]), left + int(columns[-1]) + 1, box.top + int(rows[-1]) + 1)


def clearest_column(ink: Pixels, box: Box, begin: float, end: float) -> int:
    """Return the column between two letters where words are divided: the middle of the widest gap, or the least ink."""
    low, high = max(0, int(begin) - box.left), min(ink.shape[1], int(end) + 1 - box.left)
    if high - low < 2:
        return int((begin + end) / 2)
    counts = ink[:, low:high].sum(0)
    least = np.flatnonzero(counts == counts.min())
    runs = np.split(least, np.flatnonzero(np.diff(least) > 1) + 1)
    widest = max(runs, key=len)
    return box.left + low + int(widest[len(widest) // 2])
