"""The words of a document that a person should check, most doubtful first."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import nsmallest

from ocrdesk.contract.document import Doubt, Page, Source, Word

SURE = 0.9
"""Of words with this confidence about nine in ten are right; those with less are worth a look."""
_MOST = 2000
_SAID_BY_OTHERS = (Source.CORRECTED, Source.TEXT_LAYER)


def is_doubtful(word: Word) -> bool:
    """Whether a person should check the word."""
    return word.confidence < SURE and word.source not in _SAID_BY_OTHERS


def count_doubtful(page: Page) -> int:
    """How many of the page's words a person should check."""
    return sum(map(is_doubtful, page.words()))


class Review:
    """Gathers doubts page by page, so that no document need be held whole."""

    def __init__(self) -> None:
        self._doubts: list[Doubt] = []

    def look_at(self, page: Page) -> None:
        self._doubts = nsmallest(_MOST, [*self._doubts, *_doubts_on(page)], key=_order)

    def as_json(self) -> str:
        """The list, as a Document has it."""
        return "[" + ",".join(doubt.model_dump_json() for doubt in sorted(self._doubts, key=_order)) + "]"


def _doubts_on(page: Page) -> Iterator[Doubt]:
    for block_number, block in enumerate(page.blocks):
        for line_number, line in enumerate(block.lines):
            for word_number, word in enumerate(line.words):
                if is_doubtful(word):
                    yield Doubt(
                        page=page.number,
                        block=block_number,
                        line=line_number,
                        word=word_number,
                        text=word.text,
                        confidence=word.confidence,
                    )


def _order(doubt: Doubt) -> tuple[float, int, int, int, int]:
    return doubt.confidence, doubt.page, doubt.block, doubt.line, doubt.word
