"""The records behind keys, and their conversion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ocrdesk.backend.records import utc_now
from ocrdesk.contract.api_keys import DayUsage, IssuedKey, KeyDetails, KeyInfo, KeyStatus, Scope


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """An account as it is stored, without the hashes. A replaced secret works until `overlap_until`."""

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
    """A key and its secret, which cannot be read again later."""

    record: KeyRecord
    secret: str = field(repr=False)

    def answer(self, message: str) -> IssuedKey:
        """Return the one response that contains the secret."""
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
    """The account of a secret. `digest` is that secret's hash; an account may have two secrets for a while."""

    key_id: str
    owner: str
    scopes: tuple[Scope, ...]
    digest: str


def unix_time(when: datetime) -> str:
    """Return seconds since 1970, which Lua can compare."""
    return f"{when.timestamp():.6f}"


def _time(fields: Mapping[str, str], name: str) -> datetime | None:
    return datetime.fromtimestamp(float(fields[name]), UTC) if fields.get(name) else None


def scopes_from(text: str) -> tuple[Scope, ...]:
    """Return the scopes in a stored text, without those that this version does not know."""
    known = set(Scope)
    return tuple(Scope(part) for part in text.split() if part in known)


def record_fields(record: KeyRecord) -> dict[str, str]:
    """Return an account's hash, without empty fields."""
    fields = {
        "owner": record.owner,
        "name": record.name,
        "email": record.email or "",
        "prefix": record.prefix,
        "scopes": " ".join(record.scopes),
        "created_at": unix_time(record.created_at),
        "expires_at": unix_time(record.expires_at) if record.expires_at else "",
    }
    return {name: value for name, value in fields.items() if value}


def record_from(key_id: str, fields: Mapping[str, str]) -> KeyRecord | None:
    """Return the account in a hash; None for an empty hash, which is an unknown account."""
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
        scopes=scopes_from(fields["scopes"]),
        created_at=created,
        expires_at=_time(fields, "expires_at"),
        revoked_at=_time(fields, "revoked_at"),
        overlap_until=overlap_until if overlap_until and overlap_until > utc_now() else None,
    )


def usage_from(fields: Mapping[str, str], daily: tuple[DayUsage, ...] = ()) -> Usage:
    """Return the usage in a hash."""
    return Usage(
        requests=int(fields.get("requests", 0)),
        pages=int(fields.get("pages", 0)),
        size_bytes=int(fields.get("bytes", 0)),
        last_used_at=_time(fields, "last_used_at"),
        daily=daily,
    )


def key_info(record: KeyRecord, usage: Usage) -> KeyInfo:
    """Return a key and its usage as an admin sees them in a list."""
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


def key_details(record: KeyRecord, usage: Usage) -> KeyDetails:
    """Return a key and its usage as an admin sees them, day by day."""
    return KeyDetails(**key_info(record, usage).model_dump(), daily=usage.daily)
