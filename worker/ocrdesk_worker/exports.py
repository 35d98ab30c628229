"""Files made of a job's result in a horse, because they need the upload or much memory: PDF, DOCX, page images."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ocrdesk.backend.records import JobRecord
from ocrdesk.contract.document import Page
from ocrdesk_worker.context import Context


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made, in the folder that the caller gave."""

    path: Path
    media_type: str


def make(context: Context, job: JobRecord, name: str, folder: Path) -> Made:
    """Makes the export of that name: `pdf`, `docx` or `image_PAGE_WIDTH`. Raises Fault, BlobMissing."""
    raise NotImplementedError(name)


def read_pages(context: Context, job: JobRecord) -> Iterator[Page]:
    """The job's pages in order, one in memory at a time."""
    for record in context.ledger.pages(job):
        if record.blob:
            yield Page.model_validate_json(gzip.decompress(context.blobs.read(job.job_id, record.blob)))
        else:
            yield Page(number=record.number, status=record.state, error=record.error)
