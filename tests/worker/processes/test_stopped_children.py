"""A worker that stays stopped is killed; one that goes on is left alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from ocrdesk_worker.processes.stopped_children import WAIT_OPTIONS, StoppedChildren
from tests.helpers.wait import wait_until


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-S", "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    yield process
    process.kill()
    process.communicate()


def reported(children: StoppedChildren, pid: int) -> bool:
    """Wait for the next report about the child; return whether it has ended."""
    found: list[int] = []

    def look() -> bool:
        waited, status = os.waitpid(pid, WAIT_OPTIONS)
        if waited:
            found.append(status)
        return bool(found)

    wait_until(look, "the child changes its state")
    return children.has_ended(pid, found[0])


def ticks(children: StoppedChildren, count: int) -> None:
    for _ in range(count):
        children.kill_overdue()


def test_a_child_that_stays_stopped_is_killed(child: subprocess.Popen[bytes]) -> None:
    children = StoppedChildren()
    child.send_signal(signal.SIGSTOP)
    assert not reported(children, child.pid)
    ticks(children, 60)
    assert reported(children, child.pid)


def test_a_child_that_goes_on_lives(child: subprocess.Popen[bytes]) -> None:
    children = StoppedChildren()
    child.send_signal(signal.SIGSTOP)
    assert not reported(children, child.pid)
    ticks(children, 40)
    child.send_signal(signal.SIGCONT)
    assert not reported(children, child.pid)
    ticks(children, 200)
    assert child.poll() is None
