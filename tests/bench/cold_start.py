"""The benchmark command: how long `ocrdesk ocr` takes for one page if no server runs, and where the time goes.

python tests/bench/cold_start.py [--file IMAGE] [--runs N] [--ocrdesk PROGRAM…]
"""

from __future__ import annotations

import argparse
import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from arguments import positive

_SAMPLE = Path(__file__).parents[2] / "packaging" / "sample.png"
_PR_SET_CHILD_SUBREAPER = 36
_END_TIMEOUT_S = 120.0


@dataclass(frozen=True, slots=True)
class Start:
    """One call from nothing. Seconds."""

    until_text: float
    """Real time until the command has ended."""
    command_cpu: float
    all_cpu: float
    """Processor time of the command and of the server that it started, until that has ended by itself."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0, or 1 if a command failed."""
    options = _parser().parse_args(arguments)
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # the server is no child of its command for long
    programs: list[str] = options.ocrdesk or [str(Path(sys.executable).with_name("ocrdesk"))]
    runs: dict[str, list[Start]] = {program: [] for program in programs}
    try:
        for number in range(options.runs):
            for program in programs if number % 2 == 0 else reversed(programs):
                runs[program].append(_timed(program, options.file))
    except (OSError, subprocess.SubprocessError) as failure:
        print(f"FAILED: {failure}")
        return 1
    print("| program | s until the text | processor s of the command | of all processes |\n|---|---|---|---|")
    for program, starts in runs.items():
        columns = [
            [start.until_text for start in starts],
            [start.command_cpu for start in starts],
            [start.all_cpu for start in starts],
        ]
        print(
            f"| {program} | " + " | ".join(f"{median(values):.2f} (least {min(values):.2f})" for values in columns), "|"
        )
    first, *others = (median(start.until_text for start in starts) for starts in runs.values())
    for program, seconds in zip(programs[1:], others, strict=True):
        print(f"{program}: {seconds / first:.2f} times as long as {programs[0]}")
    return 0


def _timed(program: str, file: Path) -> Start:
    """Run the command in an empty data folder. Raises OSError, SubprocessError."""
    folder = tempfile.mkdtemp(prefix="ocrdesk-bench-")
    try:
        before, started = _cpu(), time.monotonic()
        process = subprocess.Popen(
            [program, "ocr", "--quiet", "--data-dir", f"{folder}/data", str(file)], stdout=subprocess.PIPE
        )
        text, _ = process.communicate(timeout=_END_TIMEOUT_S)
        seconds, command = time.monotonic() - started, _cpu() - before
        if process.returncode or not text.strip():
            raise subprocess.CalledProcessError(process.returncode, program)
        _reap_all()
        return Start(seconds, command, _cpu() - before)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _reap_all() -> None:
    """Wait until the server, which is unused now, and its parts have ended. Raises SubprocessError."""
    deadline = time.monotonic() + _END_TIMEOUT_S
    while time.monotonic() < deadline:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.1)
        except ChildProcessError:
            return
    raise subprocess.TimeoutExpired("the local server", _END_TIMEOUT_S)


def _cpu() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--file", type=Path, default=_SAMPLE)
    parser.add_argument("--runs", type=positive, default=5)
    parser.add_argument("--ocrdesk", action="append", metavar="PROGRAM", help="several: they take turns")
    return parser


if __name__ == "__main__":
    sys.exit(main())
