"""The benchmark command: how much memory uploads add to the api's process, one alone and many at the same time.

python tests/bench/uploads.py [--mb MB] [--at-once N] [--repeat N] [--storage folder,redis]
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from statistics import median

from arguments import positive
from memory import MB, Growth, Watch
from serving import Service, ServiceFailed, service

ALONE_AIM_MB, AT_ONCE_AIM_MB = 4.0, 64.0
_STORAGES = ("folder", "redis")
_WARM_UPS = 3
_PIECE_BYTES = 65_536
_SETTLE_S = 0.5
_HEAD = b"%PDF-1.7\n"
_BOUNDARY = "a-boundary-of-the-benchmark"
_BEFORE = (
    f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="big.pdf"\r\n'
    "Content-Type: application/octet-stream\r\n\r\n"
).encode()
_AFTER = f"\r\n--{_BOUNDARY}--\r\n".encode()


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of upload: how much memory each of its rounds added."""

    storage: str
    uploads: int
    aim_mb: float
    rounds: tuple[Growth, ...]

    @property
    def worst_mb(self) -> float:
        return max(growth.peak for growth in self.rounds) / MB

    @property
    def is_met(self) -> bool:
        return self.worst_mb < self.aim_mb


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0, or 1 if an upload was not accepted."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the processes that it started end too
    size = round(options.mb * MB)
    rows: list[Row] = []
    try:
        for storage in options.storage:
            _say(f"{storage}: a separate api, no workers; {_WARM_UPS} uploads to warm it up")
            with service(storage=storage, MAX_FILE_SIZE_MB="0", MAX_QUEUED_PAGES="0", MAX_QUEUED_MB="0") as served:
                rows += _measured(served, storage, size, options.at_once, options.repeat)
    except ServiceFailed as failure:
        print(f"FAILED: {failure}")
        return 1
    _print_table(rows, options.mb)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--mb", type=float, default=9.0, help="size of each file, in 1,048,576 bytes (default: 9)")
    parser.add_argument("--at-once", type=positive, default=50, help="uploads at the same time (default: 50)")
    parser.add_argument("--repeat", type=positive, default=3, help="rounds of each (default: 3)")
    parser.add_argument(
        "--storage", type=_storages, default=_STORAGES, help=f"any of {','.join(_STORAGES)} (default: all)"
    )
    return parser


def _storages(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if unknown := set(names) - set(_STORAGES):
        raise argparse.ArgumentTypeError(f"unknown storage: {', '.join(sorted(unknown))}")
    return tuple(name for name in _STORAGES if name in names)


def _measured(served: Service, storage: str, size: int, at_once: int, rounds: int) -> Iterator[Row]:
    watch = Watch(served.api.pid)
    for _ in range(_WARM_UPS):
        _upload_all(served, size, 1)
    for count, aim_mb in ((1, ALONE_AIM_MB), (at_once, AT_ONCE_AIM_MB)):
        done: list[Growth] = []
        for number in range(rounds):
            time.sleep(_SETTLE_S)
            with watch.growth() as growth:
                _upload_all(served, size, count)
            done.append(growth)
            _say(f"{storage}: {count} at a time, round {number + 1}: +{growth.peak / MB:.1f} MB")
        yield Row(storage, count, aim_mb, tuple(done))
    time.sleep(_SETTLE_S)
    _say(f"{storage}: at the end the api uses {watch.rss() / MB:.0f} MB")


def _upload_all(served: Service, size: int, count: int) -> None:
    """Upload `count` files; each upload waits at its middle for all others. Raises ServiceFailed."""
    middle, failures = threading.Barrier(count), list[str]()
    jobs: list[str] = []

    def upload() -> None:
        try:
            jobs.append(_upload(served.port, size, middle))
        except (OSError, http.client.HTTPException, threading.BrokenBarrierError, ServiceFailed) as error:
            middle.abort()
            failures.append(f"an upload was not accepted: {error!r}")

    threads = [threading.Thread(target=upload, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for job_id in jobs:
        _delete(served.port, job_id)
    if failures:
        raise ServiceFailed(failures[0])


def _upload(port: int, size: int, middle: threading.Barrier) -> str:
    """Send a file as fast as the api accepts it; return the job's id."""
    piece = os.urandom(_PIECE_BYTES)
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=300)) as connection:
        connection.putrequest("POST", "/api/v1/ocr/submit")
        connection.putheader("Content-Type", f"multipart/form-data; boundary={_BOUNDARY}")
        connection.putheader("Content-Length", str(len(_BEFORE) + size + len(_AFTER)))
        connection.endheaders()
        connection.send(_BEFORE + _HEAD)
        left = size - len(_HEAD)
        is_first_half = True
        while left:
            if is_first_half and left < size // 2:
                is_first_half = False
                middle.wait(300)
            connection.send(piece[:left])
            left -= min(left, len(piece))
        connection.send(_AFTER)
        answer = connection.getresponse()
        body = answer.read()
    if answer.status != 202:
        raise ServiceFailed(f"{answer.status} {body[:200]!r}")
    return str(json.loads(body)["job_id"])


def _delete(port: int, job_id: str) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("DELETE", f"/api/v1/ocr/jobs/{job_id}")
        connection.getresponse().read()


def _print_table(rows: Sequence[Row], mb: float) -> None:
    print(f"\n{'storage':<9}{'uploads':<16}{'max':>9}{'median':>9}{'sampled':>9}{'unshared':>9}   {'aim':<9}met")
    for row in rows:
        peaks = [growth.peak / MB for growth in row.rounds]
        sampled, unshared = (max(values) / MB for values in zip(*((g.rss, g.uss) for g in row.rounds), strict=True))
        print(
            f"{row.storage:<9}{f'{row.uploads} of {mb:g} MB':<16}{row.worst_mb:>6.1f} MB{median(peaks):>6.1f} MB"
            f"{sampled:>6.1f} MB{unshared:>6.1f} MB   {f'< {row.aim_mb:g} MB':<9}{'yes' if row.is_met else 'NO'}"
        )
    is_exact = all(growth.hwm is not None for row in rows for growth in row.rounds)
    what = "the kernel's high-water mark" if is_exact else "samples alone"
    print(
        "\nHow much more memory the api's process used than before: the maximum and the median of "
        f"{len(rows[0].rounds)} rounds\nby {what}, and the maximum of the samples of resident and of unshared "
        "memory.\nEach of several uploads waits at its middle for all others. All uploads go over loopback, as fast as "
        "the api\naccepts them."
    )


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
