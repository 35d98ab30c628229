"""Reads jobs with everything that refers to their blobs, and goes through all jobs and owners' lists bit by bit."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from redis import Redis

from ocrdesk.backend import redis_keys
from ocrdesk.backend.damaged_keys import remove_wrong_types
from ocrdesk.backend.ledger import codec
from ocrdesk.backend.records import UNREADABLE, ExportRecord, JobRecord, PageRecord
from ocrdesk.backend.storage.stored_names import is_part, names_in_use, whole_name, writer_of
from ocrdesk.contract.states import JobState, PageState

_FIELDS = 6
_LONGEST_CURSOR = 19
# A script, because the job may end or be deleted meanwhile.
_RESTORE = """#!lua flags=allow-oom
local state = redis.call('HGET', KEYS[1], 'state')
if not state then return end
redis.call('ZADD', KEYS[2], 'NX', ARGV[2], ARGV[1])
if state == 'queued' or state == 'started' then redis.call('ZADD', KEYS[3], 'NX', ARGV[2], ARGV[1]) end
"""
_INDEX_ENTRIES = 1_000
"""How many entries of an owner's list, or of the list of API keys, are looked at per pass."""


@dataclass(frozen=True, slots=True)
class StoredJob:
    """A job's records at one moment. `job` None: it has no record."""

    job_id: str
    job: JobRecord | None
    pages: Sequence[PageRecord] = ()
    exports: Sequence[ExportRecord] = ()
    has_password: bool = False
    is_being_written: bool = False
    """An api writes blobs that no record refers to yet."""
    ttl_s: int = -1
    """Seconds until the record expires; negative while it does not."""

    @property
    def is_readable(self) -> bool:
        """Whether all of its records could be read: otherwise they may refer to more blobs than it seems."""
        errors = [page.error for page in self.pages]
        return (self.job is None or self.job.is_readable) and codec.RECORD_UNREADABLE not in errors

    @property
    def is_gone(self) -> bool:
        """Whether all its blobs belong to nobody."""
        return self.job is None and not self.is_being_written

    def unused(self, names: Collection[str], attempts: Collection[str], *, keeps_uploads: bool) -> set[str]:
        """Return those of the stored names that no record refers to and none of the running attempts writes."""
        if self.job is None or self.is_being_written:
            return set()
        used = names_in_use(
            self.job, self.pages, self.exports, has_password=self.has_password, keeps_uploads=keeps_uploads
        )
        found = set()
        for name in names:
            if writer_of(name) in attempts or (is_part(name) and self.job.attempt in attempts):
                continue
            if is_part(name) or whole_name(name) not in used:
                found.add(name)
        return found

    @property
    def lacks_pages(self) -> bool:
        """Whether the job is finished although not all its pages have ended: their records are gone."""
        job = self.job
        if job is None or job.state is not JobState.FINISHED:
            return False
        return sum(page.state.is_final and job.has_page(page.number) for page in self.pages) != job.page_count

    def result_blobs(self) -> set[str]:
        """Return the names of the finished pages and exports."""
        pages = {page.blob for page in self.pages if page.blob and page.state is PageState.FINISHED}
        return pages | {one.blob for one in self.exports if one.blob and one.state is PageState.FINISHED}


class StoredJobs:
    """Reads what refers to blobs."""

    def __init__(self, redis: Redis) -> None:
        self._redis: Any = redis  # sync, answers text; redis-py types its answers as maybe awaitable

    def read(self, job_ids: Sequence[str]) -> list[StoredJob]:
        """Return these jobs. Those whose records cannot be read are left out: nothing is known about their blobs."""
        found = []
        with self._redis.pipeline(transaction=True) as pipe:
            for job_id in job_ids:
                pipe.hgetall(redis_keys.job(job_id))
                pipe.hgetall(redis_keys.job_pages(job_id))
                pipe.hgetall(redis_keys.job_exports(job_id))
                pipe.exists(redis_keys.job_password(job_id))
                pipe.exists(redis_keys.writing(job_id))
                pipe.ttl(redis_keys.job(job_id))
            answers = pipe.execute(raise_on_error=False)  # a key of a wrong type concerns one job
        for index, job_id in enumerate(job_ids):
            answer = answers[_FIELDS * index : _FIELDS * (index + 1)]
            with contextlib.suppress(*UNREADABLE):
                found.append(_stored_job(job_id, *answer))
        return [one for one in found if one.is_readable]

    def attempts(self) -> set[str]:
        """Return the ids of the attempts that hold a unit."""
        return set(self._redis.hkeys(redis_keys.LEASES))

    def without_record(self, job_ids: Sequence[str]) -> list[str]:
        """Return those jobs that have no record and whose blobs nobody is writing."""
        with self._redis.pipeline(transaction=False) as pipe:
            for job_id in job_ids:
                pipe.exists(redis_keys.job(job_id), redis_keys.writing(job_id))
            return [job_id for job_id, known in zip(job_ids, pipe.execute(), strict=True) if not known]

    def scan(self, position: str, count: int) -> tuple[list[str], list[str], str]:
        """Look at `count` keys; return the jobs and owners among them, and the next position, empty at the end.

        Removes keys of a wrong type.
        """
        start = int(position) if position.isascii() and position.isdigit() and len(position) <= _LONGEST_CURSOR else 0
        cursor, keys = self._redis.scan(start, match=redis_keys.ALL, count=count)
        keys = [*set(keys) - set(remove_wrong_types(self._redis, keys))]
        jobs = [key[len(redis_keys.job("")) :] for key in keys if key.startswith(redis_keys.job(""))]
        prefix = redis_keys.owner_jobs("")
        owners = [key[len(prefix) :] for key in keys if key.startswith(prefix)]
        return [job_id for job_id in jobs if ":" not in job_id], owners, str(cursor or "")

    def restore_lists(self, jobs: Sequence[StoredJob]) -> None:
        """Put jobs into their owners' lists, and those that have not ended into the list of these, if they are not."""
        with self._redis.pipeline(transaction=False) as pipe:
            for job in (one.job for one in jobs if one.job is not None):
                keys = [redis_keys.job(job.job_id), redis_keys.owner_jobs(job.owner), redis_keys.ACTIVE_JOBS]
                pipe.eval(_RESTORE, len(keys), *keys, job.job_id, job.created_at.timestamp())
            pipe.execute()

    def clean_list(self, owner: str) -> int:
        """Remove ids of expired jobs from among the oldest of an owner's list; return how many."""
        ids = self._redis.zrange(redis_keys.owner_jobs(owner), 0, _INDEX_ENTRIES - 1)
        return self._clean(redis_keys.owner_jobs(owner), ids, [redis_keys.job(job_id) for job_id in ids])

    def clean_api_keys(self) -> int:
        """Remove ids of forgotten accounts from the list of API keys, a random part of it; return how many."""
        ids = self._redis.zrandmember(redis_keys.API_KEYS, _INDEX_ENTRIES) or []
        return self._clean(redis_keys.API_KEYS, ids, [redis_keys.api_key(key_id) for key_id in ids])

    def _clean(self, index: str, ids: Sequence[str], keys: Sequence[str]) -> int:
        with self._redis.pipeline(transaction=False) as pipe:
            for key in keys:
                pipe.exists(key)
            gone = [one for one, exists in zip(ids, pipe.execute(), strict=True) if not exists]
        return int(self._redis.zrem(index, *gone)) if gone else 0


def _stored_job(
    job_id: str, fields: Any, pages: Any, exports: Any, password: int, being_written: int, ttl_s: int
) -> StoredJob:
    exported = [codec.export_from(name, text) for name, text in exports.items()]  # unreadable ones are made again
    return StoredJob(
        job_id,
        codec.job_from(job_id, fields),
        codec.pages_from(pages),
        [export for export in exported if export is not None],
        bool(password),
        bool(being_written),
        int(ttl_s),
    )
