"""Names the sign that an area of ink is, by its shape: a dot, a square, a triangle, a ring or an arrow."""

from __future__ import annotations

from ocrdesk.contract.box import Box
from ocrdesk_worker.engines.signs.ink_areas import Height, InkArea, mask_of
from ocrdesk_worker.preprocess.pixels import Mask, Pixels, np

BULLET, SQUARE, SMALL_SQUARE, TRIANGLE, CIRCLE = "\u2022", "\u25a0", "\u25aa", "\u2023", "\u25cb"
LARGE_DOT, HYPHEN, EN_DASH, EM_DASH = "\u25cf", "-", "\u2013", "\u2014"
LEFT, UP, RIGHT, DOWN = "\u2190", "\u2191", "\u2192", "\u2193"
ARROWS = frozenset({LEFT, UP, RIGHT, DOWN})
_SIZES = 0.2, 1.2
"""In heights of a capital: how high a bullet is."""
_MIDDLES = 0.2, 0.72
"""In heights of a capital: how far above the line its middle is."""
_DASH_HIGH, _DASH_MIDDLES = 0.2, (0.2, 0.55)
"""In heights of a capital: how high a dash is at most, and how far above the line it is."""
_EN, _EM = 0.48, 1.05
"""In heights of a capital: the least widths of dashes."""
_SQUARE = 0.8, 1.25
"""Its width, in heights."""
_LARGE_DOT, _LARGE_SQUARE = 0.55, 0.68
"""In heights of a capital: a dot or square that is higher is a large one."""
_FULL, _FILLED, _ROUND, _RING = 0.95, 0.85, 0.68, 0.62
"""The shares of a box that a square fills, that one with soft corners and a dot fill at least, and a ring at most."""
_SOFT = 13
"""In pixels: the edges of larger signs are left out, which a scanner makes soft. A dot has no ink there either."""
_ARROW_LONG = 1.15
"""The length of an arrow, in widths of its head."""
_SHAFT = 0.34
"""In widths of its head: how thick its shaft is."""
_HEAD = 0.08, 0.55
"""In lengths of the arrow: how far from its point the head is widest."""
_SLOPE = 0.3, 0.85
"""In widths of the head: how wide it is half way to its point."""
_BEHIND = 0.78
"""In widths of the head: how wide it is behind its widest place, half as far as its point. A dot narrows slowly."""
_SYMMETRY = 0.9
_LEAST_SIDE, _LEAST_ARROW = 4, 8
"""In pixels."""


def bullet_of(image: Pixels, area: InkArea, height: Height) -> str | None:
    """Return the bullet that an area is; None if it is none."""
    box = area.box
    high, middle = box.height / height.capital, height.above(box.center_y)
    if min(box.width, box.height) < _LEAST_SIDE or not _SIZES[0] <= high <= _SIZES[1]:
        return None
    if not _MIDDLES[0] <= middle <= _MIDDLES[1]:
        return None
    ink = mask_of(image, box)
    filled = float(ink.mean())
    if not _SQUARE[0] <= box.width / box.height <= _SQUARE[1]:
        return TRIANGLE if _is_triangle(ink) else None
    if filled >= _FULL or (filled >= _FILLED and _has_corners(ink)):
        return SQUARE if high >= _LARGE_SQUARE else SMALL_SQUARE
    if filled >= _ROUND and _has_round_corners(ink):
        return LARGE_DOT if high >= _LARGE_DOT else BULLET
    if _is_triangle(ink):
        return TRIANGLE
    return CIRCLE if filled <= _RING and _is_ring(ink) else None


def dash_of(area: InkArea, height: Height) -> str | None:
    """Return the dash that an area is, by its width; None if it is none."""
    box = area.box
    wide, high = box.width / height.capital, box.height / height.capital
    if high > _DASH_HIGH or box.width < 2 * box.height:
        return None
    if not _DASH_MIDDLES[0] <= height.above(box.center_y) <= _DASH_MIDDLES[1]:
        return None
    return EM_DASH if wide >= _EM else EN_DASH if wide >= _EN else HYPHEN


def arrow_of(image: Pixels, box: Box) -> str | None:
    """Return the arrow that an area is; None if it is none."""
    if min(box.width, box.height) < _LEAST_ARROW // 2 or max(box.width, box.height) < _LEAST_ARROW:
        return None
    ink = mask_of(image, box)
    if box.width >= _ARROW_LONG * box.height:
        turned, first, last = ink.T, LEFT, RIGHT
    elif box.height >= _ARROW_LONG * box.width:
        turned, first, last = ink, UP, DOWN
    else:
        return None
    if _points_up(turned):
        return first
    return last if _points_up(turned[::-1]) else None


def _points_up(ink: Mask) -> bool:
    """Return whether the ink is an arrow that points up: a head that widens from its point, and a thin shaft."""
    length, width = ink.shape
    spans = _spans(ink)
    widest = int(np.argmax(spans))
    if not _HEAD[0] * length <= widest <= _HEAD[1] * length or spans.min() == 0:
        return False
    below = spans[min(length - 1, widest + 1 + length // 12) :]
    if not len(below) or np.median(below) > max(1.0, _SHAFT * width) or spans[-1] > max(2.0, _SHAFT * width):
        return False
    behind = spans[min(length - 1, widest + max(2, (widest + 1) // 2))]
    if behind > max(2.0, _BEHIND * width):
        return False
    half_way = float(spans[widest // 2 : widest // 2 + 2].mean())
    is_head = _SLOPE[0] * width <= half_way <= _SLOPE[1] * width and spans[0] <= max(2.0, _SLOPE[0] * 1.3 * width)
    return is_head and _is_symmetric(ink)


def _is_symmetric(ink: Mask) -> bool:
    """Return whether the left half of the ink is like the right half, give or take a pixel."""
    mirrored = np.pad(ink[:, ::-1], ((0, 0), (1, 1)))
    near = mirrored[:, :-2] | mirrored[:, 1:-1] | mirrored[:, 2:]
    return bool((ink & near).sum() >= _SYMMETRY * ink.sum())


def _spans(ink: Mask) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    """Return how far it is from the first to the last inked pixel of each row; 0 for a row without ink."""
    width = ink.shape[1]
    first, last = ink.argmax(1), width - ink[:, ::-1].argmax(1)
    return np.where(ink.any(1), last - first, 0)


def _is_triangle(ink: Mask) -> bool:
    """Return whether the ink is a filled triangle that points to the right."""
    columns = ink.sum(0)
    if ink.shape[1] < _LEAST_SIDE or not 0.4 <= ink.mean() <= 0.75:
        return False
    third = max(1, ink.shape[1] // 3)
    left, right = float(columns[:third].mean()), float(columns[-third:].mean())
    is_narrower = bool((np.diff(columns.astype(int)) <= 1).all())
    return is_narrower and left >= 0.7 * ink.shape[0] and right <= 0.4 * ink.shape[0]


def _has_corners(ink: Mask) -> bool:
    inset = int(min(ink.shape) >= _SOFT)
    inner = ink[inset : ink.shape[0] - inset, inset : ink.shape[1] - inset]
    return bool(inner[0, 0]) + bool(inner[0, -1]) + bool(inner[-1, 0]) + bool(inner[-1, -1]) >= 3


def _has_round_corners(ink: Mask) -> bool:
    """Return whether the corners are empty, and nothing else is: the middle of each side has ink."""
    height, width = ink.shape
    corners = ink[0, 0], ink[0, -1], ink[-1, 0], ink[-1, -1]
    core = ink[height // 4 : height - height // 4, width // 4 : width - width // 4]
    return sum(map(bool, corners)) <= 1 and bool(core.all())


def _is_ring(ink: Mask) -> bool:
    """Return whether the ink is a thin ring: round, of even thickness, and empty in its middle."""
    height, width = ink.shape
    core = ink[height // 3 : height - height // 3, width // 3 : width - width // 3]
    corners = ink[0, 0], ink[0, -1], ink[-1, 0], ink[-1, -1]
    across = ink[height // 2], ink[:, width // 2]
    edges = all(line[: max(2, len(line) // 4)].any() and line[-max(2, len(line) // 4) :].any() for line in across)
    return not core.any() and not any(corners) and edges and _is_symmetric(ink)
