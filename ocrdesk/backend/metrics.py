"""Counters in Redis.

They are written in the transaction of what they count, so every api process reports the same numbers.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ocrdesk.backend.redis_keys import METRICS
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.states import JobState, PageState

PAGE_BOUNDS_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0, float("inf"))
"""Upper bounds of the buckets in which the seconds of pages are counted."""

NO_ENGINE = "none"
"""The engine of a page that was not recognised."""

DIED, LOST = ATTEMPT_ENDS = ("died", "lost")
"""How attempts end without an outcome: their process crashed or was killed, or their worker or machine was lost."""
DELIVERED, RETRIED, GIVEN_UP = WEBHOOK_OUTCOMES = ("delivered", "retried", "given_up")
FILE, PAGE, EXPORT = FAILED_UNITS = ("file", "page", "export")
"""What fails: the opening of a file, a page, an export file."""
WATCHED_CODES = (
    ErrorCode.OUT_OF_MEMORY,
    ErrorCode.CRASHED,
    ErrorCode.TIMEOUT,
    ErrorCode.ENGINE_FAILED,
    ErrorCode.INTERNAL,
)
"""Failures that are not the file's fault alone. They are reported from 0 on, or the first one would be no increase."""


def count_submitted(pipe: Any) -> None:
    pipe.hincrby(METRICS, "submitted", 1)


def count_retried(pipe: Any) -> None:
    """Count a job that is retried."""
    pipe.hincrby(METRICS, "retried", 1)


def count_lost_pages(pipe: Any, count: int) -> None:
    """Count finished pages whose stored results were found to be gone."""
    pipe.hincrby(METRICS, "lost_pages", count)


def count_removed(pipe: Any, count: int) -> None:
    """Count stored files that belonged to nobody any more, and were removed."""
    pipe.hincrby(METRICS, "removed_blobs", count)


def count_job(pipe: Any, state: JobState) -> None:
    """Count a job that ended in this state."""
    pipe.hincrby(METRICS, f"job:{state}", 1)


def count_failure(pipe: Any, unit: str, code: ErrorCode) -> None:
    """Count one of FAILED_UNITS that failed for this reason."""
    pipe.hincrby(METRICS, f"failed:{unit}:{code}", 1)


def count_lost_attempt(pipe: Any, end: str) -> None:
    """Count an attempt that ended without an outcome, by one of ATTEMPT_ENDS."""
    pipe.hincrby(METRICS, f"attempt:{end}", 1)


def count_webhook(pipe: Any, outcome: str) -> None:
    """Count an attempt to deliver a webhook, by one of WEBHOOK_OUTCOMES."""
    pipe.hincrby(METRICS, f"webhook:{outcome}", 1)


def count_page(pipe: Any, source: str | None, state: PageState, seconds: float | None) -> None:
    """Count a page that ended in this state.

    `source` is the engine that recognised it; `seconds` run from its last start to its end.
    """
    engine = source or NO_ENGINE
    pipe.hincrby(METRICS, f"page:{state}:{engine}", 1)
    if seconds is not None:
        seconds = max(0.0, seconds)
        pipe.hincrby(METRICS, f"page_s:{engine}:{PAGE_BOUNDS_S[bisect_left(PAGE_BOUNDS_S, seconds)]:g}", 1)
        pipe.hincrbyfloat(METRICS, f"page_s_sum:{engine}", round(seconds, 4))


@dataclass(slots=True)
class Seconds:
    """Durations: how many fall into each bucket of PAGE_BOUNDS_S, and their sum."""

    counts: list[int] = field(default_factory=lambda: [0] * len(PAGE_BOUNDS_S))
    total_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Counters:
    """What was counted since Redis was set up."""

    submitted: int
    retried: int
    jobs: dict[JobState, int]
    pages: dict[tuple[str, str], int]
    """By state and engine."""
    page_seconds: dict[str, Seconds]
    """By engine."""
    lost_pages: int = 0
    removed_blobs: int = 0
    failures: dict[tuple[str, str], int] = field(default_factory=dict)
    """By unit and error code."""
    lost_attempts: dict[str, int] = field(default_factory=dict)
    """By ATTEMPT_ENDS."""
    webhooks: dict[str, int] = field(default_factory=dict)
    """Attempts by WEBHOOK_OUTCOMES."""


def counters_from(fields: Mapping[str, str]) -> Counters:
    """Return the counters in the hash METRICS."""
    jobs = dict.fromkeys((state for state in JobState if state.is_final), 0)
    pages: dict[tuple[str, str], int] = {}
    failures = {(unit, code.value): 0 for unit in FAILED_UNITS for code in WATCHED_CODES}
    attempts, webhooks = dict.fromkeys(ATTEMPT_ENDS, 0), dict.fromkeys(WEBHOOK_OUTCOMES, 0)
    seconds: dict[str, Seconds] = defaultdict(Seconds)
    for name, value in fields.items():
        kind, *rest = name.split(":")
        if kind == "job":
            jobs[JobState(rest[0])] = int(value)
        elif kind == "page":
            pages[rest[0], rest[1]] = int(value)
        elif kind == "failed":
            failures[rest[0], rest[1]] = int(value)
        elif kind == "attempt":
            attempts[rest[0]] = int(value)
        elif kind == "webhook":
            webhooks[rest[0]] = int(value)
        elif kind == "page_s":  # by the bound, so that counts of a release with other bounds are kept
            seconds[rest[0]].counts[bisect_left(PAGE_BOUNDS_S, float(rest[1]))] += int(value)
        elif kind == "page_s_sum":
            seconds[rest[0]].total_s = float(value)
    return Counters(
        int(fields.get("submitted", 0)),
        int(fields.get("retried", 0)),
        jobs,
        pages,
        dict(seconds),
        int(fields.get("lost_pages", 0)),
        int(fields.get("removed_blobs", 0)),
        failures,
        attempts,
        webhooks,
    )
