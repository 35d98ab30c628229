"""Runs RQ's own command, as an operator types it."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.helpers.processes import clean_env, end

RQ = (sys.executable, "-m", "rq.cli")
OURS = ("-w", "ocrdesk_worker.RqWorker")


@contextlib.contextmanager
def running_rq(*arguments: str, folder: Path, log: Path | None = None, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run `rq ARGUMENT…` in a folder; of the variables that ocrdesk or RQ reads, only `env` is set."""
    with (log or folder / "rq.log").open("ab") as out:
        process = subprocess.Popen(
            [*RQ, *arguments], cwd=folder, env=clean_env(**env), stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
    try:
        yield process
    finally:
        end(process, 40)


def run_rq(*arguments: str, folder: Path, timeout_s: float = 120, **env: str) -> subprocess.CompletedProcess[str]:
    """Do the same, and wait until it ends."""
    return subprocess.run(
        [*RQ, *arguments],
        cwd=folder,
        env=clean_env(**env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
