"""Says why nothing happens: asks a server that sends no events how it is, and reports what it finds wrong."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

from ocrdesk.client import Client, ClientError, ServerUnavailableError

QUIET_S = 15.0
"""Without an event for so long, the server is asked; and again after as long."""


class ServerWatch:
    """Watches in a thread of its own. `on_problem` is called there with each new problem of the server, in words."""

    def __init__(self, client: Client, on_problem: Callable[[str], None]) -> None:
        self._client, self._on_problem = client.with_retry_policy(0), on_problem
        self._asked_or_heard = time.monotonic()
        self._reported: set[str] = set()
        self._stopped = threading.Event()

    def heard(self) -> None:
        """Note that the server has sent an event."""
        self._asked_or_heard = time.monotonic()

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Watch while the block runs."""
        thread = threading.Thread(target=self._watch, name="ocrdesk-server-watch", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stopped.set()

    def _watch(self) -> None:
        while True:
            left = self._asked_or_heard + QUIET_S - time.monotonic()
            if self._stopped.wait(max(left, 0.0)):
                return
            if left <= 0:
                self.ask()
                self._asked_or_heard = time.monotonic()

    def ask(self) -> None:
        """Ask the server once how it is, and report each problem that it did not have the time before."""
        problems = self._problems()
        for problem in problems:
            if problem not in self._reported and not self._stopped.is_set():
                self._on_problem(problem)
        self._reported = set(problems)

    def _problems(self) -> list[str]:
        try:
            return [finding.message for finding in self._client.health().findings]
        except ServerUnavailableError as error:
            # without a code it did not answer: the calls in progress wait for it, and say so
            return [str(error)] if error.code else []
        except ClientError:
            return []
