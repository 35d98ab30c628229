"""Spreads and thins the areas of a mask with a rectangular brush."""

from __future__ import annotations

from ocrdesk_worker.preprocess.pixels import Mask, np


def dilate(mask: Mask, width: int, height: int) -> Mask:
    """Return which pixels have one of the mask in the brush centred on them."""
    return _spread(_spread(mask, width, 1, before=width // 2), height, 0, before=height // 2)


def close_gaps(mask: Mask, width: int, height: int) -> Mask:
    """Return the mask with the gaps filled that the brush does not fit in. The brush may extend beyond the edges."""
    return ~open_areas(~mask, width, height)


def open_areas(mask: Mask, width: int, height: int) -> Mask:
    """Return the parts of the mask that the brush fits in. It may extend beyond the edges of the image."""
    # where the brush does not fit because a pixel outside the mask is in it
    misfit = ~_thin_out(~mask, width, height)
    spread = _spread(misfit, width, 1, before=(width - 1) // 2)
    return _spread(spread, height, 0, before=(height - 1) // 2)


def _thin_out(outside: Mask, width: int, height: int) -> Mask:
    return _spread(_spread(outside, width, 1, before=width // 2), height, 0, before=height // 2)


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
