"""`ocrdesk doctor`: report what is installed and how to fix what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from ocrdesk.cli.options import exit_after
from ocrdesk.local import environment

if TYPE_CHECKING:
    from ocrdesk.local.diagnostics.doctor import Finding

_SERVICE = "service at REDIS_URL"


def doctor() -> None:
    """Report what is installed, what is missing, and the command that fixes it. With REDIS_URL also its workers."""
    from ocrdesk.local.diagnostics.doctor import examine, render

    findings = [*examine(), *_service()]
    typer.echo(render(findings))
    exit_after(sum(finding.is_broken for finding in findings))


def _service() -> list[Finding]:
    """Compare the settings of this environment with those of the live workers, if REDIS_URL names a service."""
    if not (environment.text("REDIS_URL") or environment.text("REDIS_URL_FILE")):
        return []
    from ocrdesk.local.diagnostics.doctor import Finding

    try:
        from ocrdesk.backend.ledger.nodes import Nodes
        from ocrdesk.backend.redis_connection import RedisFailure, connect
        from ocrdesk.backend.settings import Settings, SettingsError
        from ocrdesk.backend.shared_settings import differing, fingerprints
    except ImportError:
        return []  # the missing package has a finding of its own
    try:
        settings = Settings.from_environment()
        nodes = Nodes(connect(settings, text=True)).live()
    except SettingsError as error:
        return [Finding(_SERVICE, None, "Correct these variables", missing=" ".join(str(error).split()))]
    except RedisFailure as error:
        return [Finding(_SERVICE, None, "Check REDIS_URL", missing=f"not reachable ({type(error).__name__})")]
    own = fingerprints(settings)
    names = sorted({name for node in nodes for name in differing(own, node.settings)})
    if names:
        remedy = "Give this environment, the api and the workers the same values"
        return [Finding(_SERVICE, None, remedy, missing=f"its workers have other values of {', '.join(names)}")]
    return [Finding(_SERVICE, f"{sum(node.workers for node in nodes)} workers are alive")]
