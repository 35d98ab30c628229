"""Requests and responses about API keys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from ocrdesk.contract.api_keys import (
    MAX_EXPIRY_DAYS,
    MAX_OVERLAP_S,
    REGISTERED_SCOPES,
    IssuedKey,
    NewKey,
    RegenerateRequest,
    Registration,
    Scope,
    in_order,
)


def test_scopes_come_once_and_in_one_order() -> None:
    assert in_order([Scope.ADMIN, Scope.READ, Scope.ADMIN]) == (Scope.READ, Scope.ADMIN)
    assert NewKey(name="Ann", scopes=(Scope.READ, Scope.SUBMIT, Scope.READ)).scopes == REGISTERED_SCOPES


@pytest.mark.parametrize("name", ["", "   ", "a" * 101, "two\nlines", "bell\a", "reversed\u202e", "isolated\u2066"])
def test_a_name_that_cannot_be_shown_in_a_table_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        Registration(email="ann@example.org", name=name)


def test_a_name_may_have_any_letters_and_loses_space_at_its_ends() -> None:
    assert Registration(email="ann@example.org", name=" Änne שלום 文書 ").name == "Änne שלום 文書"


@pytest.mark.parametrize(
    "changes",
    [
        {"expires_in_days": 0},
        {"expires_in_days": MAX_EXPIRY_DAYS + 1},
        {"expires_at": datetime.now(UTC) - timedelta(hours=1)},
        {"expires_at": datetime.now(UTC) + timedelta(days=MAX_EXPIRY_DAYS + 1)},
        {"expires_at": datetime(2100, 1, 1)},  # without a zone
        {"expires_at": datetime.now(UTC) + timedelta(days=9), "expires_in_days": 9},
        {"scopes": ()},
        {"scopes": ("everything",)},
        {"expire_in_days": 9},
    ],
)
def test_a_key_that_makes_no_sense_is_refused(changes: dict[str, Any]) -> None:
    NewKey.model_validate({"name": "Ann"})
    with pytest.raises(ValidationError):
        NewKey.model_validate({"name": "Ann"} | changes)


def test_a_key_ends_at_the_time_or_after_the_days_that_were_asked_for() -> None:
    at = datetime.now(UTC) + timedelta(days=3)
    assert NewKey(name="Ann").ends_at is None
    assert NewKey(name="Ann", expires_at=at).ends_at == at
    before = datetime.now(UTC)
    ends = NewKey(name="Ann", expires_in_days=3).ends_at
    assert ends is not None
    assert before + timedelta(days=3) <= ends <= datetime.now(UTC) + timedelta(days=3)


def test_an_overlap_is_bounded() -> None:
    assert RegenerateRequest().overlap_seconds == 0
    assert RegenerateRequest(overlap_seconds=MAX_OVERLAP_S).overlap_seconds == MAX_OVERLAP_S
    for seconds in (-1, MAX_OVERLAP_S + 1):
        with pytest.raises(ValidationError):
            RegenerateRequest(overlap_seconds=seconds)


def test_a_secret_is_sent_but_not_printed() -> None:
    issued = IssuedKey(
        name="Ann",
        api_key="ocrdesk_zebrafish",
        message="Keep this key.",
        key_id="1",
        prefix="ocrdesk_z",
        scopes=REGISTERED_SCOPES,
        created_at=datetime.now(UTC),
    )
    assert "zebrafish" in issued.model_dump_json()
    assert "zebrafish" not in repr(issued)
