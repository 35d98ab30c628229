"""What is wrong with the service as a whole: work without workers, workers with other settings than the api."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from ocrdesk.backend.redis_connection import RedisFailure
from ocrdesk.backend.services import Services
from ocrdesk.backend.shared_settings import differing, fingerprints
from ocrdesk.backend.storage.blob_store import StorageUnavailableError
from ocrdesk.contract.error_messages import ErrorMessage, error_message

_log = logging.getLogger(__name__)

_LOG_EVERY_S = 5.0
_QUEUE = "QUEUE_NAME"
_NO_WORKER = "no worker"


@dataclass(frozen=True, slots=True)
class HealthReport:
    """The state of the service at one moment."""

    workers: int
    """Live worker processes that listen to this api's queue."""
    queued: int
    no_worker: ErrorMessage | None
    """That work waits and no worker is alive."""
    unserved_s: float
    """For how long that has been so. The start of this process counts as the beginning, if it is later."""
    settings_differ: ErrorMessage | None
    storage: ErrorMessage | None
    """That this api cannot use the storage folder."""
    nodes: dict[str, tuple[str, ...]]
    """The live worker pools with other settings than this api, and the names of these settings."""

    @property
    def findings(self) -> tuple[ErrorMessage, ...]:
        """All that is wrong, the worst first."""
        return tuple(found for found in (self.storage, self.no_worker, self.settings_differ) if found)


class HealthCheck:
    """Examines the service, and logs what is found while the api runs."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._storage_was_used = self._storage_problem() is None
        self._own_settings = fingerprints(services.settings, services.blobs)  # now, while the storage can be used
        self._started = time.monotonic()
        self._logged: set[object] = set()

    def examine(self) -> HealthReport:
        """Return the state of the service. Raises RedisFailure, also when Redis answers and refuses to write."""
        ledger = self._services.ledger
        ledger.check_writable()
        storage = self._storage_problem()
        if storage is None and not self._storage_was_used:  # it was away when this process started
            self._own_settings = fingerprints(self._services.settings, self._services.blobs)
            self._storage_was_used = True
        nodes = ledger.nodes.live()
        others = {node.node: names for node in nodes if (names := differing(self._own_settings, node.settings))}
        serving = [node for node in nodes if node.workers and _QUEUE not in others.get(node.node, ())]
        no_worker, unserved_s = (None, 0.0) if serving else self._unserved_work()
        different = sorted({name for names in others.values() for name in names})
        return HealthReport(
            workers=sum(node.workers for node in serving),
            queued=ledger.backlog.queue_length(),
            no_worker=no_worker,
            unserved_s=unserved_s,
            storage=storage,
            settings_differ=error_message("settings_differ", names=", ".join(different)) if different else None,
            nodes=others,
        )

    def _storage_problem(self) -> ErrorMessage | None:
        try:
            self._services.blobs.check()
        except StorageUnavailableError as error:
            return error.problem
        return None

    def _unserved_work(self) -> tuple[ErrorMessage | None, float]:
        """Return that work waits, and for how long it has waited without a worker."""
        waiting = self._services.ledger.backlog.waiting_work()
        if waiting is None:
            return None, 0.0
        since = max(waiting.since, self._services.ledger.nodes.last_seen())
        unserved_s = min(waiting.now - since, time.monotonic() - self._started)
        return error_message("no_worker_alive", jobs=waiting.jobs), max(0.0, unserved_s)

    # ── the log ──────────────────────────────────────────────────────────────────────────────────

    @contextlib.asynccontextmanager
    async def logging_findings(self) -> AsyncIterator[None]:
        """Log each finding once when it begins, while the block runs."""
        task = asyncio.create_task(self._log_repeatedly())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait({task})

    async def _log_repeatedly(self) -> None:
        while True:
            with contextlib.suppress(RedisFailure):  # the event hub logs an outage
                self._log_new(await asyncio.to_thread(self.examine))
            await asyncio.sleep(_LOG_EVERY_S)

    def _log_new(self, report: HealthReport) -> None:
        found: set[object] = {*report.nodes.items(), *([_NO_WORKER] if report.no_worker else [])}
        for node, names in report.nodes.items():
            if (node, names) not in self._logged:
                _log.warning("the worker pool %s has other values of %s than this api", node, ", ".join(names))
        if report.no_worker and _NO_WORKER not in self._logged:
            _log.warning("%s", report.no_worker)
        elif _NO_WORKER in self._logged and not report.no_worker:
            _log.info("waiting jobs have a worker again")
        self._logged = found
