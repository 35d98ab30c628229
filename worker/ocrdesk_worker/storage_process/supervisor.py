"""Starts a pool's storage process and replaces it if it ends."""

from __future__ import annotations

import contextlib
import logging
import subprocess
import sys
import time
from pathlib import Path

from ocrdesk_worker.storage_process.messages import SOCKET_NAME, listen
from ocrdesk_worker.storage_process.remote_store import RemoteStore

_log = logging.getLogger(__name__)

_AGAIN_AFTER_S = 1.0
_END_S = 5.0


class StorageProcess:
    """The storage process of a pool.

    The pool keeps the listening socket, so requests wait while the process is being replaced.
    """

    def __init__(self, folder: Path) -> None:
        """Start it. Its socket and its files are in a private folder. Raises OSError."""
        self.folder = folder
        self._listener = listen(folder)
        self._start()

    def store(self, answer_s: float) -> RemoteStore:
        """Return the storage for a process that waits for an answer for so many seconds only."""
        return RemoteStore(self.folder, answer_s)

    def _start(self) -> None:
        descriptor = self._listener.fileno()
        # a program, not a fork: it has threads, and what it needs is imported there
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ocrdesk_worker.storage_process.server", str(descriptor), str(self.folder)],
            stdin=subprocess.PIPE,
            pass_fds=(descriptor,),
            start_new_session=True,  # Ctrl-C is for the pool, which ends it last
        )
        self._started_at = time.monotonic()

    @property
    def pid(self) -> int:
        return self._process.pid

    def keep_alive(self) -> None:
        """Start it again if it has ended, or if somebody has removed its socket."""
        if not (self.folder / SOCKET_NAME).exists():
            self._listener.close()
            self._listener = listen(self.folder)
            self._process.kill()
            self._process.wait()
        if not self._has_ended() or time.monotonic() - self._started_at < _AGAIN_AFTER_S:
            return
        _log.warning("the storage process has ended: starting another")
        self._close_input()
        self._start()

    def _has_ended(self) -> bool:
        """Return whether it has ended, also if the pool has collected its exit code with those of its workers."""
        return self._process.poll() is not None

    def stop(self) -> None:
        """End it, and wait for its end."""
        self._close_input()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_S)
        if not self._has_ended():
            self._process.kill()
            self._process.wait()
        self._listener.close()
        with contextlib.suppress(OSError):
            (self.folder / SOCKET_NAME).unlink()

    def _close_input(self) -> None:
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
