"""What must be removed or repaired later, and which blobs are being written without a record.

All times are of Redis' clock, so no two machines' clocks are ever compared. An entry is only a reminder: the reconciler
looks at the records before it acts. If entries are lost, it finds the same by going through everything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from redis import Redis

from ocrdesk.backend import redis_keys
from ocrdesk.backend.records import JobRecord
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.storage.blob_store import BlobStore
from ocrdesk.backend.storage.stored_names import UPLOADS

GRACE_S = 20
"""How long a blob stays after the last record that referred to it was changed. Far longer than the second or two
that Redis may lose of its last writes: then the older record is back, and so must be what it refers to."""

WRITING_TTL_S = 20
"""How long an api that writes blobs may be silent before these belong to nobody."""
_AFTER_EXPIRY_S = 1

# Scripts, because a transaction cannot read the clock before it writes; and deleting works when memory is full.
_REMEMBER = """#!lua flags=allow-oom
local at = tonumber(redis.call('TIME')[1]) + tonumber(ARGV[1])
for i = 3, #ARGV do
    if ARGV[2] == 'first' then
        redis.call('ZADD', KEYS[1], 'NX', at, ARGV[i])
    else
        redis.call('ZADD', KEYS[1], at, ARGV[i])
    end
end
"""
_DUE = """
local now = redis.call('TIME')[1]
return redis.call('ZRANGE', KEYS[1], '-inf', now, 'BYSCORE', 'LIMIT', 0, ARGV[1])
"""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A job, a blob or a repair that is due. `name` is the blob's; an `owner` makes it a job's end; else a repair."""

    entry: str
    job_id: str
    name: str = ""
    owner: str | None = None

    @classmethod
    def parse(cls, entry: str) -> Reminder:
        job_id, slash, name = entry.partition("/")
        if slash and ":" not in job_id:
            return cls(entry, job_id, name)
        job_id, _, owner = entry.partition(":")
        return cls(entry, job_id, owner=owner)


class Cleanup:
    """Remembers what to remove or repair."""

    def __init__(self, redis: Redis) -> None:
        self._redis: Any = redis  # sync, answers text; redis-py types its answers as maybe awaitable

    # ── blobs without a record ───────────────────────────────────────────────────────────────────

    def begin_writing(self, job_id: str) -> None:
        """Protect a job's blobs that no record refers to yet. Call it again at least every WRITING_TTL_S."""
        self._redis.set(redis_keys.writing(job_id), "1", ex=WRITING_TTL_S)

    def end_writing(self, job_id: str) -> None:
        """Protect them no longer: the job has a record, or will never have one."""
        self._redis.delete(redis_keys.writing(job_id))

    # ── reminders ────────────────────────────────────────────────────────────────────────────────

    def remove_blobs_later(self, job_id: str, names: Iterable[str]) -> None:
        """Remove blobs after the grace period, if no record refers to them then."""
        if entries := [f"{job_id}/{name}" for name in names]:
            remember(self._redis, entries, GRACE_S, keep_first=True)

    def repair_later(self, job_id: str) -> None:
        """Look for missing blobs after the grace period: a shared folder may show a new file late."""
        remember(self._redis, [f"{job_id}/"], GRACE_S, keep_first=True)

    def remove_job_later(self, job_id: str, in_s: int | None = None) -> None:
        """Remove what is left of a job, by default after the grace period, if it has no record then."""
        remember(self._redis, [f"{job_id}:"], GRACE_S if in_s is None else in_s, keep_first=True)

    def apply_retention(self, blobs: BlobStore, job_id: str, settings: Settings) -> None:
        """Keep the blobs of a job that has ended as long as its result.

        Its upload is removed after the grace period unless the settings keep it. Call it after the job has ended.
        """
        if not settings.keep_uploads:
            self.remove_blobs_later(job_id, UPLOADS)
        blobs.keep_for(job_id, settings.result_ttl)

    def due(self, limit: int) -> list[Reminder]:
        """Return the first reminders that are due."""
        return [Reminder.parse(entry) for entry in self._redis.eval(_DUE, 1, redis_keys.CLEANUP, limit)]

    def put_off(self, reminder: Reminder, in_s: int | None = None) -> None:
        """Look at it again later; by default after the grace period."""
        remember(self._redis, [reminder.entry], GRACE_S if in_s is None else in_s)

    def done(self, *reminders: Reminder) -> None:
        """Forget reminders."""
        if reminders:
            self._redis.zrem(redis_keys.CLEANUP, *(reminder.entry for reminder in reminders))

    def forget_in_list(self, owner: str, job_ids: Iterable[str]) -> None:
        """Remove ids of expired jobs from their owner's list."""
        if owner and (ids := list(job_ids)):
            self._redis.zrem(redis_keys.owner_jobs(owner), *ids)


# ── inside a transaction, or outside ─────────────────────────────────────────────────────────────


def remember(pipe: Any, entries: list[str], in_s: int, *, keep_first: bool = False) -> None:
    """Remember to look at entries in that many seconds. `keep_first`: an earlier reminder keeps its time."""
    pipe.eval(_REMEMBER, 1, redis_keys.CLEANUP, in_s, "first" if keep_first else "last", *entries)


def remember_end(pipe: Any, job: JobRecord, in_s: int) -> None:
    """Remember to remove what is left of a job when its record has expired."""
    remember(pipe, [f"{job.job_id}:{job.owner}"], in_s + _AFTER_EXPIRY_S)


def forget_end(pipe: Any, job: JobRecord) -> None:
    """Forget that: the job runs again."""
    pipe.zrem(redis_keys.CLEANUP, f"{job.job_id}:{job.owner}")
