"""Finds bullets and arrows, which stand alone: engines leave them out, or read them as letters and other signs.

A sign that an engine read as something else beside a word is known by its shape. One that was left out, or that is far
from all words, could also be a speck: it counts if it has the shape of an arrow, or if another line of the page has the
same bullet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import median

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line, Word
from ocrdesk_worker.engines.signs.ink_areas import Height, InkArea, PlacesOfInk, has_lone_ink, height_at
from ocrdesk_worker.engines.signs.shapes import ARROWS, CIRCLE, arrow_of, bullet_of, dash_of
from ocrdesk_worker.preprocess.pixels import Pixels, np

_LETTERS = frozenset("oeamnurOQIJTtlivVYLxkDpP01")
"""What engines take bullets and arrows for, apart from signs."""
_SURE = 0.97
_REACH = 3.2
"""In heights of a capital: how far before its line a bullet stands."""
_TALL = 3.0
"""In heights of its words: signs are not looked for in a higher line."""
_GAP = 0.75
"""In heights of a capital: the narrowest gap between words with a sign in it."""
_AROUND = 0.12
"""In heights of a capital: the paper on both sides of a sign that stands alone."""
_SAME_SIZE, _SAME_EDGE = 0.25, 0.4
"""How much bullets of a kind differ in height, in heights, and how far their left edges are apart, in capitals."""
_ON_LINE = 0.1
"""In heights of a capital: a sign that ends so near the foot of the letters stands on the line."""
_MOST_PLACES = 600
_CELL = 8
_DASHES = frozenset("-\N{EN DASH}\N{EM DASH}=~_")
"""What a dash may have been read as."""


@dataclass(frozen=True, slots=True)
class LoneSign:
    """A bullet or arrow. `word` is the number of the word that it is, or None; else it stands before word `before`."""

    line: Line
    sign: str
    box: Box
    word: int | None
    before: int
    capital: float


@dataclass(frozen=True, slots=True)
class _Place:
    """A place where a sign may stand: that of a word, or before a word."""

    line: Line
    box: Box
    word: int | None
    before: int
    height: Height


def find_lone_signs(ink: PlacesOfInk, blocks: Sequence[Block]) -> list[LoneSign]:
    """Return the signs of a page, each once."""
    lines = [line for block in blocks for line in block.lines if line.words]
    grid = _read_places(ink.image, (word.box for line in lines for word in line.words))
    looked_at = islice((place for line in lines for place in _places(ink.image, line)), _MOST_PLACES)
    places = [place for place in looked_at if place is not None]
    ink.prepare(place.box for place in places)
    misread = [sign for place in places if place.word is not None for sign in _sign_of(ink, place, place.word)]
    left_out = [sign for place in places if place.word is None for sign in _sign_in(ink, place, grid)]
    signs = [*misread, *left_out]
    return [sign for sign in signs if _is_beside_words(sign) or _is_proved(sign, signs)]


def _is_beside_words(sign: LoneSign) -> bool:
    """Return whether a sign was read as a word that is as near to another as a bullet to its item."""
    others = (word for number, word in enumerate(sign.line.words) if number != sign.word)
    return sign.word is not None and any(sign.box.gap(word.box) <= _REACH * sign.capital for word in others)


def _may_be_sign(word: Word) -> bool:
    if len(word.text) > 2 or (len(word.text) == 2 and any(map(str.isalnum, word.text))):
        return False
    if not word.text.isalnum():
        return word.text not in "&"
    return word.text in _LETTERS and word.confidence < _SURE


def _places(image: Pixels, line: Line) -> Iterator[_Place | None]:
    """Yield the places of a line's words that may be signs, and its gaps with ink; None if it shows no height there."""
    for number, word in enumerate(line.words):
        if _may_be_sign(word):
            height = height_at(line, number)
            yield _Place(line, _grown(word.box, _around(height)), number, number, height) if height else None
    for box, before in _gaps(line):
        if has_lone_ink(image, box):
            height = height_at(line, before - 0.5)
            yield _Place(line, box, None, before, height) if height else None


def _around(height: Height) -> int:
    return round(_AROUND * height.capital)


def _grown(box: Box, by: int) -> Box:
    return Box(box.left - by, box.top - by, box.right + by, box.bottom + by)


def _sign_of(ink: PlacesOfInk, place: _Place, number: int) -> Iterator[LoneSign]:
    """Yield the sign that a word is, if its ink is the only one beside the words around it."""
    line, height = place.line, place.height
    word, areas = line.words[number], ink.find(place.box)
    if len(areas) != 1 or _touches(areas[0].box, line, number, _around(height)):
        return
    sign = _bullet_or_arrow(ink, areas[0], height)
    if sign is None and number == 0 and len(line.words) > 1 and word.text in _DASHES:
        sign = dash_of(areas[0], height)
    if (
        sign is not None
        and sign != word.text
        and not (sign == CIRCLE and _may_be_letter(word, number, areas[0].box, height))
    ):
        yield LoneSign(line, sign, areas[0].box, number, number, height.capital)


def _sign_in(ink: PlacesOfInk, place: _Place, grid: np.ndarray) -> Iterator[LoneSign]:
    areas = [area for area in ink.find(place.box) if not grid[_cell(area.box)]]
    if len(areas) != 1 or areas[0].box.left <= place.box.left or areas[0].box.right >= place.box.right:
        return
    sign = _bullet_or_arrow(ink, areas[0], place.height)
    if sign is not None:
        yield LoneSign(place.line, sign, areas[0].box, None, place.before, place.height.capital)


def _bullet_or_arrow(ink: PlacesOfInk, area: InkArea, height: Height) -> str | None:
    return bullet_of(ink.image, area, height) or arrow_of(ink.image, area.box)


def _gaps(line: Line) -> Iterator[tuple[Box, int]]:
    """Yield the places before a line and between its words that are wide enough for a sign."""
    high = median(word.box.height for word in line.words)
    if line.box.height > _TALL * high:
        return  # a slanted line, or several
    first = line.words[0].box
    yield Box(max(0, first.left - round(_REACH * high)), line.box.top, max(0, first.left - 1), line.box.bottom), 0
    for number in range(1, len(line.words)):
        one, other = line.words[number - 1].box, line.words[number].box
        if other.left - one.right >= _GAP * high:
            yield Box(one.right + 1, line.box.top, other.left - 1, line.box.bottom), number


def _is_proved(sign: LoneSign, others: Sequence[LoneSign]) -> bool:
    """Return whether a sign that was left out is no speck: the page has others like it."""
    if sign.sign in ARROWS:
        return True
    alike = [
        other
        for other in others
        if other is not sign
        and other.sign == sign.sign
        and abs(other.box.height - sign.box.height) <= max(1.0, _SAME_SIZE * sign.box.height)
    ]
    if sign.before > 0:
        return bool(alike)
    return any(abs(other.box.left - sign.box.left) <= _SAME_EDGE * sign.capital for other in alike)


def _touches(box: Box, line: Line, number: int, around: int) -> bool:
    """Return whether the words beside it are so near that it is part of one."""
    beside = (line.words[other].box for other in (number - 1, number + 1) if 0 <= other < len(line.words))
    return any(box.gap(other) <= around for other in beside)


def _may_be_letter(word: Word, number: int, box: Box, height: Height) -> bool:
    """Return whether a ring may be an o or a nought: it begins no line, or stands on it."""
    return word.text in ("o", "O", "0") and (number > 0 or abs(height.above(box.bottom)) <= _ON_LINE)


def _read_places(image: Pixels, boxes: Iterator[Box]) -> np.ndarray:
    """Return which cells of the page have words."""
    read = np.zeros((image.shape[0] // _CELL + 2, image.shape[1] // _CELL + 2), bool)
    for box in boxes:
        read[box.top // _CELL : box.bottom // _CELL + 1, box.left // _CELL : box.right // _CELL + 1] = True
    return read


def _cell(box: Box) -> tuple[int, int]:
    return int(box.center_y) // _CELL, int(box.center_x) // _CELL
