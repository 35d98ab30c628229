"""Finds what a quiet service must not have: held work, stray files and processes, keys without a lifetime."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import psutil

from ocrdesk.backend import redis_keys
from ocrdesk.backend.redis_key_table import KEYS
from ocrdesk.backend.storage.folder_store import IDENTITY_FILE
from tests.chaos.lab import Lab
from tests.helpers.wait import wait_until

Finding = tuple[str, str, str]
"""The rule, the job's id (or empty), and what was found."""

_OF_RQ = re.compile(r"rq:(workers|queues|queue|wip|finished|failed|deferred|scheduled|canceled|suspended)\b.*")
"""RQ's indexes and registries, which have no lifetime."""
_OF_JOBS = (redis_keys.job(""), redis_keys.job_blobs(""), redis_keys.blob("", "")[:-1])
"""How keys begin that belong to one job."""
_MOST_NAMED = 10


def after_cleaning(lab: Lab, limit_s: float) -> list[Finding]:
    """Return what is still left behind after at most `limit_s` seconds."""
    try:
        wait_until(lambda: not findings(lab), "a clean service", limit_s)
    except AssertionError:
        return findings(lab)
    return []


def findings(lab: Lab) -> list[Finding]:
    """Return what is left behind now."""
    with lab.redis() as redis:
        jobs = {key.split(":")[2] for key in redis.scan_iter(redis_keys.job("*"), count=1000)}
        found = [*_held_work(redis), *_keys(redis, jobs)]
    return [*found, *_blobs(lab, jobs), *_scratch(lab), *_processes(lab)]


def _held_work(redis: Any) -> Iterator[Finding]:
    for key in (redis_keys.LEASES, redis_keys.PENDING_UNITS):
        for name, value in redis.hgetall(key).items():
            yield f"{key} is empty", _job_in(f"{name} {value}"), f"{name}: {value}"
    for job_id in redis.zrange(redis_keys.ACTIVE_JOBS, 0, -1):
        yield f"{redis_keys.ACTIVE_JOBS} is empty", job_id, "it is listed as active"
    for name, value in redis.hgetall(redis_keys.BACKLOG).items():
        if float(value) != 0:
            yield f"{redis_keys.BACKLOG} is zero", "", f"{name}: {value}"
    for key in redis.scan_iter(redis_keys.rq_queue("*"), count=1000):
        for entry in redis.lrange(key, 0, -1):
            yield f"{key} is empty", _job_in(entry), entry


def _keys(redis: Any, jobs: set[str]) -> Iterator[Finding]:
    """Yield keys without a lifetime that are neither an index nor a counter, and entries of indexes without a job."""
    for key in redis.scan_iter(count=1000):
        described = next((known for known in KEYS if known.matches(key)), None)
        may_stay = _OF_RQ.fullmatch(key) or (described is not None and described.lifetime.startswith("none"))
        if not may_stay and redis.ttl(key) == -1:
            yield "only indexes and counters have no lifetime", _job_in(key), key
        job_id = _job_in(key) if key.startswith(_OF_JOBS) else ""
        if job_id and job_id not in jobs:
            yield "no key without its job", job_id, key
    for key in redis.scan_iter(redis_keys.owner_jobs("*"), count=1000):
        for job_id in set(redis.zrange(key, 0, -1)) - jobs:
            yield "an index names no job that is gone", job_id, key


def _blobs(lab: Lab, jobs: set[str]) -> Iterator[Finding]:
    if lab.blobs is None:
        return
    for folder in lab.blobs.iterdir():
        if folder.name == IDENTITY_FILE or not folder.is_dir():
            continue
        names = sorted(file.name for file in folder.iterdir()) if folder.exists() else []
        if folder.name not in jobs:
            yield "no file without its job", folder.name, f"{len(names)} files: {', '.join(names[:_MOST_NAMED])}"
        for name in names:
            if name.endswith(".part"):
                yield "no unfinished file stays", folder.name, name


def _scratch(lab: Lab) -> Iterator[Finding]:
    """Yield files in the scratch folders and folders of pools that are gone; a live pool has one, with a lock."""
    pools = [folder for root in lab.scratch_folders for folder in root.glob("ocrdesk-pool-*")]
    if len(pools) > len(lab.pools):
        yield "no temporary file stays", "", f"{len(pools)} folders of {len(lab.pools)} pools"
    for root in lab.scratch_folders:
        for file in root.rglob("*"):
            if file.is_file() and not file.is_symlink() and file.name != ".lock":
                yield "no temporary file stays", _job_in(str(file)), str(file.relative_to(lab.root))


def _processes(lab: Lab) -> Iterator[Finding]:
    for process in lab.orphans():
        try:
            yield "no process outlives its parents", "", f"{process.pid} {process.status()} {process.cmdline()}"
        except psutil.Error:
            continue


def _job_in(text: str) -> str:
    found = re.search(r"[0-9a-f]{32}", text)
    return found[0] if found else ""
