"""Retry-After grows with refusals in a row, differs between callers, and is forgotten."""

from __future__ import annotations

import pytest

from ocrdesk.backend.limits import rejections
from ocrdesk.backend.limits.rejections import MAX_RETRY_AFTER_S, Rejections, with_jitter


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, which a test may move."""
    moment = [1000.0]
    monkeypatch.setattr(rejections.time, "monotonic", lambda: moment[0])
    return moment


def test_it_doubles_with_each_refusal_up_to_a_limit(now: list[float]) -> None:
    refused = Rejections()
    for times in (1, 2, 4, 8, 8, 8, 8):
        assert 10 * times <= refused.retry_after_s("ann", 10) <= 15 * times
    assert 10 <= refused.retry_after_s("bob", 10) <= 15, "each caller has a count of its own"
    assert refused.retry_after_s("ann", 5_000) == MAX_RETRY_AFTER_S
    assert refused.retry_after_s("eve", 0) >= 1


def test_it_begins_again_after_an_accepted_job_and_after_a_while(now: list[float]) -> None:
    refused = Rejections()
    first = [refused.retry_after_s("ann", 10) for _ in range(4)][-1]
    assert first >= 80
    refused.accepted("ann")
    assert refused.retry_after_s("ann", 10) <= 15
    refused.retry_after_s("ann", 10)
    now[0] += 10_000
    assert refused.retry_after_s("ann", 10) <= 15


def test_a_caller_who_waits_as_long_as_told_is_still_counted(now: list[float]) -> None:
    refused = Rejections()
    waits = []
    for _ in range(3):
        waits.append(refused.retry_after_s("ann", 10))
        now[0] += waits[-1]
    assert waits[0] <= 15 < 20 <= waits[1] < 40 <= waits[2]


def test_callers_who_were_refused_together_do_not_return_together(now: list[float]) -> None:
    refused = Rejections()
    assert len({refused.retry_after_s(f"caller{number}", 100) for number in range(50)}) > 10
    assert all(10 <= with_jitter(10) <= 15 for _ in range(50))


def test_it_remembers_a_limited_number_of_callers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rejections, "_MAX_CALLERS", 2)
    refused = Rejections()
    for caller in ("ann", "bob", "eve"):
        refused.retry_after_s(caller, 10)
    assert refused.retry_after_s("eve", 10) >= 20
    assert refused.retry_after_s("ann", 10) <= 15
