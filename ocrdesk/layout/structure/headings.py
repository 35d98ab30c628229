"""Finds headings.

A heading is a short line of its own that is set apart: by larger or bolder letters, by capitals, by a section's number,
by italics or another font with white above; on scans by size or white alone. Sentences, captions, labels beside values
and the names under a title are no headings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ocrdesk.contract.document import Block, BlockKind, Line, Page
from ocrdesk.contract.structure import MAX_LEVEL, BlockRole
from ocrdesk.layout.line_breaks import is_text
from ocrdesk.layout.structure.captions import is_label
from ocrdesk.layout.structure.figures import labels_of_figures
from ocrdesk.layout.structure.looks import LineLook, PageLooks
from ocrdesk.layout.structure.markers import BULLETS
from ocrdesk.layout.structure.parts import is_plain, usual_white

_LARGE = 1.12
"""Letters relative to the body's: the step from 10 to 11.2 points is the least that a reader sees as larger."""
_LARGE_MEASURED = 1.25
"""The same where letters are measured on an image."""
_SMALL = 0.88
"""Smaller letters are those of notes and captions, not of headings, unless they are capitals."""
_MAX_LINES, _MAX_WORDS, _MAX_LETTERS = 3, 24, 160
_MAX_PLAIN_WORDS = 10
"""Words of a heading that only white, italics or another font set apart."""
_SHORT = 0.8
"""In widths of the column: a line that only white, italics or another font set apart is shorter than its column."""
_SAME_SIZE = 0.04
_WHITE_ABOVE = 1.25
"""In the usual white between lines: the white above a heading within a block."""
_WHITE_AROUND = 1.8
"""The same for a heading that only white sets apart."""
_NEAR_HEADING = 1.2
"""In letter heights: two lines of one heading are no farther apart."""
_WRAPPED_WORDS, _WRAPPED_LETTERS = 3, 16
"""A line of a heading that continues has so many words or letters."""
_UPRIGHT_LETTERS = 4
_BY_LINE_LETTERS = 120
"""Letters of the paragraph that follows a heading under the page's title; names there are followed by less."""
_TITLE = 1.3
"""A title's letters are at least so large; names may be under it."""
_SENTENCE_LETTERS = 40
"""The same of a paragraph that ends with a full stop."""
_LEVEL_SIZES = ((1.6, 1), (1.08, 2))
"""The level of a heading whose letters are at least so large; smaller ones have the level after them."""

_NUMBERED = re.compile(
    r"(?:(?:§|(?i:chapter|section|part|appendix|kapitel|abschnitt|teil|anhang|chapitre|capítulo|capitolo))\s*)?"
    r"(\d{1,2}(?:\.\d{1,2}){0,5}|[IVX]{1,5}(?=\.)|[A-Z](?=\.))((?:\.\d{1,2})*)[.):]?\s+\W?[^\W\d_]"
)
"""A section's number, and a word after it."""
_SUBSECTION = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,5}\.?\s+[^\W\d_]")
"""The number of a part of a section, which items of lists hardly have."""
_ENDS = re.compile(r"[.,;\u3002\uff0c\u060c\u061b][\"'\u201d\u2019\u00bb)\]]*$|[\u2014\u2013-]$")
_LABEL = re.compile(
    r"(?:sources?|notes?|quellen?|anmerkung(?:en)?|fuentes?|notas?|fontes?|fonti|key ?words?|tel|fax|e-?mail|isbn|doi)"
    r"\s?[:.]",
    re.IGNORECASE,
)
"""What begins a note or an entry."""
_BETWEEN_NAMES = re.compile(r"[,;\u00b7\u2022\u2020\u2021\u00a7*\d]+|\s(?:and|und|et|y|e|&)\s")
_NAME_MARKS = re.compile(r"[\u2020\u2021\u00a7\u00b7*]|[^\W\d_]\d")
"""Signs that refer from names to institutes."""
_PARTICLES = {
    *("van", "von", "de", "der", "den", "di", "da", "del", "la", "le"),
    *("el", "al", "bin", "ibn", "zu", "ten", "ter", "dos"),
}
"""Words in names that have no capital."""
_LONGEST_NAME = 5
_COLON = re.compile(r"[:\uff1a]$")
_LEADERS = re.compile(r"\.{4,}|(?:\. ){4,}|\u2026{2,}")
_ADDRESS = re.compile(r"@|https?://|www\.|\+?\d[\d ()/-]{6,}\d")
_WORD = re.compile(r"[^\W\d_]{2,}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORDLIKE = re.compile(
    r"[\W_]*(?:[^\W\d_]{2}[\w.'\u2019&/-]*|[\u3040-\u30ff\u3400-\u9fff].*|[aAIyYeEoOàé&\u2013-]|\d[\d.]*)[\W_]*"
)
_FORMULA = re.compile(r"[=\u2211\u222b\u221a\u2264\u2265\u2208\u2202\u221e\u00b1\u2190-\u21ff\u2200-\u22ff]")
"""Signs of formulas."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Lines of one block that follow each other and look alike, and the numbers of the block and of the first line."""

    block: int
    start: int
    lines: tuple[Line, ...]
    look: LineLook

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)


def with_headings(page: Page, looks: PageLooks) -> Page:
    """Return the page with each heading as a block of its own, with its level."""
    finder = _Finder(page, looks)
    found = finder.headings()
    if not found:
        return page
    levels = _levels([run for run in found if run is not None])
    starts = {(run.block, run.start): run for run in found}
    blocks: list[Block] = []
    for number, block in enumerate(page.blocks):
        rest: list[Line] = []
        index = 0
        while index < len(block.lines):
            run = starts.get((number, index))
            if run is None:
                rest.append(block.lines[index])
                index += 1
                continue
            if rest:
                blocks.append(block.with_lines(rest))
                rest = []
            blocks.append(block.with_lines(run.lines, role=BlockRole.HEADING, level=levels[id(run)]))
            index += len(run.lines)
        if rest or not block.lines:
            blocks.append(block if len(rest) == len(block.lines) else block.with_lines(rest))
    return page.model_copy(update={"blocks": _joined(blocks, looks)})


def _joined(blocks: Sequence[Block], looks: PageLooks) -> tuple[Block, ...]:
    """Return the blocks with headings over two or three lines, which were blocks of their own, as one."""
    joined: list[Block] = []
    for block in blocks:
        before = joined[-1] if joined else None
        if (
            before is not None
            and before.role is block.role is BlockRole.HEADING
            and len(before.lines) + len(block.lines) <= _MAX_LINES
            and _is_one_heading(before, block, looks)
        ):
            joined[-1] = before.with_lines((*before.lines, *block.lines))
        else:
            joined.append(block)
    return tuple(joined)


def _is_one_heading(before: Block, block: Block, looks: PageLooks) -> bool:
    upper, lower = before.lines[-1], block.lines[0]
    one, two = looks.of(upper), looks.of(lower)
    gap = lower.box.top - upper.box.bottom
    height = max(1, min(upper.box.height, lower.box.height))
    is_aligned = (
        abs(upper.box.left - lower.box.left) <= height
        or abs(upper.box.right - lower.box.right) <= height
        or abs(upper.box.center_x - lower.box.center_x) <= height
    )
    return (
        abs(one.size - two.size) <= _SAME_SIZE
        and one.is_bold == two.is_bold
        and one.is_capitals == two.is_capitals
        and -height < gap <= _NEAR_HEADING * height
        and is_aligned
        and not _NUMBERED.match(lower.text)
        and (_NUMBERED.match(before.lines[0].text) is not None or upper.box.width >= lower.box.width / 2)
    )


class _Finder:
    """Finds the headings of one page."""

    def __init__(self, page: Page, looks: PageLooks) -> None:
        self._blocks = page.blocks
        self._looks = looks
        self._white = usual_white([block for block in page.blocks if block.kind is BlockKind.TEXT])
        self._labels = labels_of_figures(page)
        self._beside = _single_lines(page.blocks)
        self._large = _LARGE if looks.is_styled else _LARGE_MEASURED

    def headings(self) -> list[_Run]:
        """Return the headings in reading order."""
        found = []
        for number, block in enumerate(self._blocks):
            if is_plain(block) and number not in self._labels:
                found += [run for run in self._runs(number, block) if self._is_heading(run, block)]
        return self._without_names(found)

    def _runs(self, number: int, block: Block) -> list[_Run]:
        """Return the block's lines as runs that look alike."""
        runs: list[_Run] = []
        start = 0
        for index in range(1, len(block.lines) + 1):
            if index == len(block.lines) or not self._look_alike(block.lines[index - 1], block.lines[index]):
                runs.append(_Run(number, start, block.lines[start:index], self._looks.of(block.lines[start])))
                start = index
        return runs

    def _look_alike(self, upper: Line, lower: Line) -> bool:
        one, two = self._looks.of(upper), self._looks.of(lower)
        if not one.is_styled:
            return abs(one.size - two.size) <= 0.2 and one.is_capitals == two.is_capitals
        return (
            abs(one.size - two.size) <= _SAME_SIZE
            and (one.is_bold, one.is_italic, one.other_font) == (two.is_bold, two.is_italic, two.other_font)
            and (one.is_capitals == two.is_capitals or one.is_bold)
        )

    def _is_heading(self, run: _Run, block: Block) -> bool:
        text = run.text
        words = text.split()
        if len(run.lines) > _MAX_LINES or len(words) > _MAX_WORDS or len(text) > _MAX_LETTERS:
            return False
        if not _WORD.search(text) or 2 * sum(map(str.isalpha, text)) < len(text.replace(" ", "")):
            return False
        if _ENDS.search(text) or _ADDRESS.search(text) or _LEADERS.search(text) or is_label(text):
            return False
        if not all(map(_runs_across, run.lines)) or not _are_wrapped(run.lines):
            return False
        if words[0] in BULLETS or words[0] == "\ufffd" or _LABEL.match(text) or _is_list_of_names(text):
            return False
        if run.look.is_monospace and run.look.other_font and run.look.size < self._large:
            return False  # code
        if _FORMULA.search(text) or 2 * sum(map(_is_wordlike, words)) < len(words):
            return False
        if self._looks.is_styled and not run.look.is_styled:
            return False  # words of a picture
        return self._is_set_apart(run, block, text, len(words))

    def _is_set_apart(self, run: _Run, block: Block, text: str, words: int) -> bool:
        look = run.look
        is_large = look.size >= self._large
        if not is_large and self._has_value_beside(run):
            return False
        starts_small = text.lstrip("\"'(\u201c\u00ab")[:1].islower()
        if is_large:
            return self._has_white_above(run, block) or not starts_small
        if starts_small or (look.size < _SMALL and not look.is_capitals):
            return False
        is_numbered = _NUMBERED.match(text) is not None
        if look.is_bold:
            return self._has_white_above(run, block) or self._begins_paragraph(run, block)
        if words > _MAX_PLAIN_WORDS or len(run.lines) > 2 or _COLON.search(text):
            return False
        if look.is_capitals:
            return self._has_white_above(run, block) and self._is_followed_by_prose(run, block)
        if look.is_italic or look.other_font:
            is_followed = self._is_followed_by_prose(run, block)
            return is_followed and self._has_white_above(run, block) and (is_numbered or self._is_short(run, block))
        if look.is_styled:
            return False
        is_section = _SUBSECTION.match(text) is not None and len(block.lines) == 1
        return (is_section and self._is_above_prose(run, block)) or self._is_isolated(run, block)

    def _has_white_above(self, run: _Run, block: Block) -> bool:
        """Return whether the run begins its block, or has more white above than lines usually have."""
        if run.start == 0:
            return True
        white = run.lines[0].box.top - block.lines[run.start - 1].box.bottom
        return white > max(_WHITE_ABOVE * self._white, self._white + 0.15 * run.lines[0].box.height)

    def _begins_paragraph(self, run: _Run, block: Block) -> bool:
        """Return whether the line above a run within a block ends before the column's edge."""
        above = block.lines[run.start - 1]
        return above.box.right < block.box.right - 2 * above.box.height and not self._looks.of(above).is_bold

    def _is_followed_by_prose(self, run: _Run, block: Block) -> bool:
        """Return whether text that looks otherwise follows, in the same block or below in the same column."""
        end = run.start + len(run.lines)
        if end < len(block.lines):
            return True
        following = self._blocks[run.block + 1] if run.block + 1 < len(self._blocks) else None
        return (
            following is not None
            and is_plain(following)
            and following.box.top >= run.lines[-1].box.center_y
            and following.box.crosses_columns(run.lines[-1].box)
            and (len(following.lines) > 1 or len(following.lines[0].text) > len(run.text))
        )

    def _is_above_prose(self, run: _Run, block: Block) -> bool:
        """Return whether a paragraph of several lines follows, which is no farther than what is above."""
        if run.block + 1 >= len(self._blocks) or not self._is_followed_by_prose(run, block):
            return False
        line, below = run.lines[0].box, self._blocks[run.block + 1]
        above = self._blocks[run.block - 1].box.bottom if run.block else 0
        return len(below.lines) > 1 and line.top - above >= below.box.top - line.bottom and self._is_short(run, block)

    def _is_short(self, run: _Run, block: Block) -> bool:
        following = self._blocks[run.block + 1].box if run.block + 1 < len(self._blocks) else block.box
        width = max(block.box.width, following.width)
        return all(line.box.width <= _SHORT * width for line in run.lines)

    def _is_isolated(self, run: _Run, block: Block) -> bool:
        """Return whether only white sets a short line apart, between other text and the paragraph that it heads."""
        if len(run.lines) != 1 or len(block.lines) != 1 or not run.text[0].isupper():
            return False
        if run.block == 0 or run.block + 1 >= len(self._blocks):
            return False
        above, below = self._blocks[run.block - 1], self._blocks[run.block + 1]
        line = run.lines[0].box
        wide = _WHITE_AROUND * max(self._white, 0.3 * line.height)
        return (
            is_plain(above)
            and is_plain(below)
            and len(below.lines) >= 2
            and line.top - above.box.bottom >= wide
            and 0 <= below.box.top - line.bottom <= line.top - above.box.bottom
            and below.box.crosses_columns(line)
            and above.box.crosses_columns(line)
            and self._is_short(run, block)
        )

    def _has_value_beside(self, run: _Run) -> bool:
        """Return whether another single line is on the row: then the run is the label of a form or a table's head."""
        box = run.lines[0].box
        for other in self._beside.get(box.top // _ROWS, ()):
            shared = min(box.bottom, other.box.bottom) - max(box.top, other.box.top)
            if 2 * shared > min(box.height, other.box.height) and other.box.gap(box) > 0:
                return True
        return False

    def _without_names(self, found: list[_Run]) -> list[_Run]:
        """Return the headings without the names under the title: no paragraph follows those."""
        title = max(found, key=lambda run: run.look.size, default=None)
        if title is None or title.look.size < _TITLE:
            return found
        zone_end = next(
            (
                number
                for number, block in enumerate(self._blocks)
                if number > title.block and is_plain(block) and _is_text_of_page(block)
            ),
            len(self._blocks),
        )
        kept = []
        for run in found:
            is_under = title.block < run.block < zone_end and run.look.size < title.look.size - _SAME_SIZE
            if not is_under or run.block == zone_end - 1 or _NUMBERED.match(run.text):
                kept.append(run)
        return kept


_ROWS = 64
"""Single lines are sorted into strips of so many pixels."""
_MAX_IN_STRIP = 25


def _single_lines(blocks: Sequence[Block]) -> dict[int, list[Line]]:
    """Return the lines of blocks with one line by the strips of the page that they touch."""
    found: dict[int, list[Line]] = {}
    for block in blocks:
        if block.kind is BlockKind.TEXT and len(block.lines) == 1 and block.table is None:
            line = block.lines[0]
            for strip in range(line.box.top // _ROWS - 1, min(line.box.bottom // _ROWS, line.box.top // _ROWS + 8) + 1):
                strips = found.setdefault(strip, [])
                if len(strips) < _MAX_IN_STRIP:
                    strips.append(line)
    return found


def _is_list_of_names(text: str) -> bool:
    """Return whether a text is names of people, each of two words or more: Ada Writer, Bert van Reader."""
    parts = [part.split() for part in _BETWEEN_NAMES.split(text) if part.strip()]
    words = [word for part in parts for word in part if word not in _PARTICLES]
    if len(parts) < 2 or not all(2 <= len(part) <= _LONGEST_NAME for part in parts):
        return False
    return (len(parts) > 2 or _NAME_MARKS.search(text) is not None) and all(word[0].isupper() for word in words)


def _runs_across(line: Line) -> bool:
    """Return whether a line runs across the page without wide gaps, but for one after a section's number."""
    if len(line.words) > 1 and line.words[0].text.rstrip(".)").replace(".", "").isdecimal():
        line = line.model_copy(update={"words": line.words[1:]})
    return is_text(line) and (line.box.height <= 2 * line.box.width or len(line.text) < _UPRIGHT_LETTERS)


def _are_wrapped(lines: Sequence[Line]) -> bool:
    """Return whether lines are long enough to continue below; short ones below each other are labels or names."""
    return all(len(line.words) >= _WRAPPED_WORDS or len(line.text) >= _WRAPPED_LETTERS for line in lines[:-1])


def _is_wordlike(text: str) -> bool:
    return _WORDLIKE.fullmatch(text) is not None


def _is_text_of_page(block: Block) -> bool:
    """Return whether a block is a paragraph, rather than names and institutes under a title."""
    letters = _letters(block)
    return letters >= _BY_LINE_LETTERS or (letters >= _SENTENCE_LETTERS and block.lines[-1].text.endswith("."))


def _letters(block: Block) -> int:
    return sum(sum(map(str.isalpha, word.text)) for line in block.lines for word in line.words)


def _levels(runs: Sequence[_Run]) -> dict[int, int]:
    """Return the level of each run by its id: by size and number; a smaller size never has a higher level."""
    sizes = sorted({round(run.look.size, 2) for run in runs}, reverse=True)
    by_size: dict[float, int] = {}
    before: tuple[float, int] | None = None
    for size in sizes:
        level = next((level for least, level in _LEVEL_SIZES if size >= least), _LEVEL_SIZES[-1][1] + 1)
        if before is not None and before[0] - size > _SAME_SIZE:
            level = max(level, before[1] + 1)
        elif before is not None:
            level = before[1]
        by_size[size] = level = min(level, MAX_LEVEL)
        before = size, level
    at = [(run, by_size[round(run.look.size, 2)]) for run in runs]
    # where "1 Beginnings" has the first level, "1.1 Before" has the second
    first = 0 if any(size == 1 and _depth(run) == 1 for run, size in at) else 1
    return {id(run): _level(run, size, first) for run, size in at}


def _depth(run: _Run) -> int:
    """Return how deep the number of a section is, from 1; 0 without one."""
    number = _NUMBERED.match(run.text)
    return 1 + number[1].count(".") + number[2].count(".") if number else 0


def _level(run: _Run, by_size: int, first: int) -> int:
    """Return the level of a heading: one with a section's number is as deep as its number, from the level `first`."""
    depth = _depth(run)
    return min(MAX_LEVEL, depth + first) if depth and by_size > 1 else by_size
