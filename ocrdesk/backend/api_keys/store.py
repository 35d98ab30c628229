"""API keys in Redis: made, checked, replaced and revoked, and what each account used.

A key is an account (its id, its owner's name, its scopes) and the secret that stands for it. The secret
can be replaced; the account, and so its jobs, stay. Only the secret's SHA-256 is stored. A fast hash is
right here: slow ones protect passwords, which can be guessed, but a secret of 256 random bits cannot be
found from its hash by any number of guesses, and every request has to be checked in microseconds.

Nothing compares secrets byte by byte: a secret is found by its hash, whose bytes nobody can choose.

Keys, all under `ocrdesk:`
    key:ID             hash    the account: name, e-mail, scopes, times, the hashes that let it in
    keyhash:SHA256     string  → ID; one that was replaced expires with its overlap
    keys               zset    ids by creation time
    email:ADDRESS      string  → ID of the live key that this address has
    usage:OWNER        hash    requests, pages, bytes, last use
    usage:OWNER:DAY    hash    requests and pages of one day; expires by itself

Every change is one Lua script, so that two that happen at once cannot both win.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from redis import Redis
from redis.client import Pipeline

from ocrdesk.backend.events.stream import announce_keys_changed
from ocrdesk.backend.records import utc_now
from ocrdesk.contract.api_keys import DAYS_SHOWN, DayUsage, IssuedKey, KeyDetails, KeyInfo, KeyStatus, Scope, in_order

if TYPE_CHECKING:  # the worker counts pages with this module, and needs no check of addresses for it
    from ocrdesk.backend.api_keys.email_address import Email

KEPT_AFTER_END_S = 30 * 86_400
"""A key that was revoked or expired, and what it used, is shown to admins for so long; then it is forgotten."""

_DAY_KEPT_S = (DAYS_SHOWN + 5) * 86_400
_SECRET = re.compile(r"ocrdesk_[A-Za-z0-9_-]{43}")
_PREFIX_LENGTH = len("ocrdesk_") + 6
_KEYS = "ocrdesk:keys"


class EmailTakenError(Exception):  # named for what happened
    """The address already has a live key."""


class KeyExpiredError(Exception):
    """The key was right, and its time is over."""


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """An account as it is stored, without the hashes. `overlap_until`: a replaced secret works until then."""

    key_id: str
    owner: str
    name: str
    email: str | None
    prefix: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    overlap_until: datetime | None = None

    @property
    def status(self) -> KeyStatus:
        if self.revoked_at is not None:
            return KeyStatus.REVOKED
        if self.expires_at is not None and self.expires_at <= utc_now():
            return KeyStatus.EXPIRED
        return KeyStatus.ACTIVE


@dataclass(frozen=True, slots=True)
class Usage:
    """What an owner used in all, and on each of the last days, oldest first."""

    requests: int = 0
    pages: int = 0
    size_bytes: int = 0
    last_used_at: datetime | None = None
    daily: tuple[DayUsage, ...] = ()


@dataclass(frozen=True, slots=True)
class CreatedKey:
    """A key and its secret, which nobody can ask for again."""

    record: KeyRecord
    secret: str = field(repr=False)

    def answer(self, message: str) -> IssuedKey:
        """The one answer that holds the secret."""
        record = self.record
        return IssuedKey(
            email=record.email,
            name=record.name,
            api_key=self.secret,
            message=message,
            key_id=record.key_id,
            prefix=record.prefix,
            scopes=record.scopes,
            created_at=record.created_at,
            expires_at=record.expires_at,
            overlap_until=record.overlap_until,
        )


@dataclass(frozen=True, slots=True)
class AuthenticatedKey:
    """The account that a secret stands for. `digest` is that secret's hash: an account may have two for a while."""

    key_id: str
    owner: str
    scopes: tuple[Scope, ...]
    digest: str


def is_secret(text: str) -> bool:
    """Whether this has the form of a secret that we made; what has not is not looked up."""
    return _SECRET.fullmatch(text) is not None


def hash_secret(secret: str) -> str:
    """What is stored of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def count_usage(pipe: Pipeline, owner: str, pages: int = 0, size_bytes: int = 0) -> None:
    """Queues the counting of pages and bytes on the caller's transaction. It reads nothing."""
    total = _usage_key(owner)
    if pages:
        today = _day_key(owner, _day())
        pipe.hincrby(total, "pages", pages)
        pipe.hincrby(today, "pages", pages)
        pipe.expire(today, _DAY_KEPT_S)
    if size_bytes:
        pipe.hincrby(total, "bytes", size_bytes)


def details(record: KeyRecord, usage: Usage) -> KeyDetails:
    """A key and its usage as admins see them."""
    return KeyDetails(**_info(record, usage).model_dump(), daily=usage.daily)


class KeyStore:
    """Reads and changes keys. Checking a secret and counting its request is one round trip."""

    def __init__(self, redis: Redis) -> None:
        self._redis: Any = redis  # sync, answers text; redis-py types its answers as maybe awaitable
        self._authenticate: Any = redis.register_script(_COUNT + _AUTHENTICATE)
        self._count: Any = redis.register_script(_COUNT + _COUNT_ONLY)
        self._create: Any = redis.register_script(_CREATE)
        self._regenerate: Any = redis.register_script(_REGENERATE)
        self._revoke: Any = redis.register_script(_REVOKE)

    # ── who is asking ────────────────────────────────────────────────────────────────────────────

    def authenticate(self, secret: str) -> AuthenticatedKey | None:
        """The live account of a secret, whose request is counted; None for a secret that is none.

        Raises KeyExpired. What is unknown or expired is not counted and leaves nothing behind.
        """
        if not is_secret(secret):
            return None
        digest = hash_secret(secret)
        now = utc_now()
        answer = self._authenticate(keys=[_hash_key(digest)], args=[_epoch(now), _day(now), _DAY_KEPT_S])
        if answer is None:
            return None
        key_id, owner, scopes, current, replaced, is_expired = answer
        if not (hmac.compare_digest(digest, current) | hmac.compare_digest(digest, replaced)):
            return None
        if is_expired == "1":
            raise KeyExpiredError
        return AuthenticatedKey(key_id, owner, _scopes_from(scopes), digest)

    def count_request(self, owner: str) -> None:
        """Counts a request of an owner who has no stored key: one of API_KEYS, or the local backend's token."""
        now = utc_now()
        self._count(keys=[_usage_key(owner)], args=[_epoch(now), _day(now), _DAY_KEPT_S])

    def lets_in(self, key_id: str, digest: str) -> bool:
        """Whether the secret of this hash still works; counts nothing."""
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.get(_hash_key(digest))
            pipe.hgetall(_record_key(key_id))
            found, fields = pipe.execute()
        record = _record_from(key_id, fields)
        return found == key_id and record is not None and record.status is KeyStatus.ACTIVE

    # ── the life of a key ────────────────────────────────────────────────────────────────────────

    def create(
        self,
        name: str,
        *,
        email: Email | None = None,
        scopes: Sequence[Scope],
        expires_at: datetime | None = None,
    ) -> CreatedKey:
        """A new account with its secret. Raises EmailTaken while the address has a live key."""
        secret, key_id = _new_secret(), secrets.token_hex(8)
        expires_at = expires_at.astimezone(UTC).replace(microsecond=0) if expires_at else None
        record = KeyRecord(
            key_id=key_id,
            owner=f"account-{key_id}",
            name=name,
            email=email.address if email else None,
            prefix=_prefix_of(secret),
            scopes=in_order(scopes),
            created_at=utc_now(),
            expires_at=expires_at,
        )
        digest = hash_secret(secret)
        fields = _fields(record) | {"digest": digest} | ({"email_identity": email.identity} if email else {})
        pairs = [part for pair in fields.items() for part in pair]
        forgotten_at = round(expires_at.timestamp()) + KEPT_AFTER_END_S if expires_at else 0
        taken = self._create(
            keys=[_record_key(key_id), _hash_key(digest), _usage_key(record.owner), _KEYS]
            + ([_email_key(email.identity)] if email else []),
            args=[key_id, _epoch(record.created_at), forgotten_at, *pairs],
        )
        if taken:
            raise EmailTakenError
        return CreatedKey(record, secret)

    def regenerate(self, key_id: str, digest: str, overlap_s: int) -> CreatedKey | None:
        """A new secret for the account; None when `digest` (of the secret that asks) lets nobody in any more.

        That secret works for `overlap_s` seconds more, whether it is the newest or was replaced before;
        every other secret of the account is dead at once. So there are never more than two, and who
        lost the answer can ask again with the secret that is known.
        """
        secret = _new_secret()
        now = utc_now()
        overlap_until = _epoch(now + timedelta(seconds=overlap_s)) if overlap_s else ""
        done = self._regenerate(
            keys=[_record_key(key_id), _hash_key(digest), _hash_key(hash_secret(secret))],
            args=[
                *(key_id, digest, hash_secret(secret), _prefix_of(secret)),
                *(_epoch(now), overlap_s, overlap_until, KEPT_AFTER_END_S),
            ],
        )
        if done:
            announce_keys_changed(self._redis)
        record = self.key(key_id) if done else None
        return CreatedKey(record, secret) if record else None

    def revoke(self, key_id: str) -> bool:
        """Ends a key and all its secrets now, and frees its address; False when there is no such key."""
        now = _epoch(utc_now())
        is_revoked = bool(self._revoke(keys=[_record_key(key_id)], args=[key_id, now, KEPT_AFTER_END_S]))
        if is_revoked:
            announce_keys_changed(self._redis)
        return is_revoked

    # ── reading ──────────────────────────────────────────────────────────────────────────────────

    def key(self, key_id: str) -> KeyRecord | None:
        """The account, revoked or not; None for an unknown one."""
        return _record_from(key_id, self._redis.hgetall(_record_key(key_id)))

    def key_of_email(self, email: Email) -> KeyRecord | None:
        """The key that this address has, or had until it expired."""
        key_id = self._redis.get(_email_key(email.identity))
        return self.key(key_id) if key_id else None

    def info(self, record: KeyRecord) -> KeyInfo:
        """A key as admins see it in a list."""
        return _info(record, _usage_from(self._redis.hgetall(_usage_key(record.owner))))

    def keys(self, limit: int, after: str | None = None) -> list[KeyInfo] | None:
        """Keys, newest first, from the one that was made before `after`; None when there is no `after`.

        Drops the ids of those that are forgotten on the way.
        """
        while True:
            first = 0
            if after is not None:
                rank = self._redis.zrevrank(_KEYS, after)
                if rank is None:
                    return None
                first = rank + 1
            ids: list[str] = self._redis.zrange(_KEYS, first, first + limit - 1, desc=True)
            with self._redis.pipeline(transaction=False) as pipe:
                for key_id in ids:
                    pipe.hgetall(_record_key(key_id))
                records = [_record_from(key_id, fields) for key_id, fields in zip(ids, pipe.execute(), strict=True)]
            gone = [key_id for key_id, record in zip(ids, records, strict=True) if record is None]
            if not gone:
                break
            self._redis.zrem(_KEYS, *gone)  # and look again: older ones move up
        found = [record for record in records if record is not None]
        with self._redis.pipeline(transaction=False) as pipe:
            for record in found:
                pipe.hgetall(_usage_key(record.owner))
            usages = [_usage_from(fields) for fields in pipe.execute()]
        return [_info(record, usage) for record, usage in zip(found, usages, strict=True)]

    def usage(self, owner: str) -> Usage:
        """What an owner used, day by day. Today is counted in UTC."""
        today = utc_now().date()
        days = [today - timedelta(days=ago) for ago in reversed(range(DAYS_SHOWN))]
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.hgetall(_usage_key(owner))
            for day in days:
                pipe.hgetall(_day_key(owner, day.isoformat()))
            total, *of_days = pipe.execute()
        daily = tuple(
            DayUsage(date=day, requests=int(fields.get("requests", 0)), pages=int(fields.get("pages", 0)))
            for day, fields in zip(days, of_days, strict=True)
        )
        return _usage_from(total, daily)


# ── names and forms ──────────────────────────────────────────────────────────────────────────────


def _record_key(key_id: str) -> str:
    return f"ocrdesk:key:{key_id}"


def _hash_key(digest: str) -> str:
    return f"ocrdesk:keyhash:{digest}"


def _email_key(identity: str) -> str:
    return f"ocrdesk:email:{identity}"


def _usage_key(owner: str) -> str:
    return f"ocrdesk:usage:{owner}"


def _day_key(owner: str, day: str) -> str:
    return f"{_usage_key(owner)}:{day}"


def _day(now: datetime | None = None) -> str:
    return (now or utc_now()).date().isoformat()


def _new_secret() -> str:
    return "ocrdesk_" + secrets.token_urlsafe(32)


def _prefix_of(secret: str) -> str:
    return secret[:_PREFIX_LENGTH]


def _epoch(when: datetime) -> str:
    """Seconds since 1970, as Lua can compare them."""
    return f"{when.timestamp():.6f}"


def _time(fields: Mapping[str, str], name: str) -> datetime | None:
    return datetime.fromtimestamp(float(fields[name]), UTC) if fields.get(name) else None


def _scopes_from(text: str) -> tuple[Scope, ...]:
    known = set(Scope)
    return tuple(Scope(part) for part in text.split() if part in known)


def _fields(record: KeyRecord) -> dict[str, str]:
    """The account as Redis stores it; what is unset is left out."""
    fields = {
        "owner": record.owner,
        "name": record.name,
        "email": record.email or "",
        "prefix": record.prefix,
        "scopes": " ".join(record.scopes),
        "created_at": _epoch(record.created_at),
        "expires_at": _epoch(record.expires_at) if record.expires_at else "",
    }
    return {name: value for name, value in fields.items() if value}


def _record_from(key_id: str, fields: Mapping[str, str]) -> KeyRecord | None:
    created = _time(fields, "created_at")
    if created is None:
        return None
    overlap_until = _time(fields, "overlap_until")
    return KeyRecord(
        key_id=key_id,
        owner=fields["owner"],
        name=fields["name"],
        email=fields.get("email"),
        prefix=fields["prefix"],
        scopes=_scopes_from(fields["scopes"]),
        created_at=created,
        expires_at=_time(fields, "expires_at"),
        revoked_at=_time(fields, "revoked_at"),
        overlap_until=overlap_until if overlap_until and overlap_until > utc_now() else None,
    )


def _usage_from(fields: Mapping[str, str], daily: tuple[DayUsage, ...] = ()) -> Usage:
    return Usage(
        requests=int(fields.get("requests", 0)),
        pages=int(fields.get("pages", 0)),
        size_bytes=int(fields.get("bytes", 0)),
        last_used_at=_time(fields, "last_used_at"),
        daily=daily,
    )


def _info(record: KeyRecord, usage: Usage) -> KeyInfo:
    return KeyInfo(
        key_id=record.key_id,
        email=record.email,
        name=record.name,
        prefix=record.prefix,
        status=record.status,
        scopes=record.scopes,
        created_at=record.created_at,
        expires_at=record.expires_at,
        revoked_at=record.revoked_at,
        overlap_until=record.overlap_until,
        request_count=usage.requests,
        page_count=usage.pages,
        byte_count=usage.size_bytes,
        last_used_at=usage.last_used_at,
    )


# ── the scripts ──────────────────────────────────────────────────────────────────────────────────

# pcall: a Redis that is full takes no more writes, and must still let its callers in to read and delete.
_COUNT = """
local function count(total, now, day, day_kept_s)
    local today = total .. ':' .. day
    redis.pcall('HINCRBY', total, 'requests', 1)
    redis.pcall('HSET', total, 'last_used_at', now)
    redis.pcall('HINCRBY', today, 'requests', 1)
    redis.pcall('EXPIRE', today, day_kept_s)
end
"""

_COUNT_ONLY = """
count(KEYS[1], ARGV[1], ARGV[2], ARGV[3])
"""

_AUTHENTICATE = """
local id = redis.call('GET', KEYS[1])
if not id then return nil end
local r = redis.call('HMGET', 'ocrdesk:key:' .. id, 'owner', 'scopes', 'digest', 'old_digest', 'expires_at')
if not r[1] or not r[3] then return nil end
local expired = r[5] and tonumber(r[5]) <= tonumber(ARGV[1])
if not expired then count('ocrdesk:usage:' .. r[1], ARGV[1], ARGV[2], ARGV[3]) end
return {id, r[1], r[2], r[3], r[4] or '', expired and '1' or '0'}
"""

# KEYS: record, hash, usage, index, e-mail (if any). ARGV: id, now, when to forget it (0: never), field, value, …
_CREATE = """
local email = KEYS[5]
local holder = email and redis.call('GET', email)
if holder then
    local r = redis.call('HMGET', 'ocrdesk:key:' .. holder, 'owner', 'revoked_at', 'expires_at')
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

# KEYS: record, hash of the secret that asks, hash of the new one.
# ARGV: id, the two digests, prefix, now, overlap in seconds, its end, how long an ended key is kept
_REGENERATE = """
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
local r = redis.call('HMGET', KEYS[1], 'digest', 'old_digest', 'expires_at')
if not r[1] or (r[3] and tonumber(r[3]) <= tonumber(ARGV[5])) then return 0 end
for _, digest in ipairs({r[1], r[2] or r[1]}) do
    if digest ~= ARGV[2] then redis.call('DEL', 'ocrdesk:keyhash:' .. digest) end
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

# KEYS: record. ARGV: id, now, how long it is kept
_REVOKE = """
local r = redis.call('HMGET', KEYS[1], 'owner', 'digest', 'old_digest', 'email_identity', 'revoked_at')
if not r[1] then return 0 end
if r[5] then return 1 end
for _, digest in ipairs({r[2] or '', r[3] or ''}) do
    redis.call('DEL', 'ocrdesk:keyhash:' .. digest)
end
if r[4] and redis.call('GET', 'ocrdesk:email:' .. r[4]) == ARGV[1] then
    redis.call('DEL', 'ocrdesk:email:' .. r[4])
end
redis.call('HSET', KEYS[1], 'revoked_at', ARGV[2])
redis.call('HDEL', KEYS[1], 'digest', 'old_digest', 'overlap_until')
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('EXPIRE', 'ocrdesk:usage:' .. r[1], ARGV[3])
return 1
"""
