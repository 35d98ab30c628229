"""A client whose transactions count as done only when replicas have them, so that a failover loses none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from redis import Redis
from redis.client import Pipeline
from redis.connection import ConnectionPool
from redis.exceptions import ConnectionError as RedisConnectionError

_PATIENCE_MS = 1_000


class NotConfirmedError(RedisConnectionError):
    """The primary made a change, but too few replicas have it yet. It may be made again, as after a lost answer."""


Doubt = Callable[[Any], str]
"""Returns why the server of a connection may not be the primary any more; empty if it is."""


def no_doubt(connection: Any) -> str:  # noqa: ARG001
    """Trust the server: there is nobody to ask."""
    return ""


class ConfirmedRedis(Redis):
    """Waits after each transaction until so many replicas have it. Other commands do not wait.

    A primary that stood still while another server took its place goes on for a moment when it wakes up, and may
    still have a replica that confirms. So `doubt` is asked after that.
    """

    def __init__(self, pool: ConnectionPool, replicas: int, doubt: Doubt = no_doubt) -> None:
        super().__init__(connection_pool=pool)
        self.auto_close_connection_pool = True
        self._replicas = replicas
        self._doubt = doubt

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> Pipeline:
        pipe = _ConfirmedPipeline(self.connection_pool, self.response_callbacks, transaction, shard_hint)
        pipe.replicas, pipe.doubt = self._replicas, self._doubt
        return pipe


class _ConfirmedPipeline(Pipeline):
    replicas = 0
    doubt: Doubt = staticmethod(no_doubt)

    def _execute_transaction(self, connection: Any, commands: Any, raise_on_error: bool) -> list[Any]:
        """Wait on the connection of the transaction: WAIT is for what its own connection wrote last."""
        answers: list[Any] = super()._execute_transaction(connection, commands, raise_on_error)
        connection.send_command("WAIT", self.replicas, _PATIENCE_MS)
        confirmed = int(connection.read_response())
        if confirmed < self.replicas:
            raise NotConfirmedError(f"{confirmed} of {self.replicas} replicas confirmed a change in {_PATIENCE_MS} ms.")
        if why := self.doubt(connection):
            raise NotConfirmedError(why)
        return answers
