"""Replaces apis and workers of version 0.1 by today's under load, and back: `python -m tests.upgrade.rolling`.

Then it scales down. Callers submit files all the time, through a balancer before the apis. Every accepted job must
finish with each page committed once, and no caller may see an error that the client does not repeat by itself.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redis import Redis

from ocrdesk.client import Client, ClientError
from ocrdesk.contract.jobs import JobOptions
from ocrdesk.contract.states import JobState
from tests.helpers.balancer import Balancer, balancer
from tests.helpers.processes import ApiProcess, clean_env, end, run_valkey, running_api_process, short_folder
from tests.helpers.sample_files import multipage_tiff
from tests.helpers.served_backend import page_commits
from tests.helpers.wait import wait_until
from tests.upgrade.old_tree import unpack, why_missing

TEXTS = ("Ships and harbours", "Boats and quays")
OLD, NEW = "0.1", "today"
_CALLERS = 2
_QUICK = JobOptions(engine="tesseract", languages=("eng",))


@dataclass(eq=False)
class Callers:
    """Threads that submit a file, wait for its result and begin again, until they are stopped."""

    url: str
    accepted: list[str] = field(default_factory=list)
    finished: int = 0
    errors: list[str] = field(default_factory=list)
    repeats: Counter[str] = field(default_factory=Counter)
    """Why the client repeated requests by itself."""
    _stopped: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextlib.contextmanager
    def calling(self) -> Iterator[Callers]:
        threads = [threading.Thread(target=self._run) for _ in range(_CALLERS)]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._stopped.set()
            for thread in threads:
                thread.join()

    def _run(self) -> None:
        content = multipage_tiff(list(TEXTS))
        with Client(self.url, on_wait=self._note) as client:
            while not self._stopped.is_set():
                try:
                    job_id = client.submit(content, _QUICK, name="a.tiff")
                    self.accepted.append(job_id)
                    result = client.wait(job_id, timeout_s=170)
                except ClientError as error:
                    self.errors.append(f"{type(error).__name__}: {error}")
                    continue
                if result.status is not JobState.FINISHED:
                    self.errors.append(f"{job_id}: {result.status} {result.error}")
                with self._lock:
                    self.finished += 1

    def _note(self, _: float, why: str) -> None:
        with self._lock:
            self.repeats[why] += 1

    def wait_for(self, jobs: int) -> None:
        """Wait until so many more jobs have finished."""
        goal = self.finished + jobs
        wait_until(lambda: self.finished >= goal or self.errors, f"{jobs} more jobs", 170)


@dataclass(eq=False)
class Installation:
    """Running pools and apis of both versions. `nodes` has the version of each pool that ever ran."""

    folder: Path
    env: dict[str, dict[str, str]]
    redis: Any
    balancer: Balancer
    stack: contextlib.ExitStack
    pools: list[tuple[str, subprocess.Popen[bytes]]] = field(default_factory=list)
    apis: list[tuple[ApiProcess, contextlib.ExitStack]] = field(default_factory=list)
    nodes: dict[str, str] = field(default_factory=dict)

    def start_pool(self, version: str) -> None:
        """Start a pool with one worker, and wait for its first heartbeat."""
        before = self.redis.smembers("ocrdesk:nodes")
        with (self.folder / "pools.log").open("ab") as log:
            pool = subprocess.Popen(
                [sys.executable, "-m", "ocrdesk_worker", "--workers", "1"],
                env=clean_env(**self.env[version]),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.stack.callback(end, pool, 40)
        (node,) = wait_until(lambda: self.redis.smembers("ocrdesk:nodes") - before, "the pool's heartbeat")
        self.nodes[node] = version
        self.pools.append((node, pool))

    def stop_pool(self) -> None:
        """Tell the oldest pool to stop, as an init system does. It must end in order."""
        node, pool = self.pools.pop(0)
        pool.send_signal(signal.SIGTERM)
        code = pool.wait(60)
        assert code == 0, f"the pool {node} of version {self.nodes[node]} ended with {code}"

    def start_api(self, version: str) -> None:
        own = contextlib.ExitStack()
        api = own.enter_context(running_api_process(log=self.folder / "apis.log", **self.env[version]))
        self.stack.callback(own.close)
        self.apis.append((api, own))
        self.balancer.targets = [*self.balancer.targets, _port(api)]

    def stop_api(self) -> None:
        """Take the oldest api out of the balancer, and stop it."""
        api, own = self.apis.pop(0)
        self.balancer.targets = [port for port in self.balancer.targets if port != _port(api)]
        own.close()
        code = api.process.returncode
        assert code in (0, -signal.SIGTERM), f"the api ended with {code}"  # uvicorn ends in order, then by the signal

    def log_lines(self) -> list[str]:
        return (self.folder / "pools.log").read_text(errors="replace").splitlines()


def _port(api: ApiProcess) -> int:
    return int(api.url.rpartition(":")[2])


@contextlib.contextmanager
def _installation() -> Iterator[Installation]:
    with short_folder() as folder, run_valkey(folder) as url, balancer() as front, contextlib.ExitStack() as stack:
        (folder / "old").mkdir()
        new = {
            "REDIS_URL": url,
            "STORAGE_URL": (folder / "blobs").as_uri(),
            "OCR_TIMEOUT_PER_PAGE": "120",
            "LOG_FORMAT": "json",
        }
        env = {OLD: new | unpack(folder / "old").env, NEW: new}
        yield Installation(folder, env, Redis.from_url(url, decode_responses=True), front, stack)


def replace_all(made: Installation, callers: Callers, version: str, jobs: int) -> None:
    """Replace one pool after the other, then one api after the other, with `jobs` jobs after each step."""
    for _ in range(len(made.pools)):
        made.start_pool(version)
        callers.wait_for(jobs)
        made.stop_pool()
        callers.wait_for(jobs)
    for _ in range(len(made.apis)):
        made.start_api(version)
        made.stop_api()
        callers.wait_for(jobs)


def scale_down(made: Installation, callers: Callers, most: int, jobs: int) -> list[str]:
    """Run `most` pools of today's version, then one; return the log lines that say that something was lost."""
    while len(made.pools) < most:
        made.start_pool(NEW)
    callers.wait_for(jobs)
    before = len(made.log_lines())
    while len(made.pools) > 1:
        made.stop_pool()
    callers.wait_for(jobs)
    return [line for line in made.log_lines()[before:] if "queued again" in line or "left it" in line]


def run(*, copies: int, most: int, jobs: int, versions: Sequence[str] = (NEW, OLD, NEW)) -> dict[str, Any]:
    """Upgrade, roll back, upgrade again and scale down from `most` pools of today; return what happened.

    `copies`: how many pools and apis there are; `jobs`: how many jobs must finish after each step.
    """
    begun = time.monotonic()
    with _installation() as made:
        for _ in range(copies):
            made.start_pool(OLD)
            made.start_api(OLD)
        callers = Callers(made.balancer.url)
        with callers.calling():
            callers.wait_for(jobs)
            for version in versions:
                replace_all(made, callers, version, jobs)
            lost = scale_down(made, callers, most, jobs)
        return _figures(made, callers, lost) | {"seconds": round(time.monotonic() - begun, 1)}


def _figures(made: Installation, callers: Callers, lost: list[str]) -> dict[str, Any]:
    """Check every accepted job, and count who read its pages."""
    broken, readers = list(callers.errors), Counter[str]()
    with Client(made.balancer.url) as client:
        for job_id in callers.accepted:
            result = client.wait(job_id, timeout_s=170)
            commits = page_commits(client, job_id)
            if result.status is not JobState.FINISHED or commits != [1, 2]:
                broken.append(f"{job_id}: {result.status} {result.error}, commits of pages {commits}")
            elif [text.strip() for text in (result.text or "").split("\f")] != list(TEXTS):
                broken.append(f"{job_id}: other texts")
            readers.update(made.nodes[(page.worker or "").rsplit("-", 1)[0]] for page in result.pages)
    return {
        "accepted": len(callers.accepted),
        "pages by version": dict(readers),
        "repeated by the client": dict(callers.repeats),
        "broken": broken,
        "lost while scaling down": lost,
    }


def main() -> int:
    """Run it, print the figures, and return 1 if a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.upgrade.rolling", description=__doc__)
    parser.add_argument("--copies", type=int, default=2, help="pools, and apis")
    parser.add_argument("--most", type=int, default=4, help="pools before they are scaled down to one")
    parser.add_argument("--jobs", type=int, default=10, help="that finish after each step")
    given = parser.parse_args()
    if why := why_missing():
        print(why, file=sys.stderr)
        return 77
    result = run(copies=given.copies, most=given.most, jobs=given.jobs)
    print(json.dumps(result, indent=1))
    return int(bool(result["broken"] or result["lost while scaling down"]))


if __name__ == "__main__":
    sys.exit(main())
