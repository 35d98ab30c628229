"""The courier: a worker process of its own queue that sends webhooks, so that slow receivers hold up no recognition."""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rq import Worker

from ocrdesk.backend.redis_connection import RedisAway, connect
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.task_queue import SERIALIZER, open_webhook_queue
from ocrdesk.backend.webhooks.allowed_addresses import AddressRules
from ocrdesk.backend.webhooks.deliveries import BATCH, Deliveries, Delivery, Outcome
from ocrdesk.contract.webhooks import WebhookState
from ocrdesk_worker import sandbox
from ocrdesk_worker.webhooks.sender import Sender, own_addresses, trusted_authorities

if TYPE_CHECKING:
    from redis import Redis
    from rq import Queue
    from rq.job import Job

_log = logging.getLogger(__name__)

_MEMORY_MB = 1024
"""On top of what the process has when it begins: a receiver's headers are all that it takes in."""
_PROCESSOR_S = 30
_PATIENCE_S = 10.0
"""How long an outcome waits for Redis to come back. One that is lost means a second delivery."""


@dataclass(frozen=True, slots=True)
class DeliveryContext:
    """What a courier's horses work with."""

    deliveries: Deliveries
    allowed_hosts: tuple[str, ...]
    tls: ssl.SSLContext
    threads: Executor

    def sender(self) -> Sender:
        """For one batch: this machine's own addresses may have changed since the last."""
        return Sender(AddressRules.of(self.allowed_hosts, own_addresses()), self.tls, self.threads)


_office: DeliveryContext | None = None


class WebhookWorker(Worker):
    """Works on the webhooks' queue, a batch at a time. Has no threads, so that forking is safe."""

    max_connection_wait_time = 2.0

    def __init__(self, connection: Redis, name: str) -> None:
        super().__init__([open_webhook_queue(connection)], name=name, connection=connection, serializer=SERIALIZER)

    def subscribe(self) -> None:
        """No command channel: it would need a thread."""

    def unsubscribe(self) -> None:
        """See `subscribe`."""

    def run_maintenance_tasks(self) -> None:
        """The reaper's housekeeping does what is needed."""
        from rq.utils import now

        self.last_cleaned_at = now()  # type: ignore[assignment]  # RQ sets it in a method without annotations

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        sandbox.set_parent_death_signal(self.pid or 0)
        sandbox.limit_memory(sandbox.used_memory_mb() + _MEMORY_MB)
        sandbox.limit_processor(_PROCESSOR_S)
        super().main_work_horse(job, queue)


def run(settings: Settings, name: str) -> None:
    """The life of a courier process."""
    open_office(settings)
    WebhookWorker(connect(settings, text=False), name).work(logging_level="WARNING")


def open_office(settings: Settings) -> None:
    """Makes, once for all horses, what they send with."""
    global _office
    threads = ThreadPoolExecutor(BATCH)  # has none before a horse resolves its first name
    _office = DeliveryContext(Deliveries.open(settings), settings.webhook_allowed_hosts, trusted_authorities(), threads)


def deliver(leases: list[tuple[str, int]]) -> None:
    """RQ's task: makes the leased deliveries, all at a time, and has the next ones pushed."""
    if _office is None:
        raise RuntimeError("a delivery runs outside a courier")
    office = _office
    claims = [office.deliveries.claim(job_id, lease) for job_id, lease in leases]
    asyncio.run(_deliver_all(office, [held for held in claims if held is not None]))
    office.deliveries.push_due()


async def _deliver_all(office: DeliveryContext, held: list[Delivery]) -> None:
    sender = office.sender()
    await asyncio.gather(*(_deliver(office.deliveries, sender, delivery) for delivery in held))


async def _deliver(deliveries: Deliveries, sender: Sender, held: Delivery) -> None:
    try:
        outcome = await sender.send(held)
        state = await asyncio.to_thread(_commit, deliveries, held, outcome)
    except Exception as error:
        # Its text might quote the URL or the signature. The lease runs out, and then it is tried again.
        _log.error("webhook of job %s: %s", held.job_id, type(error).__name__)
        return
    said = outcome.attempt.error or f"status {outcome.attempt.status_code}"
    _log.info("webhook of job %s to %s: %s (%s)", held.job_id, held.host, state or "superseded", said)


def _commit(deliveries: Deliveries, held: Delivery, outcome: Outcome) -> WebhookState | None:
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return deliveries.commit(held, outcome)
        except RedisAway:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
