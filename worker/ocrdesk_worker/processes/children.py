"""The child processes of a pool: forks them, and knows which there are."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
from collections.abc import Callable

from ocrdesk.backend import logs
from ocrdesk.backend.redis_connection import RedisFailure
from ocrdesk_worker.rq_base import STOPPED_BY_OUTAGE
from ocrdesk_worker.sandbox import process_limits

_log = logging.getLogger(__name__)


class Children:
    """The children that have not ended, by kind. Each kind maps process ids to names."""

    def __init__(self) -> None:
        self.workers: dict[int, str] = {}
        self.image_workers: dict[int, str] = {}
        """One after the start: it makes page images only, so that none waits for pages to be recognised."""
        self.webhook_workers: dict[int, str] = {}
        """One after the start. It sends webhooks and holds no units."""

    def __bool__(self) -> bool:
        return bool(self.workers or self.image_workers or self.webhook_workers)

    def unit_workers(self) -> dict[int, str]:
        """Return the children that may hold units of work."""
        return self.workers | self.image_workers

    def fork(self, kind: dict[int, str], name: str, life: Callable[[str], None]) -> None:
        """Fork a child of this kind, which runs `life` with its name and then ends."""
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                _enter(name, parent)
                life(name)
                code = 0
            except RedisFailure as error:
                _log.warning("worker %s: Redis: %s", name, error)
                code = STOPPED_BY_OUTAGE
            except BaseException:
                _log.exception("worker %s failed", name)
            finally:
                os._exit(code)
        kind[pid] = name

    def signal_unit_workers(self, number: signal.Signals) -> None:
        """Send a signal to the children that may hold units."""
        _send(number, self.unit_workers())

    def signal_all(self, number: signal.Signals) -> None:
        """Send a signal to every child."""
        _send(number, self.unit_workers() | self.webhook_workers)

    def clear(self) -> None:
        """Forget all: the kernel knows no child any more."""
        self.workers.clear()
        self.image_workers.clear()
        self.webhook_workers.clear()


def _enter(name: str, parent: int) -> None:
    """Set up a forked child."""
    process_limits.set_parent_death_signal(parent)
    logs.bind(worker=name)
    os.setpgrp()  # Ctrl-C at the terminal is for the pool, which then stops its children
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _send(number: signal.Signals, pids: dict[int, str]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
