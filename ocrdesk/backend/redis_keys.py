"""The name of every Redis key; the only place that spells one. `redis_key_table` describes each of them."""

from __future__ import annotations

from ocrdesk.backend.redis_servers.key_prefix import PREFIX, RQ_PREFIX

ACTIVE_JOBS = f"{PREFIX}:active"
BACKLOG = f"{PREFIX}:backlog"
PENDING_UNITS = f"{PREFIX}:pending"
PENDING_SINCE = f"{PREFIX}:pending:since"
PENDING_EXPORTS = f"{PREFIX}:pending:exports"
LEASES = f"{PREFIX}:running"
LEASE_DEADLINES = f"{PREFIX}:deadlines"
LEASE_CLOCK = f"{PREFIX}:clock"
UNREADABLE_JOBS = f"{PREFIX}:unreadable"
PLACES = f"{PREFIX}:places"
PLACES_TAKEN = f"{PREFIX}:places:taken"
WAITING_OWNERS = f"{PREFIX}:queued"
WORKER_COUNT = f"{PREFIX}:workers"
NODES = f"{PREFIX}:nodes"
NODES_LAST_SEEN = f"{PREFIX}:nodes:seen"
REAPER_LOCK = f"{PREFIX}:reaper"
WRITE_PROBE = f"{PREFIX}:writable"
EVENTS = f"{PREFIX}:events"
METRICS = f"{PREFIX}:metrics"
DUE_WEBHOOKS = f"{PREFIX}:webhooks:due"
API_KEYS = f"{PREFIX}:keys"
CLEANUP = f"{PREFIX}:cleanup"
STORAGE = f"{PREFIX}:storage"
ALL = f"{PREFIX}:*"
"""What matches every key of ours but RQ's."""
RQ_QUEUES, RQ_WORKERS = f"{RQ_PREFIX}:queues", f"{RQ_PREFIX}:workers"
RQ_REGISTRIES = ("wip", "finished", "failed", "deferred", "scheduled", "canceled")
"""RQ's lists of what became of a queue's tasks."""
RATE_LIMITS_PREFIX = f"{PREFIX}:rates"
"""The prefix that the rate limiter's library puts before its own names."""


def job(job_id: str) -> str:
    return f"{PREFIX}:job:{job_id}"


def job_pages(job_id: str) -> str:
    return f"{PREFIX}:job:{job_id}:pages"


def waiting_pages(job_id: str) -> str:
    return f"{PREFIX}:job:{job_id}:waiting"


def page_edges(job_id: str) -> str:
    return f"{PREFIX}:job:{job_id}:edges"


def job_events(job_id: str) -> str:
    return f"{PREFIX}:job:{job_id}:events"


def job_exports(job_id: str) -> str:
    return f"{PREFIX}:job:{job_id}:exports"


def job_password(job_id: str) -> str:
    return f"{PREFIX}:job:{job_id}:password"


def webhook(job_id: str) -> str:
    return f"{PREFIX}:job:{job_id}:webhook"


def writing(job_id: str) -> str:
    return f"{PREFIX}:writing:{job_id}"


def owner_jobs(owner: str) -> str:
    return f"{PREFIX}:jobs:{owner}"


def waiting_units(owner: str) -> str:
    return f"{PREFIX}:queued:units:{owner}"


def waiting_exports(owner: str) -> str:
    return f"{PREFIX}:queued:exports:{owner}"


def idempotency(owner: str, key_hash: str) -> str:
    return f"{PREFIX}:once:{owner}:{key_hash}"


def page_times(bucket: int | str) -> str:
    return f"{PREFIX}:drain:{bucket}"


def work_time(bucket: int | str) -> str:
    return f"{PREFIX}:worktime:{bucket}"


def node(node_id: str) -> str:
    return f"{PREFIX}:node:{node_id}"


def blob(job_id: str, name: str) -> str:
    return f"{PREFIX}:blob:{job_id}:{name}"


def job_blobs(job_id: str) -> str:
    return f"{PREFIX}:blobs:{job_id}"


def api_key(key_id: str) -> str:
    return f"{PREFIX}:key:{key_id}"


def api_key_of_secret(secret_hash: str) -> str:
    return f"{PREFIX}:keyhash:{secret_hash}"


def api_key_of_email(address: str) -> str:
    return f"{PREFIX}:email:{address}"


def usage(owner: str) -> str:
    return f"{PREFIX}:usage:{owner}"


def daily_usage(owner: str, day: str) -> str:
    return f"{usage(owner)}:{day}"


def rate_limit(counter: str) -> str:
    return f"{RATE_LIMITS_PREFIX}:{counter}"


def rq_job(rq_id: str) -> str:
    return f"{RQ_PREFIX}:job:{rq_id}"


def rq_worker(name: str) -> str:
    return f"{RQ_PREFIX}:worker:{name}"


def rq_workers_of(queue: str) -> str:
    return f"{RQ_PREFIX}:workers:{queue}"


def rq_queue(queue: str) -> str:
    return f"{RQ_PREFIX}:queue:{queue}"


def rq_intermediate_queue(queue: str) -> str:
    return f"{RQ_PREFIX}:queue:{queue}:intermediate"


def rq_registry(name: str, queue: str) -> str:
    return f"{RQ_PREFIX}:{name}:{queue}"
