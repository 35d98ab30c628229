"""`ocrdesk probe`: health checks for containers and service managers. Exit code 0 or 1, and one line that says why."""

from __future__ import annotations

from typing import Annotated, NoReturn

import typer

from ocrdesk.cli.env_file import problem_reading_env_file
from ocrdesk.cli.options import HELP_OPTIONS, ExitCode
from ocrdesk.local import environment

app = typer.Typer(
    name="probe",
    help="Check the api or the workers of this machine: exit code 0 if they are healthy, else 1 and the reason.",
    no_args_is_help=True,
    context_settings=HELP_OPTIONS,
)


@app.command()
def api(
    url: Annotated[
        str | None,
        typer.Option(help="Address of the api, or unix:///SOCKET.  [default: port PORT or 8000 of this machine]"),
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Only check that the process responds, for a check that restarts it.")
    ] = False,
) -> None:
    """Check that the api accepts jobs. It does not while it stops, without Redis, and long without workers."""
    if problem := problem_reading_env_file():
        _fail(problem)
    from ocrdesk.cli.probe_request import NoAnswerError, ask

    names = [name.strip() for name in environment.text("ALLOWED_HOSTS").split(",")]
    host = "" if url else next((name for name in names if not name.startswith("*")), "")
    address = url or f"http://127.0.0.1:{environment.text('PORT', '8000')}"
    try:
        is_healthy, body = ask(address, f"/api/v1/health/{'live' if live else 'ready'}", host)
    except NoAnswerError as error:
        _fail(str(error))
    if not is_healthy:
        _fail(f"{body['status']}: {body.get('detail')}")
    typer.echo(": ".join([body["status"], *(finding["message"] for finding in body.get("findings", ()))]))


@app.command()
def worker(
    pid: Annotated[
        int | None, typer.Option(help="Main process of the pool, if this machine has several.  [default: any]")
    ] = None,
) -> None:
    """Check that the workers of this machine send heartbeats to REDIS_URL and that all their processes run."""
    if problem := problem_reading_env_file():
        _fail(problem)
    try:
        from ocrdesk.backend.settings import Settings, SettingsError
        from ocrdesk.backend.worker_probe import ProbeError, check_workers
    except ImportError as error:
        from ocrdesk.installation import this_installation

        remedy = this_installation().add_extra("server")
        _fail(f"The workers are not installed ({error.name} is missing). Get them with: {remedy}")
    try:
        typer.echo(check_workers(Settings.from_environment(), pid))
    except (ProbeError, SettingsError) as error:
        _fail(" ".join(str(error).split()))


def _fail(reason: str) -> NoReturn:
    typer.echo(reason, err=True)
    raise typer.Exit(ExitCode.SOME_FAILED)
