"""`python -m ocrdesk_api`: the HTTP service on REDIS_URL, one process."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import socket
import sys
from types import FrameType

import uvicorn

from ocrdesk.backend import logs
from ocrdesk.backend.services import Services
from ocrdesk.backend.settings import Settings, SettingsError
from ocrdesk_api.app import create_app

_log = logging.getLogger("ocrdesk_api")

_PARENT_CHECK_S = 1.0
_STOP_GRACE_S = 5


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
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._services.hub.close)
        super().handle_exit(sig, frame)

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
    logs.configure()
    try:
        settings = Settings.from_environment()
        app = create_app(settings)
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201  # to the operator
        return 2
    config = uvicorn.Config(
        app,
        host=options.host,
        port=options.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=_STOP_GRACE_S,
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
