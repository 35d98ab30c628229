"""Finds headers and footers that are repeated on pages near each other, and marks them.

Each page is reduced to its outermost rows (`PageEdges`), so that a book is compared without its words in memory. A row
is a header or footer if two pages near it have the same row at the same place; the page's number may count up in it.
More pages never make a header text again, so pages may be compared in any order, and again when others have come.
"""

from __future__ import annotations

import json
import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, field, replace
from functools import lru_cache
from itertools import groupby
from typing import Any

from ocrdesk.contract.document import Block, BlockKind, Line, Page
from ocrdesk.contract.structure import BlockRole
from ocrdesk.contract.word_spacing import join_words
from ocrdesk.layout.headers.page_numbers import is_page_number, names_page_number, roman_value
from ocrdesk.layout.page_profile import MAX_ROWS, PageProfile, Row, is_alphanumeric, outer_rows, profile_page

WINDOW = 6
"""How many pages before and after a page are compared: left and right pages may alternate, and some are misread."""
_MIN_OTHERS = 2
"""On so many pages near it a row is repeated. Two pages alone may begin alike by chance."""
_PARTS = 10_000
"""Places and heights are in these parts of the page's height."""
_MAX_DEPTH = 0.2
"""In page heights: how far from the page's edge a header or footer is at most."""
_PLACE = 0.02
"""In page heights: how far a scan is shifted against another."""
_HEIGHT = 0.75
"""Height of a row's letters relative to those of the same row on another page, at least."""
_LARGE = 1.2
"""Height of letters relative to the body's: larger ones at the top are a title."""
_MIN_GAP, _MIN_GAP_USUAL = 0.5, 1.2
"""White between the rows and the body: in line heights, and in the usual white between lines."""
_FEW_LINES, _MIN_GAP_OF_FEW = 6, 1.0
"""A page with fewer lines has no usual white, and needs so many line heights."""
_MAX_LETTERS, _MAX_NUMBERS, _MAX_DIGITS = 60, 6, 9
_MIN_ALIKE, _MIN_COMPARED = 0.75, 6
"""Share of pairs of letters that two rows have in common, where one is misread; shorter texts are equal."""
_MIN_LETTERS_MISREAD = 4
"""Letters of a row whose number may be misread."""

_TOKEN = re.compile(r"\d+|[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class EdgeRow:
    """A row near a page's edge. `place` (from the edge to its centre) and `height` (of its words) are in parts.

    `letters` is its text without numbers, spaces and signs; `numbers` are in its order, roman ones too.
    """

    letters: str
    numbers: tuple[int, ...]
    place: int
    height: int
    may_run: bool
    """Whether it can be a header or footer: no table's row, not too far in the page, not larger than the text."""
    is_apart: bool
    """Whether white separates it from what is further in."""
    is_marked: bool
    """Whether it is marked already."""


@dataclass(frozen=True, slots=True)
class PageEdges:
    """A page's outermost rows at the top and at the bottom, each from the page's edge inwards."""

    number: int
    top: tuple[EdgeRow, ...] = ()
    bottom: tuple[EdgeRow, ...] = ()

    def as_text(self) -> str:
        return json.dumps([self.number, *([astuple(row) for row in rows] for rows in (self.top, self.bottom))])

    @classmethod
    def from_text(cls, text: str) -> PageEdges:
        """Raises ValueError for what `as_text` did not return."""
        try:
            number, *sides = json.loads(text)
            top, bottom = (tuple(_row_from(values) for values in side) for side in sides)
        except TypeError as error:
            raise ValueError(str(error)) from None
        return cls(int(number), top[:MAX_ROWS], bottom[:MAX_ROWS])

    def marked(self, running: RunningRows) -> PageEdges:
        """Return the edges of the page once these rows are marked."""
        top = (replace(row, is_marked=True) for row in self.top[: running.top])
        bottom = (replace(row, is_marked=True) for row in self.bottom[: running.bottom])
        return PageEdges(self.number, (*top, *self.top[running.top :]), (*bottom, *self.bottom[running.bottom :]))


def _row_from(values: Sequence[Any]) -> EdgeRow:
    letters, numbers, place, height, may_run, is_apart, is_marked = values
    if type(letters) is not str or any(type(number) is not int for number in (place, height, *numbers)):
        raise ValueError("not a row of a page's edge")
    flags = may_run is True, is_apart is True, is_marked is True
    return EdgeRow(letters[:_MAX_LETTERS], tuple(numbers[:_MAX_NUMBERS]), place, height, *flags)


@dataclass(frozen=True, slots=True)
class RunningRows:
    """How many of a page's outermost rows are its header, and its footer."""

    top: int = 0
    bottom: int = 0


# ── a page ───────────────────────────────────────────────────────────────────────────────────────


def page_edges(page: Page) -> PageEdges:
    """Return the outermost rows of a page."""
    profile = profile_page(page.blocks, page.height, min_lines=1)
    if profile is None or page.height <= 0:
        return PageEdges(page.number)
    blocks = {id(line): block for block in page.blocks for line in block.lines}
    sides = (_edge(profile, blocks, at_top=at_top) for at_top in (True, False))
    return PageEdges(page.number, *sides)


def _edge(profile: PageProfile, blocks: dict[int, Block], *, at_top: bool) -> tuple[EdgeRow, ...]:
    rows = outer_rows(profile, at_top=at_top)
    inner = [*rows[1:], None]
    return tuple(
        _edge_row(row, _is_apart(row, next_row, profile), [blocks[id(line)] for line in row.lines], profile, at_top)
        for row, next_row in zip(rows[:MAX_ROWS], inner, strict=False)
    )


def _edge_row(row: Row, is_apart: bool, blocks: Sequence[Block], profile: PageProfile, at_top: bool) -> EdgeRow:
    letters, numbers = _content([join_words(segment) for segment in row.segments])
    reach = row.box.bottom if at_top else profile.page_height - row.box.top
    centre = row.box.center_y if at_top else profile.page_height - row.box.center_y
    heights = [word.box.height for segment in row.segments for word in segment if is_alphanumeric(word)]
    is_text = any(block.kind is BlockKind.TEXT for block in blocks)
    may_run = (
        bool(letters or numbers)
        and len(numbers) <= _MAX_NUMBERS
        and 0 < reach <= _MAX_DEPTH * profile.page_height
        and all(block.role is not BlockRole.TABLE for block in blocks)
        and not (at_top and is_text and profile.letters.ratio(row) > _LARGE)
        and not _is_counted_heading(row, numbers, blocks)
    )
    return EdgeRow(
        letters=letters,
        numbers=numbers[:_MAX_NUMBERS],
        place=round(_PARTS * centre / profile.page_height),
        height=round(_PARTS * (statistics.median(heights) if heights else 0) / profile.page_height),
        may_run=may_run,
        is_apart=is_apart,
        is_marked=not is_text,
    )


def _is_counted_heading(row: Row, numbers: Sequence[int], blocks: Sequence[Block]) -> bool:
    """Return whether a row is a heading such as "Day 5", whose number counts up like that of a page."""
    if not numbers or all(block.role is not BlockRole.HEADING for block in blocks):
        return False
    texts = [join_words(segment) for segment in row.segments]
    return not any(is_page_number(text) or names_page_number(text) for text in texts)


def _is_apart(row: Row, inner: Row | None, profile: PageProfile) -> bool:
    if inner is None:
        return True
    white = max(inner.box.top - row.box.bottom, row.box.top - inner.box.bottom)
    if len(profile.lines) < _FEW_LINES:
        return white >= _MIN_GAP_OF_FEW * profile.line_height
    return white >= max(_MIN_GAP * profile.line_height, _MIN_GAP_USUAL * profile.white)


def _content(texts: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """Return the letters and the numbers of a row's texts. A roman number stands alone in its text."""
    letters, numbers = "", []
    for text in texts:
        if (roman := roman_value(text)) is not None:
            numbers.append(roman)
            continue
        for token in _TOKEN.findall(text):
            if token.isdecimal():
                numbers.append(int(token[-_MAX_DIGITS:]))
            else:
                letters += token
    return letters.casefold()[:_MAX_LETTERS], tuple(numbers)


def mark_running_rows(page: Page, running: RunningRows) -> Page:
    """Return the page with so many of its outermost rows marked as header and footer; they get blocks of their own.

    Every word stays, in the same order.
    """
    profile = profile_page(page.blocks, page.height, min_lines=1)
    if profile is None:
        return page
    kinds: dict[int, BlockKind] = {}
    for count, kind in ((running.bottom, BlockKind.FOOTER), (running.top, BlockKind.HEADER)):
        for row in outer_rows(profile, at_top=kind is BlockKind.HEADER)[:count]:
            kinds |= {id(line): kind for line in row.lines}
    blocks = tuple(part for block in page.blocks for part in _split(block, kinds))
    return page.model_copy(update={"blocks": blocks})


def _split(block: Block, kinds: dict[int, BlockKind]) -> Iterator[Block]:
    """Yield the block's runs of lines of one kind. What is left of a text keeps its role if it keeps its beginning."""
    if block.kind is not BlockKind.TEXT or all(id(line) not in kinds for line in block.lines):
        yield block
        return
    runs = groupby(block.lines, lambda line: kinds.get(id(line), BlockKind.TEXT))
    for number, (kind, run) in enumerate(runs):
        lines: tuple[Line, ...] = tuple(run)
        has_beginning = number == 0 or (block.marker is None and block.level is None)
        if kind is BlockKind.TEXT and has_beginning:
            yield block.with_lines(lines)
        else:
            plain = {"role": BlockRole.PARAGRAPH, "level": None, "marker": None, "ticked": None}
            yield block.with_lines(lines, kind=kind, **plain)


# ── pages together ───────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True, eq=False)
class _Found:
    """A row, and which rows of other pages are the same."""

    row: EdgeRow
    number: int
    same: list[_Found] = field(default_factory=list)
    alike: list[_Found] = field(default_factory=list)
    """Rows with the same letters but other numbers."""
    counts: bool = False
    """One of its numbers counts up with the pages."""
    is_running: bool = False
    alike_running: int = 0
    """How many of those alike are running."""

    @property
    def is_repeated(self) -> bool:
        return len({other.number for other in self.same}) >= _MIN_OTHERS

    @property
    def is_separate(self) -> bool:
        """Whether it is apart from the text, here or on other pages."""
        running = [one for one in self.alike if one.is_running]
        if self.row.is_marked or self.counts or any(one.counts for one in running):
            return True
        return sum(one.row.is_apart for one in (self, *self.same, *running)) >= _MIN_OTHERS


def find_running_rows(pages: Sequence[PageEdges], *, of: int | None = None) -> dict[int, RunningRows]:
    """Return which rows are repeated, by page number, for the pages that have some which are not marked.

    The pages are in order; those that failed are among them, without rows. The effort grows with their number only.
    With `of` only the page of that number is compared with the others, which may miss some of its misread rows.
    """
    counts: dict[int, dict[str, int]] = {}
    for side in ("top", "bottom"):
        found = [[_Found(row, page.number) for row in getattr(page, side)] for page in pages]
        for index, rows in enumerate(found):
            for after in range(index + 1, min(index + 1 + WINDOW, len(found))):
                if of is None or of in (pages[index].number, pages[after].number):
                    _compare(rows, found[after])
        _spread([one for rows in found for one in rows])
        for page, rows in zip(pages, found, strict=True):
            if count := _outer_count(rows):
                counts.setdefault(page.number, {})[side] = count
    return {number: RunningRows(**sides) for number, sides in counts.items()}


def _compare(rows: Sequence[_Found], others: Sequence[_Found]) -> None:
    for one in rows:
        for other in others:
            if not _are_in_one_place(one.row, other.row) or not _have_same_letters(one.row.letters, other.row.letters):
                continue
            counted = _counted(one, other)
            if counted is None:
                if _may_be_misread(one.row) and _may_be_misread(other.row):
                    one.alike.append(other)
                    other.alike.append(one)
            elif counted or one.row.letters:
                one.same.append(other)
                other.same.append(one)
                one.counts |= counted
                other.counts |= counted


def _spread(found: Sequence[_Found]) -> None:
    """Set which rows are running: those repeated or marked, then each that is the same as one, or alike to two.

    So a page is marked alike whether it is compared before or after the others were marked.
    """
    waiting = [one for one in found if one.row.may_run and (one.is_repeated or one.row.is_marked)]
    for one in waiting:
        one.is_running = True
    while waiting:
        one = waiting.pop()
        for other in one.alike:
            other.alike_running += 1
        for other in (*one.same, *(other for other in one.alike if other.alike_running >= _MIN_OTHERS)):
            if not other.is_running:
                other.is_running = True
                waiting.append(other)


def _may_be_misread(row: EdgeRow) -> bool:
    return len(row.letters) >= _MIN_LETTERS_MISREAD or not row.letters


def _are_in_one_place(one: EdgeRow, other: EdgeRow) -> bool:
    return (
        one.may_run
        and other.may_run
        and abs(one.place - other.place) <= _PLACE * _PARTS
        and min(one.height, other.height) >= _HEIGHT * max(one.height, other.height)
    )


def _have_same_letters(one: str, other: str) -> bool:
    if one == other:
        return True
    shorter, longer = sorted((len(one), len(other)))
    if shorter < _MIN_COMPARED or 2 * shorter < _MIN_ALIKE * (shorter + longer):
        return False
    pairs, others = _pairs(one), _pairs(other)
    return 2 * len(pairs & others) >= _MIN_ALIKE * (len(pairs) + len(others))


@lru_cache(maxsize=8 * WINDOW)
def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))


def _counted(one: _Found, other: _Found) -> bool | None:
    """Return whether one of the rows' numbers counts up with the pages while the others stay; None if not so."""
    numbers, others = one.row.numbers, other.row.numbers
    steps = [after - before for before, after in zip(numbers, others, strict=False)]
    pages = other.number - one.number
    if len(numbers) != len(others) or any(step not in (0, pages) for step in steps):
        return None
    return any(step == pages for step in steps)


def _outer_count(rows: Sequence[_Found]) -> int:
    """Return how many of the outermost rows are a header or footer; 0 if all of these are marked already."""
    for count in range(len(rows), 0, -1):
        outer, last = rows[:count], rows[count - 1]
        if last.is_separate and all(found.is_running or found.row.is_marked for found in outer):
            return 0 if all(found.row.is_marked for found in outer) else count
    return 0
