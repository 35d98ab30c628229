"""The benchmark command: the pipeline's speed on a scan, compared with three other programs.

python tests/bench/pipeline.py [--file PDF | --dense | --corpus DIR] [--pages N] [--workers N] [--repeat N]
    [--contenders NAME,...]
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import report
from arguments import positive
from contenders import (
    Contender,
    ContenderError,
    OcrMyPdf,
    PipelineRun,
    Plain,
    bare_contender,
    pipeline_contender,
)
from corpus import NEEDED
from load import Meter
from ocrmypdf_env import find_ocrmypdf
from real_scan import real_scan
from report import Timed
from scan import DENSE, LETTER, Scan, make_scan, open_scan

_CONTENDERS = ("pipeline", "bare", "plain", "ocrmypdf")
_DEFAULT_PAGES = 12


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0, or 1 if a contender could not do its work."""
    options = _parser().parse_args(arguments)
    workers = _confine(options.workers)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the processes that it started end too
    os.environ.pop("OMP_THREAD_LIMIT", None)  # each contender limits OpenMP itself, or does not
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ocrdesk-bench-")))
        scan = _scan(options, folder)
        _say(f"scan: {scan.origin}; {scan.path.stat().st_size / scan.page_count / 1e6:.1f} MB per page")
        _say(f"all contenders: {workers} processes on {workers} cores; load before: {_load()}")
        failed: dict[str, str] = {}
        contenders: list[Contender] = []
        for name in options.contenders:
            try:
                if contender := _make(name, scan, workers, stack):
                    contenders.append(contender)
                    _say(f"{contender.name}: {contender.about}")
            except ContenderError as failure:
                failed[name] = str(failure)
        runs = _race(contenders, options.repeat, failed)
    _print_report(runs, scan, workers, options.repeat)
    for name, reason in failed.items():
        print(f"{name} FAILED: {reason}")
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--file", type=Path, help="a PDF to read instead of the generated scan")
    which.add_argument("--dense", action="store_true", help="generate pages of two columns in 8 points")
    which.add_argument("--corpus", type=Path, help="read the real page images of this corpus that have most words")
    parser.add_argument("--pages", type=positive, help=f"pages (default: {_DEFAULT_PAGES}, or all of --file)")
    parser.add_argument("--workers", type=positive, help="processes and cores for every contender (default: all cores)")
    parser.add_argument("--repeat", type=positive, default=3, help="rounds; their order alternates (default: 3)")
    parser.add_argument(
        "--contenders",
        type=_contender_names,
        default=_CONTENDERS,
        help=f"any of {','.join(_CONTENDERS)} (default: all)",
    )
    return parser


def _contender_names(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if unknown := set(names) - set(_CONTENDERS):
        raise argparse.ArgumentTypeError(f"unknown contender: {', '.join(sorted(unknown))}")
    return tuple(name for name in _CONTENDERS if name in names)


def _confine(workers: int | None) -> int:
    """Limit this process and its children to that many cores: the local server has one worker per core."""
    if not hasattr(os, "sched_setaffinity"):
        cores = os.cpu_count() or 1
        if workers not in (None, cores):
            sys.exit("--workers: this system cannot confine processes to fewer cores")
        return cores
    usable = sorted(os.sched_getaffinity(0))
    if workers is None:
        return len(usable)
    if workers > len(usable):
        sys.exit(f"--workers: this machine has only {len(usable)} cores")
    os.sched_setaffinity(0, usable[:workers])
    return workers


def _scan(options: argparse.Namespace, folder: Path) -> Scan:
    count = options.pages or _DEFAULT_PAGES
    if options.corpus is not None:
        if scan := real_scan(options.corpus, count, folder / "scan.pdf"):
            return scan
        sys.exit(f"--corpus: {options.corpus} has no page images with a truth\n\n{NEEDED}")
    if options.file is None:
        return make_scan(folder / "scan.pdf", count, DENSE if options.dense else LETTER)
    if not options.file.is_file():
        sys.exit(f"--file: {options.file} does not exist")
    return open_scan(options.file, options.pages, folder)


def _make(name: str, scan: Scan, workers: int, stack: contextlib.ExitStack) -> Contender | None:
    """Return a prepared contender, or None if it is not installed. The processes it starts end with `stack`."""
    match name:
        case "pipeline":
            return stack.enter_context(pipeline_contender(scan.path))
        case "bare":
            return stack.enter_context(bare_contender(scan.path, workers))
        case "plain":
            return Plain(scan.path)
    if find_ocrmypdf() is None:
        _say("ocrmypdf: omitted")
        return None
    return OcrMyPdf(scan.path, workers, force=scan.truth is None)


def _race(contenders: Sequence[Contender], rounds: int, failed: dict[str, str]) -> dict[str, list[Timed]]:
    """Run every contender once per round, in alternating order. A contender that fails is removed."""
    runs: dict[str, list[Timed]] = {contender.name: [] for contender in contenders}
    for number in range(rounds):
        for contender in contenders if number % 2 == 0 else reversed(contenders):
            if contender.name in failed:
                continue
            meter = Meter()
            try:
                run = contender.run()
            except ContenderError as failure:
                failed[contender.name] = str(failure)
                del runs[contender.name]
                continue
            timed = Timed(run, meter.read())
            runs[contender.name].append(timed)
            _say(
                f"round {number + 1}: {contender.name} {run.seconds:.2f} s, {timed.load.own:.2f} s of processor time; "
                f"other programs took {timed.load.others_share:.0%} of the processor time used"
            )
    return runs


def _print_report(runs: dict[str, list[Timed]], scan: Scan, workers: int, rounds: int) -> None:
    if not runs:
        return
    reference, what = scan.truth, "the text of the scan"
    if reference is None:
        name = "bare" if "bare" in runs else next(iter(runs))
        reference, what = runs[name][0].run.text, f"the text of {name}"
    ours = runs.get("pipeline")
    if ours:
        middle = sorted(range(rounds), key=lambda number: ours[number].run.seconds)[(rounds - 1) // 2]
        run, bare = ours[middle].run, runs["bare"][middle].run if "bare" in runs else None
        print()
        if isinstance(run, PipelineRun):
            print("\n".join(report.where_time_goes(run, bare, workers)))
    print()
    print("\n".join(report.table(runs, reference)))
    print(
        f"\n{scan.page_count} pages, {workers} processes, {rounds} rounds. Speed: the median of the rounds' ratios;"
        "\nseconds are valid only for this machine and run. cpu: processor seconds of a contender's median run."
        "\nothers: the share of the processor time used that other programs took; rounds with more than "
        f"{report.QUIET_SHARE:.0%}\nare marked ~ and count only if all are. words F1: compared with {what}."
    )
    if ours:
        pages_a_second = median(scan.page_count / timed.run.seconds for timed in ours)
        print(f"The pipeline read {pages_a_second:.2f} pages per second.")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


if __name__ == "__main__":
    sys.exit(main())
