"""Recovers work that dead processes left behind."""

from __future__ import annotations

import contextlib
import logging
import math
import time
from collections.abc import Iterator

from rq.registry import clean_registries
from rq.worker_registration import clean_worker_registry

from ocrdesk.backend import logs
from ocrdesk.backend.damaged_keys import remove_foreign_members
from ocrdesk.backend.foreign_workers import ForeignWorkers
from ocrdesk.backend.records import QueuedUnit, ReleaseReason
from ocrdesk.backend.redis_connection import RedisFailure, connect, is_wrong_type
from ocrdesk.backend.task_queue import (
    image_queue_name,
    open_image_queue,
    open_queue,
    open_webhook_queue,
    webhook_queue_name,
)
from ocrdesk.backend.tracing import traces
from ocrdesk_worker.jobs.context import Context
from ocrdesk_worker.processes.reconciler import Reconciler

_log = logging.getLogger(__name__)

EVERY_S = 2.0
_LOST_AFTER_MS = 1900
"""By the clock of leases: a unit that two rounds found neither queued nor claimed was lost."""
UNITS_PER_ROUND = 5_000
"""How many pending units a round reads on average: with ten times as many, only one round in ten does."""
_REPAIR_EVERY_S = 10.0
_CLEAN_UP_EVERY_S = 60.0


class Reaper:
    """Runs every few seconds, in one process at a time among all machines."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._foreign_workers = ForeignWorkers(context.settings)
        self._reconciler = Reconciler(context)
        self._suspects: dict[str, float] = {}
        """RQ ids that should be in the queue and are not, and since when."""
        self._stuck: set[str] = set()
        self._queue_due = self._repairs_due = 0.0
        self._clean_up_due = time.monotonic() + _CLEAN_UP_EVERY_S

    def run(self) -> None:
        """Run one round, unless another process does. Raises RedisFailure."""
        with self._context.ledger.lost_work.reaper_turn() as is_ours:
            if is_ours:
                self._work()
            else:
                self._suspects.clear()
                self._stuck.clear()
        traces.flush()

    def end(self) -> None:
        """Let another process work as the reaper at once. Raises RedisFailure."""
        self._context.ledger.lost_work.end_turn()

    def _work(self) -> None:
        self._release_expired_leases()
        self._check_queue()
        self._repair_stuck_jobs()
        self._foreign_workers.log_new()
        with self._one_job():
            self._reconciler.run()
        if time.monotonic() > self._clean_up_due:
            self._clean_up_due = time.monotonic() + _CLEAN_UP_EVERY_S
            self._clean_up()

    def _release_expired_leases(self) -> None:
        """Release units whose leases nobody renews: their process, worker or machine is dead or stopped."""
        ledger = self._context.ledger
        for lease in ledger.lost_work.expired():
            with self._one_job(lease.unit.job_id), self._context.lines_about(lease.unit):
                _log.warning("%s: worker %s is gone, queued again", lease.unit.key, lease.attempt.worker)
                ledger.leases.release(
                    lease.attempt.id, ReleaseReason.LOST, inflight_limit=self._context.inflight_limit()
                )

    def _check_queue(self) -> None:
        """Compare the queue and the owners' places with the records; a long queue less often, as all of it is read."""
        shares, workers = self._context.ledger.shares, self._context.ledger.nodes.worker_count()
        now = time.monotonic()
        if now < self._queue_due:
            shares.set_workers(workers)
            return
        count = self._requeue_lost_units()
        shares.repair(workers)
        self._queue_due = now + (EVERY_S * (count // UNITS_PER_ROUND))

    def _requeue_lost_units(self) -> int:
        """Queue pending units again that are no longer in the queue, and forget what dead workers had fetched.

        Returns how many units were pending.

        A worker that has just taken a unit is about to claim it. So a unit is lost only if an earlier round missed
        it too. A fetched page image is in the common queue too, and a batch of webhooks is made again when its
        leases end.
        """
        lost_work = self._context.ledger.lost_work
        pending = lost_work.pending()
        taken = lost_work.intermediate_ids()
        queued = lost_work.queued_ids() if pending or taken else set()
        missing = {entry.rq_id for entry in pending if entry.rq_id not in queued} | taken
        now = lost_work.clock_ms()
        lost = {rq_id for rq_id in missing if now - self._suspects.get(rq_id, math.inf) >= _LOST_AFTER_MS}
        self._suspects = {rq_id: self._suspects.get(rq_id, now) for rq_id in missing - lost}
        for entry in pending:
            if entry.rq_id in lost:
                with self._one_job(entry.unit.job_id), self._context.lines_about(entry.unit):
                    self._redeliver(entry)
        lost_work.drop_intermediate(taken & lost)
        return len(pending)

    def _redeliver(self, entry: QueuedUnit) -> None:
        """Queue a lost unit again. The loss counts, because the process that fetched it may have died of it."""
        if self._context.ledger.leases.give_back_unclaimed(
            entry.unit, entry.rq_id, ReleaseReason.LOST, inflight_limit=self._context.inflight_limit()
        ):
            _log.warning("%s: its place in the queue was lost, queued again", entry.unit.key)

    def _repair_stuck_jobs(self) -> None:
        """Continue jobs that have no unit in the queue or in work although they have not ended."""
        if time.monotonic() < self._repairs_due:
            return
        self._repairs_due = max(time.monotonic() + _REPAIR_EVERY_S, self._queue_due)
        repairs = self._context.ledger.repairs
        stuck = repairs.stuck_jobs()
        for job_id in stuck & self._stuck:  # twice in a row: what is read here is not of one moment
            with logs.bound(job_id=job_id), self._one_job(job_id):
                repairs.repair(job_id, inflight_limit=self._context.inflight_limit())
        self._stuck = stuck
        self._context.ledger.quarantine.forget_expired()

    @contextlib.contextmanager
    def _one_job(self, job_id: str = "") -> Iterator[None]:
        """Log what goes wrong with one job, so that the others are recovered. Redis's failures end the round."""
        try:
            yield
        except RedisFailure as error:
            if not job_id or not is_wrong_type(error):
                raise
            self._context.ledger.repairs.set_aside(job_id)
        except Exception:
            _log.exception("a job could not be recovered; it is tried again in the next round")

    def _clean_up(self) -> None:
        """Delete RQ's records of dead work; count waiting work again."""
        self._context.ledger.backlog.recount()
        self._context.ledger.lost_work.expire_left_records()
        name, connection = self._context.settings.queue_name, connect(self._context.settings, text=False)
        remove_foreign_members(connection, (name, image_queue_name(name), webhook_queue_name(name)))
        for open_one in (open_queue, open_image_queue, open_webhook_queue):
            queue = open_one(connection, name)
            clean_registries(queue)
            clean_worker_registry(queue)
