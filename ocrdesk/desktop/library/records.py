"""What the library keeps and finds, as values that go from thread to thread."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from ocrdesk.contract.error_messages import DescribedError
from ocrdesk.desktop.library.query import Query, Snippet

WordBox = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels of the page's picture, as the Document has them."""


class LibraryError(DescribedError):
    """The library cannot be used; the message says why and what to do."""


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
    """A page's text, and its words with their boxes, packed (see `packed`)."""

    number: int
    text: str
    width: int = 0
    height: int = 0
    words: bytes = b""

    def boxes(self, query: Query) -> list[WordBox]:
        """Boxes of the words that are looked for."""
        from ocrdesk.desktop.library.normalization import words

        found = unpacked(self.words)
        return [box for text, box in found if any(query.meets(word) for _, _, word in words(text))]


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that was found, or a document when nothing was looked for."""

    document: StoredDocument
    page: int
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: words as they are typed, and what the document must be beside that."""

    typed: str = ""
    name: str = ""
    server: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a search, best first; `servers` are all that the library has documents of."""

    hits: tuple[Hit, ...] = ()
    servers: tuple[str, ...] = ()
    document_count: int = 0
    is_cut: bool = False
    wanted: Wanted = field(default_factory=Wanted)


def packed(words: Iterable[tuple[str, WordBox]]) -> bytes:
    """Words with their boxes, small."""
    return zlib.compress(json.dumps([[text, *box] for text, box in words], ensure_ascii=False).encode(), 6)


def unpacked(blob: bytes) -> list[tuple[str, WordBox]]:
    if not blob:
        return []
    return [(text, (left, top, right, bottom)) for text, left, top, right, bottom in json.loads(zlib.decompress(blob))]
