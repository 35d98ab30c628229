"""The cage of a horse: it dies with its worker, and may use only so much memory and processor time."""

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
    """Has the kernel kill this process when its parent ends, however that ends. Linux only; else nothing.

    `parent_pid` is the parent as the parent itself knew it: one that is gone already ends us now.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:
        os.kill(os.getpid(), signal.SIGKILL)


def adopt_orphans() -> None:
    """Makes this process the parent of its descendants' orphans, so that it can wait for their end. Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def used_memory_mb() -> int:
    """The address space that this process has already."""
    return int(psutil.Process().memory_info().vms) >> 20


def limit_memory(limit_mb: int) -> None:
    """Caps the address space; allocations over it fail, which ends most C libraries and raises MemoryError."""
    _lower(resource.RLIMIT_AS, limit_mb << 20)
    _lower(resource.RLIMIT_CORE, 0)


def limit_processor(seconds: float) -> None:
    """Caps processor time, from now on: the last resort behind the page limit."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime + seconds) + 1)


def _lower(which: int, value: int) -> None:
    _, hard = resource.getrlimit(which)
    bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (bound, bound))
