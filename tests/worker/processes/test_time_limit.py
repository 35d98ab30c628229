"""The time limit of a task process counts processor time; waiting alone reaches only the far limit behind it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ocrdesk_worker.processes import time_limit
from ocrdesk_worker.processes.time_limit import TimeLimit
from tests.helpers.wait import wait_until

BUSY = "while True: pass"
WAITING = "import sys; sys.stdin.read()"


@contextmanager
def running(code: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-S", "-c", code], stdin=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_process_that_computes_reaches_its_limit() -> None:
    with running(BUSY) as process:
        limit = TimeLimit(process.pid, 0.3)
        wait_until(limit.is_over, "the processor time is used up")
        assert not limit.is_stuck


def test_programs_that_it_started_count() -> None:
    started = f"import subprocess, sys; subprocess.run([sys.executable, '-S', '-c', {BUSY!r}])"
    with running(started) as process:
        limit = TimeLimit(process.pid, 0.5)
        wait_until(limit.is_over, "the processor time is used up")
        for child in limit._process.children(recursive=True):
            child.kill()


def test_a_process_that_waits_does_not_reach_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with running(WAITING) as process:
        limit = TimeLimit(process.pid, 30.0)
        now = time_limit.time.monotonic()
        monkeypatch.setattr(time_limit.time, "monotonic", lambda: now + 50 * 30.0)
        assert not limit.is_over()
        monkeypatch.setattr(time_limit.time, "monotonic", lambda: now + 61 * 30.0)
        assert limit.is_over()
        assert limit.is_stuck


def test_a_process_that_has_ended_is_not_over() -> None:
    with running(WAITING) as process:
        limit = TimeLimit(process.pid, 30.0)
    assert not limit.is_over()
