"""A Redis client for RQ that waits while Redis is down or refuses to write, where RQ would end the worker."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable
from typing import Any, TypeVar

from redis import Redis
from redis.client import Pipeline

from ocrdesk.backend.outages.redis_errors import problem_of
from ocrdesk.backend.redis_connection import RedisFailure, connect
from ocrdesk.backend.redis_keys import WRITE_PROBE
from ocrdesk.backend.settings import Settings

T = TypeVar("T")

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 2.0
_BLOCKING = frozenset({"BLMOVE", "BRPOPLPUSH", "BLPOP", "BRPOP"})
"""Commands that wait for work: RQ itself repeats one whose answer is lost."""
_FETCH = "LMOVE"
"""The command that asks for work and does not wait for it, as a worker does that ends with the last."""


def is_outage(error: Exception) -> bool:
    """Return whether Redis is unavailable or refuses to write, so that waiting helps."""
    return problem_of(error) is not None


def wait_for_redis(action: Callable[[], T]) -> T:
    """Repeat an action until Redis does what it asks for, however long that takes.

    Only for actions that may be repeated when their answer was lost. The pool logs the outage, once. Raises errors
    of Redis that are no outage.
    """
    return repeat_while(is_outage, action)


def repeat_while(may_pass: Callable[[Exception], bool], action: Callable[[], T], limit_s: float = math.inf) -> T:
    """Repeat an action while it fails for a reason that may pass, but not for longer than `limit_s`."""
    deadline = time.monotonic() + limit_s
    pause_s = _FIRST_PAUSE_S
    while True:
        try:
            return action()
        except Exception as error:
            if not may_pass(error) or time.monotonic() + pause_s > deadline:
                raise
        time.sleep(pause_s * random.uniform(0.75, 1.25))  # noqa: S311  # no secret
        pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)


class WaitingRedis(Redis):
    """Repeats each command and pipeline until Redis does what it asks for."""

    has_fetched = False
    """Whether the last request for work brought some. Who has begun with it sets this to False."""

    def execute_command(self, *args: Any, **options: Any) -> Any:
        def execute() -> Any:
            return super(WaitingRedis, self).execute_command(*args, **options)  # type: ignore[no-untyped-call]

        if args[0] not in (*_BLOCKING, _FETCH):
            return wait_for_redis(execute)
        self.has_fetched = False
        if args[0] == _FETCH:
            fetched = wait_for_redis(execute)
            self.has_fetched = fetched is not None
            return fetched
        while True:
            try:
                found = execute()
                self.has_fetched = found is not None
                return found
            except RedisFailure as error:
                problem = problem_of(error)
                if problem is None or not problem.is_refusal:
                    raise
            wait_for_redis(lambda: self.set(WRITE_PROBE, "written", ex=60))

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> _WaitingPipeline:
        return _WaitingPipeline(self.connection_pool, self.response_callbacks, transaction, shard_hint)


class _WaitingPipeline(Pipeline):
    def execute(self, raise_on_error: bool = True) -> list[Any]:
        commands, is_watching, is_explicit = list(self.command_stack), self.watching, self.explicit_transaction

        def execute() -> list[Any]:
            self.command_stack, self.explicit_transaction = list(commands), is_explicit
            return super(_WaitingPipeline, self).execute(raise_on_error)

        return execute() if is_watching else wait_for_redis(execute)


def connect_waiting(settings: Settings) -> WaitingRedis:
    """Return a client for REDIS_URL that answers bytes, as RQ needs, and waits during outages."""
    return WaitingRedis(connection_pool=connect(settings, text=False).connection_pool)
