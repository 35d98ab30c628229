"""The benchmark command for one Valkey with many workers.

python -m tests.bench.redis_replay check|idle|load|reaper|recount [--pages N] …
"""

from __future__ import annotations

import argparse
import contextlib
import pickle
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.arguments import positive
from tests.bench.redis_replay import check, load
from tests.bench.redis_replay.real import Recording, connections, letter_file, record, small_file
from tests.bench.redis_replay.server import running_server
from tests.bench.redis_replay.templates import MOST_PAGES, templates


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code: 1 if the replay is not like the real worker."""
    options = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="replay-", dir="/tmp") as folder:
        if options.command in ("reaper", "recount"):
            from tests.bench.redis_replay import reaper

            if options.command == "recount":
                reaper.measure_recount(Path(folder), options.units)
            else:
                reaper.measure(Path(folder), options.units, options.workers)
            return 0
        recording = _recording(Path(folder), options)
        if options.command == "check":
            return _check(Path(folder), recording, options.workers)
        made = templates(recording)
        if options.command == "idle":
            load.measure_idle(Path(folder), recording, made, options)
        else:
            load.measure(Path(folder), recording, made, options)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.redis_replay", description=__doc__.splitlines()[0] if __doc__ else None
    )
    parser.add_argument("command", choices=("check", "idle", "load", "reaper", "recount"))
    parser.add_argument("--pages", type=positive, default=8, help=f"of a job, {MOST_PAGES} at most; default: 8")
    parser.add_argument("--jobs", type=positive, default=3, help="how many are recorded; default: 3")
    parser.add_argument("--workers", type=positive, default=1_000, help="default: 1000")
    parser.add_argument("--letters", action="store_true", help="read full letter pages; default: pages of one line")
    parser.add_argument("--rates", default="12,116", help="pages a second; default: 12,116")
    parser.add_argument("--seconds", type=positive, default=20, help="of each rate; default: 20")
    parser.add_argument("--page-s", type=float, default=2.0, help="seconds that a page takes a worker; default: 2")
    parser.add_argument("--owners", type=positive, default=10, help="default: 10")
    parser.add_argument("--apis", type=positive, default=2, help="api processes; default: 2")
    parser.add_argument("--shards", type=positive, default=1, help="servers that share the load; default: 1")
    parser.add_argument("--valkey-share", type=float, default=1.0, help="of a core that it may use; default: 1")
    parser.add_argument(
        "--units", type=positive, default=10_000, help="that wait, for `reaper`, or jobs, for `recount`; default: 10000"
    )
    parser.add_argument("--keep", type=Path, help="a file for the recording, which is used again if it exists")
    return parser


def _recording(folder: Path, options: argparse.Namespace) -> Recording:
    """Record, or read what an earlier run has kept in a file of this user's."""
    if options.keep and options.keep.exists():
        with options.keep.open("rb") as kept:
            found = pickle.load(kept)  # a file that this command has written
        assert isinstance(found, Recording)
        return found
    with running_server(folder / "real") as server:
        file = (letter_file if options.letters else small_file)(folder, options.pages)
        recording = record(server, file, options.pages, options.jobs, workers=options.workers)
    if options.keep:
        options.keep.write_bytes(pickle.dumps(recording))
    return recording


def _check(folder: Path, recording: Recording, workers: int) -> int:
    replayed = check.replay_in_turn(folder / "replay", recording, templates(recording), workers)
    compared, pages = check.compare(recording, replayed), recording.all_pages
    results, upload = recording.result_bytes / pages / 1000, recording.upload_bytes / recording.pages / 1000
    _print(check.table(compared))
    _print(
        [
            "",
            f"{len(recording.jobs)} jobs of {recording.pages} pages, one worker among {workers} announced ones.",
            f"Per page: {recording.worker_cpu_s / pages:.2f} processor s of the worker, "
            f"{1000 * recording.api_cpu_s / pages:.1f} ms of the api, {results:.1f} KB of results, {upload:.0f} KB of "
            "upload.",
            "Connections: " + ", ".join(f"{what} {count}" for what, count in connections(recording).items()) + ".",
            *(replayed.wrong or ["The ledger finds every job finished, with each of its pages, and nothing left."]),
        ]
    )
    return 0 if all(one.is_met for one in compared) and not replayed.wrong else 1


def _print(lines: Iterator[str] | list[str]) -> None:
    for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main())
