"""Finds the processes that a fault hits, and the units of work that they hold."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from random import Random

import psutil
from redis.exceptions import RedisError

from ocrdesk.backend import redis_keys
from ocrdesk.backend.ledger import codec
from tests.chaos.lab import Lab, Part


class NoTargetError(Exception):
    """Nothing is there that the fault could hit now."""


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker process of a pool."""

    pool: Part
    process: psutil.Process
    name: str
    units: tuple[str, ...]
    """The keys of the units that it holds, and of the one that it took from the queue."""

    @property
    def tasks(self) -> list[psutil.Process]:
        """Its task process, with what that started."""
        with contextlib.suppress(psutil.Error):
            return list(self.process.children(recursive=True))
        return []


def workers(lab: Lab, *, helpers: bool = False) -> list[Worker]:
    """Return the workers of all pools that Redis knows; with `helpers` those for images and webhooks instead."""
    try:
        with lab.redis(timeout_s=2) as redis:
            rows = [(key, redis.hmget(key, "pid", "current_job")) for key in redis.smembers("rq:workers")]
            leases = [codec.lease_from(*entry) for entry in redis.hgetall(redis_keys.LEASES).items()]
    except RedisError:
        raise NoTargetError("Valkey does not answer") from None
    parents = {}
    for pool in lab.pools:
        with contextlib.suppress(psutil.Error):
            parents |= {child.pid: (pool, child) for child in psutil.Process(pool.pid).children()}
    found = []
    for key, (pid, rq_id) in rows:
        name = key.removeprefix(redis_keys.rq_worker(""))
        if pid and int(pid) in parents and ("-images-" in name or "-webhooks-" in name) is helpers:
            held = {lease.unit.key for lease in leases if lease.attempt.worker == name}
            taken = {rq_id.rpartition("-")[0]} if rq_id else set()
            found.append(Worker(*parents[int(pid)], name, tuple(sorted(held | taken))))
    return sorted(found, key=lambda worker: worker.name)


def one_worker(lab: Lab, chosen: Random, *, busy: bool = False, helpers: bool = False) -> Worker:
    """Return one of them; with `busy` one that has a task process. Raises NoTargetError."""
    found = [worker for worker in workers(lab, helpers=helpers) if worker.tasks or not busy]
    if not found:
        raise NoTargetError("no worker is at work")
    return chosen.choice(found)


def units_of(lab: Lab, pool: Part) -> list[str]:
    """Return the keys of the units that a pool's workers hold or are about to claim; none if Valkey does not answer."""
    with contextlib.suppress(NoTargetError):
        return sorted(unit for worker in workers(lab) if worker.pool is pool for unit in worker.units)
    return []
