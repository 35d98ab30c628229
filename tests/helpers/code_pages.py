"""Pages of code and of other text, with the boxes that letters of one width or of many give them."""

from __future__ import annotations

from collections.abc import Callable

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line, Page, Source, Word

PYTHON = """class Counter:
    def add(self, value):
        if value > 0:
            self.total += value
        return self.total"""
WIDTH = 20


def fixed(_character: str) -> float:
    return WIDTH


def proportional(character: str) -> float:
    return {"i": 9, "l": 9, "t": 11, "f": 11, "m": 30, "w": 27, " ": 10}.get(character, 19)


def blocks(text: str, width_of: Callable[[str], float] = fixed, *, top: int = 40, left: int = 60) -> list[Block]:
    """Return a text as blocks, parted by empty lines, as an engine reads it from a page."""
    found, lines = [], []
    for number, row in enumerate([*text.split("\n"), ""]):
        words, x = [], float(left)
        for part in row.split(" "):
            end = x + sum(map(width_of, part))
            if part:
                box = Box(int(x) + 2, top + 40 * number, max(int(end) - 1, int(x) + 3), top + 40 * number + 28)
                words.append(Word(text=part, box=box, confidence=0.9, source=Source.TESSERACT))
            x = end + width_of(" ")
        if words:
            lines.append(Line(box=Box.around([word.box for word in words]), words=tuple(words)))
        elif lines:
            found.append(Block(box=Box.around([line.box for line in lines]), lines=tuple(lines)))
            lines = []
    return found


def code_page(code: str) -> Page:
    return Page(number=1, width=1200, height=1600, blocks=tuple(blocks(code)))
