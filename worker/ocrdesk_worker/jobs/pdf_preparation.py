"""Prepares an uploaded PDF: appends attached files if the job wants them, and finds what the caller should know."""

from __future__ import annotations

from collections.abc import Sequence

from ocrdesk.backend.records import JobRecord
from ocrdesk.backend.storage.blob_store import LOCKED_UPLOAD, LOCKED_UPLOAD_KEY, UPLOAD, put_file
from ocrdesk.contract.error_messages import ErrorMessage, error_message
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.jobs.context import Context
from ocrdesk_worker.jobs.opened_file import OpenedFile

_MAX_NAMES = 5


def prepare_pdf(context: Context, job: JobRecord, file: OpenedFile) -> tuple[ErrorMessage, ...]:
    """Return notes about the uploaded PDF; none for other files. Raises ProcessingError.

    If the job reads attached files, their pages are appended to the upload, once for all attempts.
    """
    if job.media_type != MediaType.PDF:
        return ()
    features = file.features()
    notes = [error_message("pdf_is_signed")] if features.is_signed else []
    if features.attachments and job.options.attachments:
        unread = _append(context, job, file)
        notes += [error_message("pdf_attachments_unread", names=_listed(unread))] if unread else []
    elif len(features.attachments) == 1:
        notes.append(error_message("pdf_has_attachment", names=_listed(features.attachments)))
    elif features.attachments:
        names, count = _listed(features.attachments), len(features.attachments)
        notes.append(error_message("pdf_has_attachments", names=names, count=count))
    return tuple(notes)


def _append(context: Context, job: JobRecord, file: OpenedFile) -> tuple[str, ...]:
    """Append the attached files' pages to the upload, and to the original of a locked one; return the unread names."""
    if context.blobs.exists(job.job_id, LOCKED_UPLOAD_KEY):
        key = context.blobs.read(job.job_id, LOCKED_UPLOAD_KEY)
        _append_to(context, job, file, LOCKED_UPLOAD, key)
    return _append_to(context, job, file, UPLOAD, None)


def _append_to(context: Context, job: JobRecord, file: OpenedFile, name: str, key: bytes | None) -> tuple[str, ...]:
    appended = file.append_attachments(key)
    if appended.is_changed:
        put_file(context.blobs, job.job_id, name, file.made_file())
        file.close()
    return appended.unread


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_MAX_NAMES]) + (", …" if len(names) > _MAX_NAMES else "")
