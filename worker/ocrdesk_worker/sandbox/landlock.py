"""Restricts which files a process may open, with Landlock.

No package fits: those on PyPI are unmaintained, or bring a supervisor of 13 MB. The kernel's interface is three system
calls. Each version (ABI) of it restricts more; all that the running kernel offers is used.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""Numbers of the system calls, the same on all machines."""
_GET_ABI, _PATH_BENEATH, _PR_SET_NO_NEW_PRIVS = 1, 1, 38

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _REMOVE_DIR, _REMOVE_FILE = (1 << bit for bit in range(6))
_MAKE_DIR, _MAKE_REG, _TRUNCATE = 1 << 7, 1 << 8, 1 << 14

READ: Final = _READ_FILE | _READ_DIR
RUN: Final = READ | _EXECUTE
USE: Final = _READ_FILE | _WRITE_FILE
"""For devices."""
WRITE: Final = READ | _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _TRUNCATE
"""Files and folders may be made, changed and removed, but no links, sockets, pipes and devices."""

_ALL = (1 << 16) - 1
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
_BITS_BY_ABI = {1: 13, 2: 14, 3: 15, 5: 16}
"""How many kinds of access to files an ABI knows: since ABI 2 moves, since 3 truncation, since 5 devices' commands."""
NETWORK_ABI, SCOPES_ABI = 4, 6
"""Since these, TCP can be refused; abstract sockets and signals to processes outside."""


def abi() -> int:
    """Return the version that the kernel offers; 0 without Landlock."""
    if sys.platform != "linux":
        return 0
    return max(0, int(_libc().syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _GET_ABI)))


@dataclass(frozen=True, slots=True)
class Place:
    """A file, or a folder with all that is in it, as a descriptor that is open for nothing but naming it."""

    descriptor: int
    is_folder: bool

    @classmethod
    def at(cls, path: Path) -> Place | None:
        """Open the path; None if it cannot be reached."""
        try:
            descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            return None
        return cls(descriptor, stat.S_ISDIR(os.fstat(descriptor).st_mode))


def restrict(rules: Iterable[tuple[Place | None, int]]) -> None:
    """Allow this process, from now on and for good, only these places, each with a kind of access. Raises OSError.

    Everything else that the kernel's version knows is refused: TCP, abstract sockets, signals to processes outside.
    """
    version = abi()
    handled = (1 << max(bits for since, bits in _BITS_BY_ABI.items() if since <= version)) - 1
    network = 3 if version >= NETWORK_ABI else 0
    scopes = 3 if version >= SCOPES_ABI else 0
    attributes = struct.pack("QQQ", handled, network, scopes)
    size = 24 if scopes else 16 if network else 8
    ruleset = _call(_CREATE_RULESET, attributes, ctypes.c_size_t(size), 0)
    try:
        for place, access in rules:
            if place is not None:
                kept = access & handled & (_ALL if place.is_folder else _OF_FILES)
                _call(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", kept, place.descriptor), 0)
        if _libc().prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "no_new_privs")
        _call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _call(number: int, *arguments: object) -> int:
    result = int(_libc().syscall(number, *arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


@cache
def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    return libc
