"""Steady load for a long time: `python -m tests.chaos.soak --minutes 60`. Memory, descriptors and keys may not grow."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import psutil

from ocrdesk.backend.redis_keys import EVENTS
from tests.chaos.documents import Kind, made
from tests.chaos.lab import Lab, end_in_order_on_sigterm, running_lab
from tests.chaos.record import add_output_options, keep
from tests.chaos.requests import Caller
from tests.chaos.targets import workers
from tests.helpers.wait import wait_until

MB = 1 << 20
BOUNDS_PER_HOUR = {
    "api RSS, MB": 8.0,
    "pool RSS, MB": 4.0,
    "largest worker RSS, MB": 8.0,
    "api descriptors": 2.0,
    "pool and worker descriptors": 2.0,
    "Valkey memory without the kept events, MB": 2.0,
    "Valkey keys": 60.0,
    "Valkey connections": 2.0,
    "stored folders": 40.0,
    "scratch, MB": 0.5,
}
"""How much each may grow in an hour, by the least-squares line through the last two thirds of the samples."""
RESULT_TTL_S = 60
"""Short, so that results expire as fast as they are made."""
_KINDS = ((Kind.IMAGE, 1), (Kind.SCAN, 2), (Kind.TEXT_LAYER, 4), (Kind.CUT_IMAGE, 1))
_EXPORT_EVERY = 10
_FIRST_SHARE = 3
"""The first of this many parts of the samples does not count: caches fill and the first results expire."""


def slope(xs: Sequence[float], ys: Sequence[float]) -> float:
    """Return the slope of the least-squares line; 0 for less than two different points."""
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - mean_x) ** 2 for x in xs)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / spread if spread else 0.0


def sample(lab: Lab) -> dict[str, float]:
    """Return what may not grow, now."""
    api, pool = psutil.Process(lab.apis[0].pid), psutil.Process(lab.pools[0].pid)
    at_work = [worker.process for worker in wait_until(lambda: workers(lab), "a worker")]
    with lab.redis() as redis:
        # the stream of all events grows until it has its fixed number of entries, which takes about an hour
        memory = redis.info("memory")["used_memory"] - (redis.memory_usage(EVENTS) or 0)
        connections, keys = redis.info("clients")["connected_clients"], redis.dbsize()
    return {
        "api RSS, MB": api.memory_info().rss / MB,
        "pool RSS, MB": pool.memory_info().rss / MB,
        "largest worker RSS, MB": max(process.memory_info().rss for process in at_work) / MB,
        "api descriptors": api.num_fds(),
        "pool and worker descriptors": pool.num_fds() + sum(process.num_fds() for process in at_work),
        "Valkey memory without the kept events, MB": memory / MB,
        "Valkey keys": keys,
        "Valkey connections": connections,
        "stored folders": sum(1 for _ in lab.blobs.iterdir()) if lab.blobs else 0,
        "scratch, MB": _size(lab) / MB,
    }


def _size(lab: Lab) -> int:
    total = 0
    for root in lab.scratch_folders:
        for file in root.rglob("*"):
            with contextlib.suppress(OSError):
                total += file.lstat().st_size if file.is_file() and not file.is_symlink() else 0
    return total


class Steady:
    """A caller that submits a file every few moments until it is stopped, and exports some results."""

    def __init__(self, lab: Lab, every_s: float) -> None:
        self._lab, self._every_s = lab, every_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.jobs = 0
        self.states: Counter[str] = Counter()
        self.problems: list[str] = []

    def __enter__(self) -> Steady:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        files = [made(kind, 100 + number, pages) for number, (kind, pages) in enumerate(_KINDS)]
        due = time.monotonic()
        with Caller(self._lab) as caller:
            while not self._stop.wait(max(0.0, due - time.monotonic())):
                due = max(due + self._every_s, time.monotonic() - self._every_s)
                self.jobs += 1
                try:
                    self._one(caller, *files[self.jobs % len(files)])
                except Exception as error:
                    self.problems.append(repr(error))

    def _one(self, caller: Caller, name: str, content: bytes) -> None:
        job_id = caller.accepted(name, content)
        state = caller.state_at_end(job_id)
        self.states[state] += 1
        if state == "finished" and self.jobs % _EXPORT_EVERY == 0:
            for path in ("file?format=pdf&wait=20", "pages/1/image?width=400"):
                answer = caller.get(f"/ocr/jobs/{job_id}/{path}")
                if answer.status_code != 200:
                    self.problems.append(f"{path}: {answer.status_code}")


def measure(minutes: float, every_s: float, sample_every_s: float) -> dict[str, Any]:
    """Run the load, take samples, and return each value's start, end and slope."""
    rows: list[tuple[float, dict[str, float]]] = []
    with (
        running_lab(apis=1, pools=1, workers=2, storage="folder", RESULT_TTL=str(RESULT_TTL_S)) as lab,
        Steady(lab, every_s) as load,
    ):
        begun = time.monotonic()
        while (at := time.monotonic() - begun) < 60 * minutes:
            rows.append((at / 3600, sample(lab)))
            time.sleep(sample_every_s)
        restarts = sum(part.starts - 1 for part in lab.parts)
    counted = rows[len(rows) // _FIRST_SHARE :]
    hours = [at for at, _ in counted]
    values = {
        name: {
            "first": round(rows[0][1][name], 2),
            "last": round(rows[-1][1][name], 2),
            "most": round(max(row[name] for _, row in rows), 2),
            "slope_per_hour": round(slope(hours, [row[name] for _, row in counted]), 2),
            "bound_per_hour": bound,
        }
        for name, bound in BOUNDS_PER_HOUR.items()
    }
    is_flat = all(value["slope_per_hour"] <= value["bound_per_hour"] for value in values.values())
    return {
        "command": f"python -m tests.chaos.soak --minutes {minutes:g}",
        "jobs": load.jobs,
        "ended_as": dict(load.states),
        "problems": load.problems[:20],
        "restarts": restarts,
        "samples": len(rows),
        "values": values,
        "is_kept": is_flat and not load.problems and not restarts,
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--every-s", type=float, default=1.5, help="seconds between submits")
    parser.add_argument("--sample-every-s", type=float, default=15.0)
    add_output_options(parser)
    given = parser.parse_args()
    end_in_order_on_sigterm()
    result = measure(given.minutes, given.every_s, given.sample_every_s)
    print(json.dumps(result, indent=1))
    return keep("soak", result, given)


if __name__ == "__main__":
    sys.exit(main())
