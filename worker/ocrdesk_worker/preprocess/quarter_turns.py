"""Turns by 90 degrees.

Finds out whether a page's lines are vertical, and turns page images.
"""

from __future__ import annotations

from PIL import Image

from ocrdesk.contract.box import Rotation
from ocrdesk_worker.preprocess.connected_areas import find_connected_areas
from ocrdesk_worker.preprocess.morphology import close_gaps, dilate
from ocrdesk_worker.preprocess.pixels import np
from ocrdesk_worker.preprocess.thumbnail import Thumbnail

_MIN_LETTERS = 20
_SMALLEST, _LARGEST = 4, 0.06
"""A letter's longer side: in pixels, and as a share of the page's. Anything larger is a ruling line or an image."""
_MIN_AREA = 7
_GAP = 0.45
"""In letter sizes: letters of a word are closer together than this, and lines are farther apart."""
_ELONGATED = 1.6
_DOUBTFUL = 0.5
"""With more vertical gaps than this for each horizontal gap, the words are examined; usual are 0.1 to 0.5."""
_MIN_STRIP = 100
"""Pixels of the thumbnail."""
_ROTATIONS: tuple[Rotation, ...] = (0, 90, 180, 270)
_TRANSPOSE = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


def lines_are_vertical(thumbnail: Thumbnail) -> bool:
    """Return whether the lines of text run up or down the page."""
    return _count_closed_gaps(thumbnail, 1, 3) > _DOUBTFUL * _count_closed_gaps(thumbnail, 3, 1) and _words_are_tall(
        thumbnail
    )


def _count_closed_gaps(thumbnail: Thumbnail, width: int, height: int) -> int:
    """Count the pixels between ink that a brush of that size fills: a first guess that costs almost nothing."""
    closed = close_gaps(thumbnail.ink, width, height)
    return int(np.count_nonzero(closed)) - int(np.count_nonzero(thumbnail.ink))


def _words_are_tall(thumbnail: Thumbnail) -> bool:
    """Return whether letters, spread a little, merge into tall words rather than wide ones."""
    areas = find_connected_areas(thumbnail.ink)
    longer = areas.boxes[:, 2:].max(axis=1)
    is_letter = (longer >= _SMALLEST) & (longer < _LARGEST * max(thumbnail.grey.shape)) & (areas.sizes >= _MIN_AREA)
    if np.count_nonzero(is_letter) < _MIN_LETTERS:
        return False
    size = float(np.median(longer[is_letter]))
    reach = max(2, round(size * _GAP))
    words = find_connected_areas(dilate(areas.mask_of(is_letter), reach, reach))
    wide, high = words.boxes[:, 2] - reach + 1, words.boxes[:, 3] - reach + 1
    is_word = np.maximum(wide, high) > 1.5 * size
    across = int(wide[is_word & (wide > _ELONGATED * high)].sum())
    upwards = int(high[is_word & (high > _ELONGATED * wide)].sum())
    return upwards > across


def turn(image: Image.Image, clockwise: Rotation) -> Image.Image:
    """Return the image turned clockwise; the same image for 0 degrees."""
    return image.transpose(_TRANSPOSE[clockwise]) if clockwise else image


def add_rotations(first: Rotation, second: Rotation) -> Rotation:
    """Return one rotation that has the effect of both."""
    return _ROTATIONS[(first + second) % 360 // 90]


def densest_strip(thumbnail: Thumbnail) -> tuple[int, int]:
    """Return the top and bottom, in the page's pixels, of the quarter of the page that has the most ink."""
    rows = np.count_nonzero(thumbnail.ink, axis=1)
    height = min(len(rows), max(_MIN_STRIP, len(rows) // 4))
    sums = np.cumsum(np.concatenate(([0], rows)))
    top = int(np.argmax(sums[height:] - sums[:-height]))
    return top * thumbnail.factor, (top + height) * thumbnail.factor
