"""Finds the ruling lines of a page image: those of tables and forms, and between parts of a page.

A line may be slightly skewed, broken or dotted. Underlines, leaders and strokes of large letters are not ruling lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from ocrdesk_worker.marks.page_ink import Edges, PageInk
from ocrdesk_worker.preprocess.connected_areas import ConnectedAreas, Numbers, find_connected_areas
from ocrdesk_worker.preprocess.morphology import open_areas
from ocrdesk_worker.preprocess.pixels import Mask, Pixels, np

_RUN = 1.5
"""Letter heights: shorter runs of ink are not looked at."""
_LENGTH = 4.0
"""Letter heights: a shorter line may be a dash or a stroke of a letter."""
_LENGTH_BETWEEN = 1.8
"""The same for an upright line that ends at a horizontal one: it may separate two cells of a single row."""
_THICKNESS, _THINNEST = 0.45, 3
"""Letter heights, and pixels: a thicker line is a bar or the stroke of a large letter."""
_SLENDER, _BOLD, _SLENDER_BOLD = 10, 0.25, 25
"""A line is so many times as long as thick; one thicker than that share of a letter is even longer: bars of letters."""
_SLOPE = 0.025
"""Rows per column: of a page that is more skewed, words and lines do not form rows and columns."""
_BREAK = 0.6
"""Letter heights: pieces of a line that are no farther apart are one line. Lines below two heads are farther apart."""
_FLANK = 4
_MAX_FLANK_INK, _BLACK = 0.25, 0.7
"""So many pixels beside a line have, on one side at least, at most this share of its ink: halftones have more.

None of its sides is black for twice as far: between white letters on black there are lines, too.
"""
_WAVES = 0.005
"""How far a line of a curved page may leave the straight, as a share of its length."""
_DOT = 0.35
"""Letter heights: the height of the largest dot or dash of a broken line."""
_COVERED, _DOTTED = 0.75, 0.25
"""A line's pieces cover the first share of its length; only if long ones cover less than the second, it is dotted."""
_MIN_DOTS = 12
_DASH = 8
"""Pixels of a usual dash: dots that touch count as one for each."""
_CROWD, _MOST_OF_CROWD = 24, 16
"""More dots in a square of so many pixels are a halftone: two dotted lines that cross have fewer."""
_MAX_PIECES = 8_000
_MAX_LINES = 2_000
_IN_WORDS = 0.5
"""A line that runs through words for more than this share of its length is part of them."""
_AT_WORD = 0.2
"""Letter heights: an upright stroke so close to a word is part of it."""
_BESIDE, _BELOW = 2.0, 0.15
"""Letter heights from a word to a leader in its row, and how far below the word's box that may be."""
_UNDERLINE_GAP, _BASELINE_GAP = 0.4, 0.8
"""Letter heights between words and their underline: of the lowest one, and of those without descenders."""
_UNDERLINED = 0.8
"""The share of an underline that has words above it."""
_OVERHANG = 1.0
"""Letter heights that an underline may be longer than its words."""


@dataclass(slots=True)
class _Piece:
    """A part of a horizontal line: the rows of its ends, and the pixels that it fills. It grows while parts are added.

    A frozen one would take half of the search's time on pages with dotted lines.
    """

    left: int
    top: int
    right: int
    bottom: int
    row_left: float
    row_right: float
    filled: int
    covered: int
    """Columns that are filled."""
    solid: int = 0
    """Columns filled by long pieces."""
    parts: int = 1

    @property
    def thickness(self) -> float:
        return self.filled / max(1, self.right - self.left)

    def add(self, piece: _Piece) -> None:
        """Add a piece that does not begin farther left."""
        self.top, self.bottom = min(self.top, piece.top), max(self.bottom, piece.bottom)
        self.parts += 1
        self.solid += piece.solid
        self.covered += max(0, piece.right - max(self.right, piece.left))
        if piece.right > self.right:
            self.right, self.row_right = piece.right, piece.row_right
            self.filled += piece.filled


def find_rules(ink: PageInk, words: Pixels, letter_height: float) -> tuple[list[Edges], list[Edges]]:
    """Return the horizontal and the vertical ruling lines in pixels of the copy.

    `words` are the edges of the page's words there, and `letter_height` is that of most letters.
    Takes about 10 ms for a letter page at 300 dpi, besides the ink.
    """
    flat = np.array([1, 0, 3, 2])  # of boxes in the copy whose rows and columns are exchanged
    runs = _least_run(letter_height)
    across = [
        line
        for line in _lines(ink.dark, ink.areas.of_long_runs(runs), ink.areas.boxes, letter_height)
        if line[2] - line[0] >= _LENGTH * letter_height
    ]
    turned_ink = _transposed(ink.dark)
    long_runs = find_connected_areas(turned_ink, least_run=runs)
    upright = _lines(turned_ink, long_runs, ink.areas.boxes[:, flat], letter_height)
    across = [line for line in across if not _belongs_to_words(line, words, letter_height)]
    slack = _AT_WORD * letter_height  # the last stroke of a word may be beyond its box
    turned = words[:, flat] + (0, -slack, 0, slack)
    upright = [line for line in upright if not _runs_through_words(line, turned)]
    by_row = _LinesByRow(across, letter_height)
    down = [
        (top, left, bottom, right)
        for left, top, right, bottom in upright
        if right - left >= _LENGTH * letter_height or by_row.meet((top + bottom) // 2, left, right)
    ]
    return across, down


def _lines(dark: Mask, found: ConnectedAreas, areas: Numbers, letter_height: float) -> list[Edges]:
    """Return the lines from left to right of a mask. `found` are the areas of its long runs.

    `areas` are its connected ones: left, top, width, height.
    """
    thickest = max(_THINNEST, round(_THICKNESS * letter_height))
    thick = (found.boxes[:, 2] >= _LENGTH * letter_height) & (found.sizes > thickest * found.boxes[:, 2])
    if thick.any():  # a line may end at a dark area, or lead into one
        thinner = _without_thick_parts(found, thick, thickest)
        found = find_connected_areas(thinner, least_run=_least_run(letter_height))
    pieces = [*_pieces(found, thickest), *_dots(areas, letter_height)]
    lines = [
        piece
        for piece in _joined(pieces, letter_height)
        if _is_line(piece, thickest, letter_height) and _has_clean_side(piece, dark)
    ]
    lines.sort(key=lambda piece: piece.left - piece.right)
    return [(piece.left, piece.top, piece.right, piece.bottom) for piece in lines[:_MAX_LINES]]


def _least_run(letter_height: float) -> int:
    """Return how many pixels of a row a piece of a line has at least."""
    return max(8, round(_RUN * letter_height))


def _transposed(mask: Mask) -> Mask:
    """Return the mask with rows and columns exchanged. Pillow does that in blocks, which takes a third of the time."""
    image = Image.fromarray(np.ascontiguousarray(mask).view(np.uint8)).transpose(Image.Transpose.TRANSPOSE)
    return np.asarray(image).view(np.bool_)


def _without_thick_parts(found: ConnectedAreas, thick: Mask, thickest: int) -> Mask:
    """Return the mask of the areas, without the parts of thick ones that are thicker than a line."""
    mask = found.mask_of(np.ones(found.count, np.bool_))
    boxes = found.boxes[thick]
    left, top = boxes[:, :2].min(axis=0)
    right, bottom = (boxes[:, :2] + boxes[:, 2:]).max(axis=0)
    part = mask[top:bottom, left:right]  # opening takes time: only where it is needed
    part &= ~open_areas(part, 1, thickest + 1)
    return mask


def _is_line(piece: _Piece, thickest: int, letter_height: float) -> bool:
    length, height = piece.right - piece.left, piece.bottom - piece.top
    slender = _SLENDER_BOLD if piece.thickness > max(2, _BOLD * letter_height) else _SLENDER
    return (
        length >= _LENGTH_BETWEEN * letter_height
        and length >= slender * piece.thickness
        and (piece.covered >= _COVERED * length or (piece.solid <= _DOTTED * length and piece.parts >= _MIN_DOTS))
        and abs(piece.row_right - piece.row_left) <= _SLOPE * length + 1
        and height <= max(thickest, piece.thickness + abs(piece.row_right - piece.row_left) + _WAVES * length + 2)
    )


def _has_clean_side(piece: _Piece, dark: Mask) -> bool:
    inked = _beside(piece, dark, _FLANK)
    own = min(1.0, piece.thickness / 2)  # that of dots as thick as two pixels is less
    is_dotted = piece.covered < _COVERED * (piece.right - piece.left)  # then it may also be the edge of a halftone
    clean = max if is_dotted else min
    if inked and clean(inked) > _MAX_FLANK_INK * own:
        return False
    # farther than the other line of a double one
    return max(inked, default=0.0) <= _BLACK or max(_beside(piece, dark, 2 * _FLANK)) <= _BLACK


def _beside(piece: _Piece, dark: Mask, depth: int) -> list[float]:
    """Return which share of the pixels above and below a line are ink; nothing for a side beyond the page."""
    strips = (
        dark[max(0, piece.top - 1 - depth) : max(0, piece.top - 1), piece.left : piece.right],
        dark[piece.bottom + 1 : piece.bottom + 1 + depth, piece.left : piece.right],
    )
    return [int(np.count_nonzero(strip)) / strip.size for strip in strips if strip.size]


def _pieces(found: ConnectedAreas, thickest: int) -> list[_Piece]:
    """Return the areas that are no thicker than a line, the longest first if there are too many."""
    if not found.count:
        return []
    boxes, sizes = found.boxes, found.sizes
    wide, high = boxes[:, 2], boxes[:, 3]
    chosen = np.flatnonzero((sizes <= thickest * wide) & (high <= thickest + _SLOPE * wide + 1))
    chosen = chosen[np.argsort(-wide[chosen], kind="stable")[:_MAX_PIECES]]
    first, last = np.zeros(found.count, np.intp), np.zeros(found.count, np.intp)
    for rows, order in ((first, np.argsort(-found.starts)), (last, np.argsort(found.ends))):
        rows[found.owners[order]] = found.rows[order]  # of an area's runs, the outermost is the last
    return [
        _Piece(left, top, left + width, top + height, row_left, row_right, size, width, width)
        for (left, top, width, height), row_left, row_right, size in zip(
            boxes[chosen].tolist(), first[chosen].tolist(), last[chosen].tolist(), sizes[chosen].tolist(), strict=True
        )
    ]


def _dots(areas: Numbers, letter_height: float) -> list[_Piece]:
    """Return the dots and dashes that have another one beside them."""
    wide, high = areas[:, 2], areas[:, 3]
    small = areas[(high <= max(3, _DOT * letter_height)) & (high <= wide + 1)]
    small = small[~_are_crowded(small)]
    small = small[_have_neighbours(small, _BREAK * letter_height)][:_MAX_PIECES]
    return [
        _Piece(
            left,
            top,
            left + width,
            top + height,
            top + height / 2,
            top + height / 2,
            width * min(height, 2),
            width,
            parts=max(1, width // _DASH),
        )
        for left, top, width, height in small.tolist()
    ]


def _are_crowded(dots: Numbers) -> Mask:
    """Return which dots have many around them, as those of a halftone have."""
    if not len(dots):
        return np.zeros(0, np.bool_)
    rows, columns = dots[:, 1] // _CROWD, dots[:, 0] // _CROWD
    cells = rows * (int(columns.max()) + 1) + columns
    crowded: Mask = np.bincount(cells)[cells] > _MOST_OF_CROWD
    return crowded


def _have_neighbours(areas: Numbers, reach: float) -> Mask:
    """Return which areas have another one of about the same rows at most `reach` columns beside them."""
    near = np.zeros(len(areas), np.bool_)
    for shift in (0, 2):
        rows = (areas[:, 1] + areas[:, 3] // 2 + shift) // 4
        order = np.lexsort((areas[:, 0], rows))
        one, other = order[:-1], order[1:]
        close = (rows[one] == rows[other]) & (areas[other, 0] - areas[one, 0] - areas[one, 2] <= reach)
        near[one[close]] = near[other[close]] = True
    return near


def _joined(pieces: Sequence[_Piece], letter_height: float) -> list[_Piece]:
    """Join the pieces that continue each other."""
    reach = _BREAK * letter_height
    lines: list[_Piece] = []
    by_row: defaultdict[int, list[int]] = defaultdict(list)
    for piece in sorted(pieces, key=lambda piece: piece.left):
        row = int(piece.row_left)
        best = max(
            (
                number
                for near in range(row - 2, row + 3)
                for number in by_row[near][-8:]
                if piece.left - lines[number].right <= reach and abs(piece.row_left - lines[number].row_right) <= 2
            ),
            key=lambda number: lines[number].right,
            default=None,
        )
        if best is None:
            best = len(lines)
            lines.append(piece)
        else:
            by_row[int(lines[best].row_right)].remove(best)
            lines[best].add(piece)
        by_row[int(lines[best].row_right)].append(best)
    return lines


# ── what is no ruling line ───────────────────────────────────────────────────────────────────────


def _belongs_to_words(line: Edges, words: Pixels, letter_height: float) -> bool:
    """Return whether a horizontal line runs through words, underlines them, or continues their row.

    The latter are leaders, and blanks to fill in.
    """
    return (
        _runs_through_words(line, words)
        or _is_underline(line, words, letter_height)
        or _continues_row(line, words, letter_height)
    )


def _continues_row(line: Edges, words: Pixels, letter_height: float) -> bool:
    left, top, right, bottom = line
    middle, reach = (top + bottom) / 2, _BESIDE * letter_height
    in_row = words[(words[:, 1] < middle) & (middle < words[:, 3] + _BELOW * letter_height)]
    away = np.maximum(left - in_row[:, 2], in_row[:, 0] - right)  # below 0 for words along the line
    return bool(np.any((-letter_height / 2 <= away) & (away <= reach)))


def _runs_through_words(line: Edges, words: Pixels) -> bool:
    """Return whether words cover most of the line. They must be as high as letters: a line may be read as dashes."""
    left, top, right, bottom = line
    middle = (top + bottom) / 2
    at_line = words[(words[:, 1] < middle) & (middle < words[:, 3]) & (words[:, 0] < right) & (left < words[:, 2])]
    return _covered(at_line, left, right) > _IN_WORDS * (right - left)


def _is_underline(line: Edges, words: Pixels, letter_height: float) -> bool:
    """Return whether words right above a line begin and end with it, or the line ends within them."""
    left, top, right, bottom = line
    gap = (top + bottom) / 2 - words[:, 3]
    is_near = (np.abs(gap) <= _BASELINE_GAP * letter_height) & (words[:, 0] < right) & (left < words[:, 2])
    if not is_near.any() or gap[is_near].min() > _UNDERLINE_GAP * letter_height:
        return False
    above = words[is_near]
    around = max(0.0, float(above[:, 0].min()) - left) + max(0.0, right - float(above[:, 2].max()))
    inner = right - left - around
    return around <= _OVERHANG * letter_height and _covered(above, left, right) >= _UNDERLINED * inner


def _covered(words: Pixels, left: int, right: int) -> float:
    """Return how many columns between left and right have words."""
    total, end = 0.0, float(left)
    for start, stop in sorted(zip(words[:, 0].tolist(), words[:, 2].tolist(), strict=True)):
        total += max(0.0, min(stop, right) - max(start, end))
        end = max(end, stop)
    return total


class _LinesByRow:
    """Lines from left to right, found by their rows."""

    def __init__(self, lines: Sequence[Edges], letter_height: float) -> None:
        self._band = max(1, int(letter_height / 2))
        self._lines: defaultdict[int, list[Edges]] = defaultdict(list)
        for line in lines:
            for number in range(line[1] // self._band - 1, line[3] // self._band + 2):
                self._lines[number].append(line)

    def meet(self, column: int, *ends: int) -> bool:
        """Return whether an upright line in that column ends at one of them; `ends` are its first and last row."""
        return any(
            line[0] - self._band <= column <= line[2] + self._band
            for end in ends
            for line in self._lines.get(end // self._band, ())
        )
