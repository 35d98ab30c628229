"""`python -m tests.bench.storage_requests`: how many requests to a bucket a page and a job take, with real parts.

An api, a worker pool and rclone's S3 server read scans of several lengths; a relay counts the requests. The difference
between the lengths is a page's share, the rest a job's. Prices are those of S3 Standard in us-east-1, in 2026.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import psutil

from ocrdesk.client import Client
from ocrdesk.contract.jobs import ResultFormat
from ocrdesk_worker.storage_process.remote_store import RemoteStore
from tests.helpers import plain_http
from tests.helpers.cloud_servers import cloud_server
from tests.helpers.processes import run_valkey, running_api, running_pool, short_folder
from tests.helpers.recording_relay import RecordingRelay, recording_relay
from tests.helpers.sample_files import scan_pdf
from tests.helpers.wait import wait_until

_PRICES = {"PUT": 5.0, "LIST": 5.0, "GET": 0.4, "HEAD": 0.4, "DELETE": 0.0}
"""US dollars for a million requests. A request that deletes many objects is free too."""
_WATCH = ".storage-id"
_ROUNDS = 300


def kinds(relay: RecordingRelay) -> Counter[str]:
    """Return how many requests of each kind there were, without those that watch whether the bucket is there."""
    found: Counter[str] = Counter()
    for method, path, _ in relay.requests():
        if _WATCH in path:
            continue
        if method == "GET" and "list-type=2" in path:
            found["LIST"] += 1
        elif "?delete" in path:
            found["DELETE"] += 1
        else:
            found["PUT" if method == "POST" else method] += 1
    return found


def measured(client: Client, relay: RecordingRelay, folder: Path, pages: int) -> dict[str, Counter[str]]:
    """Read a scan of so many pages; return the requests of reading, of a searchable PDF and of deleting."""
    path = folder / "scan.pdf"
    path.write_bytes(scan_pdf([f"Page number {number}" for number in range(1, pages + 1)]))
    found = {}
    relay.clear()
    job_id = client.submit(path)
    client.wait(job_id)
    found["read"] = kinds(relay)
    relay.clear()
    client.export(job_id, ResultFormat.PDF)
    found["export"] = kinds(relay)
    relay.clear()
    client.delete(job_id)
    found["delete"] = kinds(relay)
    return found


def storage_process_of(pool: int) -> tuple[float, float]:
    """Return a pool's storage process: its own memory in MB, and the median time of a request over its socket in ms."""
    (found,) = [child for child in psutil.Process(pool).children() if "storage_process" in " ".join(child.cmdline())]
    store = RemoteStore(Path(found.cmdline()[-1]))
    times = []
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        store.check()
        times.append(time.perf_counter() - began)
    return found.memory_full_info().uss / (1 << 20), 1_000 * statistics.median(times)


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs=2, default=(4, 20), help="the lengths of the two scans")
    few, many = parser.parse_args().pages
    with ExitStack() as stack:
        folder = stack.enter_context(short_folder())
        server = stack.enter_context(cloud_server("rclone", folder))
        relay = stack.enter_context(recording_relay(server.port))
        bucket = server.new_bucket()
        server.endpoint = f"http://127.0.0.1:{relay.port}"
        env = {
            "REDIS_URL": stack.enter_context(run_valkey(folder)),
            "STORAGE_URL": server.url(bucket),
            "MAX_PDF_PAGES": "0",
            "OCR_TIMEOUT_PER_PAGE": "120",
            **server.env,
        }
        pool = stack.enter_context(running_pool(**env))
        url = stack.enter_context(running_api(**env)).removesuffix("/api/v1")
        workers = f"{url}/api/v1/health"
        wait_until(lambda: plain_http.get(workers, trust_env=False, timeout=30).json()["workers"], "the worker")
        client = stack.enter_context(Client(url))
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        measured(client, relay, scratch, 1)  # the first one waits for what is loaded
        memory_mb, socket_ms = storage_process_of(pool.pid)
        short, long = measured(client, relay, scratch, few), measured(client, relay, scratch, many)
    print(f"{'':<10}{'requests a page':<46}requests a job beside them")
    cost_page = cost_job = 0.0
    for step in short:
        names = sorted(short[step] | long[step])
        page = {name: (long[step][name] - short[step][name]) / (many - few) for name in names}
        job = {name: short[step][name] - few * page[name] for name in names}
        cost_page += sum(_PRICES[name] * count for name, count in page.items())
        cost_job += sum(_PRICES[name] * count for name, count in job.items())
        print(f"{step:<10}{_line(page):<46}{_line(job)}")
    print(
        f"the storage process has {memory_mb:.0f} MB of its own, and a request over its socket takes {socket_ms:.2f} ms"
    )
    print(f"US dollars for a million pages {cost_page:.2f}, for a million jobs beside that {cost_job:.2f}")


def _line(counts: dict[str, float]) -> str:
    return "  ".join(f"{name} {count:.1f}" for name, count in counts.items() if abs(count) >= 0.05) or "none"


if __name__ == "__main__":
    main()
