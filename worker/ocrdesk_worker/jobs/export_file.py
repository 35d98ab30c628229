"""Files made of a job's result in a horse, because they need the upload or much memory: PDF, DOCX, page images."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ocrdesk.backend.records import JobRecord, PageRecord
from ocrdesk.backend.storage.blob_store import UPLOAD
from ocrdesk.contract.document import DocumentHead, Page
from ocrdesk.contract.jobs import ResultFormat
from ocrdesk.contract.media_types import MediaType
from ocrdesk.export.formats import DOCX_OMIT_HEADERS_FOOTERS, FORMATS, OLD_DOCX_OMIT_HEADERS_FOOTERS
from ocrdesk_worker.jobs.context import Context
from ocrdesk_worker.pipeline.page_image import write_page_image
from ocrdesk_worker.render.open_file import open_source
from ocrdesk_worker.searchable_pdf import write_searchable_pdf


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made, in the folder that the caller gave."""

    path: Path
    media_type: str


def make(context: Context, job: JobRecord, name: str, folder: Path, *, avoid_pdfium: bool = False) -> Made:
    """Make the export of that name and return its file. Raises ProcessingError, BlobMissingError.

    Names are `pdf`, `docx`, `docx_omit_headers_footers` (also by its old name) and `image_PAGE_WIDTH`.
    `avoid_pdfium` is for a second try, after the first ended the process.
    """
    omits_headers_footers = name in (DOCX_OMIT_HEADERS_FOOTERS, OLD_DOCX_OMIT_HEADERS_FOOTERS)
    if name == ResultFormat.DOCX or omits_headers_footers:
        pages = _pages(context, job)
        if omits_headers_footers:
            pages = (page.omit_headers_footers() for page in pages)
        return _word_document(job, pages, folder / "result.docx")
    with context.blobs.local_file(job.job_id, UPLOAD, context.scratch) as upload:
        media = MediaType(job.media_type)
        if name == ResultFormat.PDF:
            path = folder / "result.pdf"
            write_searchable_pdf(upload, media, _pages(context, job), path, avoid_pdfium=avoid_pdfium)
            return Made(path, FORMATS[ResultFormat.PDF].media_type)
        _, number, width = name.split("_")
        record = context.ledger.pages.get(job.job_id, int(number))
        path = folder / "page"
        with closing(open_source(upload, media, avoid_pdfium=avoid_pdfium)) as source:
            return Made(path, write_page_image(source, _page(context, job, record), int(number), int(width), path))


def _word_document(job: JobRecord, pages: Iterator[Page], path: Path) -> Made:
    from ocrdesk.export import docx  # costs more to load than most horses have work

    head = DocumentHead(job_id=job.job_id, file_name=job.file_name, media_type=job.media_type)
    with path.open("wb") as out:
        docx.write(head, pages, out)
    return Made(path, FORMATS[ResultFormat.DOCX].media_type)


def _pages(context: Context, job: JobRecord) -> Iterator[Page]:
    """The job's pages in order, one in memory at a time."""
    for record in context.ledger.pages.of_job(job):
        yield _page(context, job, record)


def _page(context: Context, job: JobRecord, record: PageRecord) -> Page:
    if record.blob is None:
        return Page(number=record.number, status=record.state, error=record.error)
    return context.page_results.read_page(job.job_id, record.blob)
