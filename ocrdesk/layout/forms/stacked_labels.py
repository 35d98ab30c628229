"""Joins labels with the values below them, in forms with several labels side by side.

An engine reads such a form in rows: all labels, then all values. Each label becomes a block of its own, with its value.
A row of labels is told from the first row of a table by its colons, by its smaller letters, or because the next labels
are farther below the values than these are below their labels, again and again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, BlockKind, Line, Page, Word
from ocrdesk.contract.structure import BlockRole
from ocrdesk.layout.forms.moved_words import with_words_moved
from ocrdesk.layout.page_marks import PageMarks, Rule
from ocrdesk.layout.row_chains import baseline_of, chain_rows
from ocrdesk.layout.text_direction import is_rtl

_MOST_WORDS = 3_000
"""A page with more words is no form, and comparing all of them takes time."""
_GAP, _AFTER_COLON = 1.2, 0.5
"""In letter heights: the least gap between two labels, and after a colon."""
_SAME_LEFT = 0.6
"""In letter heights: how far apart the left edges of a label and its value are."""
_CELL_GAP = 0.6
"""In letter heights: the least gap between two values."""
_MAX_PITCH = 2.6
"""In letter heights: how far below its label a value is at most, from baseline to baseline."""
_MAX_LABEL_WORDS, _MAX_LABEL, _MAX_VALUE_WORDS = 5, 40, 10
_COLONS = 0.75
"""The share of the labels of a row that end with a colon."""
_SMALLER = 0.87
"""In letter heights of the values: the letters of labels that are set smaller are not higher."""
_APART = 1.25
"""In distances from label to value: how far below the values the next labels are, if nothing else tells labels."""
_EVEN = 1.3
"""The longest such distance of a form in shortest ones."""
_MIN_VALUES = 2
_DISTINCT = 0.8
"""The share of the labels that are there once."""
_TALL_LETTERS = 0.72
_LOW_LETTERS = 0.52
"""In font sizes: the heights of letters above the baseline."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of words, its baseline and the usual height of its capital letters in pixels."""

    words: tuple[Word, ...]
    base: float
    height: float
    box: Box

    @classmethod
    def of(cls, words: Sequence[Word]) -> _Row:
        heights = [
            (baseline_of(word) - word.box.top) * (1.0 if _is_tall(word.text) else _TALL_LETTERS / _LOW_LETTERS)
            for word in words
            if any(map(str.isalnum, word.text))
        ]
        box = Box.around([word.box for word in words])
        base = median(baseline_of(word) for word in words)
        return cls(tuple(words), base, max(1.0, median(heights or [box.height])), box)


@dataclass(frozen=True, slots=True)
class _Pairs:
    """A row of labels, and the values below them: for each label its words, none if it has no value."""

    labels: tuple[tuple[Word, ...], ...]
    values: tuple[tuple[Word, ...], ...]
    upper: _Row
    lower: _Row

    @property
    def pitch(self) -> float:
        return self.lower.base - self.upper.base

    @property
    def texts(self) -> list[str]:
        return [_text(label) for label in self.labels]

    @property
    def are_certain(self) -> bool:
        """Return whether the labels look like labels."""
        colons = sum(text.endswith(":") for text in self.texts)
        return colons >= _COLONS * len(self.labels) or (
            self.upper.height <= _SMALLER * self.lower.height and not any(map(_has_digit, self.texts))
        )


def with_stacked_labels(page: Page, marks: PageMarks) -> Page:
    """Return the page with each label that is above its value in a block of its own, with the value."""
    lines = [line for block in page.blocks if _is_text(block) for line in block.lines if line.words]
    words = sum(len(line.words) for line in lines)
    if not 4 <= words <= _MOST_WORDS or is_rtl(line.text for line in lines):
        return page
    rows = [_Row.of(row) for row in chain_rows([line.words for line in lines]).rows]
    found = [_blocks(pairs) for run in _runs(rows, marks.rules) for pairs in run]
    return page.model_copy(update={"blocks": with_words_moved(page.blocks, found)}) if found else page


def _is_text(block: Block) -> bool:
    return block.kind is BlockKind.TEXT and block.role is BlockRole.PARAGRAPH


def _runs(rows: Sequence[_Row], rules: Sequence[Rule]) -> Iterable[list[_Pairs]]:
    """Yield the forms among the rows, as rows of labels with values."""
    at = 0
    while at + 1 < len(rows):
        run: list[_Pairs] = []
        here = at
        while here + 1 < len(rows) and (pairs := _pairs(rows[here], rows[here + 1], rules)) is not None:
            run.append(pairs)
            here += 2
        while run and not _is_form(run, rows, at):
            run.pop()
        if run:
            yield run
        at += 2 * len(run) or 1


def _pairs(upper: _Row, lower: _Row, rules: Sequence[Rule]) -> _Pairs | None:
    """Return two rows as labels and values; None if they cannot be."""
    height = max(upper.height, lower.height)
    if not 0 < lower.base - upper.base <= _MAX_PITCH * height:
        return None
    labels = _labels(upper)
    texts = [_text(label) for label in labels]
    if any(len(label) > _MAX_LABEL_WORDS for label in labels) or any(len(text) > _MAX_LABEL for text in texts):
        return None
    values = _values(labels, lower, height)
    if values is None or not _are_plausible(texts, values):
        return None
    around = Box.around([upper.box, lower.box])
    if any(_parts(rule, around, upper, lower) for rule in rules):
        return None
    return _Pairs(labels, values, upper, lower)


def _are_plausible(texts: Sequence[str], values: Sequence[Sequence[Word]]) -> bool:
    filled = [value for value in values if value]
    return (
        2 * len(filled) >= len(texts)
        and all(any(map(str.isalpha, text)) for text in texts)
        and all(len(value) <= _MAX_VALUE_WORDS for value in filled)
        and not any(_text(value).endswith(":") for value in filled)
    )


def _labels(row: _Row) -> tuple[tuple[Word, ...], ...]:
    """Return the words of a row in parts that wide gaps, or colons, separate."""
    groups = [[row.words[0]]]
    for before, word in pairwise(row.words):
        gap = word.box.left - before.box.right
        if gap > (_AFTER_COLON if before.text.endswith(":") else _GAP) * row.height:
            groups.append([])
        groups[-1].append(word)
    return tuple(map(tuple, groups))


def _values(labels: Sequence[Sequence[Word]], row: _Row, height: float) -> tuple[tuple[Word, ...], ...] | None:
    """Return the words below each label; None unless the first of each begins where its label begins."""
    lefts = [label[0].box.left for label in labels]
    near = _SAME_LEFT * height
    values: list[list[Word]] = [[] for _ in labels]
    last: Word | None = None
    for word in row.words:
        number = sum(left <= word.box.left + near for left in lefts) - 1
        if number < 0:
            return None
        if not values[number]:
            is_apart = last is None or word.box.left - last.box.right >= _CELL_GAP * height
            if abs(word.box.left - lefts[number]) > near or not is_apart:
                return None
        values[number].append(word)
        last = word
    return tuple(map(tuple, values))


def _parts(rule: Rule, around: Box, upper: _Row, lower: _Row) -> bool:
    """Return whether a line is between the labels and the values, or between two labels: a table has such lines."""
    if rule.direction == "horizontal":
        is_between = upper.base <= rule.box.center_y <= lower.base - lower.height
        return is_between and 2 * rule.box.shared_width(around) > around.width
    is_inside = around.left < rule.box.center_x < around.right
    return is_inside and 2 * rule.box.shared_height(around) > around.height


def _is_form(run: Sequence[_Pairs], rows: Sequence[_Row], at: int) -> bool:
    """Return whether rows of labels and values, of which `rows[at]` is the first, are a form."""
    texts = [text for pairs in run for text in pairs.texts]
    wide = sum(len(pairs.labels) > 1 for pairs in run)
    filled = sum(bool(value) for pairs in run for value in pairs.values)
    if not wide or filled < _MIN_VALUES or len(set(texts)) < _DISTINCT * len(texts):
        return False
    if 2 * sum(text[0].islower() for text in texts) > len(texts):  # it may be wide spaces of running text
        return False
    after = rows[at + 2 * len(run)] if at + 2 * len(run) < len(rows) else None
    if all(pairs.are_certain for pairs in run):
        return not _goes_on(run[-1], after)
    pitches = [pairs.pitch for pairs in run]
    if wide < 2 or max(pitches) > _EVEN * min(pitches) or any(map(_has_digit, texts)):
        return False
    next_rows = [*(pairs.upper for pairs in run[1:]), *([after] if after else [])]
    before = [rows[at - 1]] if at else []
    below = [lower.base - pairs.lower.base for pairs, lower in zip(run, next_rows, strict=False)]
    above = [run[0].upper.base - row.base for row in before]
    return min((*below, *above)) >= _APART * max(pitches)


def _goes_on(pairs: _Pairs, after: _Row | None) -> bool:
    """Return whether the next row is one more row of values, as in a table."""
    if after is None or after.base - pairs.lower.base > _APART * pairs.pitch:
        return False
    values = _values(pairs.labels, after, pairs.lower.height)
    return values is not None and sum(map(bool, values)) > 1


def _has_digit(text: str) -> bool:
    return any(map(str.isdecimal, text))


def _is_tall(text: str) -> bool:
    return any(character.isupper() or character.isdecimal() or character in "bdfhkl" for character in text)


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _blocks(pairs: _Pairs) -> list[Block]:
    blocks = []
    for parts in zip(pairs.labels, pairs.values, strict=True):
        lines = tuple(Line(box=Box.around([word.box for word in part]), words=part) for part in parts if part)
        blocks.append(Block(role=BlockRole.PAIRS, box=Box.around([line.box for line in lines]), lines=lines))
    return blocks
