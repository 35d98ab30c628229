"""Breaks a running service on purpose and checks that nothing is lost: `python -m tests.chaos --seed 7 --jobs 200`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tests.chaos.lab import end_in_order_on_sigterm
from tests.chaos.record import figures_of, record
from tests.chaos.run import Options, run, summary


def main() -> int:
    """Run each seed, and return 1 if a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, action="append", help="may be repeated; default: 7")
    parser.add_argument("--jobs", type=int, default=200, help="how many, for each seed")
    parser.add_argument("--storage", choices=("folder", "redis"), default="", help="default: odd seeds use a folder")
    parser.add_argument("--apis", type=int, default=2)
    parser.add_argument("--pools", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1, help="of each pool")
    parser.add_argument("--only", action="append", default=[], metavar="WORDS", help="only faults with these words")
    parser.add_argument("--out", type=Path, help="write the results here, as JSON")
    parser.add_argument("--record", action="store_true", help="keep the figures for docs/reliability.md")
    given = parser.parse_args()
    end_in_order_on_sigterm()
    results = []
    for seed in given.seed or [7]:
        result = run(
            Options(
                seed=seed,
                jobs=given.jobs,
                storage=given.storage,
                apis=given.apis,
                pools=given.pools,
                workers=given.workers,
                only=given.only,
            )
        )
        print(summary(result), flush=True)
        results.append(result)
        if given.out:
            given.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    if given.record:
        record("chaos", [figures_of(result) for result in results])
    return int(any(result["violations"] for result in results))


if __name__ == "__main__":
    sys.exit(main())
