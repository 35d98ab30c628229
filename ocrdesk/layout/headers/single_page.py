"""Finds running headers, footers and page numbers.

Only the page itself is looked at. Two things distinguish a header or footer from a title, an address or a table's row:
it contains the page's number; or the text beside it begins or ends in the middle of a sentence, or is clearly larger.
In doubt a row stays text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, BlockKind, Line, Word
from ocrdesk.contract.word_spacing import join_words
from ocrdesk.layout.headers.page_numbers import is_bare_number, is_page_number, names_page_number
from ocrdesk.layout.page_profile import (
    MAX_ROWS,
    WIDE_GAP,
    PageProfile,
    Row,
    is_alphanumeric,
    outer_rows,
    profile_page,
)

_MIN_PROSE = 4
"""Lines of prose on a page whose bare number is the page's: with fewer it belongs to a chart or an invoice."""
_MIN_PROSE_FOR_WORDS = 8
"""The same for words without a number."""
_MIN_PROSE_SHARE = 0.5
"""Share of a page's lines that are prose: with less, words without a number are content like the rest."""
_MAX_SEGMENTS = 4
_FEW_NUMBERS = 2
_MAX_DEPTH = 0.2
"""In page heights: how far from the page's edge a header or footer is at most."""
_MAX_WORDS_DEPTH = 0.12
"""The same for three other cases.

These are words without a number; a number alone at the top, which farther down is a chapter's; and a number beside
words at the bottom, which farther up is an invoice's.
"""
_MARGIN_DEPTH = 0.05
"""The same for whatever is in the page's margin."""
_MIN_SIDE = 0.035
"""In page heights: how wide the margin is at the left of a page's text."""
_TINY = 0.6
"""Height of letters relative to the body's, of which no footnote is set."""
_UPRIGHT, _MAX_UPRIGHT = 3.0, 4
"""Height relative to width of a line that runs up or down, and how many such lines a page of prose has at most."""
_MIN_NUMBER_CONFIDENCE = 0.6
"""Confidence of a number that is alone in its row: a stroke may be read as 1, i or l."""
# White between a row and the body: in line heights, and in the usual white between lines.
_MIN_GAP, _MIN_GAP_USUAL = 0.5, 1.5
_MIN_GAP_NAMED = 1.5
"""In line heights: enough for "Page 3 of 10", however far apart the page's lines are."""
_MIN_NUMBER_GAP_USUAL = 0.8
"""In the usual white: enough for a number alone at the right, where no line begins."""
_MIN_WORDS_GAP, _MIN_WORDS_GAP_USUAL = 1.2, 2.0
_MAX_WORDS_GAP = 6.0
"""In line heights: with a wider gap there was an image between, and the words are its caption."""
_MIN_GAP_UNDER_NUMBERS = 4.0
"""In line heights, from a number to other numbers in its column: with less it is their sum."""
_CLOSE_ROWS = 0.5
"""White between a footer's rows relative to the white above them, if its number is not in the first row."""
_WIDE_GAP_AFTER_NUMBER = 3.0
"""In line heights, after a number at the start of a page's first row: with less it is a heading's, "2  Methods"."""
_MARGIN = 0.08
"""In text widths: how near to the text's edge a number with words beside it must be."""
# Height of letters relative to the body's.
_LARGE, _LARGE_WORDS, _LARGE_NUMBER, _SMALL = 1.2, 1.1, 1.5, 0.88
_SHORT = 0.6
"""In text widths: a longer row of words is text."""
_SHORT_TAB = 0.3
"""The same for a text at a tab stop."""
_SHORT_BESIDE_NUMBER = 0.85
"""The same for words with a number beside them."""
_FULL = 0.88
"""In widths of the widest prose: a shorter line ends a paragraph, or belongs to none."""
_MIN_FULL_SHARE = 0.6
"""Share of a page's prose that is full lines: with less it is a list, a poem or the rows of a screen."""

_FOOTNOTE = re.compile("[^\\w\u00a9\"'\u201c\u201e\u00ab(]|\\d{1,3}[.)]?$")
"""The start of a footnote: a mark or a small number."""
_FORMULA = re.compile("[=+<>\u2211\u222b\u221a\u2264\u2265\u2208]")
_ENDS_SENTENCE = re.compile("[.!?:;\u2026\u3002\uff01\uff1f][\"'\u201d\u2019\u00bb)\\]]*\\d*$")
"""The end of a sentence, with a footnote's mark after it if there is one."""


def mark_headers_footers(blocks: tuple[Block, ...], page_height: int) -> tuple[Block, ...]:
    """Return the blocks of a page with its header and footer marked.

    They become blocks of their own where necessary. Every word stays, in the same order. `page_height` is in pixels.
    """
    profile = profile_page(blocks, page_height)
    if profile is None:
        return blocks
    kinds = {id(line): BlockKind.FOOTER for line in _header_or_footer(profile, at_top=False)}
    kinds |= {id(line): BlockKind.HEADER for line in _header_or_footer(profile, at_top=True)}
    kinds |= {id(line): BlockKind.HEADER for line in _lines_along_margin(blocks, profile)}
    return tuple(part for block in blocks for part in _split(block, kinds)) if kinds else blocks


def _split(block: Block, kinds: dict[int, BlockKind]) -> Iterator[Block]:
    """Yield the block's runs of lines of one kind; the block itself if all lines are text."""
    if all(id(line) not in kinds for line in block.lines):
        yield block
        return
    for kind, run in groupby(block.lines, lambda line: kinds.get(id(line), block.kind)):
        lines = tuple(run)
        yield Block(kind=kind, box=Box.around([line.box for line in lines]), lines=lines)


def _header_or_footer(profile: PageProfile, *, at_top: bool) -> Sequence[Line]:
    """Return the lines of the page's header or footer; none if it has none."""
    rows = outer_rows(profile, at_top=at_top)
    for count in range(min(MAX_ROWS, len(rows) - 1), 0, -1):
        outer, body = rows[:count], rows[count]
        if (
            _has_number(outer, body, profile, at_top)
            or _is_label_of_prose(outer, body, profile, at_top)
            or _is_in_margin(outer, body, profile, at_top)
            or _is_tabbed(outer, body, profile, at_top)
        ):
            return [line for row in outer for line in row.lines]
    return ()


def _is_in_margin(outer: Sequence[Row], body: Row, profile: PageProfile, at_top: bool) -> bool:
    """Return whether rows without large letters are in the page's margin, apart from a page of prose.

    Text is set at least half an inch from a page's edge; what is nearer was added to it.
    """
    if not _is_page_of_prose(profile) or _depth(outer[-1], profile, at_top) > _MARGIN_DEPTH:
        return False
    if profile.left < _MIN_SIDE * profile.page_height:
        return False  # a screen has no margins
    gap, usual = _white(outer[-1], body) / profile.line_height, profile.white / profile.line_height
    if gap < max(_MIN_WORDS_GAP, _MIN_WORDS_GAP_USUAL * usual):
        return False
    return all(_is_marginal(row, profile) for row in outer)


def _is_marginal(row: Row, profile: PageProfile) -> bool:
    ratio = profile.letters.ratio(row)
    return ratio <= _TINY or (ratio <= _LARGE and not _FOOTNOTE.match(row.segments[0][0].text))


def _is_tabbed(outer: Sequence[Row], body: Row, profile: PageProfile, at_top: bool) -> bool:
    """Return whether a single row has short texts at both edges of a full line of prose, and maybe at its centre."""
    row = outer[-1]
    if len(outer) != 1 or not 2 <= len(row.segments) <= 3 or len(body.segments) != 1:
        return False
    boxes = [Box.around([word.box for word in segment]) for segment in row.segments]
    margin = _MARGIN * profile.text_width
    gap, usual = _white(row, body) / profile.line_height, profile.white / profile.line_height
    return (
        body.box.width >= _FULL * profile.text_width
        and _depth(row, profile, at_top) <= _MAX_WORDS_DEPTH
        and gap >= max(_MIN_WORDS_GAP, _MIN_WORDS_GAP_USUAL * usual)
        and profile.letters.ratio(row) <= _LARGE_NUMBER
        and boxes[0].left <= profile.left + margin
        and boxes[-1].right >= profile.right - margin
        and all(box.width <= _SHORT_TAB * profile.text_width for box in boxes)
        and (len(boxes) == 2 or abs(boxes[1].center_x - (profile.left + profile.right) / 2) <= margin)
    )


def _lines_along_margin(blocks: Sequence[Block], profile: PageProfile) -> Sequence[Line]:
    """Return lines that run up or down beside a page of prose, outside the edges of its text."""
    if not _is_page_of_prose(profile):
        return ()
    lines = [line for block in blocks if block.kind is BlockKind.TEXT for line in block.lines]
    upright = [line for line in lines if len(line.words) > 1 and line.box.height > _UPRIGHT * line.box.width]
    if len(upright) > _MAX_UPRIGHT:
        return ()
    return [line for line in upright if line.box.right <= profile.left or line.box.left >= profile.right]


def _has_number(outer: Sequence[Row], body: Row, profile: PageProfile, at_top: bool) -> bool:
    """Return whether one of the rows contains the page's number, and all are separate from the body.

    At the top it must be the last row: a row after the page's number may be the page's title.
    """
    gap = _white(outer[-1], body) / profile.line_height
    is_under_prose = len(body.segments) == 1 and any(line is body.lines[0] for line in profile.prose)
    numbers = [
        row
        for row in (outer[-1:] if at_top else outer)
        if _contains_number(row, gap, profile, at_top, is_certain=is_under_prose)
    ]
    if not numbers:
        return False
    others = [row for row in outer if row is not numbers[-1]]
    is_one = numbers[-1] is outer[-1] or _are_close(outer, body, profile, at_top)
    return is_one and all(_may_be_beside_number(row, profile, at_top) for row in others)


def _are_close(outer: Sequence[Row], body: Row, profile: PageProfile, at_top: bool) -> bool:
    """Return whether rows at the page's edge are much nearer to each other than to the body."""
    widest = max((_white(far, near) for far, near in pairwise(outer)), default=0)
    return widest <= _CLOSE_ROWS * _white(outer[-1], body) and _depth(outer[-1], profile, at_top) <= _MAX_WORDS_DEPTH


def _contains_number(row: Row, gap: float, profile: PageProfile, at_top: bool, *, is_certain: bool) -> bool:
    """Return whether a row contains the page's number. `gap` is the white up to the body in line heights.

    `is_certain` says that it cannot belong to a column of numbers, because prose is between.
    """
    if _depth(row, profile, at_top) > _MAX_DEPTH:
        return False
    usual = profile.white / profile.line_height
    is_apart = gap >= max(_MIN_GAP, _MIN_GAP_USUAL * usual)
    if (is_apart or gap >= _MIN_GAP_NAMED) and _is_named(row):
        return not at_top or profile.letters.ratio(row) <= _LARGE
    number = _find_number(row, profile, at_top)
    if number is None or len(profile.prose) < _MIN_PROSE:
        return False
    if len(row.segments) == 1:
        is_at_right = number.left > (profile.left + profile.right) / 2
        is_apart |= is_at_right and gap >= max(_MIN_GAP, _MIN_NUMBER_GAP_USUAL * usual)
        is_apart &= profile.letters.ratio(row) <= _LARGE_NUMBER
    elif at_top:
        is_apart &= profile.letters.ratio(row) <= _LARGE
    is_certain = is_certain or gap >= _MIN_GAP_UNDER_NUMBERS
    return is_apart and (is_certain or not _is_in_column_of_numbers(number, row, profile))


def _may_be_beside_number(row: Row, profile: PageProfile, at_top: bool) -> bool:
    """Return whether a row may go with the row that has the number; a row of large letters at the top is a title."""
    if at_top and profile.letters.ratio(row) > _LARGE:
        return False
    return _is_named(row) or _is_label(row.segments, profile)


def _find_number(row: Row, profile: PageProfile, at_top: bool) -> Box | None:
    """Return the box of a page number without a name: all of the row, or at one end of it with words beside it."""
    numbers = [segment for segment in row.segments if is_page_number(join_words(segment))]
    if len(numbers) != 1 or len(row.segments) > _MAX_SEGMENTS:
        return None
    number = numbers[0]
    box = Box.around([word.box for word in number])
    if len(row.segments) == 1:
        is_deep = at_top and _depth(row, profile, at_top) > _MAX_WORDS_DEPTH
        is_certain = min(word.confidence for word in number if is_alphanumeric(word)) >= _MIN_NUMBER_CONFIDENCE
        return box if is_certain and not is_deep else None
    words = [segment for segment in row.segments if segment is not number]
    if not at_top and _depth(row, profile, at_top) > _MAX_WORDS_DEPTH:
        return None
    if not _is_label(words, profile, _SHORT_BESIDE_NUMBER):
        return None
    if number is row.segments[-1]:
        return box if box.right >= profile.right - _MARGIN * profile.text_width else None
    white = row.segments[1][0].box.left - box.right
    if number is not row.segments[0] or (at_top and white < _WIDE_GAP_AFTER_NUMBER * profile.line_height):
        return None
    return box if box.left <= profile.left + _MARGIN * profile.text_width else None


def _is_in_column_of_numbers(number: Box, row: Row, profile: PageProfile) -> bool:
    """Return whether other numbers are alone above or below this one, as in a table's column."""
    own = {id(line) for line in row.lines}
    others = (word for line in profile.lines if id(line) not in own for word in _lone_numbers(line, profile))
    return sum(word.box.crosses_columns(number) for word in others) > _FEW_NUMBERS


def _lone_numbers(line: Line, profile: PageProfile) -> Iterator[Word]:
    """Yield the bare numbers at the line's ends that have a wide gap beside them."""
    words, wide = line.words, WIDE_GAP * profile.line_height
    if is_bare_number(words[0].text) and (len(words) == 1 or words[1].box.left - words[0].box.right > wide):
        yield words[0]
    if len(words) > 1 and is_bare_number(words[-1].text) and words[-1].box.left - words[-2].box.right > wide:
        yield words[-1]


def _is_label_of_prose(outer: Sequence[Row], body: Row, profile: PageProfile, at_top: bool) -> bool:
    """Return whether short rows without a number are a header or footer.

    They must be far from prose that continues across the page's end, or have smaller letters than the prose.
    """
    if not _is_page_of_prose(profile):
        return False
    gap, usual = _white(outer[-1], body) / profile.line_height, profile.white / profile.line_height
    is_apart = max(_MIN_WORDS_GAP, _MIN_WORDS_GAP_USUAL * usual) <= gap <= _MAX_WORDS_GAP
    if not is_apart or _depth(outer[-1], profile, at_top) > _MAX_WORDS_DEPTH:
        return False
    if not all(_is_worded(row) and _is_label(row.segments, profile) for row in outer):
        return False
    beside = body.lines[0] if at_top else body.lines[-1]
    full = _full_lines(profile.prose)
    if len(full) < _MIN_FULL_SHARE * len(profile.prose) or all(line is not beside for line in full):
        return False
    largest = max(map(profile.letters.ratio, outer))
    return largest <= _SMALL or (largest <= _LARGE_WORDS and _continues(beside, at_top))


def _is_page_of_prose(profile: PageProfile) -> bool:
    return len(profile.prose) >= max(_MIN_PROSE_FOR_WORDS, _MIN_PROSE_SHARE * len(profile.lines))


def _full_lines(prose: Sequence[Line]) -> Sequence[Line]:
    """Return the lines that are about as wide as the widest."""
    widest = sorted(line.box.width for line in prose)[-1 - len(prose) // 10]
    return [line for line in prose if line.box.width >= _FULL * widest]


def _is_label(segments: Sequence[Sequence[Word]], profile: PageProfile, short: float = _SHORT) -> bool:
    """Return whether a row's text is short, and neither a sentence nor a formula."""
    text = " ".join(map(join_words, segments))
    longest = max(segment[-1].box.right - segment[0].box.left for segment in segments)
    return longest <= short * profile.text_width and not _FORMULA.search(text) and not _ENDS_SENTENCE.search(text)


def _is_named(row: Row) -> bool:
    """Return whether a row contains the page's number with its name: "Page 3"."""
    return any(names_page_number(join_words(segment)) for segment in row.segments)


def _is_worded(row: Row) -> bool:
    """Return whether a row is words, and not a footnote."""
    text = " ".join(map(join_words, row.segments))
    if 2 * sum(map(str.isalpha, text)) < len(text):
        return False
    return text.isupper() or not _FOOTNOTE.match(row.segments[0][0].text)


def _continues(line: Line, at_top: bool) -> bool:
    """Return whether a page's first line continues the page before, or its last line continues on the next page."""
    return line.words[0].text[0].islower() if at_top else not _ENDS_SENTENCE.search(line.words[-1].text)


def _white(row: Row, body: Row) -> int:
    return max(body.box.top - row.box.bottom, row.box.top - body.box.bottom)


def _depth(row: Row, profile: PageProfile, at_top: bool) -> float:
    """Return how far a row extends into the page, in page heights."""
    reach = row.box.bottom if at_top else profile.page_height - row.box.top
    return reach / max(1, profile.page_height)
