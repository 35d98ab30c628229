"""What a stopping api does, whichever server runs it: drains, ends event streams, then refuses long requests.

A server tells the application that it stops only after all its connections have ended, and event streams do not end
by themselves. So the application takes note of the signals before the server does.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from ocrdesk.backend.events.hub import EventHub

_SIGNALS = [getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGQUIT") if hasattr(signal, name)]


class ServerStop:
    """The stop of one server process and the requests that it concerns."""

    def __init__(self, hub: EventHub, *, drain_s: float, grace_s: float) -> None:
        """`drain_s`: how long requests are still accepted; `grace_s`: how long running ones may then take."""
        self._hub = hub
        self._drain_s = drain_s
        self._grace_s = grace_s
        self._requests: set[asyncio.Task[Any]] = set()

    @property
    def has_begun(self) -> bool:
        """Whether streams end and long requests will be refused."""
        return self._hub.closing

    @contextlib.contextmanager
    def request(self) -> Iterator[None]:
        """Run a request that may be cancelled after the grace period."""
        task = asyncio.current_task()
        if task is None:
            yield
            return
        self._requests.add(task)
        try:
            yield
        finally:
            self._requests.discard(task)

    @contextlib.contextmanager
    def on_signals(self) -> Iterator[None]:
        """Begin to stop at the signals that the server handles. Only in the main thread, as Python's rules are."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        loop = asyncio.get_running_loop()
        handled = {number: signal.getsignal(number) for number in _SIGNALS}
        replaced = {number: handler for number, handler in handled.items() if callable(handler)}
        for number, handler in replaced.items():
            signal.signal(number, self._before(handler, loop))
        try:
            yield
        finally:
            for number, handler in replaced.items():
                signal.signal(number, handler)

    def _before(
        self, server_handler: Callable[[int, FrameType | None], object], loop: asyncio.AbstractEventLoop
    ) -> Callable[[int, FrameType | None], None]:
        """Return a handler that delays the server's own for API_DRAIN_S. A second signal stops immediately.

        A server whose event loop handles signals gets them at once all the same.
        """

        def stop(number: int, frame: FrameType | None) -> None:
            loop.call_soon_threadsafe(self.begin)
            server_handler(number, frame)

        def handle(number: int, frame: FrameType | None) -> None:
            is_second, self._hub.draining = self._hub.draining, True
            if is_second or self._drain_s == 0:
                stop(number, frame)
            else:
                loop.call_soon_threadsafe(loop.call_later, self._drain_s, stop, number, None)

        return handle

    def begin(self) -> None:
        """End event streams and waiting requests now, and the other requests after the grace period."""
        if self._hub.closing:
            return
        self._hub.draining = True
        self._hub.close()
        asyncio.get_running_loop().call_later(self._grace_s, self._cancel_requests)

    def _cancel_requests(self) -> None:
        """Cancel what is running. The middleware then answers 503 where no response has begun."""
        for task in self._requests:
            task.cancel()
