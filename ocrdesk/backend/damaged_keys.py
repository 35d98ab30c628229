"""Removes keys of a wrong type, which only somebody who changed Redis can have left: no command works on them.

What such a key holds cannot be used, but while it is there, every command that needs it fails for all callers. Without
it, lists and sums are built again from the records, as after a loss of data.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from ocrdesk.backend import redis_keys
from ocrdesk.backend.redis_key_table import KEYS, KeyType

_log = logging.getLogger(__name__)

_SUMS = (redis_keys.METRICS, redis_keys.BACKLOG, redis_keys.PLACES_TAKEN)
_SUM_PREFIXES = tuple(name("") for name in (redis_keys.page_times, redis_keys.work_time, redis_keys.usage))
_NO_SUMS = ("is not an integer", "is not a float", "would overflow", "NaN or Infinity")
"""How Redis says that it cannot add to what a field holds."""

# Removes the fields of hashes of sums to which nothing can be added.
_KEEP_NUMBERS = """#!lua flags=allow-oom
local removed = 0
for _, key in ipairs(KEYS) do
    local found = redis.call('TYPE', key).ok == 'hash' and redis.call('HGETALL', key) or {}
    for i = 1, #found, 2 do
        local number = tonumber(found[i + 1])
        if not number or number ~= number or math.abs(number) > 2 ^ 53 then
            removed = removed + redis.call('HDEL', key, found[i])
        end
    end
end
return removed
"""
# A script, because another process may have replaced the key by a right one meanwhile.
_REMOVE = """#!lua flags=allow-oom
local kind = redis.call('TYPE', KEYS[1]).ok
if kind == 'none' or kind == ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
"""

_MEMBERS = {
    KeyType.HASH: ("hkeys", "hdel"),
    KeyType.SORTED_SET: ("zrange", "zrem"),
    KeyType.SET: ("smembers", "srem"),
}
"""The commands that read and remove the members of a key."""
_ALL = {KeyType.SORTED_SET: (0, -1)}
_OF_FIXED_KEYS = {key.pattern: key.type for key in KEYS if key.is_single}
_DESCRIBED = {key.beginning: key.type for key in KEYS if not key.is_single}
_REBUILT = (
    redis_keys.owner_jobs(""),
    redis_keys.waiting_units(""),
    redis_keys.waiting_exports(""),
    redis_keys.page_times(""),
    redis_keys.work_time(""),
    redis_keys.node(""),
    redis_keys.usage(""),
    redis_keys.rq_workers_of(""),
    redis_keys.rq_queue(""),
    redis_keys.job_blobs(""),
    redis_keys.blob("x", "").partition("x")[0],
)
"""How keys begin that may be removed, of those of which there are many. Accounts and records of jobs may not."""
_OF_PREFIXES = (
    {prefix: _DESCRIBED[prefix] for prefix in _REBUILT}
    | {redis_keys.RQ_QUEUES: KeyType.SET, redis_keys.RQ_WORKERS: KeyType.SET}
    | {redis_keys.rq_registry(name, ""): KeyType.SORTED_SET for name in redis_keys.RQ_REGISTRIES}
)
_PART_OF_JOB = redis_keys.job("{job_id}") + ":"
PARTS_OF_JOB = {
    key.pattern.removeprefix(_PART_OF_JOB): key.type for key in KEYS if key.pattern.startswith(_PART_OF_JOB)
}
"""The types of a job's keys beside its record, by the last part of their names."""


def fixed_keys() -> list[str]:
    """Return the keys of which there is one."""
    return list(_OF_FIXED_KEYS)


def keys_of_queues(names: Iterable[str]) -> list[str]:
    """Return what RQ keeps for the queues of these names."""
    keys = [redis_keys.RQ_QUEUES, redis_keys.RQ_WORKERS]
    for name in names:
        keys += [redis_keys.rq_queue(name), redis_keys.rq_intermediate_queue(name), redis_keys.rq_workers_of(name)]
        keys += [redis_keys.rq_registry(registry, name) for registry in redis_keys.RQ_REGISTRIES]
    return keys


def remove_wrong_types(redis: Any, keys: Iterable[str]) -> list[str]:
    """Remove those of the keys that have a wrong type, and return them. Raises RedisFailure.

    A job's own record is left: it counts as failed, and its owner can delete it.
    """
    wanted = {key: kind for key in keys if (kind := type_of(key)) is not None}
    with redis.pipeline(transaction=False) as pipe:
        for key in wanted:
            pipe.type(key)
        found = pipe.execute()
    suspects = [key for key, is_now in zip(wanted, found, strict=True) if is_now not in (wanted[key], "none")]
    removed = [key for key in suspects if redis.eval(_REMOVE, 1, key, wanted[key].value)]
    for key in removed:
        _log.error("the key %s had a type that ocrdesk never writes: it was removed", key)
    return removed


def is_no_sum(error: Exception) -> bool:
    """Return whether an error of Redis means that a sum holds something to which nothing can be added."""
    return any(words in str(error) for words in _NO_SUMS)


def remove_wrong_sums(redis: Any, keys: Iterable[str] = ()) -> int:
    """Remove from the sums, and from those of the keys that are sums, what is no number; return how many fields.

    Raises RedisFailure.
    """
    wanted = [*_SUMS, *(key for key in keys if key.startswith(_SUM_PREFIXES))]
    if removed := int(redis.eval(_KEEP_NUMBERS, len(wanted), *wanted)):
        _log.error("%d sums were no numbers, and begin at nothing again", removed)
    return removed


def texts_in(commands: Iterable[Any]) -> list[str]:
    """Return the texts in the queued commands of a pipeline, among them the keys and the owners' lists."""
    texts = {text for arguments, _ in commands for text in arguments if isinstance(text, str)}
    return sorted(texts)


def remove_foreign_members(raw: Any, queues: Iterable[str] = ()) -> int:
    """Remove members that are no text from the keys that list work, and return how many. Raises RedisFailure.

    `raw` answers bytes: a client that answers text cannot name them. `queues` are the names of RQ's queues.
    """
    lists = [key(name) for name in queues for key in (redis_keys.rq_queue, redis_keys.rq_intermediate_queue)]
    removed = sum(_remove(raw, key, kind) for key, kind in _OF_FIXED_KEYS.items() if kind in _MEMBERS)
    return removed + sum(_remove_entries(raw, key) for key in lists)


def _remove(raw: Any, key: str, kind: KeyType) -> int:
    read, remove = _MEMBERS[kind]
    found = [member for member in getattr(raw, read)(key, *_ALL.get(kind, ())) if not _is_text(member)]
    return int(getattr(raw, remove)(key, *found)) if found else 0


def _remove_entries(raw: Any, key: str) -> int:
    found = {entry for entry in raw.lrange(key, 0, -1) if not _is_text(entry)}
    return sum(int(raw.lrem(key, 0, entry)) for entry in found)


def _is_text(member: bytes) -> bool:
    try:
        member.decode()
    except ValueError:
        return False
    return True


def type_of(key: str) -> KeyType | None:
    """Return the type that a key must have; None for one that may have any, or that is not ours."""
    if kind := _OF_FIXED_KEYS.get(key):
        return kind
    if key.startswith(redis_keys.job("")):
        return PARTS_OF_JOB.get(key.removeprefix(redis_keys.job("")).partition(":")[2])
    return next((kind for prefix, kind in _OF_PREFIXES.items() if key.startswith(prefix)), None)
