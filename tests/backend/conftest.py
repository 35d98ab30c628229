"""A ledger on a real, empty Valkey, and jobs to put into it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from redis import Redis

from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.redis_connection import connect
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.task_queue import TaskQueue

RESULT_TTL_S = 3600


@pytest.fixture
def redis(redis_url: str) -> Any:
    """A connection that returns text; untyped, because in redis-py results may be awaitable."""
    return Redis.from_url(redis_url, decode_responses=True)


@pytest.fixture
def make_ledger(redis_url: str) -> Callable[[], Ledger]:
    """Return a function that makes ledgers with separate connections, as in other processes."""

    def make() -> Ledger:
        settings = Settings(redis_url=redis_url)
        return Ledger(
            connect(settings, text=True), TaskQueue(connect(settings, text=False), settings.queue_name), RESULT_TTL_S
        )

    return make


@pytest.fixture
def ledger(make_ledger: Callable[[], Ledger]) -> Ledger:
    return make_ledger()
