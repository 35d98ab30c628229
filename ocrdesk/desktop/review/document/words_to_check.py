"""Counts the words to check, page by page; no Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocrdesk.contract.document import ToCheck


class WordsToCheck:
    """The number of words to check on each page."""

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}

    @property
    def total(self) -> int:
        return sum(self._counts.values())

    def clear(self) -> None:
        self._counts.clear()

    def set_all(self, to_check: ToCheck) -> None:
        """Take the counts of the server."""
        self._counts = {page.number: page.words for page in to_check.pages}

    def set_page(self, number: int, count: int) -> None:
        self._counts[number] = count

    def reduce(self, fewer: Mapping[int, int]) -> None:
        """Subtract a number of words from each page; negative numbers add."""
        for number, count in fewer.items():
            self._counts[number] = max(0, self._counts.get(number, 0) - count)

    def next_page(self, numbers: Sequence[int], number: int, step: int) -> int | None:
        """Return the next page after (step 1) or before (-1) this one with words to check; it wraps around.

        That may be the page itself. None if there is no word to check.
        """
        if number not in numbers:
            return None
        start = numbers.index(number)
        for distance in range(1, len(numbers) + 1):
            other = numbers[(start + step * distance) % len(numbers)]
            if self._counts.get(other):
                return other
        return None
