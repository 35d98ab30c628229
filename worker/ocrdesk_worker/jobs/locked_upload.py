"""Replaces a PDF that has a password by a copy without it.

All later work reads the copy, so nothing needs the password any more. The protected file stays beside it, with the key
of that file alone, for searchable PDFs that keep its protection.
"""

from __future__ import annotations

from ocrdesk.backend.records import JobRecord
from ocrdesk.backend.storage import sealed_password
from ocrdesk.backend.storage.blob_store import LOCKED_UPLOAD, LOCKED_UPLOAD_KEY, UPLOAD, put, put_file
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.jobs.context import Context
from ocrdesk_worker.jobs.opened_file import OpenedFile
from ocrdesk_worker.jobs.typed_errors import typed_errors


def unlock_upload(context: Context, job: JobRecord) -> None:
    """Unlock the upload if the job has a password and the file needs it. Raises ProcessingError.

    An attempt that ends half-way is repeated: the upload itself is replaced last.
    """
    if job.media_type != MediaType.PDF or not (sealed := context.ledger.jobs.sealed_password(job.job_id)):
        return
    with typed_errors(context):
        password = sealed_password.unseal(context.blobs, job.job_id, sealed)
        if not password:
            return
        with OpenedFile(context, job) as file:
            unlocked = file.unlock(password)
            if unlocked.key is None:
                return
            copy = file.made_file()
            protected = file.upload_path() if unlocked.keeps_original else file.protected_file()
            put_file(context.blobs, job.job_id, LOCKED_UPLOAD, protected)
            put(context.blobs, job.job_id, LOCKED_UPLOAD_KEY, bytes.fromhex(unlocked.key))
            put_file(context.blobs, job.job_id, UPLOAD, copy)
