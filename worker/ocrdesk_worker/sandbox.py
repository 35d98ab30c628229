"""Limits of the process that opens a file: memory, CPU, parent death."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def set_parent_death_signal(parent_pid: int) -> None:
    """Let the kernel kill this process when its parent ends, for whatever reason. Linux only; elsewhere do nothing.

    `parent_pid` is the parent's own process id. If that process has already ended, this one ends now.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:
        os.kill(os.getpid(), signal.SIGKILL)


def adopt_orphans() -> None:
    """Make this process the parent of orphans among its descendants, so that it can wait for their end. Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def used_memory_mb() -> int:
    """Return the address space that this process uses, in MB."""
    return int(psutil.Process().memory_info().vms) >> 20


def limit_memory(limit_mb: int) -> None:
    """Limit the address space. An allocation beyond it raises MemoryError in Python and ends most C libraries."""
    _lower(resource.RLIMIT_AS, limit_mb << 20)
    _lower(resource.RLIMIT_CORE, 0)


def limit_cpu(seconds: float) -> None:
    """Limit the CPU time from now on: a last resort behind the page limit."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime + seconds) + 1)


def _lower(which: int, value: int) -> None:
    _, hard = resource.getrlimit(which)
    bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (bound, bound))
