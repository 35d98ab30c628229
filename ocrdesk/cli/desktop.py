"""`ocrdesk` and `ocrdesk desktop`: open the window."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ocrdesk.cli.options import ApiKey, DataDir, ExitCode, Region, Server, fail
from ocrdesk.installation import DESKTOP_PARTS, missing, this_installation


def desktop(
    files: Annotated[
        # The window reports a file that cannot be read in its row; a usage error would stop the others.
        list[Path] | None, typer.Argument(help="Files or folders to open.", readable=False)
    ] = None,
    data_dir: DataDir = None,
    server: Server = None,
    api_key: ApiKey = None,
    region: Region = False,
    install_menu_entry: Annotated[
        bool,
        typer.Option(
            "--install-menu-entry", help='Add ocrdesk to your application menu and to "Open with", then exit.'
        ),
    ] = False,
) -> None:
    """Open the desktop. If a window is open already, FILES are added to it."""
    if install_menu_entry:
        _install_menu_entry()
    else:
        raise typer.Exit(run_desktop(files or [], data_dir, server, api_key, region=region))


def run_desktop(
    files: list[Path], data_dir: Path | None, server: str | None, api_key: str | None, *, region: bool = False
) -> int:
    """Open the window and return its exit code; explain what is missing if Qt cannot be loaded."""
    if lacks := missing(DESKTOP_PARTS):
        fail(
            f"the desktop is not installed (missing: {', '.join(lacks)}). "
            f"Get it with: {this_installation().fix_missing(lacks[0])}",
            ExitCode.SOME_FAILED,
        )
    try:
        from ocrdesk.desktop.app import run
    except ImportError as error:
        # Missing system libraries of Qt, such as libEGL, end here too; `doctor` names each with its package.
        fail(
            f"the desktop cannot start: {error}. Run `ocrdesk doctor` to see how to fix it.",
            ExitCode.SOME_FAILED,
        )
    return run(files, data_dir=data_dir, server=(server, api_key) if server else None, region=region)


def _install_menu_entry() -> None:
    from ocrdesk.desktop.startup.menu_entry import MenuEntryError, install

    try:
        for file in install():
            typer.echo(file)
    except MenuEntryError as error:
        fail(error, ExitCode.SOME_FAILED)
