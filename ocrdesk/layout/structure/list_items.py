"""Finds the items of lists.

A bullet at a line's start is enough. A number needs its successor or predecessor, or lines that hang beside it; a dash,
or a character that an engine may have read a bullet as, needs others of its kind at the same place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line, Page
from ocrdesk.contract.structure import MAX_LEVEL, BlockRole
from ocrdesk.layout.line_breaks import letter_height
from ocrdesk.layout.mirroring import mirror
from ocrdesk.layout.page_marks import WordStyle
from ocrdesk.layout.structure.markers import Marker, MarkerKind, find_markers
from ocrdesk.layout.structure.parts import is_plain, usual_white
from ocrdesk.layout.text_direction import is_rtl

_ALIGNED = 0.7
"""In letter heights: how far apart the edges of markers, or of texts, at one place may be."""
_HANGING = 0.5
"""In letter heights: how far to the right of its marker an item's text begins at least if its lines hang."""
_DEEPER = 0.7
"""In letter heights: how much farther to the right the markers of a nested list are."""
_MISREAD_GAP = 0.6
"""In letter heights: how far the text begins after a bullet that was read as a letter; words are nearer."""
_MAX_GAP = 8.0
"""In letter heights: no wider gap is between a marker and its text."""
_COLUMN_GAP = 6.0
"""In letter heights: an item that is farther beside the one before is in another column."""
_MAX_JOIN = 1.0
"""In letter heights: the white over the usual one, below which an item's next lines may be a block of their own."""
_TICKS = frozenset("\u2713\u2714\u2717\u2718")
_ENDS = tuple(".!?:;…。！？")  # noqa: RUF001
_MAX_NUMBER = 99
"""A list that begins with a greater number has names, to which other texts refer: of exercises, clauses or houses."""
_LAST_CAPITAL = 12
"""A list with capitals hardly goes beyond L; a later one with a full stop is an initial."""
_MAX_SINGLE = 50
"""A greater number needs a neighbour."""
_MAX_MARKED = 5_000
"""Of a page with more lines that begin with markers only these are looked at."""
_AROUND = 10
"""So many lines before and after a marker are looked at."""
_LOOK_BACK = 60
"""So many markers before are searched for one of the same list."""


@dataclass(slots=True, eq=False)
class _Start:
    """A line that may begin an item. `text_left` is the left edge of its text after the marker."""

    block: int
    index: int
    line: Line
    marker: Marker
    text_left: int
    hangs: bool
    begins: bool
    """Whether the line begins a block or paragraph."""
    stands_out: bool
    """Whether the lines of its block begin with markers, or beside them."""
    supported: bool = False
    in_hanging: bool = False
    """Whether lines of its list hang."""
    in_begun: bool = False
    """Whether an item of its list begins a block or paragraph."""
    previous: _Start | None = None
    """The start with the number before this one, at the same left edge."""
    first: int = 0
    """The first of the numbers that count up to this one without a gap."""

    @property
    def left(self) -> int:
        return self.line.box.left

    @property
    def height(self) -> float:
        return max(1.0, letter_height(self.line))


def with_list_items(page: Page, styles: Mapping[Box, WordStyle]) -> Page:
    """Return the page with each list item as a block of its own, with marker, level and whether it is ticked."""
    blocks = page.blocks
    first_styles = {
        (number, index): style
        for number, block in enumerate(blocks)
        if is_plain(block)
        for index, line in enumerate(block.lines)
        if line.words and (style := styles.get(line.words[0].box)) is not None
    }
    if not is_rtl(line.text for block in blocks for line in block.lines):
        return page.model_copy(update={"blocks": _with_items(blocks, first_styles)})
    return page.model_copy(update={"blocks": mirror(_with_items(mirror(blocks), first_styles))})


def _with_items(blocks: Sequence[Block], styles: Mapping[tuple[int, int], WordStyle]) -> tuple[Block, ...]:
    starts = {(start.block, start.index): start for start in _supported(_starts(blocks, styles))}
    if not starts:
        return tuple(blocks)
    made: list[Block] = []
    items: list[tuple[int, _Start]] = []
    for number, block in enumerate(blocks):
        if not is_plain(block):
            made.append(block)
            continue
        for start, lines in _pieces(number, block, starts):
            if start is None:
                made.append(block if len(lines) == len(block.lines) else block.with_lines(lines))
                continue
            items.append((len(made), start))
            made.append(
                block.with_lines(lines, role=BlockRole.LIST_ITEM, marker=start.marker.text, ticked=start.marker.ticked)
            )
    for place, level in _levels(items, made):
        made[place] = made[place].model_copy(update={"level": level})
    return _joined(_with_ticks(made), dict(items), usual_white(blocks))


def _with_ticks(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks; an item whose marker is a tick is ticked if one beside it has an empty box."""
    made = list(blocks)
    for order in (range(1, len(made)), range(len(made) - 2, -1, -1)):
        step = -order.step
        for number in order:
            block, beside = made[number], made[number + step]
            if block.marker in _TICKS and block.ticked is None and beside.ticked is not None:
                made[number] = block.model_copy(update={"ticked": True})
    return made


# ── what begins an item ──────────────────────────────────────────────────────────────────────────


def _starts(blocks: Sequence[Block], styles: Mapping[tuple[int, int], WordStyle]) -> list[_Start]:
    """Return the lines that may begin items, once for each reading of their markers, in reading order."""
    found: list[_Start] = []
    for number, block in enumerate(blocks):
        if not is_plain(block) or len(found) > _MAX_MARKED:
            continue
        for index, line in enumerate(block.lines):
            if not line.words:
                continue
            for marker in find_markers(line, styles.get((number, index))):
                if start := _start(blocks, number, index, marker):
                    found.append(start)
    return found


def _start(blocks: Sequence[Block], number: int, index: int, marker: Marker) -> _Start | None:
    block = blocks[number]
    line = block.lines[index]
    height = max(1.0, letter_height(line))
    last = line.words[min(marker.words, len(line.words)) - 1]
    text = line.words[marker.words] if len(line.words) > marker.words and last.text in marker.text else last
    if text.box.left - last.box.right > _MAX_GAP * height:
        return None
    text_left = text.box.left
    hangs = False
    if text_left - line.box.left >= _HANGING * height:
        below = _line_below(blocks, number, index, height)
        hangs = below is not None and abs(below.box.left - text_left) <= _ALIGNED * height
    begins = index == 0 or _ends_before(block, index)
    stands_out = all(
        abs(other.box.left - line.box.left) <= _ALIGNED * height and len(other.words[0].text) == 1
        if other.box.left < text_left - _ALIGNED * height
        else True
        for other in block.lines[max(0, index - _AROUND) : index + _AROUND]
        if other.words
    )
    return _Start(number, index, line, marker, text_left, hangs, begins, stands_out, in_hanging=hangs, in_begun=begins)


def _line_below(blocks: Sequence[Block], number: int, index: int, height: float) -> Line | None:
    """Return the next line of the block, or of the block just below."""
    block = blocks[number]
    if index + 1 < len(block.lines):
        return block.lines[index + 1]
    if number + 1 < len(blocks) and is_plain(blocks[number + 1]):
        below = blocks[number + 1].lines[0]
        if 0 <= below.box.top - block.lines[index].box.bottom <= 2 * height:
            return below
    return None


def _ends_before(block: Block, index: int) -> bool:
    """Return whether the line above ends a sentence, or before the block's edge."""
    above = block.lines[index - 1]
    return above.text.endswith(_ENDS) or above.box.right < block.box.right - 2 * letter_height(above)


def _supported(starts: Sequence[_Start]) -> list[_Start]:
    """Return the starts of items, one for each line."""
    for index, start in enumerate(starts):
        for other in starts[max(0, index - _LOOK_BACK) : index]:
            if other.line is not start.line and _are_of_one_list(other, start):
                start.supported = other.supported = True
                start.in_hanging = other.in_hanging = start.in_hanging or other.in_hanging
                start.in_begun = other.in_begun = start.in_begun or other.in_begun
                if start.marker.value and _are_below_each_other(other, start):
                    start.previous = other
    _count(starts)
    chosen: dict[int, _Start] = {}
    for start in starts:
        if _is_item(start):
            best = chosen.get(id(start.line))
            if best is None or (start.supported and not best.supported):
                chosen[id(start.line)] = start
    return sorted(chosen.values(), key=lambda start: (start.block, start.index))


def _are_below_each_other(before: _Start, start: _Start) -> bool:
    """Return whether the markers of a list are aligned: on the left, or on the right as numbers may be."""
    tolerance = _ALIGNED * max(before.height, start.height)
    return abs(before.left - start.left) <= tolerance or abs(before.text_left - start.text_left) <= tolerance


def _count(starts: Sequence[_Start]) -> None:
    """Set the first number of each list, whose numbers count up without a gap."""
    for start in starts:
        start.first = start.previous.first if start.previous is not None else start.marker.value


def _are_of_one_list(before: _Start, start: _Start) -> bool:
    """Return whether two markers are of the same list, the second after the first."""
    one, two = before.marker, start.marker
    if one.kind is not two.kind or one.form != two.form:
        return False
    tolerance = _ALIGNED * max(before.height, start.height)
    if two.value:
        is_near = abs((before.text_left - before.left) - (start.text_left - start.left)) <= 2 * tolerance
        return two.value == one.value + 1 and is_near
    return abs(before.left - start.left) <= tolerance and abs(before.text_left - start.text_left) <= tolerance


def _is_item(start: _Start) -> bool:
    kind, hangs, begins = start.marker.kind, start.hangs, start.begins
    in_list = start.supported and start.in_begun
    if kind in (MarkerKind.BULLET, MarkerKind.CHECKBOX, MarkerKind.REFERENCE):
        return True
    if kind is MarkerKind.MISREAD:
        is_apart = start.text_left - start.left >= _MISREAD_GAP * start.height
        is_sign = begins and not start.marker.text.isalpha()
        return in_list and is_apart and (start.stands_out or is_sign)
    if start.marker.form == "A." and start.marker.value > _LAST_CAPITAL:
        return False
    if start.first > _MAX_NUMBER:
        return False
    if kind is MarkerKind.BARE_NUMBER:
        return begins and in_list and start.in_hanging
    if in_list or not (begins and hangs):
        return in_list
    if kind is MarkerKind.NUMBER:
        return start.marker.value <= _MAX_SINGLE
    return kind is MarkerKind.DASH or start.marker.form.endswith(")")


# ── what belongs to an item ──────────────────────────────────────────────────────────────────────


def _pieces(
    number: int, block: Block, starts: Mapping[tuple[int, int], _Start]
) -> list[tuple[_Start | None, list[Line]]]:
    """Return a block's lines as items and the text between them."""
    pieces: list[tuple[_Start | None, list[Line]]] = []
    for index, line in enumerate(block.lines):
        start = starts.get((number, index))
        if start is not None or not pieces or _leaves(pieces[-1], line):
            pieces.append((start, []))
        pieces[-1][1].append(line)
    return pieces


def _leaves(piece: tuple[_Start | None, list[Line]], line: Line) -> bool:
    """Return whether a line no longer belongs to the item above it, because it is back at the text's edge."""
    start, lines = piece
    if start is None or not lines:
        return False
    if line.box.left < start.left - start.height:
        return True
    is_back = start.hangs and line.box.left < start.text_left - _HANGING * start.height
    return is_back and lines[-1].text.endswith(_ENDS)


def _joined(blocks: Sequence[Block], items: Mapping[int, _Start], white: float) -> tuple[Block, ...]:
    """Return the blocks with paragraphs that continue an item's last sentence as part of it."""
    joined: list[Block] = []
    start: _Start | None = None
    for place, block in enumerate(blocks):
        if place in items:
            start = items[place]
        elif start is not None and is_plain(block) and _continues(joined[-1], block, start, white):
            joined[-1] = joined[-1].with_lines((*joined[-1].lines, *block.lines))
            continue
        else:
            start = None
        joined.append(block)
    return tuple(joined)


def _continues(item: Block, block: Block, start: _Start, white: float) -> bool:
    upper, lower = item.lines[-1], block.lines[0]
    gap = lower.box.top - upper.box.bottom
    if not -start.height < gap <= white + _MAX_JOIN * start.height:
        return False
    if upper.text.endswith(_ENDS):
        return False
    is_beside = abs(lower.box.left - start.text_left) <= _ALIGNED * start.height
    is_under = abs(lower.box.left - start.left) <= _ALIGNED * start.height
    return (is_beside and start.text_left - start.left >= _HANGING * start.height) or (
        is_under and lower.text[:1].islower()
    )


def _levels(items: Sequence[tuple[int, _Start]], blocks: Sequence[Block]) -> list[tuple[int, int]]:
    """Return the place of each item and its level: one deeper than the last item farther to the left."""
    levels: list[tuple[int, int]] = []
    open_lefts: list[int] = []
    before: Box | None = None
    for place, start in items:
        box = blocks[place].box
        if before is None or before.gap(box) > _COLUMN_GAP * start.height or box.top < before.top:
            open_lefts = []
        while open_lefts and open_lefts[-1] > start.left + _DEEPER * start.height:
            open_lefts.pop()
        if not open_lefts or start.left > open_lefts[-1] + _DEEPER * start.height:
            open_lefts.append(start.left)
        open_lefts[-1] = start.left  # on a skewed page a list's left edge slowly moves
        levels.append((place, min(MAX_LEVEL, len(open_lefts))))
        before = box
    return levels
