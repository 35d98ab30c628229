"""Turns by 90 degrees.

Finds out whether a page's lines are vertical, and turns page images.
"""

from __future__ import annotations

from PIL import Image

from ocrdesk.contract.box import Rotation
from ocrdesk_worker.preprocess.opencv import connected_components, cv2, np
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
    closed = cv2.morphologyEx(thumbnail.ink, cv2.MORPH_CLOSE, np.ones((height, width), np.uint8))
    return cv2.countNonZero(closed) - cv2.countNonZero(thumbnail.ink)


def _words_are_tall(thumbnail: Thumbnail) -> bool:
    """Return whether letters, spread a little, merge into tall words rather than wide ones."""
    labels, stats = connected_components(thumbnail.ink)
    longer = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    is_letter = (longer >= _SMALLEST) & (longer < _LARGEST * max(thumbnail.grey.shape))
    is_letter &= stats[:, cv2.CC_STAT_AREA] >= _MIN_AREA
    is_letter[0] = False  # the paper
    if np.count_nonzero(is_letter) < _MIN_LETTERS:
        return False
    size = float(np.median(longer[is_letter]))
    reach = max(2, round(size * _GAP))
    letters = np.take(np.where(is_letter, np.uint8(255), np.uint8(0)), labels)
    words = cv2.dilate(letters, np.ones((reach, reach), np.uint8))
    _, stats = connected_components(words)
    wide = stats[1:, cv2.CC_STAT_WIDTH] - reach + 1
    high = stats[1:, cv2.CC_STAT_HEIGHT] - reach + 1
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
