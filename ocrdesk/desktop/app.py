"""Where the desktop starts: checks that a window can be had, and runs it until it is closed."""

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
    """Opens the window with `files`; the exit code once it is closed.

    Where a window of the same user and data folder is open, it takes the files and this call returns at once.
    With `region`, a part of the screen is chosen and read first.

    The backend is the local one, with its state in `data_dir`, unless `server` names another by
    its address and API key. Raises ImportError when Qt cannot be loaded.
    """
    if problem := display_problem():
        print(f"ocrdesk: {problem}", file=sys.stderr)  # noqa: T201  # there is no window to say it in
        return 1
    from ocrdesk.desktop.startup.application import run_application

    return run_application(files, data_dir, server, region=region)
