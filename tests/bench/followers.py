"""The benchmark command: how fast the api responds while a thousand clients follow one job's events.

python tests/bench/followers.py [--followers N] [--pages N] [--workers N] [--processes N]
"""

from __future__ import annotations

import argparse
import http.client
import json
import math
import resource
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from statistics import median

from arguments import positive
from follower_client import tell
from load import Meter
from PIL import Image, ImageDraw, ImageFont
from serving import Service, ServiceFailed, service

from ocrdesk.client import Client, ClientError, EventStream
from ocrdesk.contract.events import Event

HEALTH_AIM_MS = 100.0
_CROWD = Path(__file__).with_name("follower_client.py")
_PROBE_EVERY_S = 0.01
_ALONE_S = 3.0
_OPEN_FILES = 256
"""How many files the api needs besides its followers."""
_END_TIMEOUT_S = 120.0


@dataclass(slots=True)
class Probe:
    """The milliseconds of each /health request, one after the other on one connection."""

    taken_ms: list[float] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        ordered = sorted(self.taken_ms)
        return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan

    @property
    def row(self) -> str:
        return (
            f"{len(self.taken_ms):>9}{median(self.taken_ms):>8.1f}ms{self.percentile(0.99):>8.1f}ms"
            f"{max(self.taken_ms):>8.1f}ms"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0, or 1 if the job or the followers failed."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the processes that it started end too
    try:
        _allow_files(options.followers + _OPEN_FILES)
        with service(workers=options.workers, MAX_PDF_PAGES="0", OCR_TIMEOUT_PER_PAGE="300") as served:
            _measure(served, options.followers, options.pages, options.processes)
    except (ServiceFailed, ClientError, OSError) as failure:
        print(f"FAILED: {failure}")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--followers", type=positive, default=1000, help="clients that follow one stream (default: 1000)"
    )
    parser.add_argument("--pages", type=positive, default=60, help="pages of the job (default: 60)")
    parser.add_argument("--workers", type=positive, default=1, help="worker processes (default: 1)")
    parser.add_argument("--processes", type=positive, default=1, help="processes that share the clients (default: 1)")
    return parser


def _allow_files(wanted: int) -> None:
    """Allow this process and its children to open that many files. Raises OSError."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        if hard not in (resource.RLIM_INFINITY,) and hard < wanted:
            raise OSError(f"{wanted} open files are needed, but the limit is {hard} (ulimit -n)")
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _measure(served: Service, followers: int, pages: int, processes: int) -> None:
    _say(f"{followers} followers in {processes} processes; a job of {pages} pages")
    with Client(served.url) as client, _Stopped(served) as workers:
        alone, joining, following = Probe(), Probe(), Probe()
        with _probing(served.port, alone):
            time.sleep(_ALONE_S)
        workers.stop()  # the job begins when all followers are connected
        job_id = client.submit(_job(pages), name="pages.tif")
        with ExitStack() as stack:
            with _probing(served.port, joining):
                crowds = [stack.enter_context(_crowd(served.port, job_id, n)) for n in _shares(followers, processes)]
                for crowd in crowds:
                    _expect_line(crowd, "connected")
            _say("all followers are connected; the workers start")
            meter = Meter()
            with _probing(served.port, following):
                workers.go_on()
                begun = time.monotonic()
                events = list(EventStream(client, job_id))
                seconds = time.monotonic() - begun
                got = _told([json.loads(_expect_line(crowd, "{")) for crowd in crowds])
            load = meter.read()
        _print_report(alone, joining, following, events, got, followers)
        print(
            f"\n{len(events)} events in {seconds:.1f} s to {followers} followers: "
            f"{len(events) * followers / seconds:,.0f} messages a second. "
            f"Other programs took {load.others_share:.0%} of the processor time used."
        )


def _print_report(
    alone: Probe, joining: Probe, following: Probe, events: list[Event], got: Counter[str], followers: int
) -> None:
    whole = tell([event.id for event in events])
    print(f"\n{'/health':<34}{'requests':>9}{'median':>10}{'p99':>10}{'max':>10}   {'aim':<16}met")
    print(f"{'no followers':<34}{alone.row}")
    print(f"{f'{followers} connect':<34}{joining.row}")
    met = "yes" if following.percentile(0.99) < HEALTH_AIM_MS else "NO"
    print(f"{f'{followers} follow, events arrive':<34}{following.row}   {f'p99 < {HEALTH_AIM_MS:g} ms':<16}{met}")
    met = "yes" if got == Counter({whole: followers}) else "NO"
    print(f"\n{got[whole]} of {followers} followers got every event, once and in order ({whole}); aim: all; met: {met}")
    for other, count in (got - Counter({whole: got[whole]})).most_common(5):
        print(f"  {count} got {other}")


def _told(answers: list[dict[str, dict[str, int]]]) -> Counter[str]:
    """Count the followers by the events that they received."""
    got: Counter[str] = Counter()
    for answer in answers:
        got.update(answer["got"])
        for status in answer["statuses"]:
            if " 200 " not in status:
                raise ServiceFailed(f"a follower got the response {status!r}")
    return got


def _shares(whole: int, parts: int) -> list[int]:
    return [whole // parts + (number < whole % parts) for number in range(parts)]


# ── the job, and the workers that wait for it ────────────────────────────────────────────────────────


def _job(pages: int) -> bytes:
    """Return a TIFF whose pages each take a worker a fraction of a second."""
    font = ImageFont.load_default(size=40)
    images = []
    for number in range(pages):
        image = Image.new("L", (900, 220), "white")
        ImageDraw.Draw(image).text((40, 40), f"This is page {number + 1}", fill="black", font=font)
        images.append(image)
    out = BytesIO()
    images[0].save(out, "TIFF", save_all=True, append_images=images[1:], compression="tiff_adobe_deflate")
    return out.getvalue()


class _Stopped:
    """Stop the worker pool with all its processes by signals, and resume it."""

    def __init__(self, served: Service) -> None:
        self._group = served.workers

    def __enter__(self) -> _Stopped:
        return self

    def __exit__(self, *_: object) -> None:
        self.go_on()  # a stopped process cannot end

    def stop(self) -> None:
        self._send(signal.SIGSTOP)

    def go_on(self) -> None:
        self._send(signal.SIGCONT)

    def _send(self, number: signal.Signals) -> None:
        for process in self._group():
            process.send_signal(number)


# ── requests to /health ──────────────────────────────────────────────────────────────────────────────


@contextmanager
def _probing(port: int, probe: Probe) -> Iterator[None]:
    """Request /health repeatedly in a thread during the block. Raises ServiceFailed if a request fails."""
    over, failures = threading.Event(), list[str]()

    def ask() -> None:
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
                while not over.wait(_PROBE_EVERY_S):
                    begun = time.perf_counter()
                    connection.request("GET", "/api/v1/health")
                    answer = connection.getresponse()
                    answer.read()
                    probe.taken_ms.append((time.perf_counter() - begun) * 1000)
                    if answer.status != 200:
                        failures.append(f"/health answered {answer.status}")
        except (OSError, http.client.HTTPException) as error:
            failures.append(f"/health did not answer: {error!r}")

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
    if failures:
        raise ServiceFailed(failures[0])


@contextmanager
def _crowd(port: int, job_id: str, count: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(_CROWD), str(port), job_id, str(count)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def _expect_line(crowd: subprocess.Popen[str], begins: str) -> str:
    assert crowd.stdout is not None
    timer = threading.Timer(_END_TIMEOUT_S, crowd.kill)
    timer.start()
    try:
        line = crowd.stdout.readline()
    finally:
        timer.cancel()
    if not line.startswith(begins):
        raise ServiceFailed(f"the followers' process said {line!r} instead of {begins!r}")
    return line


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
