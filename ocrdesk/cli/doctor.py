"""`ocrdesk doctor`: report what is installed and how to fix what is not."""

from __future__ import annotations

import typer

from ocrdesk.cli.options import exit_after


def doctor() -> None:
    """Report what is installed, what is missing, and the command that fixes it."""
    from ocrdesk.local.diagnostics.doctor import examine, render

    findings = examine()
    typer.echo(render(findings))
    exit_after(sum(finding.is_broken for finding in findings))
