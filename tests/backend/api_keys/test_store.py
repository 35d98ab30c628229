"""The key store on a real Valkey: valid keys, usage counts, and concurrent changes."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from redis.exceptions import OutOfMemoryError

from ocrdesk.backend.api_keys.email_address import Email, parse_email
from ocrdesk.backend.api_keys.records import AuthenticatedKey, CreatedKey
from ocrdesk.backend.api_keys.store import (
    KEPT_AFTER_END_S,
    EmailTakenError,
    KeyExpiredError,
    KeyStore,
    count_usage,
    hash_secret,
    is_secret,
)
from ocrdesk.backend.redis_connection import connect
from ocrdesk.backend.settings import Settings
from ocrdesk.contract.api_keys import REGISTERED_SCOPES, KeyStatus, Scope
from tests.helpers.redis_dump import everything_in

ANN = Email("Ann@example.org", "ann@example.org")


@pytest.fixture
def make_store(redis_url: str) -> Callable[[], KeyStore]:
    """Return a function that makes stores with separate connections, as in other processes."""
    return lambda: KeyStore(connect(Settings(redis_url=redis_url), text=True))


@pytest.fixture
def store(make_store: Callable[[], KeyStore]) -> KeyStore:
    return make_store()


@pytest.fixture
def full_redis(redis: Any) -> Iterator[Callable[[], None]]:
    """Return a function after which every write that needs memory is refused."""
    yield lambda: redis.config_set("maxmemory", "1")
    redis.config_set("maxmemory", "0")


def make(store: KeyStore, name: str = "Ann", **wanted: Any) -> CreatedKey:
    return store.create(name, **({"scopes": REGISTERED_SCOPES} | wanted))


def in_an_hour() -> datetime:
    return datetime.now(UTC) + timedelta(hours=1)


def end(redis: Any, issued: CreatedKey) -> None:
    """Set a key's end to a second ago."""
    redis.hset(f"ocrdesk:key:{issued.record.key_id}", "expires_at", datetime.now(UTC).timestamp() - 1)


def end_overlap(redis: Any, secret: str) -> None:
    """Let a replaced secret expire now."""
    assert redis.pexpire(f"ocrdesk:keyhash:{hash_secret(secret)}", 0)


def let_in(store: KeyStore, secret: str) -> bool:
    return store.authenticate(secret) is not None


def regenerate(store: KeyStore, issued: CreatedKey, overlap_s: int = 0, sent: str | None = None) -> CreatedKey | None:
    return store.regenerate(issued.record.key_id, hash_secret(sent or issued.secret), overlap_s)


# ── secrets ──────────────────────────────────────────────────────────────────────────────────────


def test_a_secret_has_256_random_bits_and_a_recognisable_prefix(store: KeyStore) -> None:
    secrets = [make(store).secret for _ in range(50)]
    assert len(set(secrets)) == 50
    for secret in secrets:
        assert re.fullmatch(r"ocrdesk_[A-Za-z0-9_-]{43}", secret)
        assert is_secret(secret)


@pytest.mark.parametrize(
    "text", ["", "wrong", "ocrdesk_", "ocrdesk_" + "a" * 42, "ocrdesk_" + "a" * 44, "ocrdesk_" + "é" * 43]
)
def test_only_texts_with_the_form_of_a_secret_are_looked_up(text: str) -> None:
    assert not is_secret(text)
    assert KeyStore(connect(Settings(redis_url="redis://127.0.0.1:9/0"), text=True)).authenticate(text) is None


def test_only_the_hash_of_a_secret_is_stored(store: KeyStore, redis: Any) -> None:
    first = make(store, email=ANN, expires_at=in_an_hour())
    second = regenerate(store, first, overlap_s=60)
    assert second is not None
    for issued in (first, second):
        store.authenticate(issued.secret)
        assert issued.secret not in repr(issued)
        assert hash_secret(issued.secret) in everything_in(redis)
        assert issued.secret not in everything_in(redis)
        assert issued.secret.removeprefix("ocrdesk_")[6:] not in everything_in(redis)
        assert issued.secret.startswith(issued.record.prefix)
        assert len(issued.record.prefix) == len("ocrdesk_") + 6


# ── authenticating ───────────────────────────────────────────────────────────────────────────────


def test_a_secret_identifies_its_account(store: KeyStore) -> None:
    issued = make(store, scopes=[Scope.ADMIN, Scope.READ])
    found = store.authenticate(issued.secret)
    assert found == AuthenticatedKey(
        issued.record.key_id, issued.record.owner, (Scope.READ, Scope.ADMIN), hash_secret(issued.secret)
    )


def test_an_unknown_secret_is_refused_and_leaves_nothing_behind(store: KeyStore, redis: Any) -> None:
    make(store)
    before = everything_in(redis)
    assert not let_in(store, "ocrdesk_" + "a" * 43)
    assert everything_in(redis) == before


def test_checking_a_secret_and_counting_it_is_one_round_trip(store: KeyStore, redis: Any) -> None:
    secret = make(store).secret
    let_in(store, secret)  # the script is loaded from now on
    before = redis.info("stats")["total_reads_processed"]
    let_in(store, secret)
    assert redis.info("stats")["total_reads_processed"] - before == 2, "the check, and this question itself"


def test_an_expired_key_is_reported_as_expired_and_not_counted(store: KeyStore, redis: Any) -> None:
    issued = make(store, expires_at=in_an_hour())
    assert let_in(store, issued.secret)
    end(redis, issued)
    with pytest.raises(KeyExpiredError):
        store.authenticate(issued.secret)
    assert store.usage(issued.record.owner).requests == 1
    record = store.key(issued.record.key_id)
    assert record is not None
    assert record.status is KeyStatus.EXPIRED


def test_a_key_whose_record_was_deleted_is_refused(store: KeyStore, redis: Any) -> None:
    issued = make(store)
    redis.delete(f"ocrdesk:key:{issued.record.key_id}")
    assert not let_in(store, issued.secret)


def test_a_hash_that_the_record_does_not_contain_is_refused(store: KeyStore, redis: Any) -> None:
    issued = make(store)
    other = "ocrdesk_" + "b" * 43
    redis.set(f"ocrdesk:keyhash:{hash_secret(other)}", issued.record.key_id)
    assert not let_in(store, other)


def test_callers_are_still_authenticated_when_redis_is_full(store: KeyStore, full_redis: Callable[[], None]) -> None:
    issued = make(store)
    full_redis()
    assert let_in(store, issued.secret)
    store.count_request("key-static")
    with pytest.raises(OutOfMemoryError):
        make(store)
    assert store.revoke(issued.record.key_id)
    assert not let_in(store, issued.secret)


def test_whether_a_secret_still_works_can_be_asked_without_counting(store: KeyStore, redis: Any) -> None:
    issued = make(store)
    assert store.is_still_valid(issued.record.key_id, hash_secret(issued.secret))
    assert store.usage(issued.record.owner).requests == 0
    end(redis, issued)
    assert not store.is_still_valid(issued.record.key_id, hash_secret(issued.secret))
    store.revoke(issued.record.key_id)
    assert not store.is_still_valid(issued.record.key_id, hash_secret(issued.secret))


# ── counting ─────────────────────────────────────────────────────────────────────────────────────


def test_every_request_is_counted_exactly_also_at_the_same_time(make_store: Callable[[], KeyStore]) -> None:
    stores = [make_store() for _ in range(8)]
    issued = make(stores[0])
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda n: let_in(stores[n % 8], issued.secret), range(400)))
    usage = stores[0].usage(issued.record.owner)
    assert usage.requests == 400
    assert sum(day.requests for day in usage.daily) == 400


def test_usage_is_counted_for_owners_without_a_stored_key(store: KeyStore) -> None:
    store.count_request("key-static")
    store.count_request("key-static")
    usage = store.usage("key-static")
    assert (usage.requests, usage.daily[-1].requests) == (2, 2)
    assert usage.last_used_at is not None
    assert abs(usage.last_used_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_pages_and_bytes_are_counted_in_the_callers_transaction(store: KeyStore, redis: Any) -> None:
    with redis.pipeline(transaction=True) as pipe:
        count_usage(pipe, "somebody", pages=3, size_bytes=1000)
        count_usage(pipe, "somebody", pages=2)
        count_usage(pipe, "somebody", size_bytes=24)
        assert store.usage("somebody").pages == 0
        pipe.execute()
    usage = store.usage("somebody")
    assert (usage.pages, usage.size_bytes, usage.requests) == (5, 1024, 0)
    assert usage.daily[-1].pages == 5


def test_nothing_to_count_writes_nothing(redis: Any) -> None:
    with redis.pipeline(transaction=True) as pipe:
        count_usage(pipe, "somebody")
        pipe.execute()
    assert redis.keys("*") == []


def test_usage_covers_thirty_days_up_to_today_and_older_days_expire(store: KeyStore, redis: Any) -> None:
    store.count_request("somebody")
    with redis.pipeline() as pipe:
        count_usage(pipe, "somebody", pages=1)
        pipe.execute()
    today = datetime.now(UTC).date()
    redis.hset(f"ocrdesk:usage:somebody:{today - timedelta(days=29)}", mapping={"requests": 7, "pages": 4})
    redis.hset(f"ocrdesk:usage:somebody:{today - timedelta(days=30)}", mapping={"requests": 9})
    daily = store.usage("somebody").daily
    assert [day.date for day in daily] == [today - timedelta(days=ago) for ago in range(29, -1, -1)]
    assert (daily[0].requests, daily[0].pages) == (7, 4)
    assert (daily[-1].requests, daily[-1].pages) == (1, 1)
    assert sum(day.requests for day in daily) == 8
    assert 30 * 86_400 < redis.ttl(f"ocrdesk:usage:somebody:{today}") <= 35 * 86_400


# ── replacing ────────────────────────────────────────────────────────────────────────────────────


def test_a_replaced_secret_stops_working_immediately_and_the_account_stays(make_store: Callable[[], KeyStore]) -> None:
    here, elsewhere = make_store(), make_store()
    first = make(here, email=ANN)
    assert let_in(elsewhere, first.secret)
    second = regenerate(here, first)
    assert second is not None
    assert not let_in(elsewhere, first.secret)
    found = elsewhere.authenticate(second.secret)
    assert found is not None
    assert (found.owner, found.key_id, found.scopes) == (first.record.owner, first.record.key_id, REGISTERED_SCOPES)
    assert second.secret.startswith(second.record.prefix)
    assert second.record.overlap_until is None
    assert here.usage(found.owner).requests == 2


def test_a_replaced_secret_works_until_its_overlap_ends(store: KeyStore, redis: Any) -> None:
    first = make(store)
    second = regenerate(store, first, overlap_s=3600)
    assert second is not None
    assert second.record.overlap_until is not None
    assert 3500 < redis.ttl(f"ocrdesk:keyhash:{hash_secret(first.secret)}") <= 3600
    assert let_in(store, first.secret)
    assert let_in(store, second.secret)
    end_overlap(redis, first.secret)
    assert not let_in(store, first.secret)
    assert let_in(store, second.secret)


def test_at_most_one_old_secret_keeps_working_that_of_the_caller(store: KeyStore, redis: Any) -> None:
    first = make(store)
    second = regenerate(store, first, overlap_s=3600)
    assert second is not None
    third = regenerate(store, first, overlap_s=60, sent=second.secret)
    assert third is not None
    assert [let_in(store, issued.secret) for issued in (first, second, third)] == [False, True, True]
    hashes = {f"ocrdesk:keyhash:{hash_secret(issued.secret)}" for issued in (second, third)}
    assert set(redis.keys("ocrdesk:keyhash:*")) == hashes


def test_a_caller_who_lost_the_response_can_ask_again_with_the_old_secret(store: KeyStore) -> None:
    first = make(store)
    lost = regenerate(store, first, overlap_s=3600)
    again = regenerate(store, first, overlap_s=3600)
    assert lost is not None
    assert again is not None
    assert [let_in(store, issued.secret) for issued in (first, lost, again)] == [True, False, True]


def test_replacing_without_overlap_ends_a_running_one(store: KeyStore) -> None:
    first = make(store)
    second = regenerate(store, first, overlap_s=3600)
    assert second is not None
    third = regenerate(store, first, sent=second.secret)
    assert third is not None
    assert [let_in(store, issued.secret) for issued in (first, second, third)] == [False, False, True]
    assert third.record.overlap_until is None


def test_a_secret_can_be_replaced_once_only_also_at_the_same_time(make_store: Callable[[], KeyStore]) -> None:
    stores = [make_store() for _ in range(8)]
    first = make(stores[0])
    with ThreadPoolExecutor(8) as pool:
        made = [issued for issued in pool.map(lambda store: regenerate(store, first), stores) if issued]
    assert len(made) == 1
    assert let_in(stores[0], made[0].secret)


def test_an_overlap_does_not_outlive_the_key(store: KeyStore, redis: Any) -> None:
    first = make(store, expires_at=in_an_hour())
    second = regenerate(store, first, overlap_s=86_400)
    assert second is not None
    end(redis, second)
    for issued in (first, second):
        with pytest.raises(KeyExpiredError):
            store.authenticate(issued.secret)


@pytest.mark.parametrize("how", ["revoked", "expired", "unknown"])
def test_a_key_that_has_ended_cannot_be_replaced(store: KeyStore, redis: Any, how: str) -> None:
    issued = make(store)
    if how == "revoked":
        store.revoke(issued.record.key_id)
    elif how == "expired":
        end(redis, issued)
    else:
        redis.flushall()
    before = everything_in(redis)
    assert regenerate(store, issued, overlap_s=60) is None
    assert everything_in(redis) == before


# ── revoking ─────────────────────────────────────────────────────────────────────────────────────


def test_all_secrets_of_a_revoked_key_stop_working_and_it_stays_listed(store: KeyStore, redis: Any) -> None:
    first = make(store, email=ANN)
    second = regenerate(store, first, overlap_s=3600)
    assert second is not None
    assert store.revoke(first.record.key_id)
    assert store.revoke(first.record.key_id), "once more does no harm"
    assert not let_in(store, first.secret)
    assert not let_in(store, second.secret)
    assert redis.keys("ocrdesk:keyhash:*") == []
    (listed,) = store.keys(10) or []
    assert (listed.status, listed.revoked_at is not None, listed.overlap_until) == (KeyStatus.REVOKED, True, None)


def test_an_unknown_key_cannot_be_revoked(store: KeyStore, redis: Any) -> None:
    assert not store.revoke("0" * 16)
    assert redis.keys("*") == []


def test_ended_keys_are_deleted_after_a_month(store: KeyStore, redis: Any) -> None:
    expiring, revoked = make(store, email=ANN, expires_at=in_an_hour()), make(store)
    store.revoke(revoked.record.key_id)
    for issued, seconds in ((expiring, KEPT_AFTER_END_S + 3600), (revoked, KEPT_AFTER_END_S)):
        for key in (f"ocrdesk:key:{issued.record.key_id}", f"ocrdesk:usage:{issued.record.owner}"):
            assert seconds - 60 < redis.ttl(key) <= seconds
    replacement = regenerate(store, expiring)
    assert replacement is not None
    for key in ("ocrdesk:email:ann@example.org", f"ocrdesk:keyhash:{hash_secret(replacement.secret)}"):
        assert KEPT_AFTER_END_S < redis.ttl(key) <= KEPT_AFTER_END_S + 3600
    redis.delete(f"ocrdesk:key:{revoked.record.key_id}")
    assert [key.key_id for key in store.keys(10) or []] == [expiring.record.key_id]
    assert redis.zcard("ocrdesk:keys") == 1


def test_a_key_without_an_end_stays(store: KeyStore, redis: Any) -> None:
    make(store, email=ANN)
    assert {redis.ttl(key) for key in redis.keys("*")} == {-1}


# ── addresses ────────────────────────────────────────────────────────────────────────────────────


def test_an_address_has_one_live_key(store: KeyStore) -> None:
    first = make(store, email=ANN)
    with pytest.raises(EmailTakenError):
        make(store, email=parse_email("ANN@Example.ORG"))
    found = store.key_of_email(parse_email("ann@EXAMPLE.org"))
    assert found is not None
    assert (found.key_id, found.email) == (first.record.key_id, "Ann@example.org")


def test_two_registrations_of_one_address_at_the_same_time_make_one_key(
    make_store: Callable[[], KeyStore], redis: Any
) -> None:
    stores = [make_store() for _ in range(8)]
    barrier = threading.Barrier(8)

    def register(store: KeyStore) -> bool:
        barrier.wait()
        try:
            return bool(make(store, email=ANN))
        except EmailTakenError:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(register, stores)) == 1
    assert len(redis.keys("ocrdesk:key:*")) == len(redis.keys("ocrdesk:keyhash:*")) == 1


@pytest.mark.parametrize("how", ["revoked", "expired"])
def test_a_key_that_has_ended_frees_its_address(store: KeyStore, redis: Any, how: str) -> None:
    old = make(store, email=ANN)
    if how == "revoked":
        store.revoke(old.record.key_id)
    else:
        end(redis, old)
    new = make(store, email=ANN)
    assert new.record.owner != old.record.owner
    store.revoke(old.record.key_id)  # the old key's late end does not end the new key
    with pytest.raises(EmailTakenError):
        make(store, email=ANN)


# ── lists ────────────────────────────────────────────────────────────────────────────────────────


def test_keys_are_listed_newest_first_and_page_by_page(store: KeyStore) -> None:
    ids = [make(store, f"Key {n}").record.key_id for n in range(7)]
    seen: list[str] = []
    after = None
    while page := store.keys(3, after):
        seen += [key.key_id for key in page]
        after = seen[-1]
        make(store, "one more meanwhile")
    assert seen == list(reversed(ids))


def test_a_page_after_a_deleted_key_is_none(store: KeyStore) -> None:
    make(store)
    assert store.keys(3, "0" * 16) is None


def test_an_id_of_another_form_names_no_key(store: KeyStore, redis: Any) -> None:
    """Not even one whose name is that of another Redis key."""
    key_id = make(store).record.key_id
    redis.rpush(f"ocrdesk:key:{key_id}:list", "not an account")
    for odd in (f"{key_id}:list", key_id.upper() + "X", "", "*", f"../{key_id}", key_id + "\n"):
        assert store.key(odd) is None
        assert store.revoke(odd) is False
        assert store.keys(1, odd) is None
    assert store.key(key_id) is not None
