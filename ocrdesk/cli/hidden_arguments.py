"""Hides a password that was given as an argument from lists of processes.

The arguments of a process are in its own memory, where Linux shows them from. The password is overwritten there as soon
as the command starts. On other systems it stays visible to the same user: `--password-file` avoids that.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys
from pathlib import Path

_OPTION = b"--password"
_START, _END = 45, 46
"""Fields of /proc/self/stat after the command's name: where the arguments are in memory."""


def hide_password() -> None:
    """Overwrite the value of `--password` in this process' arguments. Does nothing where that is impossible."""
    if sys.platform != "linux" or not any(argument.startswith(_OPTION.decode()) for argument in sys.argv):
        return
    with contextlib.suppress(OSError, ValueError, IndexError):
        fields = Path("/proc/self/stat").read_bytes().rpartition(b")")[2].split()
        start, end = int(fields[_START]), int(fields[_END])
        arguments = Path("/proc/self/cmdline").read_bytes()
        if len(arguments) != end - start:  # they were changed already
            return
        for first, length in _values(arguments):
            ctypes.memset(start + first, ord("*"), length)


def _values(arguments: bytes) -> list[tuple[int, int]]:
    """Return the position and length of each value of the option."""
    found, position, is_value = [], 0, False
    for argument in arguments.split(b"\0"):
        if is_value:
            found.append((position, len(argument)))
        elif argument.startswith(_OPTION + b"="):
            found.append((position + len(_OPTION) + 1, len(argument) - len(_OPTION) - 1))
        is_value = argument == _OPTION
        position += len(argument) + 1
    return found
