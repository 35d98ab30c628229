"""Reads the parts' logs: tracebacks, document text and secrets have no place there."""

from __future__ import annotations

import contextlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.chaos.lab import TENANTS, Lab, open_logs

_TEXT = re.compile(r"(FILE|PAGE) (ZERO|ONE|TWO|THREE|FOUR|FIVE|SIX|SEVEN|EIGHT|NINE)\b|old bridge across", re.ASCII)
_IDS = re.compile(r"[0-9a-f]{8,}(-[0-9a-f-]+)?|\d+")
_MOST_LINES = 8
_LONGEST = 700


def findings(lab: Lab) -> Iterator[tuple[str, str]]:
    """Yield a rule and a log line that breaks it; equal tracebacks once, with their number."""
    tracebacks: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for part, log in open_logs(lab):
        for line in log:
            if _TEXT.search(line):
                yield "no text of a document is logged", f"{part}: {line[:_LONGEST]}"
            if any(key in line for key in TENANTS):
                yield "no key is logged", f"{part}: {line[:_LONGEST]}"
            if "Traceback (most recent call last)" in line:
                kind = _IDS.sub("#", _exception_in(line)[-200:])
                tracebacks[kind] += 1
                examples.setdefault(kind, f"{part}: {_shortened(line)}")
    for kind, count in tracebacks.items():
        yield "no traceback is logged", f"{count} times, as {examples[kind]}"


def lines_about(lab: Lab, job_id: str) -> list[str]:
    """Return the last log lines that name a job."""
    found = [f"{part}: {line.strip()[:_LONGEST]}" for part, log in open_logs(lab) for line in log if job_id in line]
    return found[-_MOST_LINES:]


def _exception_in(line: str) -> str:
    with contextlib.suppress(ValueError):
        record: dict[str, Any] = json.loads(line)
        return str(record.get("exception", line)).strip()
    return line.strip()


def _shortened(line: str) -> str:
    """Return the event and the end of its traceback, which says most."""
    with contextlib.suppress(ValueError):
        record: dict[str, Any] = json.loads(line)
        return f"{record.get('event')}: …{str(record.get('exception', ''))[-_LONGEST:]}"
    return line[:_LONGEST]
