"""Files made of a job's result in a horse, because they need the upload or much memory: PDF, DOCX, page images."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ocrdesk.backend.records import JobRecord, PageRecord
from ocrdesk.contract.document import DocumentHead, Page
from ocrdesk.contract.jobs import ResultFormat
from ocrdesk.export.formats import FORMATS
from ocrdesk_worker.context import Context


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made, in the folder that the caller gave."""

    path: Path
    media_type: str


def make(context: Context, job: JobRecord, name: str, folder: Path) -> Made:
    """Makes the export of that name: `pdf`, `docx` or `image_PAGE_WIDTH`. Raises Fault, BlobMissing."""
    if name == ResultFormat.DOCX:
        return _word_document(context, job, folder / "result.docx")
    raise ValueError(f"no export is called {name!r}")


def _word_document(context: Context, job: JobRecord, path: Path) -> Made:
    from ocrdesk.export import docx  # costs more to load than most horses have work

    head = DocumentHead(job_id=job.job_id, file_name=job.file_name, media_type=job.media_type)
    with path.open("wb") as out:
        docx.write(head, _pages(context, job), out)
    return Made(path, FORMATS[ResultFormat.DOCX].media_type)


def _pages(context: Context, job: JobRecord) -> Iterator[Page]:
    """The job's pages in order, one in memory at a time."""
    for record in context.ledger.pages(job):
        yield _page(context, job, record)


def _page(context: Context, job: JobRecord, record: PageRecord) -> Page:
    if record.blob is None:
        return Page(number=record.number, status=record.state, error=record.error)
    return Page.model_validate_json(gzip.decompress(context.blobs.read(job.job_id, record.blob)))
