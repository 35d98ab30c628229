"""A local server of the desktop that is slow to start."""

from __future__ import annotations

import threading
from collections.abc import Callable

from ocrdesk.desktop.servers.servers import Connection, RemoteServer
from ocrdesk.local.server.attach import LocalServerError


class SlowServer:
    """A local server that starts when the test says so, or fails with a reason."""

    is_local = True

    def __init__(self, url: str) -> None:
        self.url = url
        self.up = threading.Event()
        self.reason: str | None = None

    def connect(self, on_progress: Callable[[str], None], /) -> Connection:
        on_progress("Starting the local server")
        self.up.wait(20)
        if self.reason:
            raise LocalServerError(self.reason)
        return RemoteServer(self.url).connect(on_progress)
