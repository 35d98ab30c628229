"""What a horse works with: settings, ledger, blobs, engines, and the attempt that it is."""

from __future__ import annotations

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

WINDOW_PER_WORKER = 2
"""Pages of one job that are in the queue or being read at a time, for each worker there is."""


@dataclass(frozen=True, slots=True)
class Context:
    """Made by the worker before it forks; each horse has a copy with its own attempt."""

    settings: Settings
    ledger: Ledger
    blobs: BlobStore
    engines: Engines
    attempt: Attempt | None = None

    @property
    def scratch(self) -> Path | None:
        return Path(self.settings.scratch_dir) if self.settings.scratch_dir else None

    @property
    def page_results(self) -> PageResults:
        """The stored pages and texts."""
        return PageResults(self.blobs)

    def lines_about(self, unit: Unit) -> AbstractContextManager[None]:
        """Has log lines name the unit's job and the request that brought it: for who comes from outside."""
        job = self.ledger.jobs.get(unit.job_id)
        return logs.bound(
            unit=unit.kind.value,
            job_id=unit.job_id,
            page=unit.page or None,
            request_id=job.request_id if job else None,
        )

    def window(self) -> int:
        """How many pages of a job to have under way, by the workers alive now."""
        workers = sum(node.workers for node in self.ledger.nodes.live())
        return WINDOW_PER_WORKER * max(1, workers)


def make(settings: Settings, engines: Engines) -> Context:
    """A context with connections of its own: one for each process."""
    raw = connect(settings, text=False)
    ledger = Ledger(connect(settings, text=True), TaskQueue(raw), settings.result_ttl)
    return Context(settings, ledger, open_store(settings, raw), engines)


_current: Context | None = None


def enter(context: Context, attempt: Attempt) -> None:
    """Says who this process is, before RQ calls a task in it."""
    global _current
    _current = replace(context, attempt=attempt)


def current() -> tuple[Context, Attempt]:
    """The context and attempt of this process."""
    if _current is None or _current.attempt is None:
        raise RuntimeError("a task runs outside a worker process")
    return _current, _current.attempt
