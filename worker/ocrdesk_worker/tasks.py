"""The functions RQ calls by name for jobs: prepare, recognise, close, export.

Each claims its unit of work, works and commits. If the claim or the commit is refused, it ends without a word:
another attempt has the unit, or the job is over. Every error becomes a typed outcome.
"""

from __future__ import annotations

from ocrdesk.backend.records import Attempt, JobRecord, Unit, UnitKind
from ocrdesk_worker.jobs import export_file, page_work
from ocrdesk_worker.jobs.context import Context, current
from ocrdesk_worker.jobs.typed_errors import retry_while_redis_unavailable
from ocrdesk_worker.sandbox.confined_process import dying_with_it


@dying_with_it
def prepare(job_id: str) -> None:
    """Open the file, count its pages, queue the first ones, and read the very first while the file is open."""
    context, attempt = current()
    if job := _claim(context, Unit(job_id, UnitKind.PREPARE), attempt):
        page_work.prepare_job(context, attempt, job)


@dying_with_it
def recognise(job_id: str, number: int) -> None:
    """Read one page of a prepared job, and close the job after its last page."""
    context, attempt = current()
    if job := _claim(context, Unit(job_id, UnitKind.PAGE, number), attempt):
        page_work.read_queued_page(context, attempt, job, number)


def close(job_id: str) -> None:
    """Complete a job if the process that read its last page died before it could."""
    context, attempt = current()
    if job := _claim(context, Unit(job_id, UnitKind.CLOSE), attempt):
        page_work.close_job(context, attempt, job)


@dying_with_it
def export(job_id: str, name: str) -> None:
    """Make a requested file of a job: a searchable PDF, a Word file or a page image."""
    context, attempt = current()
    if claimed := retry_while_redis_unavailable(lambda: context.ledger.exports.claim(job_id, name, attempt)):
        job, record = claimed
        export_file.make_and_commit(context, attempt, job, record, name)


def _claim(context: Context, unit: Unit, attempt: Attempt) -> JobRecord | None:
    return retry_while_redis_unavailable(lambda: context.ledger.leases.claim(unit, attempt))
