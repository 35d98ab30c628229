"""Shares the queue among owners: each has a few places, and its further units wait in lists of their own.

A place is taken by a unit in RQ's queue and by an attempt that holds a unit. While its owner has none left, a unit is
put into the owner's waiting list, exports before everything else. Each end of a unit gives its place to the next one in
the same transaction. As the queue itself is first in, first out, owners take turns, and none waits for more than the
places of the others.

Nothing depends on these keys being right: the reaper compares them with what is pending and held (see `repair`).
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from redis import Redis

from ocrdesk.backend import redis_keys
from ocrdesk.backend.ledger import clock
from ocrdesk.backend.records import UNREADABLE, Attempt, Unit
from ocrdesk.backend.task_queue import SavedUnit, TaskQueue

DEFAULT_WORKERS = 4
"""The workers that are assumed until a worker pool has counted them."""
EXTRA_PLACES = 2
"""Places on top of the workers of an owner who is alone, so that no worker waits for its next unit."""

WAITING_LISTS = (redis_keys.waiting_exports, redis_keys.waiting_units)

_FUNCTIONS = f"""#!lua flags=allow-oom
local places, taken, owners = KEYS[1], KEYS[2], KEYS[3]
local queue, images, images_ttl = KEYS[4], KEYS[5], tonumber(ARGV[2])
local owner_left = false
local workers = tonumber(redis.call('GET', KEYS[6]) or '') or {DEFAULT_WORKERS}

local function free(token)
    local owner = redis.call('HGET', places, token)
    if not owner then return nil end
    redis.call('HDEL', places, token)
    if redis.call('HINCRBY', taken, owner, -1) <= 0 then
        redis.call('HDEL', taken, owner)
        owner_left = true
    end
    return owner
end

local function take(token, owner)
    if redis.call('HSETNX', places, token, owner) == 1 then redis.call('HINCRBY', taken, owner, 1) end
end

local function count(owner) return tonumber(redis.call('HGET', taken, owner) or '') or 0 end

local function is_alone(owner)
    return redis.call('HLEN', taken) - redis.call('HEXISTS', taken, owner) == 0 and
        redis.call('SCARD', owners) - redis.call('SISMEMBER', owners, owner) == 0
end

local function has_room(owner)
    local limit = is_alone(owner) and workers + {EXTRA_PLACES} or math.max(1, workers - 1)
    return count(owner) < limit
end

local function enqueue(owner, unit, rq_id, image_id, at_front)
    take(unit, owner)
    redis.call(at_front and 'LPUSH' or 'RPUSH', queue, rq_id)
    if image_id ~= '' and redis.call('EXISTS', '{redis_keys.rq_job("")}' .. image_id) == 1 then
        redis.call('RPUSH', images, image_id)
        redis.call('EXPIRE', images, images_ttl)
    end
end

local function dispatch(owner)
    local exports, units = '{redis_keys.waiting_exports("")}' .. owner, '{redis_keys.waiting_units("")}' .. owner
    while has_room(owner) do
        local entry = redis.call('LPOP', exports) or redis.call('LPOP', units)
        if not entry then
            redis.call('SREM', owners, owner)
            return
        end
        local is_read, parts = pcall(cjson.decode, entry)
        if not is_read or type(parts) ~= 'table' then parts = {{}} end
        local unit, rq_id, image_id = tostring(parts[1]), tostring(parts[2]), tostring(parts[3] or '')
        -- the record of a unit whose job was deleted is gone
        if redis.call('EXISTS', '{redis_keys.rq_job("")}' .. rq_id) == 1 then
            enqueue(owner, unit, rq_id, image_id, false)
        end
    end
end
"""

_SETTLE = (
    _FUNCTIONS
    + f"""
local change, touched = cjson.decode(ARGV[1]), {{}}
for _, token in ipairs(change.free) do
    local owner = free(token)
    if owner then touched[owner] = true end
end
for _, pair in ipairs(change.take) do take(pair[1], pair[2]) end
for _, push in ipairs(change.push) do
    local owner, unit, rq_id, image_id, priority = unpack(push)
    if priority == 'recovered' then
        enqueue(owner, unit, rq_id, image_id, true)
    else
        local is_export = priority == 'export'
        local name = is_export and '{redis_keys.waiting_exports("")}' or '{redis_keys.waiting_units("")}'
        if has_room(owner) and redis.call('EXISTS', name .. owner) == 0 then
            enqueue(owner, unit, rq_id, image_id, is_export and is_alone(owner))
        else
            redis.call('RPUSH', name .. owner, cjson.encode({{unit, rq_id, image_id}}))
            redis.call('SADD', owners, owner)
            touched[owner] = true
        end
    end
end
if owner_left then -- the others may have more places now
    for _, owner in ipairs(redis.call('SMEMBERS', owners)) do touched[owner] = true end
end
for owner in pairs(touched) do dispatch(owner) end
"""
)

# A page's claim in one step, so that no claim or commit of another page of the job stands in its way. It is made only
# if what the worker has read of the job and of this page is still so.
_CLAIM_PAGE = (
    _FUNCTIONS
    + clock.HOLD_FUNCTION
    + """
local job, pages, pending = KEYS[7], KEYS[8], KEYS[9]
local unit, number, attempt = ARGV[3], ARGV[4], ARGV[5]
if redis.call('HEXISTS', pending, unit) == 0 then return 0 end
if (redis.call('HGET', pages, number) or '') ~= ARGV[9] then return 0 end
local now = redis.call('HMGET', job, 'state', 'file_pages')
if now[1] ~= ARGV[11] or (now[2] or '') ~= ARGV[12] then return 0 end
redis.call('HDEL', pending, unit)
redis.call('ZREM', KEYS[13], unit)
redis.call('HSET', pages, number, ARGV[10])
hold(KEYS[10], KEYS[11], KEYS[12], attempt, unit, ARGV[6], ARGV[7], ARGV[8])
take(attempt, ARGV[1])
local owner = free(unit)
if owner then dispatch(owner) end
return 1
"""
)

_REPAIR = (
    _FUNCTIONS
    + """
redis.call('SET', KEYS[6], ARGV[1])
workers = tonumber(ARGV[1])
if ARGV[3] == 'all' then
    local tokens, holders, counts = redis.call('HKEYS', places), redis.call('HVALS', places), {}
    for first = 1, #tokens, 1000 do -- a command for each of them would keep Redis busy ten times as long
        local last = math.min(first + 999, #tokens)
        local pending = redis.call('HMGET', KEYS[7], unpack(tokens, first, last))
        local held = redis.call('HMGET', KEYS[8], unpack(tokens, first, last))
        for i = first, last do
            if pending[i - first + 1] or held[i - first + 1] then
                counts[holders[i]] = (counts[holders[i]] or 0) + 1
            else
                redis.call('HDEL', places, tokens[i])
            end
        end
    end
    redis.call('DEL', taken)
    for owner, count in pairs(counts) do redis.call('HSET', taken, owner, count) end
end
for _, owner in ipairs(redis.call('SMEMBERS', owners)) do dispatch(owner) end
"""
)


class Priority(StrEnum):
    """Where a unit is put."""

    NORMAL = "normal"
    """Behind the units of its owner that wait."""
    EXPORT = "export"
    """Before them, because somebody waits for it; before the units of others never."""
    RECOVERED = "recovered"
    """Into the queue's front: it had its turn, and its worker was lost or it closes a job."""


@dataclass(slots=True)
class PlaceChanges:
    """What a transaction does with places, in the order in which it happens: free, take, push."""

    freed: list[str] = field(default_factory=list)
    """Units that left the queue, attempts that ended."""
    taken: list[tuple[str, str]] = field(default_factory=list)
    """(attempt, owner)"""
    pushed: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    """(owner, unit, RQ id, RQ id of a page image or "", priority)"""

    def push(self, owner: str, unit_key: str, saved: SavedUnit, priority: Priority) -> None:
        self.pushed.append((owner, unit_key, saved.rq_id, saved.image_rq_id, priority.value))

    def owners(self) -> set[str]:
        """Return the owners whose places or units change."""
        return {owner for owner, *_ in self.pushed} | {owner for _, owner in self.taken}

    def write(self, pipe: Any, queue: TaskQueue) -> None:
        """Write the changes in the caller's transaction, after everything else in it."""
        if not (self.freed or self.taken or self.pushed):
            return
        # cjson reads an empty list as an empty table, which is what the script expects
        change = json.dumps({"free": self.freed, "take": self.taken, "push": self.pushed})
        keys = _keys(queue)
        pipe.eval(_SETTLE, len(keys), *keys, change, queue.image_ttl_s)


@dataclass(frozen=True, slots=True)
class PageClaim:
    """What a claim of a page writes, and what it has read: it is made only if that is still stored."""

    owner: str
    unit: Unit
    attempt: Attempt
    limit_s: float
    """After this time the attempt's worker ends it."""
    page_before: str
    """The page's record; empty where there was none."""
    page_after: str
    state: str
    """The job's, as stored."""
    file_pages: str

    def write(self, pipe: Any, queue: TaskQueue) -> None:
        """Send the claim; its answer is 1 if it was made."""
        job_id, attempt = self.unit.job_id, self.attempt
        keys = [*_keys(queue), redis_keys.job(job_id), redis_keys.job_pages(job_id), redis_keys.PENDING_UNITS]
        keys += [*clock.KEYS, redis_keys.PENDING_SINCE]
        held = (attempt.id, attempt.node, attempt.worker, round(1000 * self.limit_s))
        stored = (self.page_before, self.page_after, self.state, self.file_pages)
        ttl_s, number = queue.image_ttl_s, self.unit.page
        pipe.eval(_CLAIM_PAGE, len(keys), *keys, self.owner, ttl_s, self.unit.key, number, *held, *stored)


class Shares:
    """Reads and repairs the owners' places."""

    def __init__(self, redis: Redis, queue: TaskQueue) -> None:
        self._redis: Any = redis  # sync, answers text; redis-py types its answers as maybe awaitable
        self._queue = queue

    def repair(self, workers: int) -> None:
        """Set the number of live workers, free places that nothing has, and give free places to waiting units.

        This looks at every place.
        """
        self._repair(workers, "all")

    def set_workers(self, workers: int) -> None:
        """Set the number of live workers, and give the places that this makes free to waiting units."""
        self._repair(workers, "count")

    def _repair(self, workers: int, what: str) -> None:
        keys = [*_keys(self._queue), redis_keys.PENDING_UNITS, redis_keys.LEASES]
        self._redis.eval(_REPAIR, len(keys), *keys, workers, self._queue.image_ttl_s, what)

    def workers(self) -> int | None:
        """Return the number of workers at the reaper's last round; None before the first one."""
        text = self._redis.get(redis_keys.WORKER_COUNT)
        return max(1, int(text)) if text and text.isdecimal() else None

    def waiting_ids(self) -> set[str]:
        """Return the RQ ids of the units that wait for a place of their owner."""
        lists = self._read_lists(WAITING_LISTS, "lrange", 0, -1)
        found = set()
        for entry in (entry for entries in lists for entry in entries):
            with contextlib.suppress(*UNREADABLE):  # the next script that finds it removes it
                found.add(str(json.loads(entry)[1]))
        return found

    def waiting_count(self) -> int:
        """Return how many units wait for a place of their owner."""
        return sum(self._read_lists(WAITING_LISTS, "llen"))

    def waiting_exports(self) -> int:
        """Return how many of them are export files."""
        return sum(self._read_lists((redis_keys.waiting_exports,), "llen"))

    def is_idle(self, owner: str) -> bool:
        """Return whether an owner has no units in the queue, held or waiting."""
        is_waiting = self._redis.sismember(redis_keys.WAITING_OWNERS, owner)
        return not is_waiting and not self._redis.hexists(redis_keys.PLACES_TAKEN, owner)

    def others_wait(self, owner: str) -> bool:
        """Return whether other owners have units in the queue, held or waiting."""
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.hlen(redis_keys.PLACES_TAKEN)
            pipe.hexists(redis_keys.PLACES_TAKEN, owner)
            pipe.scard(redis_keys.WAITING_OWNERS)
            pipe.sismember(redis_keys.WAITING_OWNERS, owner)
            active, is_active, waiting, is_waiting = pipe.execute()
        return int(active) > int(is_active) or int(waiting) > int(is_waiting)

    def _read_lists(self, names: Sequence[Callable[[str], str]], command: str, *arguments: int) -> list[Any]:
        owners = self._redis.smembers(redis_keys.WAITING_OWNERS)
        if not owners:
            return []
        with self._redis.pipeline(transaction=False) as pipe:
            for owner in owners:
                for name in names:
                    getattr(pipe, command)(name(owner), *arguments)
            return list(pipe.execute())


def _keys(queue: TaskQueue) -> list[str]:
    return [
        redis_keys.PLACES,
        redis_keys.PLACES_TAKEN,
        redis_keys.WAITING_OWNERS,
        queue.key,
        queue.image_key,
        redis_keys.WORKER_COUNT,
    ]
