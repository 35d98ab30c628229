"""Sliding-window rate limits in Redis, as the api processes count them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ocrdesk.backend.rate_limits import RateLimit, RateLimits, RateLimitStatus
from ocrdesk.backend.redis_connection import RedisFull, connect
from ocrdesk.backend.settings import Settings

ADDRESS = "198.51.100.1"


@pytest.fixture
def limits(redis_url: str) -> Callable[..., RateLimits]:
    def make(**settings: Any) -> RateLimits:
        set_up = Settings(redis_url=redis_url, **settings)
        return RateLimits(set_up, connect(set_up, text=False))

    return make


def counted(status: RateLimitStatus | None) -> tuple[bool, int]:
    assert status is not None
    return status.is_allowed, status.remaining


def shift_times(redis: Any, seconds: float) -> None:
    """Make all counted requests older by this time."""
    for key in redis.keys("ocrdesk:rates:*"):
        times = [float(time) for time in redis.lrange(key, 0, -1)]
        redis.delete(key)
        redis.rpush(key, *[time - seconds for time in times])


def test_requests_are_counted_down_and_one_too_many_is_refused(limits: Callable[..., RateLimits]) -> None:
    rates = limits(rate_limit_requests=3)
    statuses = [counted(rates.consume(RateLimit.SUBMITS, "me")) for _ in range(5)]
    assert statuses == [(True, 2), (True, 1), (True, 0), (False, 0), (False, 0)]


def test_callers_and_kinds_are_counted_apart(limits: Callable[..., RateLimits]) -> None:
    rates = limits(rate_limit_requests=2, rate_limit_reads=2)
    assert counted(rates.consume(RateLimit.SUBMITS, "me")) == (True, 1)
    assert counted(rates.consume(RateLimit.SUBMITS, "you")) == (True, 1)
    assert counted(rates.consume(RateLimit.READS, "me")) == (True, 1)


def test_two_processes_count_together(limits: Callable[..., RateLimits]) -> None:
    one, two = limits(rate_limit_requests=2), limits(rate_limit_requests=2)
    assert counted(one.consume(RateLimit.SUBMITS, "me")) == (True, 1)
    assert counted(two.consume(RateLimit.SUBMITS, "me")) == (True, 0)
    assert counted(one.consume(RateLimit.SUBMITS, "me")) == (False, 0)


def test_a_refused_request_leaves_the_time_of_the_next_one_as_it_was(
    limits: Callable[..., RateLimits], redis: Any
) -> None:
    rates = limits(rate_limit_requests=1, rate_limit_window="minute")
    rates.consume(RateLimit.SUBMITS, "me")
    shift_times(redis, 50)
    refused = rates.consume(RateLimit.SUBMITS, "me")
    assert counted(refused) == (False, 0)
    assert refused is not None
    assert 1 <= refused.reset_s <= 10
    shift_times(redis, 11)
    assert counted(rates.consume(RateLimit.SUBMITS, "me")) == (True, 0)


def test_the_window_moves_with_each_request(limits: Callable[..., RateLimits], redis: Any) -> None:
    rates = limits(rate_limit_requests=2, rate_limit_window="minute")
    rates.consume(RateLimit.SUBMITS, "me")
    shift_times(redis, 59)
    assert counted(rates.consume(RateLimit.SUBMITS, "me")) == (True, 0)
    shift_times(redis, 2)  # the first one has left the window
    assert counted(rates.consume(RateLimit.SUBMITS, "me")) == (True, 0)
    assert counted(rates.consume(RateLimit.SUBMITS, "me")) == (False, 0)


def test_the_time_to_wait_is_never_longer_than_the_window(limits: Callable[..., RateLimits], redis: Any) -> None:
    rates = limits(rate_limit_requests=1, rate_limit_window="minute")
    rates.consume(RateLimit.SUBMITS, "me")
    shift_times(redis, -500)  # counted by a machine whose clock is ahead
    refused = rates.consume(RateLimit.SUBMITS, "me")
    assert refused is not None
    assert refused.reset_s == refused.limit.window_s == 60


@pytest.mark.parametrize("kind", RateLimit)
def test_while_redis_is_full_reads_are_not_counted_and_others_fail(
    limits: Callable[..., RateLimits], redis: Any, kind: RateLimit
) -> None:
    rates = limits()
    redis.config_set("maxmemory", 1)
    try:
        if kind in (RateLimit.READS, RateLimit.WRONG_KEYS):
            assert rates.consume(kind, "me") is None
        else:
            with pytest.raises(RedisFull):
                rates.consume(kind, "me")
    finally:
        redis.config_set("maxmemory", 0)


def test_counts_leave_redis_with_their_window(limits: Callable[..., RateLimits], redis: Any) -> None:
    rates = limits(rate_limit_window="minute")
    rates.consume(RateLimit.SUBMITS, "me")
    rates.consume(RateLimit.READS, "me")
    keys = redis.keys("ocrdesk:rates:*")
    assert len(keys) == 2
    assert all(0 < redis.ttl(key) <= 60 for key in keys)


def test_a_request_is_counted_in_one_round_trip(limits: Callable[..., RateLimits], redis: Any) -> None:
    rates = limits()
    rates.consume(RateLimit.READS, "someone")
    before = _read_events(redis)
    rates.consume(RateLimit.READS, "someone")
    assert _read_events(redis) - before == 2, "one of the count, one of this look"


@pytest.mark.parametrize(
    ("window", "text"),
    [
        ("minute", "10 per 1 minute"),
        ("60", "10 per 60 seconds"),
        ("1", "10 per 1 second"),
        ("Hours", "10 per 1 hour"),
        ("5 minutes", "10 per 5 minutes"),
        (" 1 DAY ", "10 per 1 day"),
    ],
)
def test_windows_are_shown_as_they_were_set(
    redis_url: str, monkeypatch: pytest.MonkeyPatch, window: str, text: str
) -> None:
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("RATE_LIMIT_WINDOW", window)
    settings = Settings.from_environment()
    count = RateLimits(settings, connect(settings, text=False)).consume(RateLimit.SUBMITS, "someone")
    assert count is not None
    assert count.limit.text == text


def _read_events(redis: Any) -> int:
    """Return how often the server found something to read on a connection."""
    return int(redis.info("stats")["total_reads_processed"])
