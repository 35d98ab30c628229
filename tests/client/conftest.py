"""Clients of the running server, and a relay in front of it that fails on demand."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from ocrdesk.client import Client
from tests.helpers.faulty_proxy import Relay, run_faulty_proxy
from tests.helpers.processes import Backend


class SkippingClock:
    """A clock that waiting advances: no test really waits, and each knows how long it would have waited."""

    def __init__(self) -> None:
        self._now = 0.0
        self.waits: list[float] = []

    def now(self) -> float:
        return self._now

    def wait(self, flag: threading.Event, seconds: float) -> bool:
        self.waits.append(seconds)
        self._now += seconds
        return flag.is_set()


@pytest.fixture
def client(backend: Backend) -> Iterator[Client]:
    """A client of this machine's own user: without limits."""
    with Client(backend.url, backend.token) as client:
        yield client


@pytest.fixture
def relay(backend: Backend) -> Iterator[Relay]:
    with run_faulty_proxy(backend.url) as relay:
        yield relay


@pytest.fixture
def clock() -> SkippingClock:
    return SkippingClock()


@pytest.fixture
def relayed(relay: Relay, backend: Backend, clock: SkippingClock) -> Iterator[Client]:
    """A client whose requests go through the relay, and whose waits are skipped."""
    with Client(relay.url, backend.token, clock=clock) as client:
        yield client
