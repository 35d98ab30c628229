"""Makes searchable PDFs, Word files and page images.

The worker makes them, not the api, because they need the upload or much memory.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ocrdesk.backend.records import Attempt, ExportRecord, JobRecord, PageRecord
from ocrdesk.backend.storage.blob_store import LOCKED_UPLOAD, LOCKED_UPLOAD_KEY, UPLOAD, put_file
from ocrdesk.contract.document import DocumentHead, Page
from ocrdesk.contract.jobs import ResultFormat
from ocrdesk.contract.media_types import MediaType
from ocrdesk.contract.pdf_options import PdfOptions
from ocrdesk.contract.states import PageState
from ocrdesk.export.formats import DOCX_OMIT_HEADERS_FOOTERS, FORMATS, OLD_DOCX_OMIT_HEADERS_FOOTERS
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.jobs.context import Context
from ocrdesk_worker.jobs.typed_errors import full_redis_fails, retry_while_redis_unavailable, typed_errors
from ocrdesk_worker.pipeline.page_image import write_page_image
from ocrdesk_worker.render.open_file import open_source
from ocrdesk_worker.searchable_pdf.protection import LockedOriginal
from ocrdesk_worker.searchable_pdf.writer import write_searchable_pdf


def make_and_commit(context: Context, attempt: Attempt, job: JobRecord, record: ExportRecord, name: str) -> None:
    """Make an export file and commit it, or the reason why it cannot be made."""
    blob = f"export-{name}-{attempt.id}"
    try:
        with typed_errors(context), tempfile.TemporaryDirectory(dir=context.scratch, prefix="ocrdesk-") as folder:
            made = make(context, job, name, Path(folder), avoid_pdfium=record.deaths > 0)
            with full_redis_fails():
                put_file(context.blobs, job.job_id, blob, made.path)
        stale = retry_while_redis_unavailable(
            lambda: context.ledger.exports.commit(
                job.job_id, name, attempt.id, PageState.FINISHED, blob=blob, media_type=made.media_type
            )
        )
    except ProcessingError as error:
        info = error.info
        stale = retry_while_redis_unavailable(
            lambda: context.ledger.exports.commit(job.job_id, name, attempt.id, PageState.FAILED, error=info)
        )
    if stale is None:
        stale = blob  # the attempt was given up, or the job is gone: delete what was written
    if stale:
        context.blobs.delete(job.job_id, stale)
    if (left := context.ledger.jobs.remaining_ttl_s(job.job_id)) is not None:
        context.blobs.keep_for(job.job_id, left)


@dataclass(frozen=True, slots=True)
class Made:
    """A file in the folder that the caller gave."""

    path: Path
    media_type: str


def make(context: Context, job: JobRecord, name: str, folder: Path, *, avoid_pdfium: bool = False) -> Made:
    """Make the export of that name and return its file. Raises ProcessingError, BlobMissingError.

    Names are `pdf` with options (see `PdfOptions`), `docx`, `docx_omit_headers_footers` (also by its old name) and
    `image_PAGE_WIDTH`.
    `avoid_pdfium`: the previous attempt ended the process.
    """
    omits_headers_footers = name in (DOCX_OMIT_HEADERS_FOOTERS, OLD_DOCX_OMIT_HEADERS_FOOTERS)
    if name == ResultFormat.DOCX or omits_headers_footers:
        pages = _pages(context, job)
        if omits_headers_footers:
            pages = (page.omit_headers_footers() for page in pages)
        return _word_document(job, pages, folder / "result.docx")
    with context.blobs.local_file(job.job_id, UPLOAD, context.scratch) as upload:
        media = MediaType(job.media_type)
        if options := PdfOptions.from_export_name(name):
            path = folder / "result.pdf"
            with _locked_original(context, job) as original:
                write_searchable_pdf(
                    upload,
                    media,
                    _pages(context, job),
                    path,
                    options=options,
                    original=original,
                    avoid_pdfium=avoid_pdfium,
                )
            return Made(path, FORMATS[ResultFormat.PDF].media_type)
        _, number, width = name.split("_")
        record = context.ledger.pages.get(job.job_id, int(number))
        path = folder / "page"
        with closing(open_source(upload, media, avoid_pdfium=avoid_pdfium)) as source:
            return Made(path, write_page_image(source, _page(context, job, record), int(number), int(width), path))


@contextmanager
def _locked_original(context: Context, job: JobRecord) -> Iterator[LockedOriginal | None]:
    """Provide the PDF as it was uploaded if it had a password."""
    if not context.blobs.exists(job.job_id, LOCKED_UPLOAD_KEY):
        yield None
        return
    key = context.blobs.read(job.job_id, LOCKED_UPLOAD_KEY)
    with context.blobs.local_file(job.job_id, LOCKED_UPLOAD, context.scratch) as path:
        yield LockedOriginal(path, key)


def _word_document(job: JobRecord, pages: Iterator[Page], path: Path) -> Made:
    from ocrdesk.export import docx  # takes longer to import than most tasks last

    head = DocumentHead(job_id=job.job_id, file_name=job.file_name, media_type=job.media_type)
    with path.open("wb") as out:
        docx.write(head, pages, out)
    return Made(path, FORMATS[ResultFormat.DOCX].media_type)


def _pages(context: Context, job: JobRecord) -> Iterator[Page]:
    """Yield the job's pages in order, one in memory at a time."""
    for record in context.ledger.pages.of_job(job):
        yield _page(context, job, record)


def _page(context: Context, job: JobRecord, record: PageRecord) -> Page:
    if record.blob is None:
        return Page(number=record.number, status=record.state, error=record.error)
    return context.page_results.read_page(job.job_id, record.blob)
