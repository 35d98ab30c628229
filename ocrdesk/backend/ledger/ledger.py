"""`Ledger`: gives access to the parts below.

Three rules hold them together:

* Every change of state is one optimistic transaction (WATCH, MULTI) that also writes the event and queues the work
  that follows. There is no moment at which one of them exists without the others.
* Work in the queue is a hint. The claim decides: one attempt holds a unit (a job to prepare or close, a page, an
  export), and the attempt's id fences all its writes. A second delivery, or an attempt that was given up, is refused.
* A unit that has not ended is either pending (in the queue) or held by an attempt whose worker renews its lease. So
  the reaper finds whatever a dead or stopped process or machine, or a rollback of Redis, left behind.
"""

from __future__ import annotations

import re
from typing import Any

from redis import Redis

from ocrdesk.backend import redis_keys
from ocrdesk.backend.ledger.backlog import Backlog
from ocrdesk.backend.ledger.cleanup import Cleanup
from ocrdesk.backend.ledger.exports import Exports
from ocrdesk.backend.ledger.job_list import JobList
from ocrdesk.backend.ledger.jobs import Jobs
from ocrdesk.backend.ledger.leases import Leases
from ocrdesk.backend.ledger.lost_results import LostResults
from ocrdesk.backend.ledger.lost_work import LostWork
from ocrdesk.backend.ledger.nodes import Nodes
from ocrdesk.backend.ledger.pages import Pages
from ocrdesk.backend.ledger.quarantine import Quarantine
from ocrdesk.backend.ledger.repairs import Repairs
from ocrdesk.backend.ledger.shares import Shares
from ocrdesk.backend.ledger.storage_trust import StorageTrust
from ocrdesk.backend.ledger.stored_jobs import StoredJobs
from ocrdesk.backend.ledger.transaction import Transactions
from ocrdesk.backend.limits.work_time import WorkTime
from ocrdesk.backend.task_queue import TaskQueue

_PROBE_TTL_S = 60


class Ledger:
    """The state of jobs in Redis, by aggregate. The only writer of job, page and export states."""

    def __init__(self, redis: Redis, queue: TaskQueue, result_ttl_s: int) -> None:
        transactions = Transactions(redis, queue)
        self._redis = redis
        self.quarantine = Quarantine(redis)
        self.jobs = Jobs(redis, transactions, self.quarantine, result_ttl_s)
        self.job_list = JobList(redis, self.quarantine)
        self.pages = Pages(redis, transactions)
        self.exports = Exports(redis, transactions)
        self.leases = Leases(redis, transactions, self.jobs)
        self.nodes = Nodes(redis)
        self.shares = Shares(redis, queue)
        self.work_time = WorkTime(redis)
        self.lost_work = LostWork(redis, queue, self.leases, self.nodes, self.shares)
        self.repairs = Repairs(redis, transactions, self.quarantine, result_ttl_s)
        self.backlog = Backlog(redis, queue, self.nodes, self.shares)
        self.cleanup = Cleanup(redis)
        self.lost_results = LostResults(transactions)
        self.stored_jobs = StoredJobs(redis)
        self.storage_trust = StorageTrust(redis)

    def check_writable(self) -> None:
        """Write a key that expires, as accepting a job would, and ask for the server's version, as RQ's workers do.

        Raises RedisFailure: see `redis_errors.problem_of`.
        """
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.set(redis_keys.WRITE_PROBE, "written", ex=_PROBE_TTL_S)
            pipe.info("server")
            pipe.execute()

    def replicas(self) -> int:
        """Return how many replicas of Redis receive its changes now. Raises RedisFailure."""
        found: dict[str, Any] = self._redis.info("replication")
        of_each = (value for name, value in found.items() if re.fullmatch(r"slave\d+", name))
        return sum(isinstance(one, dict) and one.get("state") == "online" for one in of_each)

    def memory(self) -> tuple[int, int]:
        """Return the bytes that Redis uses and those that it may use, 0 for no limit. Raises RedisFailure."""
        found: Any = self._redis.info("memory")
        return int(found["used_memory"]), int(found.get("maxmemory", 0))
