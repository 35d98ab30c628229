"""What is done to the network, and what must be true after it. Each scenario returns its figures."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from ocrdesk.client import Client
from tests.chaos.conftest import dense_page, pdf_of
from tests.helpers import plain_http
from tests.helpers.faulty_link import FAR, Line, faulty_link
from tests.helpers.network_hosts import SWITCH, has_token_bucket
from tests.helpers.wait import wait_until
from tests.hosts.network import API, QUICK, VALKEY, WORKERS, Network, seconds_since

Figures = dict[str, Any]
_SMALL, _MEDIUM = (1000, 500), (1700, 1100)
"""Pixels of pages. A worker reads the first in a third of a second, and the second in twice that."""
_DISCARDED = "this attempt was given up, its result is discarded"
_SLOW_KBIT_S = 256
_MOST_JOBS = 5


@dataclass(frozen=True, slots=True)
class Load:
    """How much each scenario works."""

    jobs: int
    pages: int


class NotPossibleError(Exception):
    """This machine lacks what the scenario needs; the message says what."""


def _file(network: Network, pages: int, size: tuple[int, int] = _MEDIUM) -> Any:
    path = network.folder / f"{pages}-{size[0]}.pdf"
    if not path.exists():
        pdf_of([dense_page(number, size) for number in range(1, pages + 1)], path)
    return path


def cut_worker(network: Network, chosen: Random, load: Load) -> Figures:
    """Cut a worker's host off while it reads a page, until the other one has finished the job, then join it again."""
    network.start_workers()
    lost = chosen.choice(WORKERS)
    other = next(name for name in WORKERS if name != lost)
    seconds, discarded = [], 0
    with network.client() as client:
        for _ in range(load.jobs):
            job_id = client.submit(_file(network, load.pages), QUICK)
            page = network.page_of(lost, job_id)
            wait_until(lambda: network.is_recognising(lost), f"recognition on {lost}")
            before = network.log(lost).read_text().count(_DISCARDED)
            network.hosts[lost].cut_off()
            begun = time.monotonic()
            network.commits_by_host(client, job_id, load.pages)
            seconds.append(seconds_since(begun))
            result = client.result(job_id)
            assert (result.pages[page - 1].worker or "").startswith(f"{other}-"), f"page {page} of {lost} was not lost"
            network.hosts[lost].connect()
            network.wait_for_workers()
            # The attempt that was cut off has its result, offers it, and is refused.
            wait_until(lambda before=before: network.log(lost).read_text().count(_DISCARDED) > before, "a late result")
            discarded += 1
            network.commits_by_host(client, job_id, load.pages)
            readers = _read_by_both(network, client, load)
    return {"cut off": lost, "job ended after s": seconds, "late results refused": discarded, "next jobs by": readers}


def _read_by_both(network: Network, client: Client, load: Load) -> dict[str, int]:
    """Submit jobs until both workers have read pages; return how many each read. Fails if one reads none of several."""
    readers: Counter[str] = Counter()
    for _ in range(_MOST_JOBS):
        readers.update(network.commits_by_host(client, client.submit(_file(network, load.pages), QUICK), load.pages))
        if all(readers[name] for name in WORKERS):
            return dict(readers)
    raise AssertionError(f"after the return, the pages were read by {dict(readers)}")


def crash_valkey(network: Network, chosen: Random, load: Load) -> Figures:
    """Let Valkey's host lose its power while workers wait for work: nothing tells them, and they must find out."""
    network.start_workers()
    seconds = []
    with network.client() as client:
        for _ in range(load.jobs):
            network.crash_valkey()
            network.start_valkey()
            begun = time.monotonic()
            job_id = client.submit(_file(network, 2, _SMALL), QUICK)
            network.commits_by_host(client, job_id, 2)
            seconds.append(seconds_since(begun))
    return {"job ended after s": seconds}


def cut_api(network: Network, chosen: Random, load: Load) -> Figures:
    """Cut the api's host off from Valkey's: 503 with Retry-After; afterwards it serves again, without a restart."""
    network.start_workers()
    seen: Counter[int] = Counter()
    with network.client() as client, plain_http.Client(base_url=network.url, timeout=30, trust_env=False) as http:
        for _ in range(load.jobs):
            job_id = client.submit(_file(network, 2, _SMALL), QUICK)
            network.hosts[VALKEY].cut_off()
            paths = [f"/ocr/result/{job_id}", f"/ocr/jobs/{job_id}", "/ocr/jobs"]
            for path in paths[: load.jobs]:  # each takes its time
                answer = http.get(f"/api/v1{path}")
                seen[answer.status_code] += 1
                assert answer.status_code == 503, f"{path}: {answer.status_code} {answer.text[:200]}"
                assert int(answer.headers["Retry-After"]) > 0
            network.hosts[VALKEY].connect()
            network.commits_by_host(client, job_id, 2)
            after = client.submit(_file(network, 2, _SMALL), QUICK)
            network.commits_by_host(client, after, 2)
    assert network.processes[API].poll() is None
    return {"responses meanwhile": dict(seen)}


def slow_link(network: Network, chosen: Random, load: Load) -> Figures:
    """Give a worker's host a line of 256 kbit/s: it takes its share of the pages, late."""
    network.start_workers()
    if not has_token_bucket():
        raise NotPossibleError("tc or the kernel's token bucket filter is missing")
    slow = chosen.choice(WORKERS)
    readers: Counter[str] = Counter()
    begun = time.monotonic()
    network.hosts[slow].slow_down(_SLOW_KBIT_S)
    with network.client() as client:
        ids = [client.submit(_file(network, load.pages, _SMALL), QUICK) for _ in range(load.jobs)]
        for job_id in ids:
            readers.update(network.commits_by_host(client, job_id, load.pages))
    network.hosts[slow].speed_up()
    assert readers[slow], f"{slow} read no page over its slow line"
    return {"slow": slow, "kbit/s": _SLOW_KBIT_S, "pages by": dict(readers), "seconds": seconds_since(begun)}


def bad_line(network: Network, chosen: Random, load: Load) -> Figures:
    """Put a lossy, stalling line that breaks connections between a worker and Valkey, and let it read alone."""
    return _on_line(network, chosen, load, Line())


def far_line(network: Network, chosen: Random, load: Load) -> Figures:
    """The same on a line that is late as well: 0.3 s there and back."""
    return _on_line(network, chosen, load, FAR)


def _on_line(network: Network, chosen: Random, load: Load, line: Line) -> Figures:
    bad = chosen.choice(WORKERS)
    begun = time.monotonic()
    seed = chosen.randrange(1 << 30)
    network.stop_workers()
    with faulty_link(network.redis_address, seed, host=SWITCH, line=line) as link, network.client() as client:
        network.start_worker(bad, link.address)
        network.wait_for_workers(1)
        ids = [client.submit(_file(network, load.pages, _SMALL), QUICK) for _ in range(load.jobs)]
        for job_id in ids:
            network.commits_by_host(client, job_id, load.pages)
        link.is_good = True
        network.stop_workers()
    return {"bad": bad, "pieces": link.pieces, "faults": dict(link.faults), "seconds": seconds_since(begun)}


SCENARIOS: dict[str, Callable[[Network, Random, Load], Figures]] = {
    "cut worker": cut_worker,
    "idle workers": crash_valkey,
    "cut api": cut_api,
    "slow link": slow_link,
    "bad line": bad_line,
    "far line": far_line,
}
