"""Makes the spans of jobs and pages, and sends them to a collector.

A job passes through many processes, and each page through another one. So spans are made when something has ended,
from its record. A page's span is a child of its job's, which is made last: the id of the job's span therefore follows
from the job's id. No span has a file's name, a text or a key.
"""

from __future__ import annotations

import hashlib
import os
from contextvars import ContextVar
from datetime import datetime

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AttributeValue

from ocrdesk import __version__
from ocrdesk.backend.records import JobRecord, PageRecord, PageStats
from ocrdesk.contract.errors import ErrorInfo

_FLUSH_S = 1.0
"""How long a worker waits for a collector: pages wait behind it."""
_TIMEOUTS = ("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT")
_QUERY = "url.query"
_TRACEPARENT = "traceparent"

_next_span_id: ContextVar[int | None] = ContextVar("next_span_id", default=None)
_w3c = TraceContextTextMapPropagator()


class _Ids(IdGenerator):
    """Random ids, also in forked processes, which share the state of Python's generator; or the id that was set."""

    def generate_span_id(self) -> int:
        return _next_span_id.get() or int.from_bytes(os.urandom(8)) or 1

    def generate_trace_id(self) -> int:
        return int.from_bytes(os.urandom(16)) or 1


class _WithoutQueries(SpanProcessor):
    """Removes a request's query, which may have the name of a file."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:  # noqa: ARG002
        if span.attributes and _QUERY in span.attributes:
            span.set_attribute(_QUERY, "REDACTED")


class _Collected(SpanProcessor):
    """Keeps ended spans until they are sent, without a thread."""

    def __init__(self, exporter: OTLPSpanExporter) -> None:
        self._exporter = exporter
        self._ended: list[ReadableSpan] = []

    def on_end(self, span: ReadableSpan) -> None:
        if span.context is not None and span.context.trace_flags.sampled:
            self._ended.append(span)

    def force_flush(self, timeout_millis: int | None = None) -> bool:  # noqa: ARG002
        ended, self._ended = self._ended, []
        if ended:
            self._exporter.export(ended)
        return True


class Spans:
    """The spans of this process."""

    def __init__(self, service: str, *, in_background: bool) -> None:
        own_timeout = None if in_background or any(os.environ.get(name) for name in _TIMEOUTS) else _FLUSH_S
        exporter = OTLPSpanExporter(timeout=own_timeout)
        self._processor = BatchSpanProcessor(exporter) if in_background else _Collected(exporter)
        provider = TracerProvider(resource=_resource(service), id_generator=_Ids())
        provider.add_span_processor(_WithoutQueries())
        provider.add_span_processor(self._processor)
        trace.set_tracer_provider(provider)
        self._tracer = provider.get_tracer("ocrdesk", __version__)

    def flush(self) -> None:
        self._processor.force_flush()

    def current_traceparent(self) -> str | None:
        carrier: dict[str, str] = {}
        _w3c.inject(carrier)
        return carrier.get(_TRACEPARENT)

    def add_page(self, job: JobRecord, page: PageRecord, reading: PageStats | None) -> None:
        request = _request_context(job)
        if request is None or page.ended_at is None:
            return
        of_job = SpanContext(request.trace_id, _job_span_id(job), is_remote=True, trace_flags=request.trace_flags)
        attributes: dict[str, AttributeValue] = {
            "ocrdesk.job.id": job.job_id,
            "ocrdesk.page.number": page.number,
            "ocrdesk.page.state": page.state.value,
        }
        if page.worker:
            attributes["ocrdesk.worker"] = page.worker
        if reading:
            attributes |= {"ocrdesk.page.engine": reading.engine, "ocrdesk.page.words": reading.words}
        start = page.started_at or page.ended_at
        self._add("page", of_job, SpanKind.INTERNAL, start, page.ended_at, attributes, page.error)

    def add_job(self, job: JobRecord) -> None:
        request = _request_context(job)
        if request is None or job.ended_at is None:
            return
        attributes: dict[str, AttributeValue] = {
            "ocrdesk.job.id": job.job_id,
            "ocrdesk.job.state": job.state.value,
            "ocrdesk.job.revision": job.revision,
            "ocrdesk.job.media_type": job.media_type,
            "ocrdesk.job.size_bytes": job.size_bytes,
            "ocrdesk.job.pages_done": job.pages_done,
            "ocrdesk.job.pages_failed": job.pages_failed,
        }
        token = _next_span_id.set(_job_span_id(job))
        try:
            self._add("job", request, SpanKind.CONSUMER, job.created_at, job.ended_at, attributes, job.error)
        finally:
            _next_span_id.reset(token)

    def _add(
        self,
        name: str,
        parent: SpanContext,
        kind: SpanKind,
        start: datetime,
        end: datetime,
        attributes: dict[str, AttributeValue],
        error: ErrorInfo | None,
    ) -> None:
        context = trace.set_span_in_context(NonRecordingSpan(parent), Context())
        span = self._tracer.start_span(name, context, kind, attributes, start_time=_nanoseconds(start))
        if error:  # only its code: its message may quote the document
            span.set_attribute("error.type", error.code.value)
            span.set_status(Status(StatusCode.ERROR))
        span.end(_nanoseconds(end))


def _resource(service: str) -> Resource:
    """Return what describes this process: the service's name unless the environment has one."""
    found = Resource.create({SERVICE_VERSION: __version__})
    if str(found.attributes.get(SERVICE_NAME, "")).startswith("unknown_service"):
        found = found.merge(Resource({SERVICE_NAME: service}))
    return found


def _request_context(job: JobRecord) -> SpanContext | None:
    """Return the place of the request that submitted the job; None for a job that was submitted without traces."""
    if not job.traceparent:
        return None
    span = trace.get_current_span(_w3c.extract({_TRACEPARENT: job.traceparent}, Context()))
    context = span.get_span_context()
    return context if context.is_valid else None


def _job_span_id(job: JobRecord) -> int:
    """Return the id of a job's span. A job that is retried has another one for each run."""
    digest = hashlib.sha256(f"{job.job_id}:{job.revision}".encode()).digest()
    return int.from_bytes(digest[:8]) or 1


def _nanoseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1e6) * 1000
