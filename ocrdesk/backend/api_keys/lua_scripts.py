"""The Lua scripts.

Each change of an API key is one script, so that of two changes at once only one succeeds.
"""

from __future__ import annotations

from ocrdesk.backend import redis_keys

_PREFIXES = f"""
local account_key, secret_key = '{redis_keys.api_key("")}', '{redis_keys.api_key_of_secret("")}'
local email_key, usage_key = '{redis_keys.api_key_of_email("")}', '{redis_keys.usage("")}'
"""

# pcall: a full Redis refuses writes, but its callers must still be let in to read and delete.
_COUNT_FUNCTION = """
local function count(total, now, day, day_kept_s)
    local today = total .. ':' .. day
    redis.pcall('HINCRBY', total, 'requests', 1)
    redis.pcall('HSET', total, 'last_used_at', now)
    redis.pcall('HINCRBY', today, 'requests', 1)
    redis.pcall('EXPIRE', today, day_kept_s)
end
"""

COUNT = (
    _COUNT_FUNCTION
    + """
count(KEYS[1], ARGV[1], ARGV[2], ARGV[3])
"""
)

AUTHENTICATE = (
    _PREFIXES
    + _COUNT_FUNCTION
    + """
local id = redis.call('GET', KEYS[1])
if not id then return nil end
local r = redis.call('HMGET', account_key .. id, 'owner', 'scopes', 'digest', 'old_digest', 'expires_at')
if not r[1] or not r[3] then return nil end
local expired = r[5] and tonumber(r[5]) <= tonumber(ARGV[1])
if not expired then count(usage_key .. r[1], ARGV[1], ARGV[2], ARGV[3]) end
return {id, r[1], r[2], r[3], r[4] or '', expired and '1' or '0'}
"""
)

# KEYS: account, secret's hash, usage, index, e-mail (if any).
# ARGV: id, now, when it expires (0: never), field, value, …
CREATE = (
    _PREFIXES
    + """
local email = KEYS[5]
local holder = email and redis.call('GET', email)
if holder then
    local r = redis.call('HMGET', account_key .. holder, 'owner', 'revoked_at', 'expires_at')
    if r[1] and not r[2] and not (r[3] and tonumber(r[3]) <= tonumber(ARGV[2])) then return 1 end
end
redis.call('HSET', KEYS[1], unpack(ARGV, 4))
redis.call('SET', KEYS[2], ARGV[1])
redis.call('HSET', KEYS[3], 'requests', 0)
redis.call('ZADD', KEYS[4], ARGV[2], ARGV[1])
if email then redis.call('SET', email, ARGV[1]) end
if ARGV[3] ~= '0' then
    for i, key in ipairs(KEYS) do
        if i ~= 4 then redis.call('EXPIREAT', key, ARGV[3]) end
    end
end
return 0
"""
)

# KEYS: account, hash of the secret that asks, hash of the new one.
# ARGV: id, the two digests, prefix, now, overlap in seconds, its end, how long an ended key is kept
REGENERATE = (
    _PREFIXES
    + """
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
local r = redis.call('HMGET', KEYS[1], 'digest', 'old_digest', 'expires_at')
if not r[1] or (r[3] and tonumber(r[3]) <= tonumber(ARGV[5])) then return 0 end
for _, digest in ipairs({r[1], r[2] or r[1]}) do
    if digest ~= ARGV[2] then redis.call('DEL', secret_key .. digest) end
end
if ARGV[7] ~= '' then
    redis.call('EXPIRE', KEYS[2], ARGV[6])
    redis.call('HSET', KEYS[1], 'old_digest', ARGV[2], 'overlap_until', ARGV[7])
else
    redis.call('DEL', KEYS[2])
    redis.call('HDEL', KEYS[1], 'old_digest', 'overlap_until')
end
redis.call('HSET', KEYS[1], 'digest', ARGV[3], 'prefix', ARGV[4])
redis.call('SET', KEYS[3], ARGV[1])
if r[3] then redis.call('EXPIREAT', KEYS[3], math.floor(tonumber(r[3])) + ARGV[8]) end
return 1
"""
)

# KEYS: account. ARGV: id, now, how long it is kept
# With flags, because a key must be revocable also when Redis has no memory left.
REVOKE = (
    "#!lua flags=allow-oom\n"
    + _PREFIXES
    + """
local r = redis.call('HMGET', KEYS[1], 'owner', 'digest', 'old_digest', 'email_identity', 'revoked_at')
if not r[1] then return 0 end
if r[5] then return 1 end
for _, digest in ipairs({r[2] or '', r[3] or ''}) do
    redis.call('DEL', secret_key .. digest)
end
if r[4] and redis.call('GET', email_key .. r[4]) == ARGV[1] then
    redis.call('DEL', email_key .. r[4])
end
redis.call('HSET', KEYS[1], 'revoked_at', ARGV[2])
redis.call('HDEL', KEYS[1], 'digest', 'old_digest', 'overlap_until')
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('EXPIRE', usage_key .. r[1], ARGV[3])
return 1
"""
)
