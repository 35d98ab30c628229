"""Makes searchable PDFs, packages such as Word documents, and page images.

The worker makes them, not the api, because they need the upload or much memory.
"""

from __future__ import annotations

from ocrdesk.backend.records import Attempt, ExportRecord, JobRecord, PageRecord
from ocrdesk.backend.storage.blob_store import BlobMissingError, FileLabel, put_file
from ocrdesk.backend.storage.stored_names import export_name
from ocrdesk.contract.document import Page
from ocrdesk.contract.jobs import ResultFormat
from ocrdesk.contract.pdf_options import PdfOptions
from ocrdesk.contract.states import PageState
from ocrdesk.export.download_name import content_disposition
from ocrdesk.export.formats import FORMATS
from ocrdesk.export.package_names import PackageExport
from ocrdesk_worker import errors
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.jobs.context import Context
from ocrdesk_worker.jobs.opened_file import OpenedFile, Pages
from ocrdesk_worker.jobs.typed_errors import full_redis_fails, retry_while_redis_unavailable, typed_errors


def make_and_commit(context: Context, attempt: Attempt, job: JobRecord, record: ExportRecord, name: str) -> None:
    """Make an export file and commit it, or the reason why it cannot be made."""
    blob = export_name(name, attempt.id)
    needs_upload = PackageExport.from_name(name) is None  # packages need the pages alone
    try:
        with (
            typed_errors(context),
            OpenedFile(context, job, avoid_pdfium=record.deaths > 0, needs_upload=needs_upload) as file,
        ):
            media_type = file.make(name, _pages_for(context, job, name))
            made = file.made_file()
            with full_redis_fails():
                put_file(context.blobs, job.job_id, blob, made, _label(job, name, media_type))
        stale = retry_while_redis_unavailable(
            lambda: context.ledger.exports.commit(
                job.job_id, name, attempt.id, PageState.FINISHED, blob=blob, media_type=media_type
            )
        )
    except ProcessingError as error:
        info = error.info
        stale = retry_while_redis_unavailable(
            lambda: context.ledger.exports.commit(job.job_id, name, attempt.id, PageState.FAILED, error=info)
        )
    if stale is None:
        context.blobs.delete(job.job_id, blob)  # the attempt was given up, or the job is gone
    elif stale:
        context.ledger.cleanup.remove_blobs_later(job.job_id, [stale])
    if (left := context.ledger.jobs.remaining_ttl_s(job.job_id)) is not None:
        context.blobs.keep_for(job.job_id, left)


def _label(job: JobRecord, name: str, media_type: str) -> FileLabel | None:
    """Return what a download from the storage itself says; None for page images, which only the api sends."""
    package = PackageExport.from_name(name)
    form = package.form if package else ResultFormat.PDF if PdfOptions.from_export_name(name) else None
    if form is None:
        return None
    return FileLabel(media_type, content_disposition(job.file_name, FORMATS[form].suffix, attached=True))


def _pages_for(context: Context, job: JobRecord, name: str) -> Pages:
    """Return what yields the pages that an export needs, as JSON, in order, one in memory at a time."""
    if name.startswith("image_"):
        number = int(name.split("_")[1])
        return lambda: iter([_page_json(context, job, context.ledger.pages.get(job.job_id, number))])
    return lambda: (_page_json(context, job, record) for record in context.ledger.pages.of_job(job))


def _page_json(context: Context, job: JobRecord, record: PageRecord) -> bytes:
    if record.blob is None:
        return Page(number=record.number, status=record.state, error=record.error).model_dump_json().encode()
    try:
        return context.page_results.read_page_json(job.job_id, record.blob)
    except BlobMissingError:
        raise errors.result_lost() from None
