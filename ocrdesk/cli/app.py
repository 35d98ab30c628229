"""Registers the commands; each imports what it needs when it runs."""

from __future__ import annotations

import gc
import io
import sys
from typing import Annotated

import typer

from ocrdesk import __version__
from ocrdesk.cli import keys, languages, probe
from ocrdesk.cli.desktop import desktop, run_desktop
from ocrdesk.cli.doctor import doctor
from ocrdesk.cli.help_texts import CommandWithLists
from ocrdesk.cli.hidden_arguments import hide_password
from ocrdesk.cli.ocr import ocr
from ocrdesk.cli.options import HELP_OPTIONS, Region
from ocrdesk.cli.serve import api, serve, worker

app = typer.Typer(
    name="ocrdesk",
    help="Turn scans, PDFs, screenshots and photos into text. Without a command, the desktop opens.",
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    context_settings=HELP_OPTIONS,
)


def _print_version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(f"ocrdesk {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001  # typer calls it
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
    region: Region = False,
) -> None:
    """Open the desktop if no command is given."""
    if context.invoked_subcommand is None:
        raise typer.Exit(run_desktop([], None, None, None, region=region))
    if region:
        raise typer.BadParameter("Use --region without a command, or after `desktop`.")


app.command()(desktop)
app.command(cls=CommandWithLists)(ocr)
app.command()(serve)
app.command()(api)
app.command()(worker)
app.add_typer(keys.app)
app.add_typer(languages.app)
app.add_typer(probe.app)
app.command()(doctor)


def main() -> None:
    """Run the command line."""
    hide_password()
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")  # as stderr: a name of any bytes can be printed
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        gc.freeze()  # at the end Python would look for garbage in all that is loaded, for 0.05 s


if __name__ == "__main__":
    main()
