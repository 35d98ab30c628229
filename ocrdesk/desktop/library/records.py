"""Stored documents, pages and hits."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from ocrdesk.contract.error_messages import DescribedError
from ocrdesk.desktop.library.query import Query, Snippet

WordBox = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels of the page image, as in a Document."""


class LibraryError(DescribedError):
    """The library cannot be used. The message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A recognised file. `revision` counts corrections, as the server does."""

    server: str
    job_id: str
    name: str
    at: datetime
    page_count: int
    revision: int = 0


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page's text. `words` are its words with their boxes, see `pack_words`."""

    number: int
    text: str
    width: int = 0
    height: int = 0
    words: bytes = b""

    def boxes(self, query: Query) -> list[WordBox]:
        """Return the boxes of the search words."""
        found = unpack_words(self.words)
        spans = query.spans(" ".join(text for text, _ in found))
        boxes, start = [], 0
        for text, box in found:
            if any(first < start + len(text) and end > start for first, end in spans):
                boxes.append(box)
            start += len(text) + 1
        return boxes


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that was found, or a document if there were no search words."""

    document: StoredDocument
    page: int
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search: the words as they were typed, and the filters."""

    typed: str = ""
    name: str = ""
    server: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The result of a search, best hits first. `servers` are all servers of stored documents."""

    hits: tuple[Hit, ...] = ()
    servers: tuple[str, ...] = ()
    document_count: int = 0
    is_cut: bool = False
    wanted: Wanted = field(default_factory=Wanted)


def pack_words(words: Iterable[tuple[str, WordBox]]) -> bytes:
    """Compress words with their boxes."""
    return zlib.compress(json.dumps([[text, *box] for text, box in words], ensure_ascii=False).encode(), 6)


def unpack_words(blob: bytes) -> list[tuple[str, WordBox]]:
    """Return what `pack_words` has compressed; nothing if it was damaged, so that the text can still be shown."""
    if not blob:
        return []
    try:
        found = json.loads(zlib.decompress(blob))
        return [(str(text), (int(left), int(top), int(right), int(bottom))) for text, left, top, right, bottom in found]
    except (zlib.error, ValueError, TypeError, OverflowError, RecursionError):
        return []
