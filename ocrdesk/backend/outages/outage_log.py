"""Logs an outage of Redis once when it begins, with what its operator does, and once when it ends."""

from __future__ import annotations

import logging

from ocrdesk.backend.outages.redis_errors import problem_of


class RedisOutage:
    """Whether Redis is down or refuses to write, as one process sees it."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._reason: str | None = None

    def failed(self, error: BaseException) -> None:
        """Record that an action failed. Logs an outage, unless it is already known for this reason."""
        problem = problem_of(error)
        reason = problem.reason if problem else type(error).__name__
        if reason != self._reason:
            # the text of another error may quote a command
            self._log.warning("Redis: %s", problem.message if problem else reason)
        self._reason = reason

    def written(self) -> None:
        """Record that Redis accepted a change."""
        if self._reason is not None:
            self._log.info("Redis accepts changes again")
        self._reason = None
