"""Removes ruling lines.

In the frames of tables and forms, layout analysis loses words.
"""

from __future__ import annotations

from ocrdesk_worker.preprocess.opencv import Pixels, cv2, np

_LENGTH = 4.0
"""In letter heights: a longer straight line is not a stroke of a letter."""
_THICKNESS = 0.5
"""In letter heights: a thicker line is a bar or a dark area, perhaps with letters in it."""
_SHORTEST, _THINNEST = 30, 3
_LONG_SIDE = 1600
"""Pixels of the longer side at which a page is searched first: most pages have no ruling lines."""
_NEIGHBOURHOOD = 31
_DARKER_BY = 10
_PAPER = 255


def remove_ruling_lines(image: Pixels, letter_height: float) -> Pixels:
    """Return the page with its horizontal and vertical lines painted white; the page itself if it has none.

    `letter_height` is in pixels. Takes about 15 ms for a letter page at 300 dpi without lines, four times as long with.
    """
    factor = max(1, round(max(image.shape) / _LONG_SIDE))
    if factor > 1:
        size = max(1, image.shape[1] // factor), max(1, image.shape[0] // factor)
        small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        if not cv2.countNonZero(_find_lines(small, letter_height / factor, factor)):
            return image
    lines = _find_lines(image, letter_height)
    if not cv2.countNonZero(lines):
        return image
    clean = image.copy()
    clean[cv2.dilate(lines, np.ones((3, 3), np.uint8)) > 0] = _PAPER
    return clean


def _find_lines(image: Pixels, letter_height: float, factor: int = 1) -> Pixels:
    """Return a mask of the ruling lines on a page that was reduced by a factor, as was `letter_height`."""
    length = max(_SHORTEST // factor, round(_LENGTH * letter_height))
    thickness = max(_THINNEST, round(_THICKNESS * letter_height))
    dark = cv2.adaptiveThreshold(
        image, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, _NEIGHBOURHOOD, _DARKER_BY
    )
    lines: Pixels = cv2.bitwise_or(
        _long_and_thin(dark, length, 1, thickness), _long_and_thin(dark, 1, length, thickness)
    )
    return lines


def _long_and_thin(dark: Pixels, width: int, height: int, thickness: int) -> Pixels:
    """Return the parts that are as long as width x height, one of which is 1, and not thicker than `thickness`."""
    long = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((height, width), np.uint8))
    across = (1, thickness) if width == 1 else (thickness, 1)
    thick: Pixels = cv2.morphologyEx(long, cv2.MORPH_OPEN, np.ones(across, np.uint8))
    rest: Pixels = cv2.subtract(long, thick)
    return rest
