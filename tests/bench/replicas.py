"""The benchmark command for REDIS_REPLICAS: what it costs to wait for a replica.

python -m tests.bench.replicas [--transactions N]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from ocrdesk.backend.redis_connection import connect
from ocrdesk.backend.settings import Settings
from tests.helpers.redis_groups import Node, running_pair

_DEFAULT = 3_000
_FIELDS = 12
"""About as many as a job's record has."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--transactions", type=int, default=_DEFAULT, help=f"default: {_DEFAULT}")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_pair(Path(folder)) as (primary, _):
        times = {replicas: _transactions(primary, replicas, options.transactions) for replicas in (0, 1, 0, 1)}
    print("REDIS_REPLICAS  median ms  99th percentile ms")
    for replicas, taken in times.items():
        print(f"{replicas:14}  {1000 * median(taken):9.3f}  {1000 * quantiles(taken, n=100)[98]:18.3f}")
    print(f"\n{options.transactions} transactions each, both servers on this machine.")


def _transactions(primary: Node, replicas: int, count: int) -> list[float]:
    """Return the seconds that each of `count` transactions took."""
    settings = Settings(redis_url=f"redis://127.0.0.1:{primary.port}/0", redis_replicas=replicas)
    redis: Any = connect(settings, text=True)
    taken = []
    with redis:
        for number in range(count):
            begun = time.perf_counter()
            with redis.pipeline(transaction=True) as pipe:
                pipe.watch("job")
                pipe.multi()
                pipe.hset("job", mapping={f"field{index}": number for index in range(_FIELDS)})
                pipe.execute()
            taken.append(time.perf_counter() - begun)
    return taken


if __name__ == "__main__":
    main()
