"""Creates, checks, replaces and revokes keys; counts usage.

A key is an account (id, name, scopes) and its secret. The secret can be replaced; the account and its jobs stay.
Only the secret's SHA-256 is stored. A fast hash is right here: slow hashes protect passwords, which can be guessed,
but a secret of 256 random bits cannot be guessed, and every request must be checked in microseconds.

No secrets are compared byte by byte: a secret is looked up by its hash, whose bytes nobody can choose.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from redis import Redis
from redis.client import Pipeline

from ocrdesk.backend import redis_keys
from ocrdesk.backend.api_keys import lua_scripts
from ocrdesk.backend.api_keys.records import (
    AuthenticatedKey,
    CreatedKey,
    KeyRecord,
    Usage,
    key_info,
    record_fields,
    record_from,
    scopes_from,
    unix_time,
    usage_from,
)
from ocrdesk.backend.events.stream import announce_keys_changed
from ocrdesk.backend.ids import is_key_id
from ocrdesk.backend.records import utc_now
from ocrdesk.backend.redis_connection import RedisFailure
from ocrdesk.contract.api_keys import DAYS_SHOWN, DayUsage, KeyInfo, KeyStatus, Scope, in_order

if TYPE_CHECKING:  # the worker counts pages with this module and does not need the check of addresses
    from ocrdesk.backend.api_keys.email_address import Email

KEPT_AFTER_END_S = 30 * 86_400
"""How long admins see a revoked or expired key and its usage; then both are deleted."""

_DAY_KEPT_S = (DAYS_SHOWN + 5) * 86_400
_SECRET = re.compile(r"ocrdesk_[A-Za-z0-9_-]{43}")
_PREFIX_LENGTH = len("ocrdesk_") + 6


class EmailTakenError(Exception):
    """The address already has a live key."""


class KeyExpiredError(Exception):
    """The key is known, but has expired."""


def is_secret(text: str) -> bool:
    """Return whether a text has the form of a secret. Only such texts are looked up."""
    return _SECRET.fullmatch(text) is not None


def hash_secret(secret: str) -> str:
    """Return the hash under which a secret is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


def count_usage(pipe: Pipeline, owner: str, pages: int = 0, size_bytes: int = 0) -> None:
    """Count pages and bytes in the caller's transaction. Reads nothing."""
    total = redis_keys.usage(owner)
    if pages:
        today = redis_keys.daily_usage(owner, _day())
        pipe.hincrby(total, "pages", pages)
        pipe.hincrby(today, "pages", pages)
        pipe.expire(today, _DAY_KEPT_S)
    if size_bytes:
        pipe.hincrby(total, "bytes", size_bytes)


class KeyStore:
    """Reads and changes keys. Checking a secret and counting its request is one round trip."""

    def __init__(self, redis: Redis) -> None:
        self._redis: Any = redis  # sync, answers text; redis-py types its answers as maybe awaitable
        self._authenticate: Any = redis.register_script(lua_scripts.AUTHENTICATE)
        self._count: Any = redis.register_script(lua_scripts.COUNT)
        self._create: Any = redis.register_script(lua_scripts.CREATE)
        self._regenerate: Any = redis.register_script(lua_scripts.REGENERATE)
        self._revoke: Any = redis.register_script(lua_scripts.REVOKE)

    # ── authentication ───────────────────────────────────────────────────────────────────────────

    def authenticate(self, secret: str) -> AuthenticatedKey | None:
        """Return the account of a secret and count the request; None for an unknown secret.

        Raises KeyExpiredError. A request with an unknown or expired secret is not counted.
        """
        if not is_secret(secret):
            return None
        digest = hash_secret(secret)
        now = utc_now()
        answer = self._authenticate(
            keys=[redis_keys.api_key_of_secret(digest)], args=[unix_time(now), _day(now), _DAY_KEPT_S]
        )
        if answer is None:
            return None
        key_id, owner, scopes, current, replaced, is_expired = answer
        if not (hmac.compare_digest(digest, current) | hmac.compare_digest(digest, replaced)):
            return None
        if is_expired == "1":
            raise KeyExpiredError
        return AuthenticatedKey(key_id, owner, scopes_from(scopes), digest)

    def count_request(self, owner: str) -> None:
        """Count a request of an owner without a stored key: one of API_KEYS, or the local server's token."""
        now = utc_now()
        self._count(keys=[redis_keys.usage(owner)], args=[unix_time(now), _day(now), _DAY_KEPT_S])

    def is_still_valid(self, key_id: str, digest: str) -> bool:
        """Return whether the secret with this hash still works. Counts nothing."""
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.get(redis_keys.api_key_of_secret(digest))
            pipe.hgetall(redis_keys.api_key(key_id))
            found, fields = pipe.execute()
        record = record_from(key_id, fields)
        return found == key_id and record is not None and record.status is KeyStatus.ACTIVE

    # ── changing ─────────────────────────────────────────────────────────────────────────────────

    def create(
        self,
        name: str,
        *,
        email: Email | None = None,
        scopes: Sequence[Scope],
        expires_at: datetime | None = None,
    ) -> CreatedKey:
        """Create an account with a secret. Raises EmailTakenError while the address has a live key."""
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
        fields = record_fields(record) | {"digest": digest} | ({"email_identity": email.identity} if email else {})
        pairs = [part for pair in fields.items() for part in pair]
        expires_at_s = round(expires_at.timestamp()) + KEPT_AFTER_END_S if expires_at else 0
        is_taken = self._create(
            keys=[
                redis_keys.api_key(key_id),
                redis_keys.api_key_of_secret(digest),
                redis_keys.usage(record.owner),
                redis_keys.API_KEYS,
            ]
            + ([redis_keys.api_key_of_email(email.identity)] if email else []),
            args=[key_id, unix_time(record.created_at), expires_at_s, *pairs],
        )
        if is_taken:
            raise EmailTakenError
        return CreatedKey(record, secret)

    def regenerate(self, key_id: str, digest: str, overlap_s: int) -> CreatedKey | None:
        """Create a new secret for the account; None when the caller's secret, with the hash `digest`, no longer works.

        The caller's secret works for another `overlap_s` seconds, whether it is the newest or was replaced before;
        every other secret of the account stops working immediately. So there are never more than two, and a caller
        who lost the response can ask again with the secret they have.
        """
        secret = _new_secret()
        now = utc_now()
        overlap_until = unix_time(now + timedelta(seconds=overlap_s)) if overlap_s else ""
        done = self._regenerate(
            keys=[
                redis_keys.api_key(key_id),
                redis_keys.api_key_of_secret(digest),
                redis_keys.api_key_of_secret(hash_secret(secret)),
            ],
            args=[
                *(key_id, digest, hash_secret(secret), _prefix_of(secret)),
                *(unix_time(now), overlap_s, overlap_until, KEPT_AFTER_END_S),
            ],
        )
        if done:
            announce_keys_changed(self._redis)
        record = self.key(key_id) if done else None
        return CreatedKey(record, secret) if record else None

    def revoke(self, key_id: str) -> bool:
        """End a key and all its secrets now, and free its address; False for an unknown key."""
        if not is_key_id(key_id):
            return False
        now = unix_time(utc_now())
        is_revoked = bool(self._revoke(keys=[redis_keys.api_key(key_id)], args=[key_id, now, KEPT_AFTER_END_S]))
        if is_revoked:
            announce_keys_changed(self._redis)
        return is_revoked

    # ── reading ──────────────────────────────────────────────────────────────────────────────────

    def key(self, key_id: str) -> KeyRecord | None:
        """Return an account, revoked or not; None for an unknown one, and for what is no key's id."""
        return record_from(key_id, self._redis.hgetall(redis_keys.api_key(key_id))) if is_key_id(key_id) else None

    def key_of_email(self, email: Email) -> KeyRecord | None:
        """Return the key that an address has, or had until it expired."""
        key_id = self._redis.get(redis_keys.api_key_of_email(email.identity))
        return self.key(key_id) if key_id else None

    def info(self, record: KeyRecord) -> KeyInfo:
        """Return a key and its usage as an admin sees them in a list."""
        return key_info(record, usage_from(self._redis.hgetall(redis_keys.usage(record.owner))))

    def keys(self, limit: int, after: str | None = None) -> list[KeyInfo] | None:
        """Return keys, newest first, that were created before the key `after`; None when `after` is unknown.

        Removes the ids of deleted keys from the index.
        """
        while True:
            first = 0
            if after is not None:
                rank = self._redis.zrevrank(redis_keys.API_KEYS, after) if is_key_id(after) else None
                if rank is None:
                    return None
                first = rank + 1
            ids: list[str] = self._redis.zrange(redis_keys.API_KEYS, first, first + limit - 1, desc=True)
            with self._redis.pipeline(transaction=False) as pipe:
                for key_id in ids:
                    pipe.hgetall(redis_keys.api_key(key_id))
                records = [record_from(key_id, fields) for key_id, fields in zip(ids, pipe.execute(), strict=True)]
            deleted = [key_id for key_id, record in zip(ids, records, strict=True) if record is None]
            if not deleted:
                break
            try:
                self._redis.zrem(redis_keys.API_KEYS, *deleted)  # then read again, because older ones move up
            except RedisFailure:  # a replica refuses it: this list is shorter
                break
        found = [record for record in records if record is not None]
        with self._redis.pipeline(transaction=False) as pipe:
            for record in found:
                pipe.hgetall(redis_keys.usage(record.owner))
            usages = [usage_from(fields) for fields in pipe.execute()]
        return [key_info(record, usage) for record, usage in zip(found, usages, strict=True)]

    def usage(self, owner: str) -> Usage:
        """Return what an owner used, in all and day by day (UTC)."""
        today = utc_now().date()
        days = [today - timedelta(days=ago) for ago in reversed(range(DAYS_SHOWN))]
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.hgetall(redis_keys.usage(owner))
            for day in days:
                pipe.hgetall(redis_keys.daily_usage(owner, day.isoformat()))
            total, *of_days = pipe.execute()
        daily = tuple(
            DayUsage(date=day, requests=int(fields.get("requests", 0)), pages=int(fields.get("pages", 0)))
            for day, fields in zip(days, of_days, strict=True)
        )
        return usage_from(total, daily)


def _day(now: datetime | None = None) -> str:
    return (now or utc_now()).date().isoformat()


def _new_secret() -> str:
    return "ocrdesk_" + secrets.token_urlsafe(32)


def _prefix_of(secret: str) -> str:
    return secret[:_PREFIX_LENGTH]
