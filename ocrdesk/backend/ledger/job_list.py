"""An owner's jobs, newest first, filtered and paged."""

from __future__ import annotations

import contextlib
import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from redis import Redis
from redis.exceptions import ResponseError

from ocrdesk.backend import redis_keys
from ocrdesk.backend.ledger import codec
from ocrdesk.backend.ledger.quarantine import Quarantine
from ocrdesk.backend.records import JobRecord
from ocrdesk.backend.redis_connection import RedisFailure, is_wrong_type
from ocrdesk.contract.states import JobState

_MAX_SCANNED = 5_000
"""How many jobs one call looks at, at most, to find those that match its filter."""
_BATCH = 1_000
_SAME_TIME_MARGIN = 64
"""Jobs read on top of a batch, because those created at the position's own time may come before it."""


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Which jobs a list includes. None means all."""

    states: frozenset[JobState] | None = None
    name: str | None = None
    """A part of the file's name, in upper or lower case."""
    since: datetime | None = None
    until: datetime | None = None

    def matches(self, job: JobRecord) -> bool:
        return (
            (self.states is None or job.state in self.states)
            and (self.name is None or self.name.casefold() in job.file_name.casefold())
            and (self.since is None or job.created_at >= self.since)
            and (self.until is None or job.created_at < self.until)
        )


class JobList:
    """Reads the jobs of one owner at a time."""

    def __init__(self, redis: Redis, quarantine: Quarantine) -> None:
        self._redis: Any = redis  # sync, answers text; redis-py types its answers as maybe awaitable
        self._quarantine = quarantine

    def contains(self, owner: str, job_id: str) -> bool:
        """Return whether a job was accepted from this owner, also if its record does not say so any more."""
        return self._redis.zscore(redis_keys.owner_jobs(owner), job_id) is not None

    def read(
        self, owner: str, limit: int, cursor: str | None = None, job_filter: JobFilter | None = None
    ) -> tuple[list[JobRecord], str | None]:
        """Return the owner's newest jobs, newest first, and the cursor of those that follow (None: there are none).

        Removes the ids of expired jobs, and of those of others. Raises ValueError for an invalid cursor. With a filter
        there may be fewer than `limit` jobs although a cursor is returned, because one call looks at a limited number
        of jobs.
        """
        position = _Position.parse(cursor) if cursor else _Position(math.inf, "")
        found: list[JobRecord] = []
        scanned = 0
        while scanned < _MAX_SCANNED:
            batch = min(_BATCH, limit - len(found) + 1 if job_filter is None else _BATCH)
            entries = [(entry, _own(job, owner)) for entry, job in self._read_after(owner, position, batch)]
            expired = [entry.job_id for entry, job in entries if job is None]
            if expired:
                with contextlib.suppress(RedisFailure):  # a replica refuses it; the next call tries again
                    self._redis.zrem(redis_keys.owner_jobs(owner), *expired)
            for entry, job in entries:
                if job is not None and not job.is_readable:
                    self._quarantine.report(job.job_id)
                if job is not None and (job_filter is None or job_filter.matches(job)):
                    if len(found) == limit:
                        return found, str(position)
                    found.append(job)
                position = entry
            scanned += len(entries)
            if len(entries) < batch:
                return found, None
        return found, str(position)

    def _read_after(self, owner: str, position: _Position, count: int) -> list[tuple[_Position, JobRecord | None]]:
        """Return up to `count` of the owner's jobs that follow a position; None for an expired one."""
        start: Any = "+inf" if position.score == math.inf else repr(position.score)
        try:
            answer = self._redis.zrange(
                redis_keys.owner_jobs(owner),
                start,
                "-inf",
                desc=True,
                byscore=True,
                offset=0,
                num=count + _SAME_TIME_MARGIN,
                withscores=True,
            )
        except ResponseError as error:
            if not is_wrong_type(error):
                raise
            answer = []  # until the reconciler has built the list again
        # Jobs created in the same microsecond are ordered by id, which a range by score cannot express.
        positions = [_Position(score, job_id) for job_id, score in answer]
        positions = [entry for entry in positions if entry.comes_after(position)][:count]
        with self._redis.pipeline(transaction=False) as pipe:
            for entry in positions:
                pipe.hgetall(redis_keys.job(entry.job_id))
            return [
                (entry, codec.job_from(entry.job_id, fields if isinstance(fields, dict) else codec.NOT_A_HASH))
                for entry, fields in zip(positions, pipe.execute(raise_on_error=False), strict=True)
            ]


def _own(job: JobRecord | None, owner: str) -> JobRecord | None:
    """Return a job unless its record names another owner."""
    return None if job is not None and (job.is_readable or job.owner) and job.owner != owner else job


@dataclass(frozen=True, slots=True)
class _Position:
    """A job's position in its owner's list: its creation time and its id."""

    score: float
    job_id: str

    @classmethod
    def parse(cls, cursor: str) -> _Position:
        score, _, job_id = cursor.partition("~")
        position = cls(float(score), job_id)
        if not (job_id.isascii() and job_id.isalnum()) or not math.isfinite(position.score):
            raise ValueError(cursor)
        return position

    def __str__(self) -> str:
        return f"{self.score!r}~{self.job_id}"

    def comes_after(self, other: _Position) -> bool:
        """Return whether this job is listed later: newest first, and at the same time by descending id."""
        return (self.score, self.job_id) < (other.score, other.job_id) or other.score == math.inf
