"""Keeps the files of a running server in place: its lock, its state and its token."""

from __future__ import annotations

import logging
import time
from pathlib import Path

from ocrdesk.contract.error_messages import os_reason
from ocrdesk.local.file_lock import FileLock
from ocrdesk.local.server import state
from ocrdesk.local.server.state import ServerState

_log = logging.getLogger("ocrdesk")
_EVERY_S = 1.0


class OwnFiles:
    """Call `keep` often, while the server runs. Other processes find it by these files."""

    def __init__(self, data_dir: Path, lock: FileLock, running: ServerState, token: str) -> None:
        self._data_dir, self._lock, self._running, self._token = data_dir, lock, running, token
        self._checked_at = 0.0
        self._has_failed = False

    def keep(self) -> bool:
        """Restore what was lost. Return False if another server has the folder now: this one must end at once."""
        if not self._lock.is_in_place() and not self._lock_again():
            return False
        if (now := time.monotonic()) - self._checked_at >= _EVERY_S:
            self._checked_at = now
            self._restore()
        return True

    def _lock_again(self) -> bool:
        """Lock the folder again, whose lock file was deleted; False if another server was faster."""
        self._lock.release()
        try:
            if not self._lock.acquire():
                _log.error("another server has taken over %s, because the lock file was deleted", self._data_dir)
                return False
        except OSError as error:  # then no other server can have it either
            self._report(error)
        return True

    def _restore(self) -> None:
        try:
            state.restore(self._data_dir, self._running, self._token)
            self._has_failed = False
        except OSError as error:
            self._report(error)

    def _report(self, error: OSError) -> None:
        """Log a failure once, until it is over."""
        if not self._has_failed:
            self._has_failed = True
            _log.warning("the files in %s cannot be written again: %s", self._data_dir, os_reason(error))
