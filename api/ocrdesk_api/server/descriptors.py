"""How many connections the process's file descriptors allow."""

from __future__ import annotations

import resource

from ocrdesk.backend.settings import SettingsError

MINIMUM = 128
"""With fewer, the connections to Redis and the files of uploads would not have room beside those of callers."""
RESERVED = 256
"""Descriptors for Redis, and connections that the system accepted but this process has not yet counted."""
_PER_CONNECTION = 2
"""Its socket, and the file that it sends or gets."""
_MAX_REFUSED = 64
_SYSTEM_MAX = 1 << 20
"""The kernel's usual limit for a process. A higher one helps nobody, and some programs close that many one by one."""


def raise_descriptor_limit() -> int:
    """Raise this process's soft limit of descriptors to the hard one; return the limit.

    Raises SettingsError if it is too low to work with.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _SYSTEM_MAX if hard == resource.RLIM_INFINITY else min(hard, _SYSTEM_MAX)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    if soft != resource.RLIM_INFINITY and soft < MINIMUM:
        raise SettingsError(
            f"This process may open {soft} files, but the api needs {MINIMUM} at least. Raise the limit first: "
            "with `ulimit -n 4096` in a shell, LimitNOFILE in systemd, --ulimit nofile=4096 for a container."
        )
    return _SYSTEM_MAX if soft == resource.RLIM_INFINITY else soft


def connections_within(descriptors: int, wanted: int) -> int:
    """Return how many of the wanted connections leave the reserve free, or half of all descriptors if they are few."""
    return min(wanted, max(descriptors - RESERVED, descriptors // 2) // _PER_CONNECTION)


def refused_within(descriptors: int) -> int:
    """Return how many refused connections may stay open for a moment, so that the refusal arrives."""
    return min(_MAX_REFUSED, descriptors // 8)
