"""Pages with words in known styles, written line by line."""

from __future__ import annotations

from collections.abc import Sequence

from ocrdesk.contract.document import Block, Box, Page, Source, Word
from ocrdesk.layout.page_marks import PageMarks, WordStyle
from ocrdesk.layout.structure.builder import with_structure
from tests.helpers.sample_pages import block_of, line_of

BODY = WordStyle(40.0, font="Serif")
BOLD = WordStyle(40.0, bold=True, font="Serif-Bold")
ITALIC = WordStyle(40.0, italic=True, font="Serif-Italic")
FIXED = WordStyle(40.0, monospace=True, font="Fixed")
PROSE = (
    "The letters of this paragraph are those of the body of the page, and",
    "its lines go on until they are full, as lines of prose usually do when",
    "there is enough to say.",
)
PITCH, WIDTH, HEIGHT = 60, 2480, 3508


class StyledPage:
    """A page that is written from top to bottom. `is_scan` leaves the styles out, and an engine is the source."""

    def __init__(self, *, is_scan: bool = False) -> None:
        self._blocks: list[Block] = []
        self._styles: dict[Box, WordStyle] = {}
        self._top = 300
        self._is_scan = is_scan

    def add(
        self, *texts: str, style: WordStyle = BODY, left: int | Sequence[int] = 300, gap: int = 60, rise: int = 0
    ) -> StyledPage:
        """Add a block of these lines after `gap` pixels; `rise` moves it up, beside what is there."""
        self._top += gap - rise
        lefts = [left] * len(texts) if isinstance(left, int) else left
        lines = []
        for text, at in zip(texts, lefts, strict=True):
            lines.append(line_of([self._word(*placed, style) for placed in _placed(text, at, style)]))
            self._top += round(PITCH * style.size / BODY.size)
        self._blocks.append(block_of(lines))
        return self

    def then(self, *texts: str, style: WordStyle = BODY, left: int = 300, gap: int = 0) -> StyledPage:
        """Add lines to the block before."""
        before = self._blocks.pop()
        self.add(*texts, style=style, left=left, gap=gap)
        self._blocks.append(block_of([*before.lines, *self._blocks.pop().lines]))
        return self

    def beside(self, text: str, style: WordStyle = BODY) -> StyledPage:
        """Add words to the last line."""
        *lines, last = self._blocks.pop().lines
        self._top -= PITCH
        words = [self._word(*placed, style) for placed in _placed(text, last.box.right + 20, style)]
        self._top += PITCH
        self._blocks.append(block_of([*lines, line_of([*last.words, *words])]))
        return self

    def prose(self, times: int = 1) -> StyledPage:
        for _ in range(times):
            self.add(*PROSE)
        return self

    @property
    def marks(self) -> PageMarks:
        return PageMarks(styles=self._styles)

    @property
    def plain(self) -> Page:
        return Page(number=1, width=WIDTH, height=HEIGHT, blocks=tuple(self._blocks))

    def built(self) -> Page:
        """Return the page with its structure."""
        return with_structure(self.plain, self.marks)

    def _word(self, text: str, left: int, style: WordStyle) -> Word:
        height = round(0.7 * style.size)
        box = Box(left, self._top, left + round(len(text) * style.size / 2), self._top + height)
        if not self._is_scan:
            self._styles[box] = style
        source = Source.TESSERACT if self._is_scan else Source.TEXT_LAYER
        return Word(text=text, box=box, confidence=0.9, source=source)


def _placed(text: str, left: int, style: WordStyle) -> list[tuple[str, int]]:
    """Return the words of a text and their left edges; each space is half as wide as the letters are high."""
    placed, at = [], float(left)
    for word in text.split(" "):
        if word:
            placed.append((word, round(at)))
        at += (len(word) + 1) * style.size / 2
    return placed


def roles(page: Page) -> list[tuple[str, str]]:
    """Return the role of each block with the beginning of its text."""
    return [(block.role.value, " ".join(line.text for line in block.lines)[:24]) for block in page.blocks]


def with_role(page: Page, role: str) -> list[Block]:
    return [block for block in page.blocks if block.role.value == role]


def said(block: Block) -> str:
    return " ".join(line.text for line in block.lines)
