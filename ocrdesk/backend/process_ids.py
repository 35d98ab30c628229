"""Identifies processes across machines, containers and restarts."""

from __future__ import annotations

import hashlib
import os
import platform
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own

from ocrdesk.backend.records import ProcessId

_START_TIME_FIELD = 19
"""The start time's place in /proc/PID/stat behind the name, which may contain anything but ends at the last bracket."""


def own_process() -> ProcessId:
    """Return the identity of this process."""
    return ProcessId(process_space(), os.getpid(), started(os.getpid()))


def process_space() -> str:
    """Return what all processes have in common that know each other by number: a machine, or a container on it.

    A digest, because the parts need not be known to those who can read it.
    """
    parts = [platform.node(), _read("/proc/sys/kernel/random/boot_id")]
    try:
        parts.append(str(Path("/proc/self/ns/pid").readlink()))
    except OSError:
        parts.append("")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def started(pid: int) -> str:
    """Return when a process was started, as text that differs for a later process of the same number.

    Linux counts from the boot, so a corrected clock changes nothing. Raises psutil.NoSuchProcess.
    """
    if status := _read(f"/proc/{pid}/stat"):
        return status.rpartition(")")[2].split()[_START_TIME_FIELD]
    return f"{psutil.Process(pid).create_time():.0f}"


def is_running(process: ProcessId) -> bool:
    """Return whether a process of this machine or container still runs. A stopped one does, a zombie does not."""
    try:
        if started(process.pid) != process.started:
            return False
        return bool(psutil.Process(process.pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
