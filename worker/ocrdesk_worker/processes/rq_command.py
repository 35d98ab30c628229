"""`RqWorker`: the class that makes RQ's own command a worker node, as `rq worker -w ocrdesk_worker.RqWorker`.

RQ's command connects and reads its options; the class then runs a worker pool with one worker in this process. So a
single one is complete: it sends heartbeats, recovers lost work and delivers webhooks.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import Any

from rq import Worker

from ocrdesk.backend import env_file, logs
from ocrdesk.backend.redis_connection import url_of
from ocrdesk.backend.settings import Settings, SettingsError

_log = logging.getLogger(__name__)

_RQ_LOGGERS = ("rq.worker", "rq.job", "rq.queue", "rq.registry", "rq.scheduler", "rq.worker_pool")
_EXIT_CODE = 2


def _end_with(error: SettingsError) -> SystemExit:
    """Return what ends the command with one message: RQ would print a traceback."""
    print(error, file=sys.stderr)  # noqa: T201  # to the operator
    return SystemExit(_EXIT_CODE)


class RqWorker(Worker):
    """Takes RQ's arguments. Queue, serializer and limits come from the settings; typed queue names are ignored."""

    def __init__(self, queues: Any, name: str | None = None, *arguments: Any, **options: Any) -> None:
        super().__init__(queues, name, *arguments, **options)
        self._given_name = name

    def work(
        self, burst: bool = False, *_: Any, max_jobs: int | None = None, max_idle_time: int | None = None, **__: Any
    ) -> bool:
        """Run the node until it is stopped; with `burst`, `max_jobs` or `max_idle_time`, until these end its worker.

        All connections lead to the Redis that RQ's command connected to, whatever REDIS_URL says.
        """
        try:
            settings = Settings.from_environment(redis_url=url_of(self.connection))
            logs.configure(settings.log_form, settings.log_level)
            logs.adopt(_RQ_LOGGERS)
            from ocrdesk_worker.processes.pool import Pool, WorkLimits

            self._log_ignored_names(settings.queue_name)
            limits = WorkLimits(burst, max_jobs, max_idle_time)
            return Pool(settings, 1, name=self._given_name, limits=limits).run() == 0
        except SettingsError as error:
            raise _end_with(error) from None

    def _log_ignored_names(self, queue_name: str) -> None:
        if ignored := [typed for typed in self.queue_names() if typed != queue_name]:
            _log.info("listening to the queue %s (QUEUE_NAME); %s is ignored", queue_name, ", ".join(ignored))


def _typed_url() -> str:
    """Return what was typed after `--url` or `-u`, or ""."""
    for word, following in zip(sys.argv, [*sys.argv[1:], ""], strict=True):
        if word in ("--url", "-u"):
            return following
        if word.startswith("--url="):
            return word.removeprefix("--url=")
    return ""


def _name_redis() -> None:
    """Tell RQ the address that `.env` or REDIS_URL_FILE name: it imports this class before it looks for REDIS_URL.

    Ends the command if that is an address that RQ does not know, or if such a one was typed.
    """
    try:
        env_file.load()
        if os.environ.get("REDIS_URL_FILE"):
            os.environ.setdefault("REDIS_URL", Settings.from_environment().redis_url)
        if (_typed_url() or os.environ.get("REDIS_URL", "")).startswith(("redis+", "rediss+")):
            raise SettingsError("RQ's own command knows one Redis server only. Use `ocrdesk worker` instead.")
    except SettingsError as error:
        raise _end_with(error) from None


_name_redis()
