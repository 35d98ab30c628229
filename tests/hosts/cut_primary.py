"""Cuts the host of a Redis primary off, with an api, a worker and a caller on it: `python -m tests.hosts.cut_primary`.

The other hosts replace the primary. On its own host it goes on, and its neighbours still reach it. Every accepted job
must finish with each page committed once, on whichever side it was accepted; after the return the old primary must be
a replica, and the api and the worker beside it must use the new one.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from ocrdesk.client import Client, NotFoundError
from ocrdesk.contract.states import JobState
from tests.helpers.network_hosts import Host, enter_own_network, running_hosts, why_impossible
from tests.helpers.processes import clean_env, short_folder
from tests.helpers.redis_groups import Group, Node, Place, running_cluster, running_sentinels
from tests.helpers.served_backend import page_commits
from tests.helpers.wait import wait_until
from tests.hosts.caller import REFUSED, TEXTS
from tests.hosts.network import end_in_order_on_sigterm, seconds_since

SETUPS: Mapping[str, Callable[..., AbstractContextManager[Group]]] = {
    "sentinel": running_sentinels,
    "cluster": running_cluster,
}
_HOSTS = ("left", "middle", "right")
_PORT = 8000
_SOME = 3
"""So many jobs must be accepted on each side before the cut, and after it."""
_PATIENCE_S = 300.0


@dataclass(eq=False)
class Site:
    """A host with an api, a worker and a caller of that api."""

    host: Host
    folder: Path
    env: dict[str, str]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{self.host.address}:{_PORT}"

    def start(self) -> None:
        self._run("api", "ocrdesk_api", "--no-env-file", "--host", "0.0.0.0", "--port", str(_PORT))
        self._run("worker", "ocrdesk_worker", "--no-env-file", "--workers", "1")
        with Client(self.url) as client:
            wait_until(lambda: _has_worker(client), f"the api and a worker on {self.host.name}")

    def start_caller(self) -> None:
        self._run("caller", "tests.hosts.caller", self.url)

    def _run(self, name: str, *words: str) -> None:
        log = self.folder / f"{self.host.name}-{name}.log"
        self.processes.append(self.host.popen([sys.executable, "-m", *words], self.env, log))

    def calls(self) -> list[str]:
        """Return what the caller has printed: ids of accepted jobs, and REFUSED."""
        text = (self.folder / f"{self.host.name}-caller.log").read_text()
        assert all(process.poll() is None for process in self.processes), f"a program on {self.host.name} ended: {text}"
        return text[: text.rfind("\n") + 1].split()

    def accepted(self) -> list[str]:
        return [line for line in self.calls() if line != REFUSED]

    def refusals(self) -> int:
        return self.calls().count(REFUSED)

    def wait_for_more(self, what: str) -> None:
        """Wait until the caller has got more jobs accepted than now."""
        so_far = len(self.accepted())
        wait_until(lambda: len(self.accepted()) >= so_far + _SOME, f"jobs on {self.host.name} {what}", _PATIENCE_S)

    def stop_caller(self) -> None:
        caller = self.processes.pop()
        caller.kill()
        caller.wait()

    def end(self) -> None:
        for process in self.processes:
            with contextlib.suppress(psutil.Error):
                for child in psutil.Process(process.pid).children(recursive=True):
                    child.kill()
            process.kill()
            process.wait()


def _has_worker(client: Client) -> bool:
    with contextlib.suppress(Exception):
        return bool(client.health().workers)
    return False


@contextlib.contextmanager
def _running_sites(group: Group, lost: Host, other: Host, folder: Path, replicas: int) -> Iterator[tuple[Site, Site]]:
    env = clean_env(
        REDIS_URL=group.url,
        REDIS_REPLICAS=str(replicas),
        SCRATCH_DIR=str(folder),
        ALLOWED_HOSTS="*",
        OCR_TIMEOUT_PER_PAGE="120",
        LOG_FORMAT="json",
    )
    sites = Site(lost, folder, env), Site(other, folder, env)
    try:
        for site in sites:
            site.start()
        for site in sites:
            site.start_caller()
        yield sites
    finally:
        for site in sites:
            site.end()


def run(setup: str, replicas: int = 1) -> dict[str, Any]:
    """Cut the primary of a setup off and join it again; return what happened.

    `replicas`: REDIS_REPLICAS. With 0 what is accepted on the lost side is lost: that shows that the check sees it.
    """
    with running_hosts(*_HOSTS) as hosts, short_folder() as folder:
        places = [Place(host.address, host.command("setpriv", "--pdeathsig=KILL")) for host in hosts.values()]
        with SETUPS[setup](folder, places=places) as group:
            old = group.primary()
            lost = next(host for host in hosts.values() if host.address == old.place.address)
            other = next(host for host in hosts.values() if host is not lost)
            with _running_sites(group, lost, other, folder, replicas) as sites:
                for site in sites:
                    site.wait_for_more("before the cut")
                figures = _cut_and_join(group, old, *sites, serves=setup == "sentinel", replicas=replicas)
                for site in sites:
                    site.wait_for_more("after the return")
                for site in sites:
                    site.stop_caller()
                return {"cut off": lost.name} | figures | _audit(sites)


def _cut_and_join(
    group: Group, old: Node, lost: Site, other: Site, *, serves: bool, replicas: int
) -> dict[str, object]:
    """`serves`: the other side has a replica left that can confirm, so it accepts jobs meanwhile."""
    beside = [node for node in group.nodes if node.place == old.place]
    refused, begun = lost.refusals(), time.monotonic()
    lost.host.cut_off()
    for node in beside:
        node.is_silent = True
    new = group.primary()
    replaced_s = seconds_since(begun)
    if serves or not replicas:
        other.wait_for_more("during the cut")
    if replicas:
        wait_until(lambda: lost.refusals() > refused, "a refusal on the side of the old primary", _PATIENCE_S)
    else:
        lost.wait_for_more("during the cut, which nobody confirms")
    lost.host.connect()
    for node in beside:
        node.is_silent = False
    wait_until(old.is_replica, "the old primary has become a replica")
    return {"new primary at": new.place.address, "after s": replaced_s}


def _audit(sites: tuple[Site, Site]) -> dict[str, object]:
    """Check every accepted job at both apis."""
    broken: list[str] = []
    for site, checker in zip(sites, reversed(sites), strict=True):
        with Client(checker.url) as client:
            broken += [f"{site.host.name}: {why}" for job in site.accepted() if (why := _problem(client, job))]
    return {
        "accepted": {site.host.name: len(site.accepted()) for site in sites},
        "refused": {site.host.name: site.refusals() for site in sites},
        "broken": broken,
    }


def _problem(client: Client, job_id: str) -> str:
    """Return what is wrong with an accepted job, or ""."""
    try:
        result = client.wait(job_id, timeout_s=_PATIENCE_S)
    except NotFoundError:
        return f"{job_id} is lost"
    commits = page_commits(client, job_id)
    if result.status is not JobState.FINISHED or commits != [1, 2]:
        return f"{job_id}: {result.status} {result.error}, commits of pages {commits}"
    texts = tuple(text.strip() for text in (result.text or "").split("\f"))
    return "" if texts == TEXTS else f"{job_id}: texts {texts}"


def main() -> int:
    """Return 1 if a promise was broken, and 77 if there can be no hosts here."""
    parser = argparse.ArgumentParser(prog="python -m tests.hosts.cut_primary", description=__doc__)
    parser.add_argument("--setup", action="append", choices=SETUPS, help="may be repeated; default: both")
    parser.add_argument("--replicas", type=int, default=1, help="REDIS_REPLICAS; with 0, accepted jobs are lost")
    given = parser.parse_args()
    if why := why_impossible():
        print(why, file=sys.stderr)
        return 77
    enter_own_network("tests.hosts.cut_primary")
    end_in_order_on_sigterm()
    results = {}
    for setup in given.setup or SETUPS:
        results[setup] = run(setup, given.replicas)
        print(f"{setup}: {json.dumps(results[setup])}", flush=True)
    return int(any(result["broken"] for result in results.values()))


if __name__ == "__main__":
    sys.exit(main())
