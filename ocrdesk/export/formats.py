"""The registry of formats: media type, suffix, label, writer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module

from ocrdesk.contract.choices import CAN_OMIT_HEADERS_FOOTERS, ResultFormat
from ocrdesk.contract.document import DocumentHead, Page

__all__ = [
    "CAN_OMIT_HEADERS_FOOTERS",
    "DOCX_OMIT_HEADERS_FOOTERS",
    "FORMATS",
    "OLD_DOCX_OMIT_HEADERS_FOOTERS",
    "Format",
    "Writer",
]

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


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

FORMATS: dict[ResultFormat, Format] = {
    ResultFormat.TEXT: Format("text/plain; charset=utf-8", ".txt", "Plain text", _writer("text")),
    ResultFormat.JSON: Format("application/json", ".json", "JSON", _writer("json_document")),
    ResultFormat.HOCR: Format("text/vnd.hocr+html; charset=utf-8", ".hocr", "hOCR", _writer("hocr")),
    ResultFormat.ALTO: Format("application/alto+xml", ".xml", "ALTO XML", _writer("alto")),
    ResultFormat.TSV: Format("text/tab-separated-values; charset=utf-8", ".tsv", "Words as TSV", _writer("tsv")),
    ResultFormat.MD: Format("text/markdown; charset=utf-8", ".md", "Markdown", _writer("markdown")),
    ResultFormat.DOCX: Format(_WORD, ".docx", "Word document"),
    ResultFormat.CSV: Format("text/csv; charset=utf-8", ".csv", "Tables as CSV", _writer("csv_tables")),
    ResultFormat.PDF: Format("application/pdf", ".pdf", "Searchable PDF"),
}
"""Every `ResultFormat`, in the order in which they are shown."""

DOCX_OMIT_HEADERS_FOOTERS = f"{ResultFormat.DOCX}_omit_headers_footers"
"""The export name of a Word document without headers and footers. Workers accept it; the api does not use it yet."""

OLD_DOCX_OMIT_HEADERS_FOOTERS = f"{ResultFormat.DOCX}_without_furniture"
"""Its former name. The api requests exports by this name for one more release, because workers of the previous
release, which take part in a rolling upgrade, know no other. After that release only the new name remains."""
