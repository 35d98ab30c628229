"""Options shared by several commands, and the exit codes."""

from __future__ import annotations

from enum import IntEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

HELP_OPTIONS = {"help_option_names": ["-h", "--help"]}


class ExitCode(IntEnum):
    """The exit codes that scripts rely on."""

    OK = 0
    SOME_FAILED = 1
    USAGE = 2
    NO_SERVER = 3


DataDir = Annotated[
    Path | None, typer.Option("--data-dir", metavar="DIR", help="The folder for jobs and languages (OCRDESK_DATA_DIR).")
]
Server = Annotated[
    str | None,
    typer.Option("--server", metavar="URL", envvar="OCRDESK_SERVER", help="Use this server, not this machine."),
]
ApiKey = Annotated[
    str | None, typer.Option("--api-key", metavar="KEY", envvar="OCRDESK_API_KEY", help="The API key for --server.")
]
Region = Annotated[
    bool, typer.Option("--region", help="Select a part of the screen; its text is copied to the clipboard.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object per line.")]


def fail(message: object, code: ExitCode) -> NoReturn:
    """Print what went wrong to stderr and exit."""
    typer.echo(f"ocrdesk: {message}", err=True)
    raise typer.Exit(code)


def exit_after(failed: int) -> NoReturn:
    """Exit with the code for that many failed items."""
    raise typer.Exit(ExitCode.SOME_FAILED if failed else ExitCode.OK)
