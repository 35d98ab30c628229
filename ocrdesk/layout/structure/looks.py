"""How the lines of a page look, relative to its body text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, BlockKind, Line, Page, Word
from ocrdesk.contract.structure import BlockRole
from ocrdesk.layout.page_marks import WordStyle
from ocrdesk.layout.page_profile import PROSE_LETTERS, LetterHeights, Row, is_alphanumeric

_MOST = 0.8
"""Share of a line's letters that are set in a way that the line is said to be set in."""
_MAX_LINES = 4_000
"""Of a page with more lines the first ones say how its body is set."""
_MIN_CAPITALS = 4
_MUCH = 0.4
"""Of the letters in the commonest style: of styles with as many the largest is the body's, as notes are smaller."""
_WORD = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True, slots=True)
class LineLook:
    """How a line is set: `size` is that of its letters relative to the body's.

    `other_font` says that its font is not the body's, `is_bold` and `is_italic` that it is set so and the body is not.
    `is_styled` is False for words without a known style, as on scans, where only sizes are measured.
    """

    size: float
    is_styled: bool = False
    is_bold: bool = False
    is_italic: bool = False
    is_monospace: bool = False
    is_capitals: bool = False
    other_font: bool = False


class PageLooks:
    """The looks of a page's lines. Tables, headers and footers do not count for its body."""

    def __init__(self, page: Page, styles: Mapping[Box, WordStyle]) -> None:
        lines = [line for block in page.blocks if _is_body(block) for line in block.lines][:_MAX_LINES]
        prose = [line for line in lines if sum(len(word.text) for word in line.words) >= PROSE_LETTERS] or lines
        self._styles = styles
        self._looks: dict[int, LineLook] = {}
        self._body = _usual(styles, prose)
        self._heights = None if self._body else LetterHeights(prose)
        self.is_styled = self._body is not None
        self.may_have_code = not self.is_styled or any(style.monospace for style in set(styles.values()))
        """Whether letters of one width may be on the page."""

    def of(self, line: Line) -> LineLook:
        """Return the look of one of the page's lines."""
        found = self._looks.get(id(line))
        if found is None:
            found = self._looks[id(line)] = self._look(line)
        return found

    def is_set_apart(self, word: Word) -> bool:
        """Return whether a word is in another style than the body, as the label of a caption often is."""
        style = self._styles.get(word.box)
        if style is None or self._body is None:
            return False
        body = self._body
        return (style.bold, style.italic, style.font) != (body.bold, body.italic, body.font) or style.size < body.size

    def _look(self, line: Line) -> LineLook:
        letters = [character for word in line.words for character in word.text if character.isalpha()]
        capitals = len(letters) >= _MIN_CAPITALS and sum(map(str.isupper, letters)) >= 0.9 * len(letters)
        weights = _weights(self._styles, line)
        total = sum(weights.values())
        if not total or self._body is None:
            return LineLook(self._measured(line), is_capitals=capitals)
        style = max(weights, key=lambda it: weights[it])

        def mostly(holds: Iterable[int]) -> bool:
            return sum(holds) >= _MOST * total

        body = self._body
        return LineLook(
            size=style.size / body.size,
            is_styled=True,
            is_bold=not body.bold and mostly(count for it, count in weights.items() if it.bold),
            is_italic=not body.italic and mostly(count for it, count in weights.items() if it.italic),
            is_monospace=mostly(count for it, count in weights.items() if it.monospace),
            is_capitals=capitals,
            other_font=mostly(count for it, count in weights.items() if it.font != body.font),
        )

    def _measured(self, line: Line) -> float:
        if self._heights is None:
            return 1.0
        return self._heights.ratio(Row([line], line.box, [line.words]))


def _is_body(block: Block) -> bool:
    return block.kind is BlockKind.TEXT and block.role is not BlockRole.TABLE


def _weights(styles: Mapping[Box, WordStyle], line: Line) -> dict[WordStyle, int]:
    """Return how many characters of a line are set in each style.

    Only words count, if it has any: signs of formulas and numbers may be set in a font of their own.
    """
    found: dict[WordStyle, int] = {}
    if not styles:
        return found
    for words in ([word for word in line.words if _WORD.search(word.text)], line.words):
        for word in words:
            style = styles.get(word.box)
            if style is not None and is_alphanumeric(word):
                found[style] = found.get(style, 0) + len(word.text)
        if found:
            break
    return found


def _usual(styles: Mapping[Box, WordStyle], lines: Sequence[Line]) -> WordStyle | None:
    """Return the style of most letters of the lines; None if most words have none."""
    if not styles:
        return None
    total: dict[WordStyle, int] = {}
    for line in lines:
        for style, count in _weights(styles, line).items():
            total[style] = total.get(style, 0) + count
    letters = sum(len(word.text) for line in lines for word in line.words)
    if 2 * sum(total.values()) < letters or not total:
        return None
    most = max(total.values())
    return max((style for style, count in total.items() if count >= _MUCH * most), key=lambda it: (it.size, total[it]))
