"""The function RQ calls to deliver a batch."""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass

from ocrdesk.backend.outages.redis_errors import problem_of
from ocrdesk.backend.redis_connection import RedisFailure
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.webhooks.allowed_addresses import AddressRules
from ocrdesk.backend.webhooks.deliveries import BATCH, Deliveries, Delivery, Outcome
from ocrdesk.contract.webhooks import WebhookState
from ocrdesk_worker.webhooks.sender import Sender, own_addresses, trusted_authorities

_log = logging.getLogger(__name__)

_COMMIT_RETRY_S = 10.0
"""How long an outcome waits for Redis. A lost outcome means a second delivery."""


@dataclass(frozen=True, slots=True)
class DeliveryContext:
    """What the task processes of a webhook worker send with."""

    deliveries: Deliveries
    allowed_hosts: tuple[str, ...]
    tls: ssl.SSLContext
    threads: Executor

    def sender(self) -> Sender:
        """Return a sender for one batch. This machine's own addresses may have changed since the last one."""
        return Sender(AddressRules.of(self.allowed_hosts, own_addresses()), self.tls, self.threads)


_context: DeliveryContext | None = None


def open_context(settings: Settings) -> None:
    """Prepare, once for all task processes, what they send with."""
    global _context
    threads = ThreadPoolExecutor(BATCH)  # starts none before a task process resolves its first name
    deliveries = Deliveries.open(settings)
    _context = DeliveryContext(deliveries, settings.webhook_allowed_hosts, trusted_authorities(), threads)


def deliver(leases: list[tuple[str, int]]) -> None:
    """Make the leased deliveries, all at the same time, then queue the next batch."""
    if _context is None:
        raise RuntimeError("a delivery runs outside a webhook worker")
    context = _context
    claims = [context.deliveries.claim(job_id, lease) for job_id, lease in leases]
    asyncio.run(_deliver_all(context, [held for held in claims if held is not None]))
    context.deliveries.push_due()


async def _deliver_all(context: DeliveryContext, held: list[Delivery]) -> None:
    sender = context.sender()
    await asyncio.gather(*(_deliver(context.deliveries, sender, delivery) for delivery in held))


async def _deliver(deliveries: Deliveries, sender: Sender, held: Delivery) -> None:
    try:
        outcome = await sender.send(held)
        state = await asyncio.to_thread(_commit, deliveries, held, outcome)
    except Exception as error:
        # Its text might quote the URL or the signature. When the lease expires, the delivery is tried again.
        _log.error("webhook of job %s: %s", held.job_id, type(error).__name__)
        return
    said = outcome.attempt.error or f"status {outcome.attempt.status_code}"
    _log.info("webhook of job %s to %s: %s (%s)", held.job_id, held.host, state or "superseded", said)


def _commit(deliveries: Deliveries, held: Delivery, outcome: Outcome) -> WebhookState | None:
    deadline = time.monotonic() + _COMMIT_RETRY_S
    while True:
        try:
            return deliveries.commit(held, outcome)
        except RedisFailure as error:
            if problem_of(error) is None or time.monotonic() > deadline:
                raise
            time.sleep(0.2)
