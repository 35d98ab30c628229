"""Shows a progress bar on a terminal; elsewhere only waits for the server are reported."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

from ocrdesk.cli.batch.batch import Batch


@contextlib.contextmanager
def show_progress(batch: Batch, *, quiet: bool) -> Iterator[None]:
    """Show a progress bar on stderr while the batch runs; without a terminal, only waits for the server."""
    if quiet:
        yield
        return
    with batch.reporting_waits():
        if sys.stderr.isatty():
            with _progress_bar(batch):
                yield
        else:
            yield


@contextlib.contextmanager
def _progress_bar(batch: Batch) -> Iterator[None]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("pages"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("Sending", total=None)

        def on_pages(label: str, done: int, total: int | None) -> None:
            progress.update(bar, description=label, completed=done, total=total)

        batch.on_pages = on_pages
        batch.on_message = lambda text: progress.console.print(text, markup=False, highlight=False, soft_wrap=True)
        yield
