"""Runs the service on several hosts and cuts, slows and disturbs their links: `python -m tests.hosts --seed 7`.

The hosts are network namespaces. It needs root, or a kernel that allows user namespaces.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path
from random import Random

from tests.helpers.network_hosts import enter_own_network, why_impossible
from tests.hosts.network import Network, end_in_order_on_sigterm, running_network
from tests.hosts.scenarios import SCENARIOS, Load, NotPossibleError


def main() -> int:
    """Run the scenarios; return 1 if a promise was broken, and 77 if there can be no hosts here."""
    parser = argparse.ArgumentParser(prog="python -m tests.hosts", description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--jobs", type=int, default=3, help="how many for each scenario")
    parser.add_argument("--pages", type=int, default=5, help="of each job")
    parser.add_argument("--only", action="append", choices=SCENARIOS, help="may be repeated; default: all")
    parser.add_argument("--logs", type=Path, help="copy the programs' logs into this folder")
    parser.add_argument("--out", type=Path, help="write the results here, as JSON")
    given = parser.parse_args()
    if why := why_impossible():
        print(why, file=sys.stderr)
        return 77
    enter_own_network("tests.hosts")
    end_in_order_on_sigterm()
    print(f"seed {given.seed}", flush=True)
    results = {}
    with running_network() as network:
        for name in given.only or SCENARIOS:
            results[name] = _run(name, network, given.seed, Load(given.jobs, given.pages))
            print(f"{name}: {json.dumps(results[name])}", flush=True)
        if given.logs:
            shutil.copytree(network.folder, given.logs, ignore=shutil.ignore_patterns("data", "scratch"))
    if given.out:
        given.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return int(any("broken" in result for result in results.values()))


def _run(name: str, network: Network, seed: int, load: Load) -> dict[str, object]:
    chosen = Random(f"{seed} {name}")  # no secret
    try:
        return SCENARIOS[name](network, chosen, load)
    except NotPossibleError as error:
        return {"skipped": str(error)}
    except AssertionError as error:
        for program in network.processes:
            print(f"--- {program}\n{network.log(program).read_text()[-3000:]}", file=sys.stderr)
        return {"broken": str(error)}


if __name__ == "__main__":
    sys.exit(main())
