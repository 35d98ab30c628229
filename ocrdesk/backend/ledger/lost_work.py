"""Finds work that nobody does any more: leases that nobody renews, and units that the queue lost."""

from __future__ import annotations

import contextlib
import logging
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from redis import Redis

from ocrdesk.backend import redis_keys
from ocrdesk.backend.damaged_keys import fixed_keys, keys_of_queues, remove_wrong_sums, remove_wrong_types
from ocrdesk.backend.ledger import clock, codec
from ocrdesk.backend.ledger.leases import Leases
from ocrdesk.backend.ledger.nodes import Nodes
from ocrdesk.backend.ledger.shares import Shares
from ocrdesk.backend.records import ActiveLease, QueuedUnit
from ocrdesk.backend.task_queue import TaskQueue

_log = logging.getLogger(__name__)

_LEFT_RECORD_TTL_S = 3600
LOCK_TTL_S = 4.0
"""A reaper that died or was stopped holds the others up for so long. Far longer than the time between two rounds."""

# Takes the turn, or keeps it. A key of a wrong type, or without an end, would keep all reapers out for ever.
_TAKE_TURN = """#!lua flags=allow-oom
local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'string' and kind ~= 'none' then redis.call('DEL', KEYS[1]) end
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] and redis.call('PTTL', KEYS[1]) ~= -1 then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""
_END_TURN = """#!lua flags=allow-oom
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
"""


class LostWork:
    """Reads who should be at work, for the reaper."""

    def __init__(self, redis: Redis, queue: TaskQueue, leases: Leases, nodes: Nodes, shares: Shares) -> None:
        self._redis: Any = redis  # sync, answers text; redis-py types its answers as maybe awaitable
        self._queue = queue
        self._leases = leases
        self._nodes = nodes
        self._shares = shares
        self._token = uuid.uuid4().hex

    @contextlib.contextmanager
    def reaper_turn(self) -> Iterator[bool]:
        """Take the turn of the one reaper that works, for LOCK_TTL_S from now; yield whether this one has it.

        Who has it keeps it from round to round, so that the others ask one question per round and do nothing: with
        hundreds of pools, one of them would work at any moment. A turn that expires in a round is no error, because
        the work of two reapers at a time does no harm. First the keys are removed that would make it fail.
        """
        if not self._redis.eval(_TAKE_TURN, 1, redis_keys.REAPER_LOCK, self._token, round(1000 * LOCK_TTL_S)):
            yield False
            return
        remove_wrong_types(self._redis, [*fixed_keys(), *keys_of_queues(self._queue.names)])
        remove_wrong_sums(self._redis)
        yield True

    def end_turn(self) -> None:
        """Let another reaper work at once, if this one has the turn."""
        self._redis.eval(_END_TURN, 1, redis_keys.REAPER_LOCK, self._token)

    def clock_ms(self) -> int:
        """Return the time on the clock of leases."""
        return clock.tick(self._redis)

    def expired(self) -> list[ActiveLease]:
        """Return the leases that nobody renewed.

        A worker of an older version does not renew its leases. They count as expired when its pool is dead.
        """
        now = clock.tick(self._redis)
        deadlines = self._redis.hgetall(redis_keys.LEASE_DEADLINES)
        active = self._leases.active()
        if left := set(deadlines) - {lease.attempt.id for lease in active}:  # an older version ends leases alone
            self._redis.hdel(redis_keys.LEASE_DEADLINES, *left)
        alive = {node.node for node in self._nodes.live()} if len(deadlines) < len(active) else set()
        return [lease for lease in active if _is_expired(lease, deadlines.get(lease.attempt.id), now, alive)]

    def expire_all(self) -> None:
        """End all leases, and the turn of a reaper, for a caller who knows that no worker pool is alive."""
        self._redis.delete(redis_keys.REAPER_LOCK)
        for lease in self._leases.active():
            self._redis.hset(redis_keys.LEASE_DEADLINES, lease.attempt.id, "0 0")

    def pending(self) -> list[QueuedUnit]:
        """Return the units that should be in the queue. Removes entries that cannot be read."""
        found = []
        for key, entry in self._redis.hgetall(redis_keys.PENDING_UNITS).items():
            queued = codec.readable_queued_unit(key, entry)
            if queued is None:
                _log.error("the queue entry of a unit cannot be read: removed")
                self._redis.hdel(redis_keys.PENDING_UNITS, key)
            else:
                found.append(queued)
        return found

    def queued_ids(self) -> set[str]:
        """Return the RQ ids that wait in the queue, or for a place of their owner."""
        waiting = self._shares.waiting_ids()  # first, because units move from there to the queue
        return waiting | set(self._redis.lrange(self._queue.key, 0, -1))

    def intermediate_ids(self) -> set[str]:
        """Return the RQ ids, also of page images and batches of webhooks, that a worker has fetched and not begun."""
        with self._redis.pipeline(transaction=False) as pipe:
            for key in self._queue.intermediate_keys:
                pipe.lrange(key, 0, -1)
            return {rq_id for ids in pipe.execute() for rq_id in ids}

    def drop_intermediate(self, rq_ids: Iterable[str]) -> None:
        """Remove RQ ids that a worker has fetched and will never begin. Their records expire."""
        with self._redis.pipeline(transaction=False) as pipe:
            for rq_id in rq_ids:
                for key in self._queue.intermediate_keys:
                    pipe.lrem(key, 0, rq_id)
            pipe.execute()

    def expire_left_records(self) -> None:
        """Let RQ's records of tasks expire that nobody needs: of killed workers, or from before a rollback of Redis.

        Those of tasks in work expire anyway.
        """
        keys = list(self._redis.scan_iter(match=redis_keys.rq_job("*"), count=1000))
        with self._redis.pipeline(transaction=False) as pipe:
            for key in keys:
                pipe.ttl(key)
            lasting = {key for key, ttl in zip(keys, pipe.execute(), strict=True) if ttl == -1}
            needed = {redis_keys.rq_job(queued.rq_id) for queued in self.pending()}  # last: units are pushed meanwhile
            for key in lasting - needed:
                pipe.expire(key, _LEFT_RECORD_TTL_S)
            pipe.execute()


def _is_expired(lease: ActiveLease, deadline: str | None, now: int, alive: set[str]) -> bool:
    if deadline is None:
        return lease.attempt.node not in alive
    return clock.deadline_from(deadline) <= now
