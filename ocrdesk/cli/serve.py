"""`ocrdesk serve`, `api` and `worker`: run the service or one part of it."""

from __future__ import annotations

from typing import Annotated

import typer

from ocrdesk.cli.env_file import problem_reading_env_file
from ocrdesk.cli.options import DataDir, ExitCode, fail

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[
    int | None, typer.Option(min=0, max=65535, help="The port; 0 selects a free one.", show_default="PORT, or 8000")
]
Workers = Annotated[int, typer.Option(min=0, help="Worker processes; 0 starts one per core.")]
NoEnvFile = Annotated[bool, typer.Option("--no-env-file", help="Do not read .env in the working directory.")]


def serve(
    host: Host = "127.0.0.1",
    port: Port = None,
    workers: Workers = 0,
    data_dir: DataDir = None,
) -> None:
    """Run the whole service in the foreground: Valkey, the api and the workers."""
    if problem := problem_reading_env_file():
        fail(problem, ExitCode.USAGE)
    port = _port() if port is None else port
    from ocrdesk.local import environment
    from ocrdesk.local.errors import LocalServerError
    from ocrdesk.local.paths import default_data_dir
    from ocrdesk.local.server import log_format
    from ocrdesk.local.server.requirements import require_local_server, require_parts
    from ocrdesk.local.server.supervisor import LOOPBACK, Supervisor

    log_format.configure()
    folder = data_dir or default_data_dir()
    is_open_on_this_machine = host in LOOPBACK and not environment.flag("API_KEY_ENABLED")
    _warn_if_open_to_all(host)

    def on_ready(url: str, workers: int) -> None:
        typer.echo(f"ocrdesk serves at {url} with {workers} workers; data in {folder}")
        if is_open_on_this_machine:
            typer.echo(
                "Every user of this computer can use it without a key, and sees what was sent without one. Jobs of "
                "your desktop and of `ocrdesk ocr` are yours alone. Set API_KEY_ENABLED=true to require keys."
            )
        typer.echo(f"Documentation: {url}/docs   Press Ctrl-C to stop.")

    try:
        require_local_server()
        require_parts()
        code = Supervisor(folder, host=host, port=port, workers=workers).run(on_ready)
    except LocalServerError as error:
        fail(error, ExitCode.SOME_FAILED)
    raise typer.Exit(code)


def _port() -> int:
    try:
        from ocrdesk.backend.settings import ListenSettings, SettingsError
    except ImportError:
        return 0  # as above
    try:
        return ListenSettings.from_environment().port
    except SettingsError as error:
        fail(error, ExitCode.USAGE)


def _warn_if_open_to_all(host: str) -> None:
    import logging

    from ocrdesk.local import environment
    from ocrdesk.local.server.supervisor import LOOPBACK

    if host not in LOOPBACK and not environment.flag("API_KEY_ENABLED"):
        logging.getLogger("ocrdesk").warning(
            "Anyone who can reach %s can use this server. Set API_KEY_ENABLED=true and API_KEYS to require a key.",
            host,
        )


def api(
    host: Host = "127.0.0.1",
    port: Port = None,
    fd: Annotated[
        int | None,
        typer.Option(min=0, help="Use this open socket instead, such as 3 from systemd.", show_default=False),
    ] = None,
    root_path: Annotated[
        str | None, typer.Option(help="Path prefix that a proxy removes, as /ocr.", show_default="ROOT_PATH")
    ] = None,
    no_env_file: NoEnvFile = False,
) -> None:
    """Run only the HTTP service, with the Redis at REDIS_URL."""
    given = [*_passed("--port", port), *_passed("--fd", fd), *_passed("--root-path", root_path)]
    _become("ocrdesk_api", ["--host", host, *given, *_no_env_file(no_env_file)])


def worker(
    workers: Workers = 0,
    sole: Annotated[
        bool,
        typer.Option("--sole", help="No other pool uses this Redis: release all work that is held, at once."),
    ] = False,
    no_env_file: NoEnvFile = False,
) -> None:
    """Run only a worker pool, with the Redis at REDIS_URL."""
    given = ["--workers", str(workers), *(["--sole"] if sole else [])]
    _become("ocrdesk_worker", [*given, *_no_env_file(no_env_file)])


def _passed(option: str, value: int | str | None) -> list[str]:
    return [] if value is None else [option, str(value)]


def _no_env_file(is_given: bool) -> list[str]:
    return ["--no-env-file"] if is_given else []


def _become(package: str, arguments: list[str]) -> None:
    """Replace this process by the api or the worker pool, which this package must not import."""
    import os

    from ocrdesk.local.errors import LocalServerError
    from ocrdesk.local.own_programs import own_program
    from ocrdesk.local.server.requirements import require_local_server, require_server_packages

    try:
        require_local_server()
        require_server_packages()
    except LocalServerError as error:
        fail(error, ExitCode.SOME_FAILED)
    command = own_program(package, *arguments)
    os.execv(command[0], command)  # noqa: S606  # our own program
