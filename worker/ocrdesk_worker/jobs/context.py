"""Settings, ledger, storage and engines of a task."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from ocrdesk.backend import logs
from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.records import Attempt, Unit
from ocrdesk.backend.redis_connection import connect
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.storage.blob_store import BlobStore
from ocrdesk.backend.storage.open_store import open_store
from ocrdesk.backend.storage.page_results import PageResults
from ocrdesk.backend.task_queue import TaskQueue
from ocrdesk_worker.engines.registry import Engines

INFLIGHT_PAGES_PER_WORKER = 2
"""How many pages of one job may be queued or in work at once, for each worker process."""


@dataclass(frozen=True, slots=True)
class Context:
    """The worker makes it before it forks; each task process has a copy with its own attempt."""

    settings: Settings
    ledger: Ledger
    blobs: BlobStore
    engines: Engines
    attempt: Attempt | None = None
    scratch: Path | None = None
    """The folder for temporary files: in a worker its own, in a task process the one of this task alone, which the
    worker removes when the task ends in whatever way. None: the system's."""
    is_stopping: Callable[[], bool] = lambda: False
    """Returns whether the worker was told to stop, so that no further page is taken."""

    @property
    def page_results(self) -> PageResults:
        """The stored pages and texts."""
        return PageResults(self.blobs)

    def lines_about(self, unit: Unit) -> AbstractContextManager[None]:
        """Add the unit's job and its request id to log lines, for code outside a task process."""
        job = self.ledger.jobs.get(unit.job_id)
        return logs.bound(
            unit=unit.kind.value,
            job_id=unit.job_id,
            page=unit.page or None,
            request_id=job.request_id if job else None,
        )

    def inflight_limit(self) -> int:
        """Return how many pages of a job may be queued or in work at once, by the number of live workers.

        The reaper has counted them seconds ago. To count them here would cost each page a look at every worker pool.
        """
        return INFLIGHT_PAGES_PER_WORKER * (self.ledger.shares.workers() or self.ledger.nodes.worker_count())


def make(settings: Settings, engines: Engines, scratch: Path | None = None, blobs: BlobStore | None = None) -> Context:
    """Make a context with connections of its own. Each process needs one. `scratch` is for its temporary files.

    `blobs`: the storage, if it is not to be opened here: a bucket is reached through the storage process.
    """
    raw = connect(settings, text=False)
    ledger = Ledger(connect(settings, text=True), TaskQueue(raw, settings.queue_name), settings.result_ttl)
    return Context(settings, ledger, blobs or open_store(settings, raw), engines, scratch=scratch)


_current: Context | None = None


def enter(context: Context, attempt: Attempt, scratch: Path | None = None) -> None:
    """Set the context, attempt and folder of this process, before RQ calls its task."""
    global _current
    _current = replace(context, attempt=attempt, scratch=scratch)


def current() -> tuple[Context, Attempt]:
    """Return the context and attempt of this process."""
    if _current is None or _current.attempt is None:
        raise RuntimeError("a task runs outside a task process")
    return _current, _current.attempt
