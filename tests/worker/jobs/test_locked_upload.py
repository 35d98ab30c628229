"""A job's password opens its file once; nothing needs or has it afterwards."""

from __future__ import annotations

import pytest

from ocrdesk.backend.records import JobRecord
from ocrdesk.backend.storage import sealed_password
from ocrdesk.backend.storage.blob_store import LOCKED_UPLOAD, LOCKED_UPLOAD_KEY, PASSWORD_PAD, UPLOAD
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.states import JobState
from ocrdesk_worker.jobs.context import Context
from ocrdesk_worker.jobs.locked_upload import unlock_upload
from tests.helpers.locked_pdfs import locked_pdf
from tests.helpers.redis_dump import everything_in, readable
from tests.helpers.sample_files import text_pdf
from tests.helpers.uploaded_jobs import blobs_of, read, submitted

WORD = "Forget-me-not"
LOCKED = locked_pdf(text_pdf(["Payslip of May"]), "256-bit AES", user=WORD)


def assert_forgotten(work: Context, job: JobRecord) -> None:
    assert work.ledger.jobs.sealed_password(job.job_id) is None
    assert PASSWORD_PAD not in blobs_of(work, job)


def test_the_password_opens_the_file_and_is_forgotten(work: Context, redis_url: str) -> None:
    job = submitted(work, LOCKED, password=WORD)
    assert WORD not in everything_in(readable(redis_url))
    assert read(work, job).state is JobState.FINISHED
    assert work.page_results.read_text(job.job_id, 0) == "Payslip of May\n"
    assert_forgotten(work, job)
    assert work.blobs.read(job.job_id, LOCKED_UPLOAD) == LOCKED
    assert all(WORD.encode() not in work.blobs.read(job.job_id, name) for name in blobs_of(work, job))


@pytest.mark.parametrize(("password", "code"), [(None, ErrorCode.ENCRYPTED_PDF), ("tulip", ErrorCode.WRONG_PASSWORD)])
def test_without_the_password_the_job_fails_and_a_retry_may_bring_it(
    work: Context, password: str | None, code: ErrorCode
) -> None:
    job = submitted(work, LOCKED, password=password)
    failed = read(work, job)
    assert failed.error is not None
    assert (failed.state, failed.error.code) == (JobState.FAILED, code)
    assert_forgotten(work, job)
    sealed = sealed_password.seal(work.blobs, job.job_id, WORD)
    work.ledger.jobs.retry(job.job_id, inflight_limit=2, sealed_password=sealed)
    assert read(work, job).state is JobState.FINISHED
    assert_forgotten(work, job)


def test_an_attempt_that_died_after_the_file_was_unlocked_is_repeated(work: Context) -> None:
    job = submitted(work, LOCKED, password=WORD)
    unlock_upload(work, job)
    assert read(work, job).state is JobState.FINISHED
    assert work.blobs.read(job.job_id, LOCKED_UPLOAD) == LOCKED
    assert len(work.blobs.read(job.job_id, LOCKED_UPLOAD_KEY)) == 32


@pytest.mark.parametrize("ended", ["cancel", "delete"])
def test_a_job_that_ends_before_it_was_opened_forgets_the_password(work: Context, ended: str) -> None:
    job = submitted(work, LOCKED, password=WORD)
    getattr(work.ledger.jobs, ended)(job.job_id)
    assert work.ledger.jobs.sealed_password(job.job_id) is None


def test_a_password_that_is_not_needed_changes_nothing(work: Context) -> None:
    content = locked_pdf(text_pdf(["Open"]), "256-bit AES")
    job = submitted(work, content, password=WORD)
    assert read(work, job).state is JobState.FINISHED
    assert work.blobs.read(job.job_id, UPLOAD) == content
    assert LOCKED_UPLOAD not in blobs_of(work, job)
    assert_forgotten(work, job)
