"""Requests and responses about API keys."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, StringConstraints, model_validator

from ocrdesk.contract.document import Record

MAX_OVERLAP_S = 7 * 86_400
MAX_EXPIRY_DAYS = 3_650
DAYS_SHOWN = 30


class Scope(StrEnum):
    """What a key may do: send files and change its own jobs, read them, manage everybody's keys."""

    SUBMIT = "submit"
    READ = "read"
    ADMIN = "admin"


REGISTERED_SCOPES = (Scope.SUBMIT, Scope.READ)
"""The scopes of a registered key, and of each of API_KEYS."""


class KeyStatus(StrEnum):
    """Whether a key is valid. `expired` and `revoked` keys are listed for another month."""

    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


def in_order(scopes: Iterable[Scope]) -> tuple[Scope, ...]:
    """Return each scope once, in the order of their declaration."""
    wanted = set(scopes)
    return tuple(scope for scope in Scope if scope in wanted)


_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _check_name(value: str) -> str:
    """Reject characters that move the cursor or reverse the line: names are shown in tables and terminals."""
    if any(char in _BIDI_CONTROLS or unicodedata.category(char) in ("Cc", "Cs") for char in value):
        raise ValueError("has characters that cannot be shown; remove line breaks and control characters")
    return value


KeyName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    AfterValidator(_check_name),
    Field(
        description="Whom or what the key is for.",
        examples=["Ann Example"],
        json_schema_extra={"pattern": r"^[^\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]*$"},
    ),
]
_Email = Annotated[
    str,
    Field(
        max_length=320,
        description="An e-mail address.",
        examples=["ann@example.org"],
        json_schema_extra={"format": "email"},
    ),
]
_KeyId = Annotated[
    str, Field(description="Names the key in the admin's calls; no secret.", examples=["3f9c1d0a5b7e2468"])
]
_Prefix = Annotated[str, Field(description="How the secret begins, to tell keys apart.", examples=["ocrdesk_Zk3v9Q"])]
_Secret = Annotated[
    str,
    Field(
        repr=False,
        description="The secret itself. It is shown this once; the server keeps only its SHA-256.",
        examples=["ocrdesk_Zk3v9QmT0cJp7yB2xW5nLr8dHf1sKaVgEo6uIi4tYzA"],
    ),
]
_Scopes = Annotated[
    tuple[Scope, ...],
    Field(min_length=1, description="What the key may do.", examples=[["submit", "read"]]),
    AfterValidator(in_order),
]
_CreatedAt = Annotated[datetime, Field(description="When it was made.", examples=["2026-11-23T09:00:00Z"])]
_ExpiresAt = Annotated[
    datetime | None, Field(description="When it ends; null: never.", examples=["2027-11-23T09:00:00Z"])
]
_OverlapUntil = Annotated[
    datetime | None,
    Field(description="Until when a replaced secret still works; null: none does.", examples=["2026-11-24T10:00:00Z"]),
]
_RequestCount = Annotated[int, Field(description="Requests that this account made.", examples=[1284])]
_PageCount = Annotated[int, Field(description="Pages that were read for it.", examples=[912])]
_ByteCount = Annotated[int, Field(description="Bytes of the files that were accepted from it.", examples=[48_211_030])]
_LastUsedAt = Annotated[
    datetime | None, Field(description="Its latest request; null: none yet.", examples=["2026-11-24T08:15:30Z"])
]


class _Request(Record):
    """A request that rejects unknown fields, because a typing error could cost a key."""

    model_config = ConfigDict(extra="forbid")


class Registration(Record):
    """Requests a key of one's own."""

    email: _Email
    name: KeyName


class RegenerateRequest(_Request):
    """How long the old secret stays valid beside its replacement."""

    overlap_seconds: Annotated[
        int,
        Field(ge=0, le=MAX_OVERLAP_S, description="0: it is dead at once.", examples=[3600]),
    ] = 0


class NewKey(_Request):
    """A key that an admin creates. It ends at `expires_at`, after `expires_in_days`, or never."""

    email: _Email | None = None
    name: KeyName
    scopes: _Scopes = REGISTERED_SCOPES
    expires_at: Annotated[
        AwareDatetime | None, Field(description="A time with its zone.", examples=["2027-11-23T09:00:00Z"])
    ] = None
    expires_in_days: Annotated[
        int | None, Field(ge=1, le=MAX_EXPIRY_DAYS, description="Instead of expires_at.", examples=[None])
    ] = None

    @model_validator(mode="after")
    def _check_expiry(self) -> Self:
        if self.expires_at is None:
            return self
        if self.expires_in_days is not None:
            raise ValueError("send expires_at or expires_in_days, not both")
        if not timedelta(0) < self.expires_at - datetime.now(UTC) <= timedelta(days=MAX_EXPIRY_DAYS):
            raise ValueError(f"expires_at must be in the future, and at most {MAX_EXPIRY_DAYS} days away")
        return self

    @property
    def ends_at(self) -> datetime | None:
        """When a key that is created now ends; None: never."""
        if self.expires_in_days is not None:
            return datetime.now(UTC) + timedelta(days=self.expires_in_days)
        return self.expires_at


class IssuedKey(Record):
    """A key with its secret, which no other response contains."""

    email: _Email | None = None
    name: Annotated[str, Field(examples=["Ann Example"])]
    api_key: _Secret
    message: Annotated[
        str,
        Field(
            description="What to do with the secret, and what became of the one before.",
            examples=["Keep this key: it is shown only now. Send it in the header X-API-Key."],
        ),
    ]
    key_id: _KeyId
    prefix: _Prefix
    scopes: _Scopes
    created_at: _CreatedAt
    expires_at: _ExpiresAt = None
    overlap_until: _OverlapUntil = None


class Message(Record):
    """A sentence that says what was done."""

    message: Annotated[str, Field(examples=["The key is revoked. It stops working immediately."])]


class DayUsage(Record):
    """What an account used on one day (UTC)."""

    date: Annotated[date, Field(description="The day, in UTC.", examples=["2026-11-24"])]
    requests: Annotated[int, Field(description="Requests on that day.", examples=[57])] = 0
    pages: Annotated[int, Field(description="Pages read on that day.", examples=[40])] = 0


_Daily = Annotated[
    tuple[DayUsage, ...], Field(description=f"The last {DAYS_SHOWN} days, oldest first, today last; none is left out.")
]


class KeyStats(Record):
    """The caller's own account and its usage. For keys set by the operator, unknown values are null."""

    email: _Email | None = None
    request_count: _RequestCount = 0
    last_used_at: _LastUsedAt = None
    name: Annotated[str | None, Field(examples=["Ann Example"])] = None
    key_id: _KeyId | None = None
    prefix: _Prefix | None = None
    scopes: _Scopes
    created_at: _CreatedAt | None = None
    expires_at: _ExpiresAt = None
    overlap_until: _OverlapUntil = None
    page_count: _PageCount = 0
    byte_count: _ByteCount = 0
    daily: _Daily = ()


class KeyInfo(Record):
    """A key as an admin sees it, without the secret."""

    key_id: _KeyId
    email: _Email | None = None
    name: Annotated[str, Field(examples=["Ann Example"])]
    prefix: _Prefix
    status: Annotated[KeyStatus, Field(description="active, expired or revoked.", examples=["active"])]
    scopes: _Scopes
    created_at: _CreatedAt
    expires_at: _ExpiresAt = None
    revoked_at: Annotated[
        datetime | None, Field(description="When it was revoked; null: it was not.", examples=[None])
    ] = None
    overlap_until: _OverlapUntil = None
    request_count: _RequestCount = 0
    page_count: _PageCount = 0
    byte_count: _ByteCount = 0
    last_used_at: _LastUsedAt = None


class KeyDetails(KeyInfo):
    """One key as an admin sees it, with its daily usage."""

    daily: _Daily = ()


class KeyList(Record):
    """Keys, newest first. `next`, if set, is the `after` of the next page."""

    keys: tuple[KeyInfo, ...]
    next: Annotated[
        str | None, Field(description="Send it as `after` for the older ones; null: none.", examples=[None])
    ] = None
