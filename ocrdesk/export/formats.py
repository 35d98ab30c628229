"""The registry of formats: media type, suffix, label, writer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module

from ocrdesk.contract.choices import CAN_OMIT_HEADERS_FOOTERS, ResultFormat
from ocrdesk.contract.document import DocumentHead, Page

__all__ = ["CAN_OMIT_HEADERS_FOOTERS", "FORMATS", "Format", "Writer"]

Writer = Callable[[DocumentHead, Iterable[Page]], Iterator[str]]
"""Reads pages one at a time and yields parts of the file, so that a book needs no more memory than a page."""


@dataclass(frozen=True, slots=True)
class Format:
    """One format. `write` is None for files that a worker makes, because they need the upload or much memory."""

    media_type: str
    suffix: str
    label: str
    write: Writer | None = None

    @property
    def is_made_in_worker(self) -> bool:
        return self.write is None


def _writer(name: str) -> Writer:
    """Return the writer that is the function `name` of the module `name` in this package.

    It is imported at its first use, because most readers of the table need only its names, and commands start faster.
    """

    def write(head: DocumentHead, pages: Iterable[Page]) -> Iterator[str]:
        function: Writer = getattr(import_module(f"ocrdesk.export.{name}"), name)
        return function(head, pages)

    return write


_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument.text"

FORMATS: dict[ResultFormat, Format] = {
    ResultFormat.TEXT: Format("text/plain; charset=utf-8", ".txt", "Plain text", _writer("text")),
    ResultFormat.JSON: Format("application/json", ".json", "JSON", _writer("json_document")),
    ResultFormat.HOCR: Format("text/vnd.hocr+html; charset=utf-8", ".hocr", "hOCR", _writer("hocr")),
    ResultFormat.ALTO: Format("application/alto+xml", ".xml", "ALTO XML", _writer("alto")),
    ResultFormat.TSV: Format("text/tab-separated-values; charset=utf-8", ".tsv", "Words as TSV", _writer("tsv")),
    ResultFormat.MD: Format("text/markdown; charset=utf-8", ".md", "Markdown", _writer("markdown")),
    ResultFormat.HTML: Format("text/html; charset=utf-8", ".html", "HTML", _writer("html")),
    ResultFormat.DOCX: Format(f"{_OFFICE}.wordprocessingml.document", ".docx", "Word document"),
    ResultFormat.ODT: Format(_OPEN_DOCUMENT, ".odt", "OpenDocument text"),
    ResultFormat.EPUB: Format("application/epub+zip", ".epub", "EPUB book"),
    ResultFormat.CSV: Format("text/csv; charset=utf-8", ".csv", "Tables as CSV", _writer("csv_tables")),
    ResultFormat.XLSX: Format(f"{_OFFICE}.spreadsheetml.sheet", ".xlsx", "Tables as an Excel workbook"),
    ResultFormat.PDF: Format("application/pdf", ".pdf", "Searchable PDF"),
}
"""Every `ResultFormat`, in the order in which they are shown."""
