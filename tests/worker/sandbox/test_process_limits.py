"""A process over its memory or CPU limit is stopped, and no process outlives its parent."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

import psutil
import pytest

from ocrdesk_worker.sandbox import process_limits
from tests.helpers.wait import wait_until

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")


def in_child(action: Callable[[], int]) -> int:
    """Run the action in a fork; return its exit code, negative for a signal."""
    pid = os.fork()
    if pid == 0:
        code = 99
        try:
            code = action()
        except MemoryError:
            code = 42
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def own_size_mb() -> int:
    return int(psutil.Process().memory_info().vms) >> 20


def test_memory_over_the_limit_is_refused() -> None:
    def take_too_much() -> int:
        process_limits.limit_memory(own_size_mb() + 256)
        bytearray(1 << 30)
        return 0

    assert in_child(take_too_much) == 42


def test_memory_under_the_limit_is_granted() -> None:
    def take_some() -> int:
        process_limits.limit_memory(own_size_mb() + 512)
        return 0 if len(bytearray(64 << 20)) else 1

    assert in_child(take_some) == 0


def test_a_decoder_over_the_limit_is_stopped_too() -> None:
    def decode() -> int:
        from PIL import Image

        process_limits.limit_memory(own_size_mb() + 128)
        Image.new("RGBA", (20_000, 20_000)).load()
        return 0

    code = in_child(decode)
    assert code == 42 or code < 0


def test_a_limit_cannot_be_raised_again() -> None:
    def raise_it() -> int:
        process_limits.limit_memory(own_size_mb() + 256)
        process_limits.limit_memory(1 << 20)
        bytearray(1 << 30)
        return 0

    assert in_child(raise_it) == 42


def test_endless_work_is_ended_by_the_cpu_limit() -> None:
    def spin() -> int:
        process_limits.limit_cpu(0.2)
        while True:
            pass

    assert in_child(spin) in (-signal.SIGXCPU, -signal.SIGKILL)


@linux_only
def test_a_grandchild_ends_when_its_parent_is_killed() -> None:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        parent = os.getpid()
        if os.fork() == 0:
            process_limits.set_parent_death_signal(parent)
            os.write(writing, f"{os.getpid()}\n".encode())
        while True:
            signal.pause()
    os.close(writing)
    with os.fdopen(reading) as pipe:
        grandchild = psutil.Process(int(pipe.readline()))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        wait_until(lambda: not grandchild.is_running() or grandchild.status() == "zombie", "the grandchild's end")


@linux_only
def test_a_process_whose_parent_has_already_ended_ends_immediately() -> None:
    def orphan() -> int:
        process_limits.set_parent_death_signal(1 << 30)
        return 0

    assert in_child(orphan) == -signal.SIGKILL
