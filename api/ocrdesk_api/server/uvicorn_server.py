"""Runs the application under uvicorn, with limits, until it is stopped or its parent process ends."""

from __future__ import annotations

import asyncio
import math
import os
import socket
from functools import partial
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from ocrdesk.backend.settings import Settings
from ocrdesk_api.server.connections import Clock, Connections
from ocrdesk_api.server.descriptors import connections_within, raise_descriptor_limit, refused_within
from ocrdesk_api.server.protocol import LimitedProtocol
from ocrdesk_api.server_stop import ServerStop

_PARENT_CHECK_S = 1.0
_REFUSAL_S = 10.0
"""Time for requests to be refused after the grace period, and for a job that is just being accepted."""
_BACKLOG = 1024
"""Connections that the system accepts ahead of us. With fewer, a burst of them waits for seconds."""
_TICKS_PER_S = 10


class Server(uvicorn.Server):
    """A uvicorn server with limits that stops with its parent process."""

    def __init__(
        self,
        app: ASGIApp,
        settings: Settings,
        stop: ServerStop,
        *,
        host: str,
        port: int,
        parent_pid: int | None = None,
    ) -> None:
        """Raises SettingsError if the process may open too few files."""
        descriptors = raise_descriptor_limit()
        self._limits = Connections(
            connections_within(descriptors, settings.max_connections),
            settings.max_connections_per_address,
            settings.trusted_proxies,
            max_refused=refused_within(descriptors),
        )
        protocol: Any = partial(LimitedProtocol, limits=self._limits)
        config = uvicorn.Config(
            app,
            host=host,
            port=port,
            http=protocol,
            ws="none",
            backlog=_BACKLOG,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=math.ceil(settings.api_grace_s + _REFUSAL_S),
            server_header=False,
            # uvicorn would trust X-Forwarded-For from any local process; our middleware trusts only TRUSTED_PROXIES.
            proxy_headers=False,
        )
        super().__init__(config)
        self._stop = stop
        self._parent_pid = parent_pid

    @property
    def clock(self) -> Clock:
        """The clock of the limits of time."""
        return self._limits.clock

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        watch = asyncio.create_task(self._watch_parent())
        try:
            await super().serve(sockets)
        finally:
            watch.cancel()

    async def on_tick(self, counter: int) -> bool:
        """Close the connections whose time is over, every second."""
        if counter % _TICKS_PER_S == 0:
            self._limits.clock.tick()
            for connection in list(self.server_state.connections):
                if isinstance(connection, LimitedProtocol):
                    connection.check()
        return await super().on_tick(counter)

    async def _watch_parent(self) -> None:
        while self._parent_pid is not None:
            if os.getppid() != self._parent_pid:
                self._stop.begin()
                self.should_exit = True
            await asyncio.sleep(_PARENT_CHECK_S)
