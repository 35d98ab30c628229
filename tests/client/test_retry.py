"""Retries: what is retried, when and how often, and that nothing takes effect twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ocrdesk.client import (
    AuthError,
    Client,
    IdempotencyConflictError,
    NotFoundError,
    RateLimitedError,
    RetryPolicy,
    ServerBusyError,
    ServerUnavailableError,
)
from tests.client.conftest import SkippingClock
from tests.helpers.faulty_proxy import Cut, Relay, Says
from tests.helpers.processes import running_api
from tests.helpers.sample_files import text_png

PICTURE = text_png("Hello world")


UNKNOWN = "0f8fad5bd9cb469fa16570867728950e"


@pytest.fixture
def limited_url(redis_url: str) -> Iterator[str]:
    """A real api that accepts one submit in three seconds, without workers."""
    limits = {"RATE_LIMIT_ENABLED": "true", "RATE_LIMIT_REQUESTS": "1", "RATE_LIMIT_WINDOW": "3 seconds"}
    with running_api(REDIS_URL=redis_url, **limits) as api:
        yield api.removesuffix("/api/v1")


def test_a_submit_that_comes_too_soon_is_sent_again_when_the_server_says(limited_url: str) -> None:
    waits: list[tuple[float, str]] = []
    with Client(limited_url, on_wait=lambda seconds, why: waits.append((seconds, why))) as client:
        for _ in range(2):
            client.submit(PICTURE, name="a.png")
        assert len(client.jobs()) == 2
    assert waits
    assert all(seconds >= 1 for seconds, _ in waits), "Retry-After has whole seconds, of which there is one at least"
    assert all(why.startswith("Too many requests. Limit: 1 per 3 second") for _, why in waits)


@pytest.mark.parametrize("patience", [0, 0.5, RetryPolicy(busy_s=0, unavailable_s=60)])
def test_a_policy_shorter_than_the_servers_wait_raises_immediately(
    limited_url: str, patience: float | RetryPolicy
) -> None:
    waits: list[float] = []
    with Client(limited_url, retry_policy=patience, on_wait=lambda seconds, _: waits.append(seconds)) as client:
        client.submit(PICTURE, name="a.png")
        with pytest.raises(RateLimitedError, match="Too many requests") as raised:
            client.submit(PICTURE, name="a.png")
        assert len(client.jobs()) == 1
    assert waits == []
    assert raised.value.code == "rate_limited"
    assert raised.value.retry_after_s is not None


def test_a_full_queue_is_a_busy_server(redis_url: str) -> None:
    with (
        running_api(REDIS_URL=redis_url, MAX_QUEUED_PAGES="1") as api,
        Client(api.removesuffix("/api/v1"), retry_policy=0) as client,
    ):
        client.submit(PICTURE, name="a.png")
        with pytest.raises(ServerBusyError) as raised:
            client.submit(PICTURE, name="a.png")
        assert len(client.jobs()) == 1
    assert raised.value.code == "queue_full"
    assert raised.value.retry_after_s is not None


@pytest.mark.parametrize(
    "failures",
    [
        [Says(503, "redis_unavailable"), Says(503, "queue_full", 2)],
        [Says(429, "rate_limited", 1)],
        [Says(502, "bad_gateway"), Says(504, "timeout")],
        [Cut.BEFORE, Cut.AFTER, Cut.HALFWAY],
    ],
    ids=["503", "429", "a proxy's", "cut"],
)
def test_a_call_survives_temporary_failures(relay: Relay, relayed: Client, failures: list[Says | Cut]) -> None:
    relay.failures = list(failures)
    assert relayed.capabilities().languages
    assert len(relay.seen) == len(failures) + 1


def test_a_wait_is_never_shorter_than_the_server_asks_for(relay: Relay, relayed: Client, clock: SkippingClock) -> None:
    said = [7, 1, 30]
    relay.failures = [Says(503, "queue_full", seconds) for seconds in said]
    relayed.capabilities()
    assert len(clock.waits) == len(said)
    assert all(wait >= seconds for wait, seconds in zip(clock.waits, said, strict=True))


def test_waits_grow_where_the_server_asks_for_none(relay: Relay, relayed: Client, clock: SkippingClock) -> None:
    relay.failures = [Cut.BEFORE] * 6
    relayed.capabilities()
    assert len(clock.waits) == 6
    assert clock.waits == sorted(clock.waits)


@pytest.mark.parametrize(
    ("failure", "kind", "code"),
    [
        (Cut.AFTER, ServerUnavailableError, None),
        (Says(503, "redis_unavailable"), ServerUnavailableError, "redis_unavailable"),
        (Says(503, "storage_full", 3), ServerBusyError, "storage_full"),
        (Says(429, "rate_limited", 3), RateLimitedError, "rate_limited"),
    ],
)
def test_patience_ends_with_the_last_failure(
    relay: Relay,
    relayed: Client,
    clock: SkippingClock,
    failure: Says | Cut,
    kind: type[ServerUnavailableError | RateLimitedError],
    code: str | None,
) -> None:
    relay.always = failure
    impatient = relayed.with_retry_policy(20)
    for call in (impatient.capabilities, lambda: impatient.submit(PICTURE, name="a.png")):
        relay.seen.clear()
        clock.waits.clear()
        with pytest.raises(kind) as raised:
            call()
        assert type(raised.value) is kind
        assert raised.value.code == code
        assert len(relay.seen) > 2
        assert len(relay.seen) == len(clock.waits) + 1
        assert sum(clock.waits) <= 20.001


def test_without_patience_a_call_is_made_once(relay: Relay, relayed: Client, clock: SkippingClock) -> None:
    relay.always = Cut.BEFORE
    with pytest.raises(ServerUnavailableError):
        relayed.with_retry_policy(0).jobs()
    assert (len(relay.seen), clock.waits) == (1, [])


def test_permanent_failures_are_not_tried_again(relay: Relay, relayed: Client, clock: SkippingClock) -> None:
    with pytest.raises(NotFoundError):
        relayed.job(UNKNOWN)
    relay.failures = [Says(401, "unauthorized")]
    with pytest.raises(AuthError):
        relayed.jobs()
    assert (len(relay.seen), clock.waits) == (2, [])


def test_two_submits_of_one_file_are_two_jobs(client: Client) -> None:
    assert client.submit(PICTURE, name="twice.png") != client.submit(PICTURE, name="twice.png")


def test_a_key_of_ones_own_makes_a_later_repeat_the_same_job(client: Client) -> None:
    first = client.submit(PICTURE, name="invoice.png", idempotency_key="invoice 17")
    assert client.submit(PICTURE, name="invoice.png", idempotency_key="invoice 17") == first
    with pytest.raises(IdempotencyConflictError):
        client.submit(text_png("Another"), name="invoice.png", idempotency_key="invoice 17")
    assert [job.job_id for job in client.iter_jobs(name="invoice.png")] == [first]


def test_a_correction_that_was_turned_away_is_sent_again(client: Client, relay: Relay, relayed: Client) -> None:
    document = client.document(_finished(client))
    relay.failures = [Says(503, "redis_unavailable")]
    assert relayed.correct(document).revision == 1


def _finished(client: Client) -> str:
    job_id = client.submit(PICTURE, name="a.png")
    client.wait(job_id)
    return job_id
