"""Tells which exceptions of RQ's own code say nothing about a task: Redis is out of order, or was rolled back."""

from __future__ import annotations

from rq.exceptions import InvalidJobOperation, NoSuchJobError

from ocrdesk.backend.outages.redis_errors import problem_of


def is_of_redis(error: BaseException | None) -> bool:
    """Return whether Redis is out of order, or lost RQ's record of the task or of its execution, as a rollback does."""
    if isinstance(error, ValueError) and str(error).startswith("Execution "):
        return True  # rq.executions has no exception of its own
    return isinstance(error, InvalidJobOperation | NoSuchJobError) or problem_of(error) is not None
