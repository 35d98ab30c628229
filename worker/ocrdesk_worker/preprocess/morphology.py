"""Spreads and thins the areas of a mask with a rectangular brush."""

from __future__ import annotations

from ocrdesk_worker.preprocess.pixels import Mask, np


def dilate(mask: Mask, width: int, height: int) -> Mask:
    """Return which pixels have one of the mask in the brush centred on them."""
    return _spread(_spread(mask, width, 1, before=width // 2), height, 0, before=height // 2)


def close_gaps(mask: Mask, width: int, height: int) -> Mask:
    """Return the mask with those gaps filled that the brush does not fit in, as `open_areas` defines it."""
    return ~open_areas(~mask, width, height)


def open_areas(mask: Mask, width: int, height: int) -> Mask:
    """Return the parts of the mask that the brush fits in. Up to half of it may be beyond the edges of the image."""
    middles = ~dilate(~mask, width, height)  # of brushes that touch nothing outside the mask
    spread = _spread(middles, width, 1, before=(width - 1) // 2)
    return _spread(spread, height, 0, before=(height - 1) // 2)


def _spread(mask: Mask, length: int, axis: int, before: int) -> Mask:
    """Return which pixels have one of the mask among `length` pixels, of which `before` precede them.

    The pixels looked at double in each step.
    """
    if length == 1:
        return mask
    margin = [(0, 0), (0, 0)]
    margin[axis] = (before, length - 1 - before)
    found = np.pad(mask, margin)
    seen = 1
    while seen < length:
        step = min(seen, length - seen)
        found = found[:-step] | found[step:] if axis == 0 else found[:, :-step] | found[:, step:]
        seen += step
    return found
