"""What the checks after a chaos run take for an answer."""

from __future__ import annotations

import httpx2

from tests.chaos.audit import settled


def test_a_caller_that_is_told_to_ask_again_does_so_before_a_promise_counts_as_broken() -> None:
    """A rollback brings back a deleted job, and the reconciler has not yet found that its files are gone."""
    answers = [httpx2.Response(409), httpx2.Response(409), httpx2.Response(200), httpx2.Response(404)]
    assert settled(lambda: answers.pop(0)).status_code == 200
