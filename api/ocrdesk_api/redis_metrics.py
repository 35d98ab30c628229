"""Metrics read from Redis at each scrape."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from ocrdesk.backend.ledger.backlog import BacklogSnapshot
from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.metrics import PAGE_BOUNDS_S, Counters
from ocrdesk.backend.redis_connection import RedisFailure


def read(ledger: Ledger) -> list[Metric]:
    """Return the metrics; only `ocrdesk_redis_up` while Redis is unavailable."""
    up = GaugeMetricFamily("ocrdesk_redis_up", "Whether Redis answered this scrape.")
    try:
        unreadable = _gauge("ocrdesk_unreadable_jobs", "Jobs whose record cannot be read.", ledger.quarantine.count())
        counters, snapshot = ledger.backlog.counters(), ledger.backlog.snapshot()
        found = [*_counter_metrics(counters), *_backlog_metrics(snapshot), unreadable]
    except RedisFailure:
        up.add_metric((), 0)
        return [up]
    up.add_metric((), 1)
    return [up, *found]


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
    for (page_state, engine), count in sorted(counters.pages.items()):
        pages.add_metric((page_state, engine), count)
    seconds = HistogramMetricFamily(
        "ocrdesk_page_duration_seconds", "Time from a page's start in a worker to its end.", labels=("engine",)
    )
    bounds = ["+Inf" if bound == float("inf") else repr(bound) for bound in PAGE_BOUNDS_S]
    for engine, took in sorted(counters.page_seconds.items()):
        buckets = list(zip(bounds, accumulate(took.counts), strict=True))
        seconds.add_metric((engine,), buckets, took.total_s)
    return submitted, retried, lost, removed, jobs, pages, seconds


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
    for measure in sorted({measure for node in backlog.nodes for measure in node.sandbox or ()}):
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
        workers,
        sandbox,
    )


def _gauge(name: str, description: str, value: float) -> Metric:
    gauge = GaugeMetricFamily(name, description)
    gauge.add_metric((), value)
    return gauge
