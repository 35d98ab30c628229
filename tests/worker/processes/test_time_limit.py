"""The time limit of a task process counts processor time; waiting alone reaches only the far limit behind it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own
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


class Passing:
    """The time that the limit sees."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._now = time_limit.time.monotonic()
        monkeypatch.setattr(time_limit.time, "monotonic", lambda: self._now)

    def by(self, seconds: float) -> None:
        self._now += seconds

    def looks(self, limit: TimeLimit, seconds: float) -> bool:
        """Let the time pass while the worker looks every second; return whether the limit was reached."""
        for _ in range(round(seconds)):
            self.by(1.0)
            if limit.is_over():
                return True
        return False


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
        passing = Passing(monkeypatch)
        assert not passing.looks(limit, 50 * 30.0)
        assert passing.looks(limit, 11 * 30.0)
        assert limit.is_stuck
        assert not limit.is_stopped


def test_time_in_which_the_worker_stood_still_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    with running(WAITING) as process:
        limit = TimeLimit(process.pid, 30.0)
        passing = Passing(monkeypatch)
        passing.by(24 * 3600.0)
        assert not limit.is_over()


def test_a_process_that_stays_stopped_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    with running(WAITING) as process:
        limit = TimeLimit(process.pid, 30.0)
        passing = Passing(monkeypatch)
        process.send_signal(signal.SIGSTOP)
        wait_until(lambda: psutil.Process(process.pid).status() == psutil.STATUS_STOPPED, "it is stopped")
        assert not passing.looks(limit, 9.0)
        process.send_signal(signal.SIGCONT)
        wait_until(lambda: psutil.Process(process.pid).status() != psutil.STATUS_STOPPED, "it goes on")
        assert not passing.looks(limit, 9.0)
        process.send_signal(signal.SIGSTOP)
        wait_until(lambda: psutil.Process(process.pid).status() == psutil.STATUS_STOPPED, "it is stopped")
        assert passing.looks(limit, 12.0)
        assert limit.is_stopped
        assert not limit.is_stuck


def test_a_process_that_has_ended_is_not_over() -> None:
    with running(WAITING) as process:
        limit = TimeLimit(process.pid, 30.0)
    assert not limit.is_over()
