"""The words a person should check, least certain first."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import nsmallest

from ocrdesk.contract.document import Doubt, Page, Source, Word

SURE = 0.9
"""About nine in ten words with this confidence are right; words with less should be checked."""
_MAX_WORDS = 2000
_NOT_RECOGNISED = (Source.CORRECTED, Source.TEXT_LAYER)


def is_doubtful(word: Word) -> bool:
    """Return whether a person should check the word."""
    return word.confidence < SURE and word.source not in _NOT_RECOGNISED


def count_doubtful(page: Page) -> int:
    """Count the page's words that a person should check."""
    return sum(map(is_doubtful, page.words()))


class Review:
    """Collects doubtful words page by page, so that the whole document need not be in memory."""

    def __init__(self) -> None:
        self._doubts: list[Doubt] = []

    def add(self, page: Page) -> None:
        self._doubts = nsmallest(_MAX_WORDS, [*self._doubts, *_doubts_on(page)], key=_order)

    def as_json(self) -> str:
        """Return the list as it is in a Document's JSON."""
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
