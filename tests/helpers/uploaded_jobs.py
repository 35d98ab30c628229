"""Jobs with an upload, and their tasks without a queue."""

from __future__ import annotations

from dataclasses import replace

from ocrdesk.backend.records import JobRecord
from ocrdesk.backend.storage import sealed_password
from ocrdesk.backend.storage.blob_store import UPLOAD, put
from ocrdesk.backend.storage.folder_store import FolderStore
from ocrdesk.contract.jobs import JobOptions
from ocrdesk_worker import tasks
from ocrdesk_worker.jobs import context
from ocrdesk_worker.jobs.context import Context
from tests.helpers.ledger_jobs import new_attempt, new_job_record


def submitted(work: Context, content: bytes, *, attachments: bool = False, password: str | None = None) -> JobRecord:
    """Return a new job of this file."""
    options = JobOptions(languages=("eng",), attachments=attachments)
    job = replace(new_job_record(), options=options)
    put(work.blobs, job.job_id, UPLOAD, content)
    sealed = sealed_password.seal(work.blobs, job.job_id, password) if password else None
    work.ledger.jobs.create(job, sealed_password=sealed)
    return job


def read(work: Context, job: JobRecord) -> JobRecord:
    """Prepare the job and read its pages; return it as it ended."""
    context.enter(work, new_attempt())
    tasks.prepare(job.job_id)
    for number in _found(work, job).page_numbers:
        context.enter(work, new_attempt())
        tasks.recognise(job.job_id, number)
    return _found(work, job)


def blobs_of(work: Context, job: JobRecord) -> set[str]:
    """Return the names of a job's blobs."""
    assert isinstance(work.blobs, FolderStore)
    return {path.name for path in (work.blobs.root / job.job_id).iterdir()}


def _found(work: Context, job: JobRecord) -> JobRecord:
    found = work.ledger.jobs.get(job.job_id)
    assert found is not None
    return found
