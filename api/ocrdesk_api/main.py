"""The ASGI application `ocrdesk_api.main:app`, for any ASGI server.

Importing it is cheap. The settings are read, and the service is made, when the server starts the lifespan.
"""

from __future__ import annotations

import asyncio
import sys

from starlette.types import ASGIApp, Receive, Scope, Send

from ocrdesk.backend import env_file, logs
from ocrdesk.backend.settings import Settings, SettingsError

_SERVER_LOGGERS = ("uvicorn", "uvicorn.error", "uvicorn.asgi", "gunicorn.error", "hypercorn.error", "_granian")
_ACCESS_LOGGERS = ("uvicorn.access", "gunicorn.access", "hypercorn.access", "granian.access")
"""Silenced: the service logs each request itself, without queries and real paths, which may contain names and keys."""


STARTUP_FAILURE = 3
"""The exit code of uvicorn and gunicorn for it."""


class Application:
    """The service, made at the start of its lifespan. Wrong settings end the server with a message."""

    def __init__(self) -> None:
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            try:
                self._app = _create_app()
            except SettingsError as error:
                await receive()
                await _fail(send, str(error))
                return
        if self._app is None:
            raise RuntimeError("the server did not start the application's lifespan; start it without --lifespan off")
        await self._app(scope, receive, send)


async def _fail(send: Send, message: str) -> None:
    """Let the server log the message and end. One that raises an error instead would print its traceback."""
    try:
        await send({"type": "lifespan.startup.failed", "message": message})
    except Exception:
        print(message, file=sys.stderr, flush=True)  # noqa: T201  # to the operator
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)  # it would print a traceback of the exit
        raise SystemExit(STARTUP_FAILURE) from None


def _create_app() -> ASGIApp:
    env_file.load()
    settings = Settings.from_environment()
    logs.configure(settings.log_form, settings.log_level)
    logs.adopt(_SERVER_LOGGERS, silenced=_ACCESS_LOGGERS)
    from ocrdesk_api.app import create_app

    return create_app(settings)


app = Application()
