"""Prepares an uploaded PDF: appends attached files if the job wants them, and finds what the caller should know."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pikepdf

from ocrdesk.backend.records import JobRecord
from ocrdesk.backend.storage.blob_store import LOCKED_UPLOAD, LOCKED_UPLOAD_KEY, UPLOAD, put_file
from ocrdesk.contract.error_messages import ErrorMessage, error_message
from ocrdesk.contract.media_types import MediaType
from ocrdesk.contract.pdf_options import PDF_DEFAULTS
from ocrdesk_worker.jobs.context import Context
from ocrdesk_worker.jobs.typed_errors import typed_errors
from ocrdesk_worker.render.pdf_features import read_features
from ocrdesk_worker.render.pdf_limits import check_pdf
from ocrdesk_worker.searchable_pdf.attached_files import append_attachments, unreadable_attachments
from ocrdesk_worker.searchable_pdf.protection import save_pdf

_MAX_NAMES = 5


def prepare_pdf(context: Context, job: JobRecord) -> tuple[ErrorMessage, ...]:
    """Return notes about the uploaded PDF; none for other files. Raises ProcessingError.

    If the job reads attached files, their pages are appended to the upload, once for all attempts.
    """
    if job.media_type != MediaType.PDF:
        return ()
    with typed_errors(context):
        with context.blobs.local_file(job.job_id, UPLOAD, context.scratch) as upload:
            check_pdf(upload)
            features = read_features(upload)
        notes = [error_message("pdf_is_signed")] if features.is_signed else []
        if features.attachments and job.options.attachments:
            unread = _append(context, job)
            notes += [error_message("pdf_attachments_unread", names=_listed(unread))] if unread else []
        elif len(features.attachments) == 1:
            notes.append(error_message("pdf_has_attachment", names=_listed(features.attachments)))
        elif features.attachments:
            names, count = _listed(features.attachments), len(features.attachments)
            notes.append(error_message("pdf_has_attachments", names=names, count=count))
        return tuple(notes)


def _append(context: Context, job: JobRecord) -> tuple[str, ...]:
    """Append the attached files' pages to the upload, and to the original of a locked one; return the unread names."""
    if context.blobs.exists(job.job_id, LOCKED_UPLOAD_KEY):
        key = context.blobs.read(job.job_id, LOCKED_UPLOAD_KEY)
        _append_to(context, job, LOCKED_UPLOAD, key)
    return _append_to(context, job, UPLOAD, None)


def _append_to(context: Context, job: JobRecord, name: str, key: bytes | None) -> tuple[str, ...]:
    with (
        context.blobs.local_file(job.job_id, name, context.scratch) as path,
        tempfile.TemporaryDirectory(dir=context.scratch, prefix="ocrdesk-") as folder,
        contextlib.ExitStack() as closing,
        pikepdf.open(path, password=key.hex() if key else "", hex_password=bool(key), suppress_warnings=True) as pdf,
    ):
        if append_attachments(pdf, Path(folder), closing):
            out = Path(folder) / "extended.pdf"
            save_pdf(pdf, out, PDF_DEFAULTS)
            put_file(context.blobs, job.job_id, name, out)
        return unreadable_attachments(pdf) or ()


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_MAX_NAMES]) + (", …" if len(names) > _MAX_NAMES else "")
