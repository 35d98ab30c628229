"""Limits of the process that opens a file: memory, CPU, files, parent death."""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import signal
import struct
import sys

import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_CHILD_SUBREAPER = 36
_CAPABILITIES_VERSION = 0x20080522
_KEPT_CAPABILITIES = 0b110
"""Reading files whatever their owner and mode: root's worker may have to read files of another user's api."""


def set_parent_death_signal(parent_pid: int) -> None:
    """Let the kernel kill this process when its parent ends, for whatever reason. Linux only; elsewhere do nothing.

    `parent_pid` is the parent's own process id. If that process has already ended, this one ends now.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:
        os.kill(os.getpid(), signal.SIGKILL)


def adopt_orphans(*, adopts: bool = True) -> None:
    """Make this process the parent of orphans among its descendants, so that it can wait for their end. Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, int(adopts), 0, 0, 0)


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


def hide_memory() -> None:
    """Let no other process of this user read this one's memory or environment, or trace it. Linux only.

    It applies to all processes forked from this one, until they start a program.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def drop_capabilities() -> None:
    """Give up what root may do beyond other users, except reading and writing any file. Linux only. Raises OSError.

    It does nothing where there is nothing to give up, or where the rules of a service refuse that.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    head = struct.pack("Ii", _CAPABILITIES_VERSION, 0)
    held = ctypes.create_string_buffer(24)
    if libc.capget(ctypes.c_char_p(head), held) == 0:
        effective, permitted = struct.unpack_from("II", held)
        kept = struct.pack("6I", effective & _KEPT_CAPABILITIES, permitted & _KEPT_CAPABILITIES, 0, 0, 0, 0)
        if kept == held.raw or libc.capset(ctypes.c_char_p(head), ctypes.c_char_p(kept)) == 0:
            return
        if ctypes.get_errno() == errno.EPERM:  # the rules of a service may refuse the call
            return
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def limit_files(largest_bytes: int, open_files: int) -> None:
    """Limit the size of each file that is written, and how many are open at once."""
    _lower(resource.RLIMIT_FSIZE, largest_bytes)
    _lower(resource.RLIMIT_NOFILE, open_files)


def limit_processes(count: int) -> None:
    """Limit how many processes and threads the user may have; root is not limited."""
    _lower(resource.RLIMIT_NPROC, count)


def processes_of_user() -> int:
    """Return how many processes and threads this user has."""
    return sum(_threads(process) for process in psutil.process_iter())


def _threads(process: psutil.Process) -> int:
    try:
        return int(process.num_threads()) if process.uids().real == os.getuid() else 0
    except psutil.Error:
        return 0


def _lower(which: int, value: int) -> None:
    _, hard = resource.getrlimit(which)
    bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (bound, bound))
