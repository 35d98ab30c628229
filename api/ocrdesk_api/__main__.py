"""Runs the service as one process."""

from __future__ import annotations

import argparse
import asyncio
import logging
import math
import os
import socket
import sys
import time
from types import FrameType

import uvicorn

from ocrdesk.backend import logs
from ocrdesk.backend.services import Services
from ocrdesk.backend.settings import Settings, SettingsError
from ocrdesk_api.app import create_app

_log = logging.getLogger("ocrdesk_api")

_PARENT_CHECK_S = 1.0
_REFUSAL_S = 10.0
"""Time for requests to be refused after the grace period, and for a job that is just being accepted."""
_SWITCH_INTERVAL_S = 0.0005
"""How long a thread waits for the interpreter at most: a tenth of Python's default. A request talks to Redis several
times in a thread, and each time waits for the event loop to release the interpreter."""
_FLUSH_S = 1.0
"""Time for their responses to be sent."""


class Server(uvicorn.Server):
    """A uvicorn server that ends open event streams when it stops, and stops with its parent process."""

    def __init__(self, config: uvicorn.Config, services: Services, parent_pid: int | None) -> None:
        super().__init__(config)
        self._services = services
        self._parent_pid = parent_pid
        self._loop: asyncio.AbstractEventLoop | None = None

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        watch = asyncio.create_task(self._watch_parent())
        try:
            await super().serve(sockets)
        finally:
            watch.cancel()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Start draining: requests are still accepted for API_DRAIN_S. A second signal stops immediately."""
        hub, drain_s = self._services.hub, self._services.settings.api_drain_s
        if self._loop is None or hub.draining or drain_s == 0:
            hub.draining = True
            self._stop(sig, frame)
            return
        hub.draining = True
        self._loop.call_soon_threadsafe(self._loop.call_later, drain_s, self._stop, sig, frame)

    def _stop(self, sig: int, frame: FrameType | None) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._services.hub.close)
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Wait for refusals to be sent: uvicorn cancels requests after the grace period and would end immediately."""
        await super().shutdown(sockets)
        for remaining, limit_s in ((self.server_state.tasks, _REFUSAL_S), (self.server_state.connections, _FLUSH_S)):
            deadline = time.monotonic() + limit_s
            while remaining and time.monotonic() < deadline and not self.force_exit:
                await asyncio.sleep(0.02)

    async def _watch_parent(self) -> None:
        while self._parent_pid is not None:
            if os.getppid() != self._parent_pid:
                self._services.hub.close()
                self.should_exit = True
            await asyncio.sleep(_PARENT_CHECK_S)


def main(arguments: list[str] | None = None) -> int:
    """Run the service and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="ocrdesk api", description="Run the HTTP service with the Redis at REDIS_URL."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--fd", type=int, default=None, help="use this listening socket instead")
    parser.add_argument("--parent", type=int, default=None, help="stop when this parent process ends")
    options = parser.parse_args(arguments)
    try:
        settings = Settings.from_environment()
        logs.configure(settings.log_format, settings.log_level)
        app = create_app(settings)
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201  # to the operator
        return 2
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    config = uvicorn.Config(
        app,
        host=options.host,
        port=options.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=math.ceil(settings.api_grace_s),
        server_header=False,
        # uvicorn would trust X-Forwarded-For from any local process; our middleware trusts only TRUSTED_PROXIES.
        proxy_headers=False,
    )
    if options.fd is None:
        _log.info("listening on http://%s:%d", options.host, options.port)
    server = Server(config, app.state.services, options.parent)
    # We wrap the descriptor, because uvicorn would treat it as a Unix socket and keep Nagle's algorithm on.
    server.run(sockets=None if options.fd is None else [socket.socket(fileno=options.fd)])
    return 0 if server.started else 1


if __name__ == "__main__":
    sys.exit(main())
