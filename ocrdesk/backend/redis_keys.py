"""The name of every Redis key; the only place that spells one. `redis_key_table` describes each of them."""

from __future__ import annotations

ACTIVE_JOBS = "ocrdesk:active"
BACKLOG = "ocrdesk:backlog"
PENDING_UNITS = "ocrdesk:pending"
LEASES = "ocrdesk:running"
LEASE_DEADLINES = "ocrdesk:deadlines"
LEASE_CLOCK = "ocrdesk:clock"
UNREADABLE_JOBS = "ocrdesk:unreadable"
PLACES = "ocrdesk:places"
PLACES_TAKEN = "ocrdesk:places:taken"
WAITING_OWNERS = "ocrdesk:queued"
WORKER_COUNT = "ocrdesk:workers"
NODES = "ocrdesk:nodes"
NODES_LAST_SEEN = "ocrdesk:nodes:seen"
REAPER_LOCK = "ocrdesk:reaper"
WRITE_PROBE = "ocrdesk:writable"
EVENTS = "ocrdesk:events"
METRICS = "ocrdesk:metrics"
DUE_WEBHOOKS = "ocrdesk:webhooks:due"
API_KEYS = "ocrdesk:keys"
CLEANUP = "ocrdesk:cleanup"
STORAGE = "ocrdesk:storage"
ALL = "ocrdesk:*"
"""What matches every key of ours but RQ's."""
RQ_QUEUES, RQ_WORKERS = "rq:queues", "rq:workers"
RQ_REGISTRIES = ("wip", "finished", "failed", "deferred", "scheduled", "canceled")
"""RQ's lists of what became of a queue's tasks."""
RATE_LIMITS_PREFIX = "ocrdesk:rates"
"""The prefix that the rate limiter's library puts before its own names."""


def job(job_id: str) -> str:
    return f"ocrdesk:job:{job_id}"


def job_pages(job_id: str) -> str:
    return f"ocrdesk:job:{job_id}:pages"


def waiting_pages(job_id: str) -> str:
    return f"ocrdesk:job:{job_id}:waiting"


def page_edges(job_id: str) -> str:
    return f"ocrdesk:job:{job_id}:edges"


def job_events(job_id: str) -> str:
    return f"ocrdesk:job:{job_id}:events"


def job_exports(job_id: str) -> str:
    return f"ocrdesk:job:{job_id}:exports"


def job_password(job_id: str) -> str:
    return f"ocrdesk:job:{job_id}:password"


def webhook(job_id: str) -> str:
    return f"ocrdesk:job:{job_id}:webhook"


def writing(job_id: str) -> str:
    return f"ocrdesk:writing:{job_id}"


def owner_jobs(owner: str) -> str:
    return f"ocrdesk:jobs:{owner}"


def waiting_units(owner: str) -> str:
    return f"ocrdesk:queued:units:{owner}"


def waiting_exports(owner: str) -> str:
    return f"ocrdesk:queued:exports:{owner}"


def idempotency(owner: str, key_hash: str) -> str:
    return f"ocrdesk:once:{owner}:{key_hash}"


def page_times(bucket: int | str) -> str:
    return f"ocrdesk:drain:{bucket}"


def work_time(bucket: int | str) -> str:
    return f"ocrdesk:worktime:{bucket}"


def node(node_id: str) -> str:
    return f"ocrdesk:node:{node_id}"


def blob(job_id: str, name: str) -> str:
    return f"ocrdesk:blob:{job_id}:{name}"


def job_blobs(job_id: str) -> str:
    return f"ocrdesk:blobs:{job_id}"


def api_key(key_id: str) -> str:
    return f"ocrdesk:key:{key_id}"


def api_key_of_secret(secret_hash: str) -> str:
    return f"ocrdesk:keyhash:{secret_hash}"


def api_key_of_email(address: str) -> str:
    return f"ocrdesk:email:{address}"


def usage(owner: str) -> str:
    return f"ocrdesk:usage:{owner}"


def daily_usage(owner: str, day: str) -> str:
    return f"{usage(owner)}:{day}"


def rate_limit(counter: str) -> str:
    return f"{RATE_LIMITS_PREFIX}:{counter}"


def rq_job(rq_id: str) -> str:
    return f"rq:job:{rq_id}"


def rq_worker(name: str) -> str:
    return f"rq:worker:{name}"


def rq_workers_of(queue: str) -> str:
    return f"rq:workers:{queue}"


def rq_queue(queue: str) -> str:
    return f"rq:queue:{queue}"


def rq_intermediate_queue(queue: str) -> str:
    return f"rq:queue:{queue}:intermediate"


def rq_registry(name: str, queue: str) -> str:
    return f"rq:{name}:{queue}"
