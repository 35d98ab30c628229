"""The RQ worker that sends webhooks.

It has a queue and a process of its own, so that slow receivers do not delay recognition. What sends is loaded for the
first batch: most local servers never send one.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from ocrdesk.backend.settings import Settings
from ocrdesk.backend.task_queue import SERIALIZER, open_webhook_queue
from ocrdesk_worker.queue_entries import WebhookEntry
from ocrdesk_worker.rq_base import BaseWorker, is_of_redis
from ocrdesk_worker.sandbox import process_limits
from ocrdesk_worker.waiting_redis import connect_waiting

if TYPE_CHECKING:
    from rq import Queue
    from rq.job import Job

_log = logging.getLogger(__name__)

_TASK_MEMORY_MB = 1024
"""On top of what the process has at its start. It reads little more than a receiver's headers."""
_TASK_CPU_S = 30


class WebhookWorker(BaseWorker):
    """Takes one batch at a time from the webhook queue."""

    def __init__(self, settings: Settings, name: str) -> None:
        connection = connect_waiting(settings)
        queue = open_webhook_queue(connection, settings.queue_name)
        super().__init__([queue], name=name, connection=connection, serializer=SERIALIZER, job_class=WebhookEntry)
        self._settings = settings
        self._can_send = False

    def execute_job(self, job: Job, queue: Queue) -> None:
        if self.hands_back(job, queue):
            return
        if not self._can_send:
            from ocrdesk_worker.webhooks import tasks

            tasks.open_context(self._settings)
            self._can_send = True
        super().execute_job(job, queue)

    def handle_exception(self, job: Job, *exc_info: Any) -> None:  # noqa: ARG002
        """Log what goes wrong without its message. A batch that Redis stopped is pushed again when its leases end."""
        if is_of_redis(exc_info[1]):
            _log.warning("a batch of webhooks was stopped by Redis (%s) and is made again", exc_info[0].__name__)
        else:
            _log.error("a batch of webhooks failed", exc_info=exc_info)

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        process_limits.set_parent_death_signal(self.pid or 0)
        process_limits.limit_memory(process_limits.used_memory_mb() + _TASK_MEMORY_MB)
        process_limits.limit_cpu(_TASK_CPU_S)
        super().main_work_horse(job, queue)


def run(settings: Settings, name: str, *, burst: bool = False) -> None:
    """Run a webhook worker until it is stopped, or with `burst` until no batch waits."""
    WebhookWorker(settings, name).work(burst=burst, logging_level="WARNING")
