"""The clock of leases: Redis's time without the time in which everything stood still.

It runs while worker pools run: every tick adds the time since the last tick, but never more than MAX_STEP_MS. So
nothing expires while Redis, the network or all machines stand still, when Redis's clock is set, or when another server
with another clock takes over. After a rollback the clock continues where the data is. No machine's own clock is used.
"""

from __future__ import annotations

from typing import Any

from ocrdesk.backend.redis_keys import LEASE_CLOCK, LEASE_DEADLINES, LEASES

MAX_STEP_MS = 3_000
"""Pools and workers tick more often than this. It is far shorter than a lease."""
LEASE_MS = 8_000
"""How long an attempt holds its unit unless its worker renews the lease."""
RENEW_EVERY_S = 2.0
_LIMIT_MARGIN_MS = 60_000
"""The worker ends a unit at its limit; only if it does not, the lease ends this much later."""

# Scripts, because the time must be read in the same transaction that writes the lease.
_FLAGS = "#!lua flags=allow-oom"
_TICK = f"""
local function tick(clock)
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    local stored = redis.call('HMGET', clock, 'ms', 'at')
    local ms = tonumber(stored[1]) or now
    local passed = now - (tonumber(stored[2]) or now)
    ms = ms + math.max(0, math.min(passed, {MAX_STEP_MS}))
    redis.call('HSET', clock, 'ms', ms, 'at', now)
    return ms
end
"""
HOLD_FUNCTION = f"""{_TICK}
local function hold(clock, leases, deadlines, attempt, unit, node, worker, limit_ms)
    local ms = tick(clock)
    local seconds = tonumber(redis.call('TIME')[1])
    redis.call('HSET', leases, attempt, cjson.encode({{unit, node, worker, seconds}}))
    local last = ms + limit_ms + {_LIMIT_MARGIN_MS}
    redis.call('HSET', deadlines, attempt, string.format('%.0f %.0f', ms + {LEASE_MS}, last))
end
"""
"""Writes an attempt's lease of a unit, in a script of another module. See `hold`."""
_READ = f"{_FLAGS}{_TICK} return tick(KEYS[1])"
_HOLD = f"""{_FLAGS}{HOLD_FUNCTION}
hold(KEYS[1], KEYS[2], KEYS[3], unpack(ARGV))
"""
_RENEW = f"""{_FLAGS}{_TICK}
local ms = tick(KEYS[1])
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 0 then return 0 end
local entry = redis.call('HGET', KEYS[3], ARGV[1]) or ''
local last = tonumber(string.match(entry, ' (%d+)$')) or ms + {LEASE_MS}
redis.call('HSET', KEYS[3], ARGV[1], string.format('%.0f %.0f', math.min(ms + {LEASE_MS}, last), last))
return 1
"""
KEYS = (LEASE_CLOCK, LEASES, LEASE_DEADLINES)


def tick(redis: Any) -> int:
    """Let the clock go on, and return its time in ms."""
    return int(redis.eval(_READ, 1, LEASE_CLOCK))


def hold(pipe: Any, attempt_id: str, unit_key: str, node: str, worker: str, limit_s: float) -> None:
    """Write an attempt's lease of a unit, in a transaction. `limit_s`: after this time its worker ends it."""
    pipe.eval(_HOLD, len(KEYS), *KEYS, attempt_id, unit_key, node, worker, round(1000 * limit_s))


def renew(redis: Any, attempt_id: str) -> bool:
    """Renew an attempt's lease, up to the unit's limit; False when it holds nothing."""
    return bool(redis.eval(_RENEW, len(KEYS), *KEYS, attempt_id))


def deadline_from(entry: str) -> int:
    """Return when a lease ends, in ms of this clock; 0 for an entry that cannot be read."""
    first = entry.partition(" ")[0]
    return int(first) if first.isdigit() else 0
