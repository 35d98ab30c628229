"""`python -m ocrdesk_api`: the HTTP service on REDIS_URL, one process."""

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
_LAST_WORDS_S = 10.0
"""What requests that the grace has cut off get to say so, and a job that is being accepted to be."""
_SWITCH_S = 0.0005
"""What a thread that is back from Redis waits at most for the interpreter, which the event loop has meanwhile: ten
times less than Python's own, as a request talks to Redis several times, and each time would wait for that."""
_FLUSH_S = 1.0
"""What their answers get to leave."""


class Server(uvicorn.Server):
    """uvicorn that ends open event streams when it is told to stop, and ends with its parent."""

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
        """The first signal begins API_DRAIN_S, in which requests are still taken; a second one ends it."""
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
        """uvicorn cuts requests off after the grace and ends at once; ours have their last words first."""
        await super().shutdown(sockets)
        for left, limit_s in ((self.server_state.tasks, _LAST_WORDS_S), (self.server_state.connections, _FLUSH_S)):
            deadline = time.monotonic() + limit_s
            while left and time.monotonic() < deadline and not self.force_exit:
                await asyncio.sleep(0.02)

    async def _watch_parent(self) -> None:
        while self._parent_pid is not None:
            if os.getppid() != self._parent_pid:
                self._services.hub.close()
                self.should_exit = True
            await asyncio.sleep(_PARENT_CHECK_S)


def main(arguments: list[str] | None = None) -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(prog="ocrdesk api", description="The HTTP service on REDIS_URL.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--fd", type=int, default=None, help="take this listening socket instead")
    parser.add_argument("--parent", type=int, default=None, help="end with this process, our parent")
    options = parser.parse_args(arguments)
    try:
        settings = Settings.from_environment()
        logs.configure(settings.log_format, settings.log_level)
        app = create_app(settings)
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201  # to the operator
        return 2
    sys.setswitchinterval(_SWITCH_S)
    config = uvicorn.Config(
        app,
        host=options.host,
        port=options.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=math.ceil(settings.api_grace_s),
        server_header=False,
        # uvicorn would believe X-Forwarded-For of all on this machine; proxies.py believes TRUSTED_PROXIES alone.
        proxy_headers=False,
    )
    if options.fd is None:
        _log.info("listening on http://%s:%d", options.host, options.port)
    server = Server(config, app.state.services, options.parent)
    # Wrapped by us, not by uvicorn: it would take the socket for a Unix one, and leave Nagle's delay on.
    server.run(sockets=None if options.fd is None else [socket.socket(fileno=options.fd)])
    return 0 if server.started else 1


if __name__ == "__main__":
    sys.exit(main())
