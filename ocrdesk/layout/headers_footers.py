"""Finds a page's furniture, by that page alone: running headers and footers and page numbers, and marks its blocks.

Two things tell furniture from a title, an address or a table's row: it says the page's number, or the text beside it
begins or ends in the middle of a sentence, or is clearly larger. What is in doubt stays text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from ocrdesk.contract.document import Block, BlockKind, Box, Line, Word
from ocrdesk.layout.page_numbers import is_bare_number, is_page_number, names_page_number
from ocrdesk.layout.page_profile import (
    MOST_ROWS,
    WIDE,
    PageProfile,
    Row,
    is_alphanumeric,
    joined,
    outer_rows,
    profile_page,
)

_LEAST_PROSE = 4
"""So many lines of text are on a page with a bare number for its own: on one with less it is a chart's or a bill's."""
_LEAST_PROSE_FOR_WORDS = 8
"""The same for words without a number."""
_PROSE_SHARE = 0.5
"""Of a page's lines: on one with less, words without a number are some more of its pieces."""
_MOST_SEGMENTS = 4
_FEW_NUMBERS = 2
_DEPTH = 0.2
"""Of the page's height: how far from its edge furniture lies at most."""
_WORDS_DEPTH = 0.12
"""The same of words without a number, of a number alone at the top, which deeper down is a chapter's, and of one
beside words at the bottom, which further up is a bill's."""
_LEAST_NUMBER_CONFIDENCE = 0.6
"""Of a number that stands alone: a stroke reads as 1, i or l."""
# White, in line heights, and in the usual white between lines.
_GAP, _GAP_USUAL = 0.5, 1.5
_GAP_OF_NAMED = 1.5
"""In line heights: enough for "Page 3 of 10", however far apart the page's lines are."""
_NUMBER_GAP_USUAL = 0.8
"""In the usual white: enough for a number alone at the right, where no line begins."""
_WORDS_GAP, _WORDS_GAP_USUAL = 1.2, 2.0
_MOST_WORDS_GAP = 6.0
"""In line heights: over more there was a picture between, and the words are its caption."""
_GAP_UNDER_NUMBERS = 4.0
"""From a number to others in its column: less, and it is their sum."""
_NEAR = 0.5
"""White between a footer's rows, at most, of that above them, where its number is not the first."""
_WIDE_AFTER_NUMBER = 3.0
"""The same after a number that begins a page's first row, which else is a heading's: "2  Methods"."""
_MARGIN = 0.08
"""Of the text's width: so near its edge a number stands that has words beside it."""
# Height of letters against the body's.
_LARGE, _LARGE_WORDS, _LARGE_NUMBER, _SMALL = 1.2, 1.1, 1.5, 0.88
_SHORT = 0.6
"""Of the text's width: a line of words that is longer is text."""
_SHORT_BESIDE_NUMBER = 0.85
"""The same of words with a number beside them."""
_FULL = 0.88
"""Of the widest prose: a line that is shorter ends a paragraph, or is none of one."""
_FULL_SHARE = 0.6
"""Of a page's prose, at least: less, and it is a list, a poem or a screen's rows."""

_FOOTNOTE = re.compile("[^\\w\u00a9\"'\u201c\u201e\u00ab(]|\\d{1,3}[.)]?$")
"""What begins one: a mark or a small number."""
_FORMULA = re.compile("[=+<>\u2211\u222b\u221a\u2264\u2265\u2208]")
_ENDED = re.compile("[.!?:;\u2026\u3002\uff01\uff1f][\"'\u201d\u2019\u00bb)\\]]*\\d*$")
"""A sentence, and a note's mark after it."""


def mark_headers_footers(blocks: tuple[Block, ...], page_height: int) -> tuple[Block, ...]:
    """The blocks of a page, `page_height` pixels high, with their furniture marked, and split off where it has to be.

    Every word stays, in the same order.
    """
    sheet = profile_page(blocks, page_height)
    if sheet is None:
        return blocks
    kinds = {id(line): BlockKind.FOOTER for line in _furniture(sheet, at_top=False)}
    kinds |= {id(line): BlockKind.HEADER for line in _furniture(sheet, at_top=True)}
    return tuple(part for block in blocks for part in _parted(block, kinds)) if kinds else blocks


def _parted(block: Block, kinds: dict[int, BlockKind]) -> Iterator[Block]:
    """The block, or its runs of lines of one kind."""
    if all(id(line) not in kinds for line in block.lines):
        yield block
        return
    for kind, run in groupby(block.lines, lambda line: kinds.get(id(line), block.kind)):
        lines = tuple(run)
        yield Block(kind=kind, box=Box.around([line.box for line in lines]), lines=lines)


def _furniture(sheet: PageProfile, *, at_top: bool) -> Sequence[Line]:
    """The lines of the page's header or footer; none when there is none."""
    rows = outer_rows(sheet, at_top=at_top)
    for count in range(min(MOST_ROWS, len(rows) - 1), 0, -1):
        outer, body = rows[:count], rows[count]
        if _is_numbered(outer, body, sheet, at_top) or _is_label_of_prose(outer, body, sheet, at_top):
            return [line for row in outer for line in row.lines]
    return ()


def _is_numbered(outer: Sequence[Row], body: Row, sheet: PageProfile, at_top: bool) -> bool:
    """Whether one of the rows says the page's number, and all stand apart from the body with it.

    At the top it is the last of them: what follows a page's number there may be its title.
    """
    gap = _white(outer[-1], body) / sheet.line_height
    numbers = [row for row in (outer[-1:] if at_top else outer) if _says_number(row, gap, sheet, at_top)]
    if not numbers:
        return False
    others = [row for row in outer if row is not numbers[-1]]
    is_one = numbers[-1] is outer[-1] or _are_close(outer, body, sheet, at_top)
    return is_one and all(_goes_with_number(row, sheet, at_top) for row in others)


def _are_close(outer: Sequence[Row], body: Row, sheet: PageProfile, at_top: bool) -> bool:
    """Whether rows at the page's edge are much nearer to each other than to the body."""
    widest = max((_white(far, near) for far, near in pairwise(outer)), default=0)
    return widest <= _NEAR * _white(outer[-1], body) and _depth(outer[-1], sheet, at_top) <= _WORDS_DEPTH


def _says_number(row: Row, gap: float, sheet: PageProfile, at_top: bool) -> bool:
    """Whether a row says the page's number, with white of `gap` line heights between it and the body."""
    if _depth(row, sheet, at_top) > _DEPTH:
        return False
    usual = sheet.white / sheet.line_height
    is_apart = gap >= max(_GAP, _GAP_USUAL * usual)
    if (is_apart or gap >= _GAP_OF_NAMED) and _is_named(row):
        return not at_top or sheet.letters.ratio(row) <= _LARGE
    number = _page_number(row, sheet, at_top)
    if number is None or len(sheet.prose) < _LEAST_PROSE:
        return False
    if len(row.segments) == 1:
        is_apart |= number.left > (sheet.left + sheet.right) / 2 and gap >= max(_GAP, _NUMBER_GAP_USUAL * usual)
        is_apart &= sheet.letters.ratio(row) <= _LARGE_NUMBER
    elif at_top:
        is_apart &= sheet.letters.ratio(row) <= _LARGE
    return is_apart and (gap >= _GAP_UNDER_NUMBERS or not _in_column_of_numbers(number, row, sheet))


def _goes_with_number(row: Row, sheet: PageProfile, at_top: bool) -> bool:
    """Whether a row may stand beside the one with the number; one of large letters at the top is a title."""
    if at_top and sheet.letters.ratio(row) > _LARGE:
        return False
    return _is_named(row) or _is_label(row.segments, sheet)


def _page_number(row: Row, sheet: PageProfile, at_top: bool) -> Box | None:
    """The place of a page number without a name: all of the row, or at an end of it with words beside it."""
    numbers = [segment for segment in row.segments if is_page_number(joined(segment))]
    if len(numbers) != 1 or len(row.segments) > _MOST_SEGMENTS:
        return None
    number = numbers[0]
    box = Box.around([word.box for word in number])
    if len(row.segments) == 1:
        is_deep = at_top and _depth(row, sheet, at_top) > _WORDS_DEPTH
        is_sure = min(word.confidence for word in number if is_alphanumeric(word)) >= _LEAST_NUMBER_CONFIDENCE
        return box if is_sure and not is_deep else None
    words = [segment for segment in row.segments if segment is not number]
    if not at_top and _depth(row, sheet, at_top) > _WORDS_DEPTH:
        return None
    if not _is_label(words, sheet, _SHORT_BESIDE_NUMBER):
        return None
    if number is row.segments[-1]:
        return box if box.right >= sheet.right - _MARGIN * sheet.text_width else None
    white = row.segments[1][0].box.left - box.right
    if number is not row.segments[0] or (at_top and white < _WIDE_AFTER_NUMBER * sheet.line_height):
        return None
    return box if box.left <= sheet.left + _MARGIN * sheet.text_width else None


def _in_column_of_numbers(number: Box, row: Row, sheet: PageProfile) -> bool:
    """Whether numbers stand by themselves above or below this one, as in a table's column."""
    own = {id(line) for line in row.lines}
    others = (word for line in sheet.lines if id(line) not in own for word in _loose(line, sheet.line_height))
    in_column = (word.box.left < number.right and word.box.right > number.left for word in others)
    return sum(in_column) > _FEW_NUMBERS


def _loose(line: Line, line_height: float) -> Iterator[Word]:
    """The bare numbers at the line's ends that have wide white beside them."""
    words, wide = line.words, WIDE * line_height
    if is_bare_number(words[0].text) and (len(words) == 1 or words[1].box.left - words[0].box.right > wide):
        yield words[0]
    if len(words) > 1 and is_bare_number(words[-1].text) and words[-1].box.left - words[-2].box.right > wide:
        yield words[-1]


def _is_label_of_prose(outer: Sequence[Row], body: Row, sheet: PageProfile, at_top: bool) -> bool:
    """Whether short rows stand far from prose that goes on over the page's end, or in smaller letters than it."""
    if len(sheet.prose) < max(_LEAST_PROSE_FOR_WORDS, _PROSE_SHARE * len(sheet.lines)):
        return False
    gap, usual = _white(outer[-1], body) / sheet.line_height, sheet.white / sheet.line_height
    is_apart = max(_WORDS_GAP, _WORDS_GAP_USUAL * usual) <= gap <= _MOST_WORDS_GAP
    if not is_apart or _depth(outer[-1], sheet, at_top) > _WORDS_DEPTH:
        return False
    if not all(_is_worded(row) and _is_label(row.segments, sheet) for row in outer):
        return False
    beside = body.lines[0] if at_top else body.lines[-1]
    full = _full_lines(sheet.prose)
    if len(full) < _FULL_SHARE * len(sheet.prose) or all(line is not beside for line in full):
        return False
    largest = max(map(sheet.letters.ratio, outer))
    return largest <= _SMALL or (largest <= _LARGE_WORDS and _goes_on(beside, at_top))


def _full_lines(prose: Sequence[Line]) -> Sequence[Line]:
    """The lines that are about as wide as the widest."""
    widest = sorted(line.box.width for line in prose)[-1 - len(prose) // 10]
    return [line for line in prose if line.box.width >= _FULL * widest]


def _is_label(segments: Sequence[Sequence[Word]], sheet: PageProfile, short: float = _SHORT) -> bool:
    """Whether what stands in a row is short, and neither a sentence nor a formula."""
    text = " ".join(map(joined, segments))
    longest = max(segment[-1].box.right - segment[0].box.left for segment in segments)
    return longest <= short * sheet.text_width and not _FORMULA.search(text) and not _ENDED.search(text)


def _is_named(row: Row) -> bool:
    """Whether a row says its page's number with its name."""
    return any(names_page_number(joined(segment)) for segment in row.segments)


def _is_worded(row: Row) -> bool:
    """Whether a row is words, and no footnote."""
    text = " ".join(map(joined, row.segments))
    if 2 * sum(map(str.isalpha, text)) < len(text):
        return False
    return text.isupper() or not _FOOTNOTE.match(row.segments[0][0].text)


def _goes_on(line: Line, at_top: bool) -> bool:
    """Whether a page's first line of text began on the page before, or its last ends on the next."""
    return line.words[0].text[0].islower() if at_top else not _ENDED.search(line.words[-1].text)


def _white(row: Row, body: Row) -> int:
    return max(body.box.top - row.box.bottom, row.box.top - body.box.bottom)


def _depth(row: Row, sheet: PageProfile, at_top: bool) -> float:
    """How far into the page a row reaches, of the page's height."""
    reach = row.box.bottom if at_top else sheet.page_height - row.box.top
    return reach / max(1, sheet.page_height)
