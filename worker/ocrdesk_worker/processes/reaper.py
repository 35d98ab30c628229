"""Recovers work that dead processes left behind."""

from __future__ import annotations

import logging
import time

from rq.registry import clean_registries
from rq.worker_registration import clean_worker_registry

from ocrdesk.backend import traces
from ocrdesk.backend.foreign_workers import ForeignWorkers
from ocrdesk.backend.records import ReleaseReason
from ocrdesk.backend.redis_connection import connect
from ocrdesk.backend.task_queue import open_image_queue, open_queue, open_webhook_queue
from ocrdesk.backend.webhooks.deliveries import Deliveries
from ocrdesk_worker.jobs.context import Context

_log = logging.getLogger(__name__)

EVERY_S = 5.0
_LOCK_TTL_S = 30.0
_OVERDUE_S = 3.0
_CLEAN_UP_EVERY_S = 300.0
_BLOB_GRACE_S = 3600.0


class Reaper:
    """Runs every few seconds, in one process at a time among all machines."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._foreign_workers = ForeignWorkers(context.settings)
        self._suspects: set[str] = set()
        self._clean_up_due = time.monotonic() + _CLEAN_UP_EVERY_S

    def run(self) -> None:
        """Run one round, unless another process does. Raises RedisFailure."""
        lock = self._context.ledger.leases.reaper_lock(_LOCK_TTL_S)
        if not lock.acquire():
            self._suspects.clear()
            return
        try:
            self._release_units_of_dead_pools()
            self._requeue_lost_units()
            self._context.ledger.shares.repair(sum(node.workers for node in self._context.ledger.nodes.live()))
            self._foreign_workers.log_new()
            if time.monotonic() > self._clean_up_due:
                self._clean_up_due = time.monotonic() + _CLEAN_UP_EVERY_S
                self._clean_up()
        finally:
            if lock.owned():
                lock.release()
            traces.flush()

    def _release_units_of_dead_pools(self) -> None:
        """Release units that are held by a worker pool without a recent heartbeat."""
        ledger = self._context.ledger
        running = ledger.leases.active()
        alive = {node.node for node in ledger.nodes.live()}
        for entry in running:
            if entry.attempt.node not in alive:
                with self._context.lines_about(entry.unit):
                    _log.warning("%s: worker %s is gone, queued again", entry.unit.key, entry.attempt.worker)
                    ledger.leases.release(
                        entry.attempt.id, ReleaseReason.LOST, inflight_limit=self._context.inflight_limit()
                    )

    def _requeue_lost_units(self) -> None:
        """Queue pending units again that are no longer in the queue.

        A worker that has just taken a unit is about to claim it. So a unit is lost only if the previous round missed
        it too.
        """
        ledger = self._context.ledger
        overdue = ledger.leases.overdue(_OVERDUE_S)
        taken = ledger.leases.intermediate_ids()
        queued = ledger.leases.queued_ids() if overdue or taken else set()
        missing = {entry.rq_id for entry in overdue if entry.rq_id not in queued} | taken
        lost = missing & self._suspects
        self._suspects = missing - lost
        for entry in overdue:
            if entry.rq_id in lost and ledger.leases.redeliver(entry):
                with self._context.lines_about(entry.unit):
                    _log.warning("%s: its place in the queue was lost, queued again", entry.unit.key)
        ledger.leases.drop_intermediate(taken & lost)

    def _clean_up(self) -> None:
        """Delete RQ's records of dead work and blobs without a job; count waiting work again."""
        self._context.ledger.backlog.recount()
        name, connection = self._context.settings.queue_name, connect(self._context.settings, text=False)
        for open_one in (open_queue, open_image_queue, open_webhook_queue):
            queue = open_one(connection, name)
            clean_registries(queue)
            clean_worker_registry(queue)
        # what a killed image worker had fetched is in the common queue too
        connection.delete(open_image_queue(connection, name).intermediate_queue_key)
        Deliveries.open(self._context.settings).remove_lost_batches()
        gone = self._context.blobs.sweep(self._context.ledger.jobs.exists, _BLOB_GRACE_S)
        if gone:
            _log.info("removed the files of %d expired jobs", gone)
