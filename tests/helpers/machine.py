"""Features that small machines and containers may lack; tests that need them are skipped with the reason."""

from __future__ import annotations

import functools
import pty
import socket

import pytest

NO_LOCALHOST = "the name localhost cannot be resolved: there is no /etc/hosts"


@functools.cache
def resolves_localhost() -> bool:
    """Return whether the name localhost resolves to this machine."""
    try:
        return "127.0.0.1" in {str(entry[4][0]) for entry in socket.getaddrinfo("localhost", 80)}
    except OSError:
        return False


def open_terminal() -> tuple[int, int]:
    """Open a pseudo-terminal; return our end and the program's. Skips the test if there are none."""
    try:
        ours, theirs = pty.openpty()
    except OSError as error:
        pytest.skip(f"there are no pseudo-terminals (/dev/pts): {error}")
    return ours, theirs
