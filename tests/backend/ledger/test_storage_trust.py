"""Files are removed and records repaired only where Redis and the storage are known to belong together."""

from __future__ import annotations

from typing import Any

from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.ledger.storage_trust import SUSPICIOUS_S
from ocrdesk.backend.redis_keys import STORAGE


def pass_time(redis: Any, seconds: int) -> None:
    redis.hincrby(STORAGE, "trusted_from", -seconds)


def test_the_first_storage_is_trusted_if_its_files_fit(ledger: Ledger) -> None:
    assert ledger.storage_trust.is_trusted("one", lambda: True)
    assert ledger.storage_trust.is_trusted("one", lambda: False), "it is asked once"


def test_a_first_storage_with_other_files_is_trusted_after_an_hour(ledger: Ledger, redis: Any) -> None:
    assert not ledger.storage_trust.is_trusted("one", lambda: False)
    pass_time(redis, SUSPICIOUS_S - 10)
    assert not ledger.storage_trust.is_trusted("one", lambda: False)
    pass_time(redis, 20)
    assert ledger.storage_trust.is_trusted("one", lambda: False)


def test_another_storage_must_stay_for_an_hour_and_so_must_the_first_when_it_returns(
    ledger: Ledger, redis: Any
) -> None:
    assert ledger.storage_trust.is_trusted("one", lambda: True)
    assert not ledger.storage_trust.is_trusted("two", lambda: True)
    pass_time(redis, SUSPICIOUS_S - 10)
    assert not ledger.storage_trust.is_trusted("one", lambda: True)
    pass_time(redis, SUSPICIOUS_S)
    assert ledger.storage_trust.is_trusted("one", lambda: True)


def test_it_says_when_records_are_repaired(ledger: Ledger, redis: Any) -> None:
    assert ledger.storage_trust.seconds_to_trust() == 0, "no storage is known"
    assert ledger.storage_trust.is_trusted("one", lambda: True)
    assert ledger.storage_trust.seconds_to_trust() == 0
    assert not ledger.storage_trust.is_trusted("two", lambda: True)
    assert 0 < ledger.storage_trust.seconds_to_trust() <= SUSPICIOUS_S
    pass_time(redis, SUSPICIOUS_S)
    assert ledger.storage_trust.seconds_to_trust() == 0
    redis.hset(STORAGE, "trusted_from", 99_999_999_999_999)
    assert ledger.storage_trust.seconds_to_trust() == SUSPICIOUS_S, "by the clock of another server"


def test_positions_are_kept_for_whoever_goes_on(ledger: Ledger) -> None:
    assert ledger.storage_trust.position("files") == ""
    ledger.storage_trust.set_position("files", "abc")
    assert (ledger.storage_trust.position("files"), ledger.storage_trust.position("records")) == ("abc", "")


def test_a_storage_is_trusted_within_the_hour_whatever_another_server_has_written(ledger: Ledger, redis: Any) -> None:
    assert ledger.storage_trust.is_trusted("one", lambda: True)
    redis.hset(STORAGE, "trusted_from", 99_999_999_999_999)
    assert not ledger.storage_trust.is_trusted("one", lambda: True)
    pass_time(redis, SUSPICIOUS_S + 10)
    assert ledger.storage_trust.is_trusted("one", lambda: True)
    redis.hset(STORAGE, mapping={"trusted_from": "x", "records": "x"})
    assert ledger.storage_trust.is_trusted("one", lambda: True)
    assert ledger.stored_jobs.scan(ledger.storage_trust.position("records"), 10)[2] == ""
