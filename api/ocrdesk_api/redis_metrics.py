"""Metrics read from Redis at each scrape."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from ocrdesk.backend.ledger.backlog import BacklogSnapshot
from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.metrics import NO_ENGINE, PAGE_BOUNDS_S, Counters
from ocrdesk.backend.outages.redis_errors import problem_of
from ocrdesk.backend.redis_connection import RedisFailure
from ocrdesk.contract.states import PageState

SANDBOX_MEASURES = ("files", "tcp", "signals", "system_calls")
"""What workers report, from 0 on: a kernel that has none of them must be seen, too."""


def read(ledger: Ledger) -> list[Metric]:
    """Return the metrics; only whether Redis answers and accepts changes while it does not answer."""
    is_writable, answers = True, True
    try:
        ledger.check_writable()
    except RedisFailure as error:
        problem = problem_of(error)
        is_writable, answers = False, problem is None or problem.is_refusal  # a second call would wait as long again
    found: list[Metric] = []
    try:
        found = _read_all(ledger) if answers else []
    except RedisFailure:
        answers = False
    up = _gauge("ocrdesk_redis_up", "Whether Redis answered this scrape.", answers)
    writable = _gauge("ocrdesk_redis_writable", "Whether Redis accepted a change at this scrape.", is_writable)
    return [up, writable, *found]


def _read_all(ledger: Ledger) -> list[Metric]:
    unreadable = _gauge("ocrdesk_unreadable_jobs", "Jobs whose record cannot be read.", ledger.quarantine.count())
    counters, snapshot = ledger.backlog.counters(), ledger.backlog.snapshot()
    return [*_counter_metrics(counters), *_backlog_metrics(snapshot), *_server_metrics(ledger), unreadable]


def _server_metrics(ledger: Ledger) -> Iterable[Metric]:
    used, most = ledger.memory()
    yield _gauge("ocrdesk_redis_memory_used_bytes", "Memory that Redis uses.", used)
    yield _gauge("ocrdesk_redis_memory_max_bytes", "Memory that Redis may use (maxmemory); 0: no limit.", most)
    yield _gauge("ocrdesk_redis_replicas", "Replicas of Redis that receive its changes.", ledger.replicas())


def _counter_metrics(counters: Counters) -> Iterable[Metric]:
    submitted = CounterMetricFamily("ocrdesk_jobs_submitted", "Jobs accepted.")
    submitted.add_metric((), counters.submitted)
    retried = CounterMetricFamily("ocrdesk_jobs_retried", "Ended jobs that were retried.")
    retried.add_metric((), counters.retried)
    lost = CounterMetricFamily("ocrdesk_lost_pages", "Finished pages whose stored results were found to be gone.")
    lost.add_metric((), counters.lost_pages)
    removed = CounterMetricFamily("ocrdesk_removed_files", "Stored files that belonged to no job, and were removed.")
    removed.add_metric((), counters.removed_blobs)
    jobs = CounterMetricFamily("ocrdesk_jobs", "Jobs that ended, by outcome.", labels=("state",))
    for job_state, count in counters.jobs.items():
        jobs.add_metric((job_state.value,), count)
    pages = CounterMetricFamily("ocrdesk_pages", "Pages that ended, by outcome and engine.", labels=("state", "engine"))
    none = {(state.value, NO_ENGINE): 0 for state in (PageState.FINISHED, PageState.FAILED)}
    for (page_state, engine), count in sorted((none | counters.pages).items()):
        pages.add_metric((page_state, engine), count)
    seconds = HistogramMetricFamily(
        "ocrdesk_page_duration_seconds", "Time from a page's start in a worker to its end.", labels=("engine",)
    )
    bounds = ["+Inf" if bound == float("inf") else repr(bound) for bound in PAGE_BOUNDS_S]
    for engine, took in sorted(counters.page_seconds.items()):
        buckets = list(zip(bounds, accumulate(took.counts), strict=True))
        seconds.add_metric((engine,), buckets, took.total_s)
    return submitted, retried, lost, removed, jobs, pages, seconds, *_failure_metrics(counters)


def _failure_metrics(counters: Counters) -> Iterable[Metric]:
    failed = CounterMetricFamily(
        "ocrdesk_failed_units",
        "Files that could not be opened, and pages and export files that failed, by error code.",
        labels=("unit", "code"),
    )
    for (unit, code), count in sorted(counters.failures.items()):
        failed.add_metric((unit, code), count)
    attempts = CounterMetricFamily(
        "ocrdesk_lost_attempts",
        "Attempts without an outcome: their process crashed or was killed, or their worker or machine was lost.",
        labels=("reason",),
    )
    for reason, count in counters.lost_attempts.items():
        attempts.add_metric((reason,), count)
    webhooks = CounterMetricFamily(
        "ocrdesk_webhook_attempts", "Attempts to deliver webhooks, by outcome.", labels=("outcome",)
    )
    for outcome, count in counters.webhooks.items():
        webhooks.add_metric((outcome,), count)
    return failed, attempts, webhooks


def _backlog_metrics(backlog: BacklogSnapshot) -> Iterable[Metric]:
    workers = GaugeMetricFamily(
        "ocrdesk_engine_workers", "Live worker processes that have the engine.", labels=("engine",)
    )
    for engine in sorted({engine for node in backlog.nodes for engine in node.engines}):
        workers.add_metric((engine,), sum(node.workers for node in backlog.nodes if engine in node.engines))
    sandbox = GaugeMetricFamily(
        "ocrdesk_sandbox_workers",
        "Live worker processes whose kernel restricts this for the processes that open files.",
        labels=("measure",),
    )
    for measure in sorted({*SANDBOX_MEASURES, *(measure for node in backlog.nodes for measure in node.sandbox or ())}):
        sandboxed = sum(node.workers for node in backlog.nodes if measure in (node.sandbox or ()))
        sandbox.add_metric((measure,), sandboxed)
    return (
        _gauge(
            "ocrdesk_queue_units", "Units of work (files to open, pages, results) in the queue.", backlog.units_waiting
        ),
        _gauge("ocrdesk_queue_oldest_seconds", "Age of the oldest waiting unit.", backlog.oldest_s),
        _gauge("ocrdesk_running_units", "Units of work in progress.", backlog.units_running),
        _gauge("ocrdesk_jobs_active", "Jobs that have not ended.", backlog.jobs),
        _gauge(
            "ocrdesk_pages_waiting",
            "Pages waiting; a file that is not opened yet counts as one.",
            backlog.pages_waiting,
        ),
        _gauge("ocrdesk_backlog_bytes", "Size of the files of jobs that have not ended.", backlog.size_bytes),
        _gauge("ocrdesk_workers", "Live worker processes.", sum(node.workers for node in backlog.nodes)),
        _gauge(
            "ocrdesk_open_units",
            "Pages, files to open and export files that wait or are in progress: what workers are needed for.",
            backlog.open_units,
        ),
        _gauge(
            "ocrdesk_webhooks_pending", "Webhooks that are neither delivered nor given up.", backlog.webhooks_pending
        ),
        _gauge("ocrdesk_webhook_overdue_seconds", "How long a due webhook has waited.", backlog.webhook_overdue_s),
        workers,
        sandbox,
        _clock_metric(backlog),
    )


def _clock_metric(backlog: BacklogSnapshot) -> Metric:
    offset = GaugeMetricFamily(
        "ocrdesk_clock_offset_seconds",
        "How far clocks are from Redis's: that of this api, and the one of the worker pools that is farthest from it.",
        labels=("of",),
    )
    offset.add_metric(("api",), backlog.clock_offset_s)
    known = [node.clock_offset_s for node in backlog.nodes if node.clock_offset_s is not None]
    offset.add_metric(("workers",), max(known, key=abs, default=0.0))
    return offset


def _gauge(name: str, description: str, value: float) -> Metric:
    gauge = GaugeMetricFamily(name, description)
    gauge.add_metric((), value)
    return gauge
