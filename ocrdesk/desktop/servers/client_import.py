"""Imports the client and the contract in one thread at a time.

The window is shown before they are loaded, so the thread that connects and an action of the user may both need them
first. pydantic loads its parts when they are asked for, and two threads that do so at once can find it half loaded.
"""

from __future__ import annotations

import threading

_lock = threading.Lock()


def import_client() -> None:
    """Load the client and the contract, or wait for the thread that does."""
    with _lock:
        import ocrdesk.client  # noqa: F401  # for its effect: later imports find it complete
