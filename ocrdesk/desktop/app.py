"""Checks that a window can open, then runs the application."""

from __future__ import annotations

import sys
from pathlib import Path

from ocrdesk.desktop.startup.display_check import display_problem


def run(
    files: list[Path],
    data_dir: Path | None = None,
    server: tuple[str, str | None] | None = None,
    *,
    region: bool = False,
) -> int:
    """Open the window with `files`, and return the exit code once it is closed.

    If a window of the same user and data folder is open, pass it the files and return at once.
    With `region`, the user first chooses a part of the screen to recognise.

    The window uses the local server, with its data in `data_dir`, unless `server` names another by its address
    and API key. Raises ImportError if Qt cannot be loaded.
    """
    if problem := display_problem():
        print(f"ocrdesk: {problem}", file=sys.stderr)  # noqa: T201  # there is no window to show it
        return 1
    from ocrdesk.desktop.startup.application import run_application

    return run_application(files, data_dir, server, region=region)
