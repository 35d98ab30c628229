"""How many connections the process's file descriptors allow."""

from __future__ import annotations

import resource

RESERVED = 256
"""Descriptors for Redis, and connections that the system accepted but this process has not yet counted."""
_PER_CONNECTION = 2
"""Its socket, and the file that it sends or gets."""
_SYSTEM_MAX = 1 << 20
"""The kernel's usual limit for a process. A higher one helps nobody, and some programs close that many one by one."""


def raise_descriptor_limit() -> int:
    """Raise this process's soft limit of descriptors to the hard one; return the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _SYSTEM_MAX if hard == resource.RLIM_INFINITY else min(hard, _SYSTEM_MAX)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return _SYSTEM_MAX if soft == resource.RLIM_INFINITY else soft


def connections_within(descriptors: int, wanted: int) -> int:
    """Return how many of the wanted connections leave the reserve free, or half of all descriptors if they are few."""
    return min(wanted, max(descriptors - RESERVED, descriptors // 2) // _PER_CONNECTION)
