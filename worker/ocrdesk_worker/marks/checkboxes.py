"""Finds checkboxes and radio buttons: small frames of ink around white, or around a mark.

They are told from letters by their straight sides or round outline, their size, and the white around them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ocrdesk_worker.marks.page_ink import Edges, PageInk
from ocrdesk_worker.preprocess.connected_areas import Numbers
from ocrdesk_worker.preprocess.pixels import Mask, Pixels, np
from ocrdesk_worker.preprocess.tones import percentiles

_SMALLEST, _LARGEST = 0.95, 4.0
"""Letter heights: sides of squares."""
_SMALLEST_CIRCLE = 1.35
"""Letter heights: the letter O is smaller."""
_MIN_SIDE, _MAX_SIDE = 9, 120
_ASPECT = 1.18
_ROUND_ASPECT = 1.1
_MAX_CANDIDATES = 1_500
_MAX_LINES = 4_000
_MAX_FOUND = 500
_CENTRAL = 0.15
"""The share of a side, at each end, that may be rounded."""
_REACH = 6
"""Pixels: a mark that crosses a side may make it so much longer."""
_STRAIGHT = 0.85
"""So much of a side is straight: a mark may cross the rest."""
_STROKE = 0.2
"""A frame is thinner than this share of its side."""
_MARGIN = 0.3
_MAX_AROUND = (0.03, 0.03, 0.03, 0.25, 0.15)
"""Around a frame, so far in sides, is white. At most these shares are ink: on the left, below, on the lower right, on
the upper right, and above. A mark often reaches beyond its frame towards the upper right.
"""
_SLANT = 0.05
"""Sides: how far a side may be from straight, and how far pixels may be out of line."""
_RESOLVED = 16
"""Pixels: in smaller boxes a pixel is too much for that, and an S would have straight sides."""
_CORNER, _MIN_CORNERS = 0.12, 3
"""Sides: there is ink so close to the corners of a square; the corners of letters are round or open."""
_EMPTY, _FILLED = 0.05, 0.8
"""Shares of ink within a frame: below the first it is empty, above the second it may be a bullet or a chart's key."""
_LIGHTEST, _TINT, _BLACK = 90, 24, 60
"""A frame is tinted if that percentile of its tones is so much darker than the paper, but lighter than the last."""
_COMB = 3
"""So many equal frames in a row, closer together than their sides, are a field for single signs."""
_LABEL = 3.0
"""Sides between a box and its label."""
_ALIKE = 0.12
"""Boxes of a form have the same size but for this share."""


@dataclass(frozen=True, slots=True)
class DrawnBox:
    """A checkbox in pixels of the copy; a radio button if it is round."""

    edges: Edges
    is_round: bool
    ink: float
    """The share of its inside that is ink."""
    is_tinted: bool = False
    """Whether its inside is darker than the paper, as in the key of a chart."""

    @property
    def side(self) -> int:
        return max(self.edges[2] - self.edges[0], self.edges[3] - self.edges[1])

    @property
    def is_ticked(self) -> bool:
        return self.ink >= _EMPTY

    @property
    def is_filled(self) -> bool:
        return self.ink >= _FILLED


def find_checkboxes(ink: PageInk, words: Pixels, letter_height: float) -> list[DrawnBox]:
    """Return the checkboxes of a page from top to bottom.

    `words` are the edges of the page's words in the copy, without those that may be checkboxes.
    """
    sides = max(_MIN_SIDE, _SMALLEST * letter_height), min(_MAX_SIDE, _LARGEST * letter_height)
    found: list[DrawnBox] = []
    for edges in _candidates(ink, sides):
        box = _as_box(ink, edges, letter_height)
        if box is not None and not any(_overlap(box.edges, other.edges) for other in found[-20:]):
            found.append(box)
        if len(found) >= _MAX_FOUND:
            break
    return sorted(_of_forms(found, words), key=lambda box: (box.edges[1], box.edges[0]))


# ── candidates ───────────────────────────────────────────────────────────────────────────────────


def _candidates(ink: PageInk, sides: tuple[float, float]) -> Iterator[Edges]:
    """Yield the connected areas that are about as wide as high, and pairs of lines that may be two sides of a square.

    The latter find frames that a mark reaches beyond.
    """
    left, top, width, height = ink.areas.boxes.T
    least, most = sides
    squares = np.flatnonzero(
        (width >= least)
        & (height >= least)
        & (width <= most)
        & (height <= most)
        & (width <= _ASPECT * height)
        & (height <= _ASPECT * width)
    )[:_MAX_CANDIDATES]
    for index in squares.tolist():
        x, y = int(left[index]), int(top[index])
        yield x, y, x + int(width[index]), y + int(height[index])
    lines = ink.areas.of_long_runs(round(0.8 * least))
    boxes = lines.boxes
    flat = boxes[(boxes[:, 2] <= most) & (boxes[:, 3] <= max(3, _STROKE * least))][:_MAX_LINES]
    yield from _pairs(flat, _upper_sides(ink.dark, flat))


def _upper_sides(dark: Mask, lines: Numbers) -> Numbers:
    """Return the lines that may be upper sides of squares: half their length below, there is ink at both ends."""
    left, top, width, _ = lines.T
    middle = np.minimum(top + width // 2, dark.shape[0] - 1)[:, None]
    reach = np.arange(_REACH)
    at_left = dark[middle, (left[:, None] + reach).clip(0, dark.shape[1] - 1)].any(axis=1)
    at_right = dark[middle, ((left + width - 1)[:, None] - reach).clip(0)].any(axis=1)
    sides: Numbers = lines[at_left & at_right]
    return sides


def _pairs(lines: Numbers, uppers: Numbers) -> Iterator[Edges]:
    """Yield the squares between an upper side and a line of about the same place and length below it."""
    if not len(uppers):
        return
    span = int(lines[:, 1].max()) + 2 * _MAX_SIDE  # more than any row that is looked for
    keys = _places(lines)[:, 4] * span + lines[:, 1]
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    left, top, width, _ = uppers.T
    highest = (top + (width / _ASPECT).astype(np.intp) - 3).clip(0)[:, None]
    first = np.searchsorted(keys, _places(uppers) * span + highest)
    last = np.searchsorted(keys, _places(uppers) * span + (top + (_ASPECT * width).astype(np.intp))[:, None], "right")
    count = 0
    for number in np.flatnonzero((first < last).any(axis=1)).tolist():
        left, top, width, _ = uppers[number].tolist()
        for begin, end in zip(first[number].tolist(), last[number].tolist(), strict=True):
            for lower_left, lower_top, lower_width, height in lines[order[begin:end]].tolist() if begin < end else ():
                high = lower_top + height - top
                if high > _ASPECT * width:
                    break
                if width <= _ASPECT * high:
                    count += 1
                    # a mark that crosses a side makes it longer
                    yield max(left, lower_left), top, min(left + width, lower_left + lower_width), top + high
        if count > _MAX_CANDIDATES:
            return


def _places(lines: Numbers) -> Numbers:
    """Return a number for the place and length of each line, and for those a little farther left or shorter, or more.

    There are nine columns; the one in the middle is the line's own.
    """
    near = np.array([(x, w) for x in (-1, 0, 1) for w in (-1, 0, 1)])
    numbers: Numbers = (lines[:, :1] // 4 + 1 + near[:, 0]) * _MAX_SIDE + lines[:, 2:3] // 4 + 1 + near[:, 1]
    return numbers


# ── outlines ─────────────────────────────────────────────────────────────────────────────────────


def _as_box(ink: PageInk, edges: Edges, letter_height: float) -> DrawnBox | None:
    """Return the frame with these edges; None if they are those of something else."""
    side = max(edges[2] - edges[0], edges[3] - edges[1])
    if not _is_alone(ink.dark, edges, side):
        return None
    part = ink.enlarged(edges)
    if min(part.shape) < _MIN_SIDE:
        return None
    if _is_square(part):
        return DrawnBox(edges, False, _ink_within(part), _is_tinted(ink, edges))
    if side >= _SMALLEST_CIRCLE * letter_height and _is_circle(part):
        return DrawnBox(edges, True, _ink_within_circle(part))
    return None


def _is_alone(dark: Mask, edges: Edges, side: int) -> bool:
    """Return whether the margin around the edges is white, but for a mark that reaches beyond its frame.

    The pixels next to the edges do not count: they may be blurred.
    """
    left, top, right, bottom = edges
    margin, part = max(2, round(_MARGIN * side)), side // 5
    middle = (top + bottom) // 2
    beside = slice(right + 1, right + 1 + margin)
    strips = (
        dark[top + part : bottom - part, max(0, left - 1 - margin) : max(0, left - 1)],
        dark[bottom + 1 : bottom + 1 + margin, left + part : right - part],
        dark[middle : bottom - part, beside],
        dark[top + part : middle, beside],
        dark[max(0, top - 1 - margin) : max(0, top - 1), left + part : right - part],
    )
    return all(np.count_nonzero(strip) <= most * strip.size for strip, most in zip(strips, _MAX_AROUND, strict=True))


def _is_square(part: Mask) -> bool:
    """Return whether the part has four straight sides that meet."""
    return all(_has_straight_side(turned) for turned in (part, part[::-1], part.T, part.T[::-1])) and (
        _count_corners(part) >= _MIN_CORNERS
    )


def _count_corners(part: Mask) -> int:
    height, width = (max(2, round(_CORNER * length)) for length in part.shape)
    corners = (part[:height, :width], part[:height, -width:], part[-height:, :width], part[-height:, -width:])
    return sum(bool(corner.any()) for corner in corners)


def _has_straight_side(part: Mask) -> bool:
    """Return whether the first ink in most columns is on one row."""
    height, width = part.shape
    cut = round(_CENTRAL * width)
    first = np.where(part.any(axis=0), part.argmax(axis=0), height)[cut : width - cut]
    row = np.median(first)
    slack = max(_SLANT * width, float(width >= _RESOLVED))
    return bool(row <= slack + 1 and np.mean(np.abs(first - row) <= slack) >= _STRAIGHT)


def _is_circle(part: Mask) -> bool:
    """Return whether the outermost ink in all directions is at about the same distance from the centre."""
    height, width = part.shape
    if width > _ROUND_ASPECT * height or height > _ROUND_ASPECT * width:
        return False
    outline = np.concatenate([_outermost(part), _outermost(part.T)])
    middle = (np.array([width, height]) - 1) / 2
    radius = (width + height - 2) / 4
    outline[len(_outermost(part)) :] = outline[len(_outermost(part)) :, ::-1]
    distance = np.hypot(*(outline - middle).T)
    return bool(np.mean(np.abs(distance - radius) <= max(1.2, 0.07 * radius)) >= 0.95)


def _outermost(part: Mask) -> Pixels:
    """Return column and row of the first and last ink in each column."""
    columns = np.flatnonzero(part.any(axis=0))
    inked = part[:, columns]
    last = part.shape[0] - 1 - inked[::-1].argmax(axis=0)
    rows = np.concatenate([inked.argmax(axis=0), last])
    return np.column_stack([np.concatenate([columns, columns]), rows]).astype(np.float64)


def _ink_within(part: Mask) -> float:
    """Return the share of ink within a frame."""
    frame = _frame_width(part)
    inside = part[frame:-frame, frame:-frame]
    return float(np.count_nonzero(inside) / inside.size) if inside.size else 1.0


def _is_tinted(ink: PageInk, edges: Edges) -> bool:
    """Return whether even the lightest part within a frame is darker than the paper, though not black."""
    left, top, right, bottom = edges
    cut = max(2, (right - left) // 5)
    inside = ink.grey[top + cut : bottom - cut, left + cut : right - cut]
    return inside.size > 0 and _BLACK < int(percentiles(inside, _LIGHTEST)[0]) < ink.paper - _TINT


def _ink_within_circle(part: Mask) -> float:
    height, width = part.shape
    frame = _frame_width(part)
    rows, columns = np.ogrid[:height, :width]
    radius = (width + height) / 4 - frame
    inside = (rows - (height - 1) / 2) ** 2 + (columns - (width - 1) / 2) ** 2 <= max(1.0, radius) ** 2
    return float(np.count_nonzero(part & inside) / np.count_nonzero(inside))


def _frame_width(part: Mask) -> int:
    """Return the width of a frame's lines in pixels, with one for their blurred inner edge."""
    side = min(part.shape)
    widths = []
    for turned in (part, part[::-1], part.T, part.T[::-1]):
        begin = turned.argmax(axis=0)
        for column in (turned.shape[1] // 3, turned.shape[1] // 2, 2 * turned.shape[1] // 3):
            run = turned[begin[column] :, column]
            widths.append(int(begin[column]) + (int(np.argmin(run)) if not run.all() else len(run)))
    usual = sorted(widths)[len(widths) // 4]
    return max(1, min(usual + 1, int(side) // 3))


# ── boxes of a form ──────────────────────────────────────────────────────────────────────────────


def _of_forms(found: Sequence[DrawnBox], words: Pixels) -> Iterator[DrawnBox]:
    """Yield the boxes that are like others or have a label, without fields for single signs, bullets and keys."""
    sides = np.array([box.side for box in found])
    rounds = np.array([box.is_round for box in found])
    filled = np.array([box.is_filled for box in found])
    tinted = np.array([box.is_tinted for box in found])
    edges = np.array([box.edges for box in found]).reshape(-1, 4)
    for box in found:
        alike = (rounds == box.is_round) & (np.abs(sides - box.side) <= max(2, _ALIKE * box.side))
        several, has_label = np.count_nonzero(alike) > 1, _has_label(box, words)
        is_of_form = several and has_label if box.is_round else several or has_label
        is_key = bool(np.any(alike & tinted))
        is_bullet = is_key or (box.is_filled and not np.any(alike & ~filled))
        if is_of_form and not is_bullet and not _is_in_comb(box, edges[alike]):
            yield box


def _is_in_comb(box: DrawnBox, alike: Pixels) -> bool:
    """Return whether equal boxes are so close that there is no space for labels. `alike` has the box itself, too."""
    row = np.sort(alike[np.abs(alike[:, 1] - box.edges[1]) <= box.side / 4, 0])
    breaks = np.flatnonzero(np.diff(row) >= 2 * box.side) + 1
    run = np.searchsorted(breaks, np.searchsorted(row, box.edges[0]), "right")
    return len(np.split(row, breaks)[run]) >= _COMB


def _has_label(box: DrawnBox, words: Pixels) -> bool:
    """Return whether a word is in the box's row, beside it."""
    left, top, right, bottom = box.edges
    middle = (top + bottom) / 2
    in_row = words[(words[:, 1] < middle) & (middle < words[:, 3])]
    away = np.maximum(in_row[:, 0] - right, left - in_row[:, 2])
    return bool(np.any((away >= -box.side / 4) & (away <= _LABEL * box.side)))


def _overlap(one: Edges, other: Edges) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
