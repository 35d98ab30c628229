"""Runs the service as one process."""

from __future__ import annotations

import argparse
import gc
import logging
import socket
import sys
from typing import TYPE_CHECKING

if __name__ == "__main__":
    gc.disable()  # until the service has started: what is loaded stays, and looking for garbage in it takes time

from ocrdesk.backend import env_file, logs
from ocrdesk.backend.lean_imports import without
from ocrdesk.backend.settings import ListenSettings, Settings, SettingsError

if TYPE_CHECKING:
    from fastapi import FastAPI

    from ocrdesk_api.server_stop import ServerStop

_log = logging.getLogger("ocrdesk_api")


def main(arguments: list[str] | None = None) -> int:
    """Run the service and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="ocrdesk api", description="Run the HTTP service with the Redis at REDIS_URL."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=None, help="default: PORT of the environment, else 8000")
    parser.add_argument("--fd", type=int, default=None, help="use this listening socket instead")
    parser.add_argument("--root-path", default=None, help="path prefix that a proxy removes; default: ROOT_PATH")
    parser.add_argument("--parent", type=int, default=None, help="stop when this parent process ends")
    parser.add_argument("--no-env-file", action="store_true", help="do not read .env in the working directory")
    options = parser.parse_args(arguments)
    with without("pydantic.v1"):  # FastAPI looks for models of the earlier pydantic, also while it serves
        return _run(options)


def _run(options: argparse.Namespace) -> int:
    try:
        if not options.no_env_file:
            env_file.load()
        given = {} if options.root_path is None else {"root_path": options.root_path}
        settings = Settings.from_environment(**given)
        if options.port is None and options.fd is None:
            options.port = ListenSettings.from_environment().port
        logs.configure(settings.log_form, settings.log_level)
        app = load(settings)
        from ocrdesk_api.server.uvicorn_server import Server

        stop: ServerStop = app.state.stop
        server = Server(app, settings, stop, host=options.host, port=options.port or 0, parent_pid=options.parent)
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201  # to the operator
        return 2
    if options.fd is None:
        _log.info("listening on http://%s:%d", options.host, options.port)
    gc.freeze()
    gc.enable()
    # We wrap the descriptor, because uvicorn would treat it as a Unix socket and keep Nagle's algorithm on.
    server.run(sockets=None if options.fd is None else [socket.socket(fileno=options.fd)])
    return 0 if server.started else 1


def load(settings: Settings) -> FastAPI:
    """Load and make the service, without what FastAPI uses only if it is installed, and which no route here needs."""
    with without("email_validator", "pydantic.v1"):
        from ocrdesk_api.app import create_app

        return create_app(settings)


if __name__ == "__main__":
    sys.exit(main())
