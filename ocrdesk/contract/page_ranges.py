"""Parses page ranges such as `1-3,7,10-`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ocrdesk.contract.error_messages import DescribedError, error_message

MAX_PAGE = 1_000_000
_MAX_PARTS = 1_000
_PART = re.compile(r"(\d{1,7})?(?:(-)(\d{1,7})?)?")


class PageRangeError(DescribedError, ValueError):
    """The text is not a page range; the message says what one looks like."""


@dataclass(frozen=True, slots=True)
class PageRanges:
    """First and last page numbers (from 1), both inclusive. None as the last: to the end. Empty: all pages."""

    parts: tuple[tuple[int, int | None], ...] = ()

    @classmethod
    def parse(cls, text: str) -> PageRanges:
        """Parse ranges such as `1-3,7,10-` or `-5`. Raises PageRangeError."""
        pieces = [piece.strip() for piece in text.split(",")]
        if not text.strip():
            return cls()
        if len(pieces) > _MAX_PARTS:
            raise PageRangeError(error_message("page_range_too_many", limit=_MAX_PARTS))
        return cls(tuple(_part(piece) for piece in pieces))

    def __str__(self) -> str:
        return ",".join(_written(first, last) for first, last in self.parts)

    def numbers(self, page_count: int) -> list[int]:
        """Return the selected page numbers of a file with `page_count` pages, each once, ascending."""
        if not self.parts:
            return list(range(1, page_count + 1))
        wanted: set[int] = set()
        for first, last in self.parts:
            wanted.update(range(first, min(page_count, last or page_count) + 1))
        return sorted(wanted)

    def count(self, page_count: int) -> int:
        """Return how many pages of a file with `page_count` pages are selected, without listing them."""
        if not self.parts:
            return max(0, page_count)
        found = counted_to = 0
        for first, last in sorted((first, min(page_count, last or page_count)) for first, last in self.parts):
            found += max(0, last - max(first - 1, counted_to))
            counted_to = max(counted_to, last)
        return found

    def beyond(self, page_count: int) -> PageRanges:
        """Return the ranges of pages that a file with `page_count` pages does not have, in the order given."""
        return PageRanges(
            tuple(
                (max(first, page_count + 1), last)
                for first, last in self.parts
                if first > page_count or (last is not None and last > page_count)
            )
        )


def _part(piece: str) -> tuple[int, int | None]:
    found = _PART.fullmatch(re.sub(r"\s+", "", piece))
    if found is None or not (found[1] or found[3]):
        raise PageRangeError(error_message("page_range_invalid", text=repr(piece[:40])))
    first = int(found[1] or 1)
    last = int(found[3]) if found[3] else None if found[2] else first
    if first < 1 or (last is not None and last < first) or max(first, last or 0) > MAX_PAGE:
        raise PageRangeError(error_message("page_range_out_of_order", text=repr(piece[:40])))
    return first, last


def _written(first: int, last: int | None) -> str:
    if last == first:
        return str(first)
    return f"{first}-" if last is None else f"{first}-{last}"
