"""Runs one call of `ocrdesk ocr`: plan, connect, recognise, and say what was done."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ocrdesk.cli.batch.batch import Batch
from ocrdesk.cli.batch.connection import open_client
from ocrdesk.cli.batch.interruption import InterruptedRunError
from ocrdesk.cli.batch.merge import check_can_merge
from ocrdesk.cli.batch.output import Output, OutputError
from ocrdesk.cli.batch.plan import Plan, make_plan
from ocrdesk.cli.batch.progress import show_progress
from ocrdesk.cli.batch.summary import Summary
from ocrdesk.client import ClientError
from ocrdesk.contract.jobs import JobOptions

if TYPE_CHECKING:
    from ocrdesk.local.server.attach import Beginning

Server = tuple[str | None, str | None, Path | None, "Beginning | None"]
"""The server's address, its key, the data folder of this machine's server, and its start if that was begun."""


def run(
    arguments: Sequence[str],
    options: JobOptions,
    output: Output,
    server: Server,
    *,
    quiet: bool,
    password: str | None = None,
) -> int:
    """Return how many files failed. A summary on stderr ends the run, unless one file goes to stdout.

    Raises InputError, OutputError, MergeError, ClientError, LocalServerError, InterruptedRunError.
    """
    if output.merge:
        check_can_merge()
    if output.in_place and options.pages:
        raise OutputError("--in-place with --pages would delete the other pages; name an output with -o")
    plan = make_plan(arguments, output)
    summary = Summary(total=len(plan.files), skipped=plan.skipped)
    has_summary = not quiet and (plan.is_many or output.path is not None or output.in_place or output.merge)
    try:
        if plan.files:
            _run_plan(plan, options, output, server, summary, quiet=quiet, password=password)
    except InterruptedRunError:
        if not quiet:
            _say(summary.line("interrupted: "))
        raise
    except ClientError:
        if has_summary and summary.done + summary.failed:
            _say(summary.line("stopped: "))
        raise
    if has_summary:
        _say(summary.line())
    return summary.failed


def _run_plan(
    plan: Plan,
    options: JobOptions,
    output: Output,
    server: Server,
    summary: Summary,
    *,
    quiet: bool,
    password: str | None,
) -> None:
    with open_client(*server) as client:
        batch = Batch(client, options, output, plan, summary, password=password)
        with show_progress(batch, quiet=quiet):
            batch.run()


def _say(line: str) -> None:
    typer.echo(line, err=True)
