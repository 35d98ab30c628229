"""Writes, reads and deletes stored pages and texts: names, format, compression.

A page is stored twice under one name: as gzipped JSON of the contract's Page, and beside it as plain text. The
job's whole text is a blob for each revision of the result.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass

from ocrdesk.backend.storage.blob_store import BlobMissingError, BlobStore, put, writing
from ocrdesk.backend.storage.stored_names import page_text_name, text_name
from ocrdesk.contract.document import Page
from ocrdesk.export.text import PAGE_BREAK, page_text

_COMPRESSION_LEVEL = 3


@dataclass(frozen=True, slots=True)
class PackedPage:
    """A page's two blobs before they are written."""

    json_gz: bytes
    text: bytes


def pack(page: Page) -> PackedPage:
    """Convert a page to the form in which it is stored."""
    json_gz = gzip.compress(page.model_dump_json().encode(), compresslevel=_COMPRESSION_LEVEL)
    return PackedPage(json_gz, page_text(page).encode())


class PageResults:
    """The stored pages and texts in a blob store. Reading raises BlobMissingError for what is not there."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs

    def write_page(self, job_id: str, name: str, page: PackedPage) -> None:
        put(self._blobs, job_id, name, page.json_gz)
        put(self._blobs, job_id, page_text_name(name), page.text)

    def read_page(self, job_id: str, name: str) -> Page:
        return Page.model_validate_json(self.read_page_json(job_id, name))

    def read_page_json(self, job_id: str, name: str) -> bytes:
        return gzip.decompress(self._blobs.read(job_id, name))

    def read_page_text(self, job_id: str, name: str) -> bytes:
        try:
            return self._blobs.read(job_id, page_text_name(name))
        except BlobMissingError:  # the page says it too
            return page_text(self.read_page(job_id, name)).encode()

    def delete_page(self, job_id: str, name: str) -> None:
        self._blobs.delete(job_id, name)
        self._blobs.delete(job_id, page_text_name(name))

    def write_text(self, job_id: str, revision: int, page_texts: Iterable[bytes]) -> None:
        """Write the job's whole text, one page in memory at a time."""
        with writing(self._blobs, job_id, text_name(revision)) as writer:
            for index, text in enumerate(page_texts):
                if index:
                    writer.write(PAGE_BREAK.encode())
                writer.write(text)

    def read_text(self, job_id: str, revision: int) -> str:
        return self._blobs.read(job_id, text_name(revision)).decode()

    def missing(self, job_id: str, names: Iterable[str]) -> set[str]:
        """Return which of these stored pages do not exist."""
        wanted = set(names)
        gone = wanted - self._blobs.names(job_id) if wanted else wanted
        return {name for name in gone if not self._blobs.exists(job_id, name)}  # a list may be older than a file
