"""Drops words that a page does not say: read in ruling lines, in pictures and specks, or read twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line, Word
from ocrdesk.layout.page_marks import PageMarks, Rule

_STROKES = frozenset("|_-\N{EN DASH}\N{EM DASH}=~.,:;'\"`Il1!i[](){}/\\\N{CENT SIGN}\N{MIDDLE DOT}\N{BULLET}")
"""Signs that engines read in lines."""
_DASHES = frozenset("_-\N{EN DASH}\N{EM DASH}")
"""Signs that stand for nothing in the cells of tables, where they are alone and read with little confidence."""
_ON_RULE = 0.6
"""A word of strokes is a ruling line if that share of its box is on one."""
_RULE_SLACK = 3
"""Pixels around a ruling line, which was measured on a reduced copy."""
_SAME_PLACE = 0.5
"""Two words are at the same place if they share more than this part of the smaller one's area."""
_CERTAIN, _DOUBTFUL = 0.8, 0.5
"""Of different words at the same place, one below the second is dropped if the other has the first or more."""
_AS_LARGE = 0.7
"""It also has a box at least so large as the other's, which else may be loose and reach over it."""
_LOOSE = 1.3
"""A box so many times as large as that of the same word at the same place is the worse one."""
_GUESS = 0.2
"""Confidence below which hardly any one or two signs are correct."""
_GUESS_IN_PICTURE = 0.45
"""The same for words in pictures."""
_SHORT, _SHORT_IN_PICTURE = 2, 3
"""Signs of words that are dropped for their low confidence."""
_BESIDE = 1.5
"""Heights of a line's words: a word farther from all others is beside the text."""
_BAND = 64
"""Rows or columns of pixels."""
_MAX_NEAR = 60
"""Words of a band that a word is compared with: more are a heap of noise."""


def drop_noise(blocks: Sequence[Block], marks: PageMarks) -> tuple[Block, ...]:
    """Return the blocks without the words that are noise, and without the second of words that were read twice."""
    rules = _Rules(marks.rules)
    lines = [line for block in blocks for line in block.lines]
    noise = {id(word) for line in lines for word in _noise_of_line(line, rules, marks.pictures)}
    noise |= _repeated([word for line in lines for word in line.words if id(word) not in noise])
    if not noise:
        return tuple(blocks)
    kept = (block.refilled(lambda line: (word for word in line.words if id(word) not in noise)) for block in blocks)
    return tuple(block for block in kept if block is not None)


def _noise_of_line(line: Line, rules: _Rules, pictures: Sequence[Box]) -> Iterator[Word]:
    for index, word in enumerate(line.words):
        is_rule = _STROKES.issuperset(word.text) and rules.cover(word.box)
        is_texture = word.confidence < _GUESS_IN_PICTURE and _is_in_picture(word, pictures)
        if is_rule or is_texture or (_is_guess(word) and _is_apart(line, index)):
            yield word


def _is_guess(word: Word) -> bool:
    return word.confidence < _GUESS and len(word.text) <= _SHORT and not _DASHES.issuperset(word.text)


def _is_in_picture(word: Word, pictures: Sequence[Box]) -> bool:
    return len(word.text) <= _SHORT_IN_PICTURE and any(
        picture.contains(word.box.center_x, word.box.center_y) for picture in pictures
    )


def _is_apart(line: Line, index: int) -> bool:
    """Return whether no other word of the line that is likely to be correct is beside the word."""
    box = line.words[index].box
    others = [word.box for word in line.words if word.confidence >= _DOUBTFUL]
    if not others:
        return True
    reach = _BESIDE * median(other.height for other in others)
    return min(box.gap(other) for other in others) > reach


class _Rules:
    """Ruling lines by the bands of rows or columns that they are in."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._across: defaultdict[int, list[Box]] = defaultdict(list)
        self._down: defaultdict[int, list[Box]] = defaultdict(list)
        for rule in rules:
            left, top, right, bottom = rule.box
            box = Box(left - _RULE_SLACK, top - _RULE_SLACK, right + _RULE_SLACK, bottom + _RULE_SLACK)
            is_across = rule.direction == "horizontal"
            bands, first, last = (self._across, box.top, box.bottom) if is_across else (self._down, box.left, box.right)
            for band in range(first // _BAND, last // _BAND + 1):
                bands[band].append(box)

    def cover(self, box: Box) -> bool:
        """Return whether most of the box is on a ruling line."""
        near = (*self._across.get(int(box.center_y) // _BAND, ()), *self._down.get(int(box.center_x) // _BAND, ()))
        return any(rule.shared_area(box) >= _ON_RULE * max(1, box.area) for rule in near)


def _repeated(words: Sequence[Word]) -> set[int]:
    """Return the ids of the words that another word at the same place makes superfluous."""
    dropped: set[int] = set()
    bands: defaultdict[int, list[tuple[Word, Box, int]]] = defaultdict(list)
    for word in words:
        box = word.box
        left, top, right, bottom = box
        area = box.area
        if area <= 0:
            continue
        rows = range(top // _BAND, (bottom - 1) // _BAND + 1)
        near = {}  # a word of two bands is there twice
        for row in rows:
            for other, place, other_area in bands[row][-_MAX_NEAR:]:
                if (
                    place[0] < right  # most are beside the word
                    and left < place[2]
                    and place[1] < bottom
                    and top < place[3]
                    and box.shared_area(place) > _SAME_PLACE * min(area, other_area)
                ):
                    near[id(other)] = other
        for other in near.values():
            if id(other) not in dropped:
                worse = _worse(word, other)
                if worse is not None:
                    dropped.add(id(worse))
                if worse is word:
                    break
        for row in rows:
            bands[row].append((word, box, area))
    return dropped


def _worse(one: Word, other: Word) -> Word | None:
    """Return the word to drop of two at the same place; None if both may be on the page."""
    low, high = sorted((one, other), key=lambda word: word.confidence)
    tight, loose = sorted((one, other), key=lambda word: word.box.area)
    if _folded(low.text) == _folded(high.text):
        if abs(tight.box.center_y - loose.box.center_y) > tight.box.height:  # the loose box may be of the next row
            return None
        return loose if loose.box.area > _LOOSE * tight.box.area else low
    is_doubtful = low.confidence < _DOUBTFUL and high.confidence >= _CERTAIN
    return low if is_doubtful and low.box.area >= _AS_LARGE * high.box.area else None


def _folded(text: str) -> str:
    """Return the letters and figures of a text, without case; the text itself if it has none."""
    return "".join(character for character in text.casefold() if character.isalnum()) or text
