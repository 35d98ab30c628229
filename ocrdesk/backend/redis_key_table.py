"""Describes every Redis key: type, lifetime, writer and content. `docs/redis-keys.md` is generated from it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from ocrdesk.backend.redis_key_fields import (
    ACCOUNT_FIELDS,
    CLEANUP_ENTRIES,
    EVENT_FIELDS,
    EXPORT_FIELDS,
    JOB_FIELDS,
    METRICS_FIELDS,
    PAGE_FIELDS,
    STORAGE_FIELDS,
    WEBHOOK_FIELDS,
)
from ocrdesk.backend.redis_keys import (
    ACTIVE_JOBS,
    API_KEYS,
    BACKLOG,
    CLEANUP,
    DUE_WEBHOOKS,
    EVENTS,
    LEASE_CLOCK,
    LEASE_DEADLINES,
    LEASES,
    METRICS,
    NODES,
    NODES_LAST_SEEN,
    PENDING_EXPORTS,
    PENDING_SINCE,
    PENDING_UNITS,
    PLACES,
    PLACES_TAKEN,
    REAPER_LOCK,
    STORAGE,
    UNREADABLE_JOBS,
    WAITING_OWNERS,
    WORKER_COUNT,
    WRITE_PROBE,
    api_key,
    api_key_of_email,
    api_key_of_secret,
    blob,
    daily_usage,
    idempotency,
    job,
    job_blobs,
    job_events,
    job_exports,
    job_pages,
    job_password,
    node,
    owner_jobs,
    page_edges,
    page_times,
    rate_limit,
    rq_intermediate_queue,
    rq_job,
    rq_queue,
    rq_worker,
    rq_workers_of,
    usage,
    waiting_exports,
    waiting_pages,
    waiting_units,
    webhook,
    work_time,
    writing,
)
from ocrdesk.backend.redis_servers.key_prefix import TAG


class KeyType(StrEnum):
    """The types of keys, as Redis' TYPE command names them."""

    HASH = "hash"
    LIST = "list"
    SET = "set"
    SORTED_SET = "zset"
    STREAM = "stream"
    STRING = "string"


@dataclass(frozen=True, slots=True)
class RedisKey:
    """A key's pattern and what there is to know about it.

    In `pattern` `{name}` stands for a part without a colon, `{name*}` for any text.
    """

    pattern: str
    type: KeyType
    lifetime: str
    writers: tuple[str, ...]
    """Modules below `ocrdesk/backend/`."""
    content: str
    fields: dict[str, str] = field(default_factory=dict)
    """A hash's fields, or what the members and entries of the others hold."""

    @property
    def beginning(self) -> str:
        """The pattern up to its first variable part: all of it if there is one such key."""
        tag = TAG if self.pattern.startswith(TAG) else ""
        return tag + self.pattern.removeprefix(tag).partition("{")[0]

    @property
    def is_single(self) -> bool:
        return self.beginning == self.pattern

    def matches(self, key: str) -> bool:
        """Return whether a key of Redis has this pattern."""
        parts = re.split(r"(\{\w+\*?\})", self.pattern)
        regex = "".join(
            re.escape(part) if not part.startswith("{") else ".+" if part.endswith("*}") else "[^:]+" for part in parts
        )
        return re.fullmatch(regex, key) is not None


_WITH_JOB = "no expiry until the job ends, then `RESULT_TTL`"
_FOREVER = "none"
_LEDGER = ("ledger/transaction.py",)
_STORE = ("api_keys/store.py",)
_CLEANUP, _TRUST = ("ledger/cleanup.py",), ("ledger/storage_trust.py",)

KEYS: tuple[RedisKey, ...] = (
    RedisKey(job("{job_id}"), KeyType.HASH, _WITH_JOB, _LEDGER, "A job's record.", JOB_FIELDS),
    RedisKey(
        job_pages("{job_id}"),
        KeyType.HASH,
        _WITH_JOB,
        _LEDGER,
        "Page number → the page's record as JSON without empty fields. A page without a record is queued.",
        PAGE_FIELDS,
    ),
    RedisKey(
        waiting_pages("{job_id}"),
        KeyType.LIST,
        "deleted when the job ends",
        ("ledger/pages.py", "ledger/jobs.py"),
        "Numbers of the pages that wait until the job has room for them in the queue.",
    ),
    RedisKey(
        page_edges("{job_id}"),
        KeyType.HASH,
        "deleted when the job ends; a day after the last page at most",
        ("ledger/pages.py", "ledger/jobs.py"),
        "Page number → the page's outermost rows as JSON, about 1 KB, so that headers are found by repetition. A page "
        "without them is read again.",
    ),
    RedisKey(
        job_events("{job_id}"),
        KeyType.STREAM,
        _WITH_JOB,
        ("events/stream.py",),
        "The job's events, under the same ids as in the stream of all events.",
        EVENT_FIELDS,
    ),
    RedisKey(
        job_exports("{job_id}"),
        KeyType.HASH,
        _WITH_JOB,
        _LEDGER,
        "Export name → the record of a file made from the result, as JSON.",
        EXPORT_FIELDS,
    ),
    RedisKey(
        job_password("{job_id}"),
        KeyType.STRING,
        "deleted once the file is open or the job ends; a day at most",
        ("ledger/jobs.py",),
        "The password of a PDF, sealed: it is readable only with the job's blob `password-pad`.",
    ),
    RedisKey(
        webhook("{job_id}"),
        KeyType.HASH,
        "at least a day while it is pending, then as long as the job",
        ("webhooks/deliveries.py",),
        "The delivery of the job's webhook.",
        WEBHOOK_FIELDS,
    ),
    RedisKey(
        owner_jobs("{owner}"),
        KeyType.SORTED_SET,
        "none; ids of expired jobs are removed within seconds",
        ("ledger/jobs.py", "ledger/job_list.py", "ledger/cleanup.py"),
        "The owner's job ids by creation time (Unix seconds).",
    ),
    RedisKey(writing("{job_id}"), KeyType.STRING, "20 s", _CLEANUP, "An api writes blobs that no record names yet."),
    RedisKey(
        CLEANUP, KeyType.SORTED_SET, _FOREVER, _CLEANUP, "What to remove or repair, by due time.", CLEANUP_ENTRIES
    ),
    RedisKey(STORAGE, KeyType.HASH, _FOREVER, _TRUST, "The storage that belongs to this Redis.", STORAGE_FIELDS),
    RedisKey(
        idempotency("{owner}", "{key_hash}"),
        KeyType.STRING,
        "one day",
        ("ledger/jobs.py",),
        "JSON `[job id, digest of the submission]`: what was submitted under an Idempotency-Key (its SHA-256).",
    ),
    RedisKey(
        ACTIVE_JOBS,
        KeyType.SORTED_SET,
        _FOREVER,
        ("ledger/backlog.py",),
        "Ids of the jobs that have not ended, by the time at which they were accepted or retried (Unix seconds).",
    ),
    RedisKey(
        BACKLOG,
        KeyType.HASH,
        _FOREVER,
        ("ledger/backlog.py",),
        "Sums over the jobs that have not ended.",
        {"pages": "pages left; an unopened file counts as one", "bytes": "size of their uploads"},
    ),
    RedisKey(
        page_times("{bucket}"),
        KeyType.HASH,
        "35 minutes after the last page",
        ("ledger/backlog.py",),
        "Pages that ended within five minutes; the bucket is Unix seconds divided by 300.",
        {"pages": "how many", "seconds": "how long they took in all"},
    ),
    RedisKey(
        work_time("{bucket}"),
        KeyType.HASH,
        "12 minutes after the last task",
        ("limits/work_time.py",),
        "Owner → seconds for which workers were busy with its work within a minute; the bucket is Unix seconds / 60.",
    ),
    RedisKey(
        PENDING_UNITS,
        KeyType.HASH,
        _FOREVER,
        _LEDGER,
        "Unit → JSON `[RQ id, Unix seconds]`: work that waits in the queue.",
    ),
    RedisKey(
        PENDING_SINCE,
        KeyType.SORTED_SET,
        _FOREVER,
        _LEDGER,
        "Units that wait, by the Unix seconds since which they do. What is wrong here is corrected from them.",
    ),
    RedisKey(
        PENDING_EXPORTS,
        KeyType.SORTED_SET,
        _FOREVER,
        _LEDGER,
        "Export files that wait, in the same way.",
    ),
    RedisKey(
        LEASES,
        KeyType.HASH,
        _FOREVER,
        _LEDGER,
        "Attempt → JSON `[unit, node, worker, Unix seconds]`: work that an attempt holds.",
    ),
    RedisKey(
        LEASE_DEADLINES,
        KeyType.HASH,
        _FOREVER,
        ("ledger/clock.py",),
        "Attempt → when its lease ends unless it is renewed, and when it ends at the latest: ms of the clock below.",
    ),
    RedisKey(
        LEASE_CLOCK,
        KeyType.HASH,
        _FOREVER,
        ("ledger/clock.py",),
        "The clock of leases, which stands still while Redis or all worker pools do.",
        {"ms": "its time", "at": "Redis's time when it went on last, in Unix ms"},
    ),
    RedisKey(
        UNREADABLE_JOBS,
        KeyType.HASH,
        _FOREVER,
        ("ledger/quarantine.py",),
        "Job id → why its record cannot be read. Entries go when the job does.",
    ),
    RedisKey(
        PLACES,
        KeyType.HASH,
        _FOREVER,
        ("ledger/shares.py",),
        "Unit in the queue, or attempt that holds one → its owner, one of whose places it takes.",
    ),
    RedisKey(PLACES_TAKEN, KeyType.HASH, _FOREVER, ("ledger/shares.py",), "Owner → how many places it has taken."),
    RedisKey(WAITING_OWNERS, KeyType.SET, _FOREVER, ("ledger/shares.py",), "Owners with units that wait for a place."),
    RedisKey(
        waiting_units("{owner}"),
        KeyType.LIST,
        "until its last unit has a place",
        ("ledger/shares.py",),
        "Units of an owner that wait for a place in the queue: JSON `[unit, RQ id, RQ id of a page image]`.",
    ),
    RedisKey(
        waiting_exports("{owner}"),
        KeyType.LIST,
        "until its last export has a place",
        ("ledger/shares.py",),
        "Export files of an owner that wait for a place, in the same form. They come before its other units.",
    ),
    RedisKey(
        WORKER_COUNT,
        KeyType.STRING,
        _FOREVER,
        ("ledger/shares.py",),
        "Live workers as the reaper counted them last; an owner's number of places follows from it.",
    ),
    RedisKey(NODES, KeyType.SET, _FOREVER, ("ledger/nodes.py",), "Ids of the worker pools."),
    RedisKey(
        node("{node}"),
        KeyType.STRING,
        "15 s after the last heartbeat",
        ("ledger/nodes.py",),
        "A live worker pool, as JSON.",
        {
            "node, workers, version": "the pool",
            "engines, languages": "what it can recognise with",
            "unusable_engines": "engines that it cannot use, with the reason",
            "sandbox": "what its machine restricts for the processes that open files",
            "settings": "fingerprints of the settings that it must share with the api",
            "process": "its main process: `space` (the machine or container), `pid`, `started`",
        },
    ),
    RedisKey(
        NODES_LAST_SEEN,
        KeyType.STRING,
        _FOREVER,
        ("ledger/nodes.py",),
        "The time (Unix seconds) of the last heartbeat of any worker pool.",
    ),
    RedisKey(
        REAPER_LOCK,
        KeyType.STRING,
        "4 s",
        ("ledger/lost_work.py",),
        "Which reaper has the turn: its token. It keeps the turn from round to round.",
    ),
    RedisKey(
        WRITE_PROBE,
        KeyType.STRING,
        "a minute",
        ("ledger/ledger.py",),
        "Written by every check of the service's health, to see whether Redis accepts changes.",
    ),
    RedisKey(
        EVENTS,
        KeyType.STREAM,
        "none; the newest 20,000 entries are kept",
        ("events/stream.py",),
        "All events of all owners. An entry of the type `keys` says that an API key was revoked or replaced.",
        {"owner": "the job's owner", **EVENT_FIELDS},
    ),
    RedisKey(
        DUE_WEBHOOKS,
        KeyType.SORTED_SET,
        _FOREVER,
        ("webhooks/deliveries.py",),
        "Job ids by the time (Unix, ms) at which their webhook needs attention.",
    ),
    RedisKey(METRICS, KeyType.HASH, _FOREVER, ("metrics.py",), "Counters of the whole service.", METRICS_FIELDS),
    RedisKey(
        blob("{job_id}", "{name}"),
        KeyType.LIST,
        "7 days or `RESULT_TTL`, whichever is longer; after the job's end `RESULT_TTL`",
        ("storage/redis_store.py",),
        "A stored file in chunks of 64 KiB, where STORAGE_URL is empty. A name with `.part.` is still being written.",
    ),
    RedisKey(
        job_blobs("{job_id}"),
        KeyType.SET,
        "as its blobs",
        ("storage/redis_store.py",),
        "The keys of a job's blobs.",
    ),
    RedisKey(
        api_key("{key_id}"),
        KeyType.HASH,
        "none; 30 days after the key was revoked or expired",
        _STORE,
        "An API key's account.",
        ACCOUNT_FIELDS,
    ),
    RedisKey(
        api_key_of_secret("{secret_hash}"),
        KeyType.STRING,
        "as the account; a replaced one until its overlap ends",
        _STORE,
        "SHA-256 of a secret → the account's id.",
    ),
    RedisKey(
        API_KEYS,
        KeyType.SORTED_SET,
        "none; ids of forgotten accounts are removed when the list is read",
        _STORE,
        "Account ids by creation time (Unix seconds).",
    ),
    RedisKey(
        api_key_of_email("{address}"),
        KeyType.STRING,
        "as the account; deleted when the key is revoked",
        _STORE,
        "The account that an e-mail address has.",
    ),
    RedisKey(
        usage("{owner}"),
        KeyType.HASH,
        "none; 30 days after the key was revoked or expired",
        _STORE,
        "What an owner used in all.",
        {"requests, pages, bytes": "sums", "last_used_at": "Unix seconds"},
    ),
    RedisKey(
        daily_usage("{owner}", "{day}"),
        KeyType.HASH,
        "35 days",
        _STORE,
        "What an owner used on one day (UTC).",
        {"requests, pages": "sums"},
    ),
    RedisKey(
        rate_limit("{counter*}"),
        KeyType.LIST,
        "the limit's window",
        ("rate_limits.py",),
        "Times of a caller's requests within the window. The counter names the limit and the caller.",
    ),
    RedisKey(
        rq_queue("{queue}"),
        KeyType.LIST,
        _FOREVER,
        ("task_queue.py",),
        "RQ: ids of the tasks that wait. The queues are `ocrdesk` (QUEUE_NAME), `ocrdesk-images` (expires after 5 "
        "minutes without a push) and `ocrdesk-webhooks`.",
    ),
    RedisKey(
        rq_intermediate_queue("{queue}"),
        KeyType.LIST,
        _FOREVER,
        ("ledger/lost_work.py", "task_queue.py"),
        "RQ: ids that a worker has fetched and not begun. The reaper removes those of dead workers.",
    ),
    RedisKey(
        rq_job("{rq_id}"),
        KeyType.HASH,
        "deleted after the task; an hour after a failure or after the time limit, if its worker was killed",
        ("task_queue.py",),
        "RQ: a task's record. Its description is the unit.",
    ),
    RedisKey(
        rq_worker("{name}"),
        KeyType.HASH,
        "8 minutes after a worker's last sign of life",
        ("foreign_workers.py",),
        "RQ: a worker. Ours have the field `ocrdesk`, their version; others are named in the log.",
    ),
    RedisKey(
        rq_workers_of("{queue}"),
        KeyType.SET,
        _FOREVER,
        ("foreign_workers.py",),
        "RQ: the keys of the workers that listen to a queue.",
    ),
)
