"""Keeps what is in a page's margins apart from its text: line numbers and notes.

Both are on the rows of the text, so that reading row by row mixes them into its sentences. Line numbers count the lines
beside them, each or every fifth. Notes are outside the edges of prose whose lines are full.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line, Word
from ocrdesk.layout.text_direction import is_rtl

_MOST_LINES = 2_000
"""A page with more lines is left as it is."""
_DIGITS = 4
_NUMBER_GAP = 0.6
"""In line heights: white between a line number and its line, at least."""
_ALIGNED = 0.7
"""In line heights: how far apart the edges of numbers, or of lines, in a column are."""
_MIN_NUMBERS, _MIN_EACH = 3, 8
"""Numbers of a page where some lines, or all lines, are numbered."""
_MIN_TRANSCRIPT, _MIN_CONTINUED, _PITCH = 12, 2, 0.2
"""Numbers of a page whose every line is numbered whatever it contains, and lines that go on on the next one, at least;
and how much the distance of two numbers may differ from the usual one, relative to it."""
_CELL_GAP = 3.0
"""In line heights: white between two cells. Typewriters' spaces are half as wide, those after a "Q." or "A." wider."""
_MOST_ODD = 0.2
"""Share of the numbers that may be misread, or beside lines that were not found."""
_PROSE_LETTERS = 22
"""A piece with fewer letters is no line of prose."""
_MIN_PROSE, _MIN_PROSE_SHARE = 8, 0.6
"""Lines of prose with one left edge, and their share."""
_FULL, _MIN_FULL_SHARE = 0.85, 0.6
"""Of the text's width: a full line; and the share of such lines. With less it is a list, or the rows of a table."""
_MIN_CONTINUING = 0.3
"""Share of the lines of prose that begin in the middle of a sentence."""
_PIECE_GAP = 1.2
"""In line heights: white between two pieces of a line."""
_MARGIN_GAP = 0.5
"""In line heights: white between the text's edge and the margin."""
_MAX_NOTES, _MAX_NOTE_WIDTH = 0.4, 0.5
"""Letters of notes relative to those of the text, and their width relative to it: more is a column."""
_MARKER_LETTERS = 2
"""Letters of an item's marker, or of the name of an appendix."""
_NOTE_GAP = 1.0
"""In line heights: white between two notes one above the other."""


def set_margins_apart(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return a page's blocks with line numbers and margin notes in blocks of their own. Every word stays."""
    lines = [line for block in blocks for line in block.lines if line.words]
    if not _MIN_NUMBERS < len(lines) <= _MOST_LINES or is_rtl(line.text for line in lines):
        return tuple(blocks)
    height = max(1.0, median(line.box.height for line in lines))
    blocks = _with_numbers_apart(tuple(blocks), lines, height)
    return _with_notes_apart(blocks, height)


# ── line numbers ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Number:
    word: Word
    line: Line
    value: int

    @property
    def is_alone(self) -> bool:
        return len(self.line.words) == 1


def _with_numbers_apart(blocks: tuple[Block, ...], lines: Sequence[Line], height: float) -> tuple[Block, ...]:
    for at_left in (True, False):
        for numbers in _columns(list(_edge_numbers(lines, height, at_left=at_left)), height, at_left=at_left):
            if all(number.is_alone for number in numbers) or not _count_lines(numbers, lines, height):
                continue
            return _without(blocks, numbers)
    return blocks


def _edge_numbers(lines: Sequence[Line], height: float, *, at_left: bool) -> Iterator[_Number]:
    """Yield the bare numbers at that end of the lines, apart from what follows."""
    for line in lines:
        word = line.words[0 if at_left else -1]
        if len(word.text) > _DIGITS or not (word.text.isascii() and word.text.isdecimal()):
            continue
        if len(line.words) > 1:
            white = line.words[1].box.left - word.box.right if at_left else word.box.left - line.words[-2].box.right
            if white < _NUMBER_GAP * height:
                continue
        yield _Number(word, line, int(word.text))


def _columns(numbers: Sequence[_Number], height: float, *, at_left: bool) -> Iterator[list[_Number]]:
    """Yield the numbers whose left or right edges are below each other, from top to bottom."""
    for edge in (2, 0) if at_left else (0, 2):
        ordered = sorted(numbers, key=lambda number: number.word.box[edge])
        column: list[_Number] = []
        for number in ordered:
            if column and number.word.box[edge] - column[0].word.box[edge] > _ALIGNED * height:
                yield from _if_enough(column)
                column = []
            column.append(number)
        yield from _if_enough(column)


def _if_enough(column: list[_Number]) -> Iterator[list[_Number]]:
    if len(column) >= _MIN_NUMBERS:
        yield sorted(column, key=lambda number: number.word.box.center_y)


def _count_lines(numbers: Sequence[_Number], lines: Sequence[Line], height: float) -> bool:
    """Return whether the numbers count the lines of text beside them."""
    step, fitting = Counter(after.value - before.value for before, after in pairwise(numbers)).most_common(1)[0]
    pairs = len(numbers) - 1
    if step < 1 or fitting < (1 - _MOST_ODD) * pairs:
        return False
    if step == 1:
        return len(numbers) >= _MIN_EACH and (
            _are_lines_of_prose(numbers, height) or _are_lines_of_a_transcript(numbers, lines, height)
        )
    own = {id(number.word) for number in numbers}
    middles = sorted(line.box.center_y for line in lines if any(id(word) not in own for word in line.words))
    counted = 0
    for before, after in pairwise(numbers):
        first, last = before.word.box.center_y + height / 2, after.word.box.center_y + height / 2
        counted += sum(first < middle <= last for middle in middles) == after.value - before.value
    return counted >= (1 - _MOST_ODD) * pairs


def _are_lines_of_prose(numbers: Sequence[_Number], height: float) -> bool:
    """Return whether the lines beside numbers for each line are prose: else they may be items or rows."""
    texts = [words for words in map(_beside, numbers) if words]
    if len(texts) < _MIN_PROSE:
        return False
    widths = [_extent(words) for words in texts]
    full = sum(width >= _FULL * max(widths) for width in widths)
    return (
        full >= len(texts) / 2
        and not _have_cells(texts, height)
        and _continuing_share([words[0] for words in texts]) >= _MIN_CONTINUING
    )


def _are_lines_of_a_transcript(numbers: Sequence[_Number], lines: Sequence[Line], height: float) -> bool:
    """Return whether the numbers count the rows of a sheet from 1 on, as on court papers: also empty and short rows.

    Rows that begin in the middle of a sentence must be below full ones: items of a list are below short ones, too.
    """
    if len(numbers) < _MIN_TRANSCRIPT or numbers[0].value != 1:
        return False
    steps = [after.word.box.center_y - before.word.box.center_y for before, after in pairwise(numbers)]
    usual = median(steps)
    even = sum(abs(step - usual) <= _PITCH * usual for step in steps)
    texts = list(_rows_beside(numbers, lines, height))
    widest = max(map(_extent, texts))
    above = [_extent(before) for before, after in pairwise(texts) if after and _continues(after[0])]
    continued = sum(width >= _FULL * widest for width in above)
    return (
        even >= (1 - _MOST_ODD) * len(steps)
        and continued >= max(_MIN_CONTINUED, len(above) / 2)
        and 2 * sum(_widest_gap(words) > _CELL_GAP * height for words in texts) <= sum(map(bool, texts))
    )


def _rows_beside(numbers: Sequence[_Number], lines: Sequence[Line], height: float) -> Iterator[list[Word]]:
    """Yield the words on the row of each number, which an engine may have put on other lines."""
    own = {id(number.word) for number in numbers}
    words = sorted(
        (word for line in lines for word in line.words if id(word) not in own), key=lambda word: word.box.center_y
    )
    middles = [word.box.center_y for word in words]
    for number in numbers:
        middle = number.word.box.center_y
        row = words[bisect_left(middles, middle - height / 2) : bisect_right(middles, middle + height / 2)]
        yield sorted(row, key=lambda word: word.box.left)


def _beside(number: _Number) -> list[Word]:
    return [word for word in number.line.words if word is not number.word]


def _extent(words: Sequence[Word]) -> int:
    return words[-1].box.right - words[0].box.left if words else 0


def _have_cells(texts: Sequence[Sequence[Word]], height: float) -> bool:
    gaps = [gap for words in texts for gap in _gaps(words)]
    return sum(gap > _PIECE_GAP * height for gap in gaps) > _MOST_ODD * len(texts)


def _widest_gap(words: Sequence[Word]) -> int:
    return max(_gaps(words), default=0)


def _gaps(words: Sequence[Word]) -> Iterator[int]:
    return (after.box.left - before.box.right for before, after in pairwise(words))


def _continuing_share(words: Sequence[Word]) -> float:
    """Return the share of lines that begin in the middle of a sentence."""
    return sum(map(_continues, words)) / len(words)


def _continues(word: Word) -> bool:
    """Return whether a line's first word is in the middle of a sentence: it has a small letter, or one without case."""
    return word.text[0].isalpha() and not word.text[0].isupper()


def _without(blocks: Sequence[Block], numbers: Sequence[_Number]) -> tuple[Block, ...]:
    """Return the blocks with the numbers in a block after the last one whose lines they count."""
    taken = {id(number.word) for number in numbers}
    alone = [number.word.box for number in numbers if number.is_alone]
    kept: list[Block] = []
    last = 0
    for block in blocks:
        found = block.refilled(lambda line: (word for word in line.words if id(word) not in taken))
        had_some = found is not block and (found is None or found.lines != block.lines)
        if found is not None:
            kept.append(found)
            had_some = had_some or any(
                box.top <= line.box.center_y <= box.bottom for line in found.lines for box in alone
            )
        if had_some:
            last = len(kept)
    lines = tuple(Line(box=number.word.box, words=(number.word,)) for number in numbers)
    kept.insert(last, Block(box=Box.around([line.box for line in lines]), lines=lines))
    return tuple(kept)


# ── notes ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Edges:
    """The left and right edge of a page's prose, and where it begins and ends."""

    left: float
    right: float
    top: float
    bottom: float

    def is_outside(self, box: Box, height: float) -> bool:
        is_beside = box.right <= self.left - _MARGIN_GAP * height or box.left >= self.right + _MARGIN_GAP * height
        return is_beside and self.top <= box.center_y <= self.bottom


def _with_notes_apart(blocks: tuple[Block, ...], height: float) -> tuple[Block, ...]:
    pieces = {id(line): list(_pieces(line, height)) for block in blocks for line in block.lines if line.words}
    edges = _prose_edges([max(found, key=_width) for found in pieces.values()], height)
    if edges is None:
        return blocks
    kept: list[Block] = []
    notes: list[Line] = []
    is_mixed = False
    for block in blocks:
        texts: list[Line] = []
        outside: list[Line] = []
        for line in block.lines:
            parts = pieces.get(id(line), ())
            beside: list[Line] = []
            for place, piece in enumerate(parts):
                hangs = place == 0 and len(parts) > 1 and _is_marker(piece)
                (texts if hangs or not edges.is_outside(piece.box, height) else beside).append(piece)
            for _, side in groupby(beside, lambda piece: piece.box.left >= edges.right):
                outside.append(_as_line(list(side)))
        notes += outside
        is_mixed |= bool(texts and outside)
        if not outside:
            kept.append(block)
        elif texts:
            kept.append(block.with_lines(list(_joined(texts))))
    if not is_mixed or not _are_notes(notes, kept, edges):
        return blocks
    return tuple(_inserted(kept, list(_grouped(notes, edges, height))))


def _pieces(line: Line, height: float) -> Iterator[Line]:
    """Yield the parts of a line with wide white between them; the line itself if there are none."""
    starts = [
        number
        for number, (before, after) in enumerate(pairwise(line.words), 1)
        if after.box.left - before.box.right > _PIECE_GAP * height
    ]
    if not starts:
        yield line
        return
    for first, last in pairwise((0, *starts, len(line.words))):
        yield line.with_words(line.words[first:last])


def _is_marker(piece: Line) -> bool:
    """Return whether a piece may be the number of a section or the bullet of an item, which hang before their text."""
    text = piece.words[0].text
    return len(piece.words) == 1 and (not text.isalpha() or len(text) <= _MARKER_LETTERS)


def _width(piece: Line) -> int:
    return piece.box.width


def _prose_edges(widest: Sequence[Line], height: float) -> _Edges | None:
    """Return the edges of a page's prose, from the widest piece of each line; None for a page without, or columns."""
    prose = [it for it in widest if sum(len(word.text) for word in it.words) >= _PROSE_LETTERS]
    if len(prose) < _MIN_PROSE:
        return None
    lefts = Counter(round(it.box.left / (_ALIGNED * height)) for it in prose)
    common = max(lefts, key=lambda at: lefts[at] + lefts.get(at + 1, 0))
    own = [it for it in prose if round(it.box.left / (_ALIGNED * height)) in (common, common + 1)]
    if len(own) < max(_MIN_PROSE, _MIN_PROSE_SHARE * len(prose)):
        return None
    left = median(it.box.left for it in own)
    right = sorted(it.box.right for it in own)[-1 - len(own) // 10]
    full = sum(it.box.width >= _FULL * (right - left) for it in own)
    if full < _MIN_FULL_SHARE * len(own) or _continuing_share([it.words[0] for it in own]) < _MIN_CONTINUING:
        return None
    indented = min(it.box.left for it in own)
    return _Edges(min(left, indented), right, min(it.box.top for it in own), max(it.box.bottom for it in own))


def _joined(pieces: Sequence[Line]) -> Iterator[Line]:
    """Yield lines of pieces that follow each other on a row, as they were before a note was taken out."""
    row: list[Line] = []
    for piece in pieces:
        if row and not (piece.box.crosses_rows(row[-1].box) and piece.box.left >= row[-1].box.right):
            yield _as_line(row)
            row = []
        row.append(piece)
    if row:
        yield _as_line(row)


def _as_line(row: Sequence[Line]) -> Line:
    return row[0] if len(row) == 1 else row[0].with_words([word for piece in row for word in piece.words])


def _are_notes(notes: Sequence[Line], kept: Sequence[Block], edges: _Edges) -> bool:
    letters = sum(len(word.text) for line in notes for word in line.words)
    text = sum(len(word.text) for block in kept for line in block.lines for word in line.words)
    widest = max(line.box.width for line in notes)
    worded = sum(any(map(str.isalpha, line.text)) for line in notes)
    is_narrow = letters <= _MAX_NOTES * text and widest <= _MAX_NOTE_WIDTH * (edges.right - edges.left)
    return is_narrow and 2 * worded > len(notes)  # numbers are cells of the rows beside them


def _grouped(notes: Sequence[Line], edges: _Edges, height: float) -> Iterator[Block]:
    """Yield the notes of each margin, lines below each other in one block."""
    sides: dict[bool, list[Line]] = defaultdict(list)
    for line in notes:
        sides[line.box.left >= edges.right].append(line)
    for side in sides.values():
        group: list[Line] = []
        for line in sorted(side, key=lambda it: it.box.center_y):
            if group and line.box.top - group[-1].box.bottom > _NOTE_GAP * height:
                yield _block_of(group)
                group = []
            group.append(line)
        yield _block_of(group)


def _block_of(lines: Sequence[Line]) -> Block:
    return Block(box=Box.around([line.box for line in lines]), lines=tuple(lines))


def _inserted(kept: Sequence[Block], notes: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks with each note after the last block of the text that begins above the note's middle line."""
    places: dict[int, list[Block]] = defaultdict(list)
    for note in sorted(notes, key=lambda block: block.box.top):
        first = note.lines[0].box.center_y
        places[max((at for at, block in enumerate(kept) if block.box.top <= first), default=-1)].append(note)
    yield from places[-1]
    for at, block in enumerate(kept):
        yield block
        yield from places[at]
