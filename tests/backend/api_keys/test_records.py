"""The records behind keys: their status, and their conversion from and to Redis hashes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from ocrdesk.backend.api_keys.records import (
    CreatedKey,
    KeyRecord,
    Usage,
    key_details,
    key_info,
    record_fields,
    record_from,
    scopes_from,
    unix_time,
    usage_from,
)
from ocrdesk.contract.api_keys import DayUsage, KeyStatus, Scope

PAST, FUTURE = datetime(2020, 1, 2, 3, 4, 5, 600_000, UTC), datetime(2120, 1, 1, tzinfo=UTC)
RECORD = KeyRecord(
    key_id="3f9c",
    owner="owner-1",
    name="Änne",
    email="ann@example.org",
    prefix="ocrdesk_Zk",
    scopes=(Scope.SUBMIT, Scope.READ),
    created_at=PAST,
)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, KeyStatus.ACTIVE),
        ({"expires_at": FUTURE}, KeyStatus.ACTIVE),
        ({"expires_at": PAST}, KeyStatus.EXPIRED),
        ({"revoked_at": PAST}, KeyStatus.REVOKED),
        ({"revoked_at": PAST, "expires_at": PAST}, KeyStatus.REVOKED),
    ],
)
def test_a_key_is_active_until_it_expires_or_is_revoked(changes: dict[str, datetime], status: KeyStatus) -> None:
    assert replace(RECORD, **changes).status is status


@pytest.mark.parametrize("changes", [{}, {"email": None}, {"expires_at": FUTURE}, {"scopes": (Scope.ADMIN,)}])
def test_a_record_comes_back_from_its_hash(changes: dict[str, object]) -> None:
    record = replace(RECORD, **changes)  # type: ignore[arg-type]
    fields = record_fields(record)
    assert all(fields.values())
    assert record_from("3f9c", fields) == record


def test_a_revocation_and_an_overlap_are_read() -> None:
    fields = record_fields(RECORD) | {"revoked_at": unix_time(PAST), "overlap_until": unix_time(FUTURE)}
    assert record_from("3f9c", fields) == replace(RECORD, revoked_at=PAST, overlap_until=FUTURE)


def test_an_overlap_that_is_over_is_none() -> None:
    record = record_from("3f9c", record_fields(RECORD) | {"overlap_until": unix_time(PAST)})
    assert record is not None
    assert record.overlap_until is None


def test_an_empty_hash_is_an_unknown_account() -> None:
    assert record_from("3f9c", {}) is None


def test_scopes_of_a_newer_version_are_ignored() -> None:
    assert scopes_from("read fly admin") == (Scope.READ, Scope.ADMIN)
    assert scopes_from("") == ()


def test_usage_is_read_and_is_nothing_without_a_hash() -> None:
    assert usage_from({}) == Usage()
    fields = {"requests": "7", "pages": "5", "bytes": "1234", "last_used_at": unix_time(PAST)}
    assert usage_from(fields) == Usage(requests=7, pages=5, size_bytes=1234, last_used_at=PAST)


def test_an_admin_sees_a_key_with_its_usage() -> None:
    days = (DayUsage(date=date(2026, 11, 24), requests=3, pages=2),)
    record = replace(RECORD, expires_at=FUTURE, overlap_until=FUTURE - timedelta(days=1))
    usage = Usage(7, 5, 1234, PAST, days)
    details = key_details(record, usage)
    assert (details.request_count, details.page_count, details.byte_count, details.last_used_at) == (7, 5, 1234, PAST)
    assert (details.key_id, details.email, details.name) == ("3f9c", "ann@example.org", "Änne")
    assert (details.status, details.expires_at, details.daily) == (KeyStatus.ACTIVE, FUTURE, days)
    assert details.model_dump(exclude={"daily"}) == key_info(record, usage).model_dump()


def test_a_new_keys_secret_is_in_its_response_alone() -> None:
    created = CreatedKey(RECORD, "ocrdesk_zebrafish")
    answer = created.answer("Keep it.")
    assert (answer.api_key, answer.message, answer.prefix) == ("ocrdesk_zebrafish", "Keep it.", "ocrdesk_Zk")
    assert "zebrafish" not in repr(created) + repr(answer)
