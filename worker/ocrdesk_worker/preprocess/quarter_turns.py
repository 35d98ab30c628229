"""Whether a page's lines of text run up or down it, and the turning of pages by quarters."""

from __future__ import annotations

from PIL import Image

from ocrdesk.contract.document import Rotation
from ocrdesk_worker.preprocess.opencv import connected, cv2, np
from ocrdesk_worker.preprocess.thumbnail import Thumbnail

_FEWEST_LETTERS = 20
_SMALLEST, _LARGEST = 4, 0.06
"""A letter's longer side: in pixels, and as a share of the page's; what is larger is a rule or a picture."""
_LEAST_AREA = 7
_GAP = 0.45
"""Letters of a word are less than so much of their size apart, and lines more."""
_ELONGATED = 1.6
_DOUBTFUL = 0.5
"""Gaps above each other that are so many times those side by side ask for a closer look; usual are 0.1 to 0.5."""
_LEAST_STRIP = 100
"""Pixels of the glance."""
_ROTATIONS: tuple[Rotation, ...] = (0, 90, 180, 270)
_TRANSPOSE = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


def lines_run_up_or_down(glance: Thumbnail) -> bool:
    """Whether letters that are spread a little grow together upwards rather than sideways."""
    return _gaps_of_a_pixel(glance, 1, 3) > _DOUBTFUL * _gaps_of_a_pixel(glance, 3, 1) and _words_are_tall(glance)


def _gaps_of_a_pixel(glance: Thumbnail, wide: int, high: int) -> int:
    """How many pixels between ink are closed by a brush of that size: a first guess that costs next to nothing."""
    closed = cv2.morphologyEx(glance.ink, cv2.MORPH_CLOSE, np.ones((high, wide), np.uint8))
    return cv2.countNonZero(closed) - cv2.countNonZero(glance.ink)


def _words_are_tall(glance: Thumbnail) -> bool:
    labels, stats = connected(glance.ink)
    longer = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    is_letter = (longer >= _SMALLEST) & (longer < _LARGEST * max(glance.grey.shape))
    is_letter &= stats[:, cv2.CC_STAT_AREA] >= _LEAST_AREA
    is_letter[0] = False  # that is the paper
    if np.count_nonzero(is_letter) < _FEWEST_LETTERS:
        return False
    size = float(np.median(longer[is_letter]))
    reach = max(2, round(size * _GAP))
    letters = np.take(np.where(is_letter, np.uint8(255), np.uint8(0)), labels)
    words = cv2.dilate(letters, np.ones((reach, reach), np.uint8))
    _, stats = connected(words)
    wide = stats[1:, cv2.CC_STAT_WIDTH] - reach + 1
    high = stats[1:, cv2.CC_STAT_HEIGHT] - reach + 1
    is_word = np.maximum(wide, high) > 1.5 * size
    across = int(wide[is_word & (wide > _ELONGATED * high)].sum())
    upwards = int(high[is_word & (high > _ELONGATED * wide)].sum())
    return upwards > across


def turned(image: Image.Image, clockwise: Rotation) -> Image.Image:
    """The image turned; the same one when there is nothing to turn."""
    return image.transpose(_TRANSPOSE[clockwise]) if clockwise else image


def turned_further(first: Rotation, then: Rotation) -> Rotation:
    """Both turns in one."""
    return _ROTATIONS[(first + then) % 360 // 90]


def densest_strip(glance: Thumbnail) -> tuple[int, int]:
    """Top and bottom, in the page's pixels, of the part with the most strokes: a quarter of the page's height."""
    rows = np.count_nonzero(glance.ink, axis=1)
    height = min(len(rows), max(_LEAST_STRIP, len(rows) // 4))
    sums = np.cumsum(np.concatenate(([0], rows)))
    top = int(np.argmax(sums[height:] - sums[:-height]))
    return top * glance.factor, (top + height) * glance.factor
