"""Heartbeats of worker pools."""

from __future__ import annotations

import time
from typing import Any

import pytest

from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.records import NodeInfo
from ocrdesk.backend.redis_connection import redis_time_ms
from tests.helpers.redis_calls import calls_of


def node(name: str) -> NodeInfo:
    return NodeInfo(name, 2, ("tesseract",), ("eng", "deu"), "1.0")


def test_a_pool_with_a_heartbeat_is_live_and_one_without_is_removed(ledger: Ledger, redis: Any) -> None:
    ledger.nodes.heartbeat(node("a"))
    ledger.nodes.heartbeat(node("b"))
    assert ledger.nodes.live() == [node("a"), node("b")]
    ledger.nodes.remove("a")
    assert ledger.nodes.live() == [node("b")]
    redis.delete("ocrdesk:node:b")  # its heartbeat has expired
    assert ledger.nodes.live() == []
    assert redis.smembers("ocrdesk:nodes") == set()


def test_a_heartbeat_says_how_far_the_clock_is_from_that_of_redis(ledger: Ledger, redis: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(time, "time", lambda: redis_time_ms(redis) / 1000 + 90)
    ledger.nodes.heartbeat(node("a"))
    (found,) = ledger.nodes.live()
    assert found.clock_offset_s == pytest.approx(90, abs=5)


def test_a_heartbeat_expires(ledger: Ledger, redis: Any) -> None:
    ledger.nodes.heartbeat(node("a"))
    assert 0 < redis.ttl("ocrdesk:node:a") <= 15


def test_all_pools_can_be_removed(ledger: Ledger) -> None:
    ledger.nodes.heartbeat(node("a"))
    ledger.nodes.heartbeat(node("b"))
    ledger.nodes.remove_all()
    assert ledger.nodes.live() == []


def test_the_last_heartbeat_is_remembered_when_no_pool_is_left(ledger: Ledger) -> None:
    assert ledger.nodes.last_seen() == 0
    before = int(time.time())
    ledger.nodes.heartbeat(node("a"))
    ledger.nodes.remove("a")
    assert before <= ledger.nodes.last_seen() <= time.time() + 1


def test_recent_pools_are_read_once_a_second_at_most(
    ledger: Ledger, redis: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ledger.nodes.recent() == []
    ledger.nodes.heartbeat(node("a"))
    assert ledger.nodes.recent() == [node("a")], "that there was none is not remembered"
    before = calls_of(redis)
    now = time.monotonic()
    monkeypatch.setattr("time.monotonic", lambda: now)
    for _ in range(5):
        assert ledger.nodes.recent() == [node("a")]
    assert (calls_of(redis) - before)["mget"] <= 1
    ledger.nodes.heartbeat(node("b"))
    monkeypatch.setattr("time.monotonic", lambda: now + 2)
    assert ledger.nodes.recent() == [node("a"), node("b")]
