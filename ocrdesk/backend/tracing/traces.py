"""Traces of jobs and pages, where OTEL_… variables ask for them. Nothing of OpenTelemetry is loaded otherwise."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ocrdesk.backend.records import JobRecord, PageRecord, PageStats

if TYPE_CHECKING:
    from ocrdesk.backend.tracing.trace_spans import Spans

_log = logging.getLogger(__name__)

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")

_spans: Spans | None = None


def are_wanted(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether the environment names a collector and does not turn traces off."""
    return (
        any(environment.get(name) for name in _ENDPOINTS)
        and environment.get("OTEL_SDK_DISABLED", "").lower() != "true"
        and environment.get("OTEL_TRACES_EXPORTER", "").lower() != "none"
    )


def start(service: str, *, in_background: bool) -> None:
    """Collect spans from now on, if they are wanted. `service` names this process in the traces.

    `in_background`: a thread sends them. Without it they are sent by `flush`: processes that fork have no threads.
    """
    global _spans
    if _spans is not None or not are_wanted():
        return
    try:
        from ocrdesk.backend.tracing.trace_spans import Spans
    except ImportError as error:
        from ocrdesk.installation import this_installation

        _log.warning("no traces: %s is missing. Get it with: %s", error.name, this_installation().add_extra("otel"))
        return
    _spans = Spans(service, in_background=in_background)


def flush() -> None:
    """Send what was collected. Waits for the collector, but not for long."""
    if _spans is not None:
        _spans.flush()


def current_traceparent() -> str | None:
    """Return the current request's place in its trace, as the header `traceparent` has it; None without traces."""
    return _spans.current_traceparent() if _spans is not None else None


def page_ended(job: JobRecord, page: PageRecord, reading: PageStats | None) -> None:
    """Add the span of a page."""
    if _spans is not None:
        _spans.add_page(job, page, reading)


def job_ended(job: JobRecord) -> None:
    """Add the span of a job, from its submission to its end."""
    if _spans is not None:
        _spans.add_job(job)
