"""The benchmark command: when a long scan's first page is finished, and how its length affects memory and speed.

python tests/bench/long_scan.py [--pages N] [--short N] [--workers N] [--repeat N] [--skip-first-page]
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import mean, median

import pikepdf
from arguments import positive
from load import Meter
from memory import MB, GroupWatch, Peak
from PIL import Image, ImageDraw
from scan import font, make_scan, sentence
from serving import Service, ServiceFailed, service

from ocrdesk.client import Client, ClientError
from ocrdesk.contract.jobs import JobResult
from ocrdesk.contract.states import JobState

FIRST_PAGE_AIM, MEMORY_AIM, PACE_AIM = 1.5, 1.2, 1.2
_FULL_PAGES = 2000
_SHORT_PAGES = 20
_FIRST_PAGE_OF = 100
_PICTURES = 5
"""How many different images a generated scan has. Each page has a separate copy of one of them."""
_LIGHT_SIZE, _LIGHT_DPI = (640, 200), 150
_SEED = 20261125
_TIMEOUT_S = 4 * 3600.0


@dataclass(frozen=True, slots=True)
class FirstPage:
    """Seconds from before the upload until the first page's text has arrived: of one page alone, and of a long scan."""

    alone_s: tuple[float, ...]
    of_many_s: tuple[float, ...]
    upload_s: tuple[float, ...]
    """The part of `of_many_s` that the upload took."""

    @property
    def ratio(self) -> float:
        return median(many / alone for many, alone in zip(self.of_many_s, self.alone_s, strict=True))


@dataclass(frozen=True, slots=True)
class Length:
    """One scan's runs on a separate service."""

    pages: int
    seconds: float
    """From its first page's start to its last page's end; the mean of all its runs."""
    cpu_page_s: float
    """Processor time per page, of all processes, without what measuring the memory needs."""
    later_pace: float
    """Time per page in the last quarter of the pages, as a multiple of that in the first quarter."""
    peaks: dict[str, Peak]

    @property
    def page_s(self) -> float:
        return self.seconds / self.pages


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0, or 1 if a scan was not read."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the processes that it started end too
    meter = Meter()
    first = None
    try:
        with tempfile.TemporaryDirectory(prefix="ocrdesk-bench-") as folder:
            if not options.skip_first_page:
                first = _first_pages(Path(folder), options.workers, options.repeat)
            lengths = [
                _length(Path(folder), options.short, options.workers, max(1, options.pages // options.short)),
                _length(Path(folder), options.pages, options.workers, 1),
            ]
    except (ServiceFailed, ClientError, OSError) as failure:
        print(f"FAILED: {failure}")
        return 1
    _print_report(first, lengths, options.workers, meter.read().others_share)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    help_pages = f"pages of the long scan (default: 100; the full run: {_FULL_PAGES})"
    parser.add_argument("--pages", type=positive, default=100, help=help_pages)
    parser.add_argument(
        "--short", type=positive, default=_SHORT_PAGES, help=f"pages of the short scan (default: {_SHORT_PAGES})"
    )
    parser.add_argument(
        "--workers", type=positive, default=os.cpu_count() or 1, help="worker processes (default: one per core)"
    )
    parser.add_argument(
        "--repeat", type=positive, default=5, help="pairs of runs for the first page's time (default: 5)"
    )
    parser.add_argument("--skip-first-page", action="store_true", help="measure only memory and speed")
    return parser


# ── the scans ────────────────────────────────────────────────────────────────────────────────────────


def _letter_scan(path: Path, count: int) -> Path:
    """Write a scan of full letter pages, as in the speed benchmark."""
    few = path.with_name("few.pdf")
    make_scan(few, _PICTURES)
    return _repeated(few, path, count)


def light_scan(path: Path, count: int) -> Path:
    """Write a scan of small pages with two lines each, which are read quickly."""
    chance = random.Random(_SEED)
    images = []
    for _ in range(_PICTURES):
        image = Image.new("L", _LIGHT_SIZE, 245)
        for line in range(2):
            text = sentence(chance, 4, 4)
            ImageDraw.Draw(image).text((30, 40 + 70 * line), text, font=font(28), fill=30)
        images.append(image)
    few = path.with_name("few.pdf")
    images[0].save(few, "PDF", save_all=True, append_images=images[1:], resolution=_LIGHT_DPI)
    return _repeated(few, path, count)


def _repeated(few: Path, path: Path, count: int) -> Path:
    """Write a PDF of `count` pages that repeats those of `few`, each with a separate image, as scanners do."""
    with pikepdf.open(few) as source, pikepdf.new() as document:
        for index in range(count):
            document.pages.append(source.pages[index % len(source.pages)])
            _own_pictures(document, document.pages[-1])
        document.save(path)
    return path


def _own_pictures(document: pikepdf.Pdf, page: pikepdf.Page) -> None:
    resources = pikepdf.Dictionary(page.Resources)
    pictures = pikepdf.Dictionary()
    for name, picture in resources.XObject.items():
        copy = document.make_stream(picture.read_raw_bytes())
        for key, value in picture.stream_dict.items():
            if key != "/Length":
                copy[key] = value
        pictures[name] = copy
    resources.XObject = pictures
    page.Resources = resources


# ── the first page ───────────────────────────────────────────────────────────────────────────────────


def _first_pages(folder: Path, workers: int, repeat: int) -> FirstPage:
    """Measure one page alone and the first page of a long scan, in turns."""
    one = _letter_scan(folder / "one.pdf", 1)
    many = _letter_scan(folder / "many.pdf", _FIRST_PAGE_OF)
    _say(f"the first page: {_FIRST_PAGE_OF} letter pages, {many.stat().st_size / 1e6:.0f} MB, compared with one")
    alone, of_many, uploads = list[float](), list[float](), list[float]()
    with _service(workers) as served, Client(served.url) as client:
        _first_page(client, one)
        for _ in range(repeat):
            alone.append(_first_page(client, one)[0])
            seconds, upload_s = _first_page(client, many)
            of_many.append(seconds)
            uploads.append(upload_s)
            _say(f"one page {alone[-1]:.2f} s, first of {_FIRST_PAGE_OF} {of_many[-1]:.2f} s")
    return FirstPage(tuple(alone), tuple(of_many), tuple(uploads))


def _service(workers: int) -> AbstractContextManager[Service]:
    return service(workers=workers, MAX_PDF_PAGES="0", MAX_FILE_SIZE_MB="0", OCR_TIMEOUT_PER_PAGE="300")


def _first_page(client: Client, file: Path) -> tuple[float, float]:
    """Return the seconds until the first page's text has arrived, and the part of them that the upload took."""
    begun = time.perf_counter()
    job_id = client.submit(file)
    upload_s = time.perf_counter() - begun
    with closing(client.pages(job_id)) as pages:
        page = next(pages)
    seconds = time.perf_counter() - begun
    client.delete(job_id)
    if page.error is not None or not any(page.words()):
        raise ServiceFailed(f"the first page was not read: {page.error}")
    return seconds, upload_s


# ── length ───────────────────────────────────────────────────────────────────────────────────────────


def _length(folder: Path, count: int, workers: int, repeat: int) -> Length:
    """Read a scan of `count` light pages `repeat` times, one after the other."""
    file = light_scan(folder / "light.pdf", count)
    warm_up = light_scan(folder / "warm-up.pdf", 2 * workers)
    _say(f"{count} light pages, {file.stat().st_size / 1e6:.1f} MB")
    with _service(workers) as served, Client(served.url) as client:
        _read(client, warm_up)
        meter = Meter()
        with GroupWatch(_groups(served)) as watch:
            # as much work and as many memory samples as for the long scan
            results = [_read(client, file) for _ in range(repeat)]
        cpu_page_s = (meter.read().own - watch.processor_s) / (repeat * count)
    seconds, later_paces = zip(*map(_pace, results), strict=True)
    length = Length(count, mean(seconds), cpu_page_s, median(later_paces), watch.peaks)
    _say(f"{count} pages in {length.seconds:.1f} s")
    return length


def _groups(served: Service) -> dict[str, tuple[int, ...]]:
    """Return the parts of the service, each with the ids of its top processes."""
    assert served.pool is not None
    return {"api": (served.api.pid,), "workers": (served.pool.pid,), "valkey": (served.store.pid,)}


def _read(client: Client, file: Path) -> JobResult:
    job_id = client.submit(file)
    result = client.wait(job_id, _TIMEOUT_S)
    if result.status is not JobState.FINISHED or result.pages_failed:
        raise ServiceFailed(f"{file.name}: the job {result.status}: {result.error}")
    return result


def _pace(result: JobResult) -> tuple[float, float]:
    """Return the seconds from the first page's start to the last page's end, and `later_pace`."""
    starts = [page.started_at for page in result.pages if page.started_at]
    ends = sorted(page.ended_at for page in result.pages if page.ended_at)
    quarter = len(ends) // 4

    def seconds(begin: datetime, end: datetime) -> float:
        return (end - begin).total_seconds()

    earlier, later = seconds(min(starts), ends[quarter - 1]), seconds(ends[-quarter - 1], ends[-1])
    return seconds(min(starts), ends[-1]), later / earlier


# ── the report ───────────────────────────────────────────────────────────────────────────────────────


def _print_report(first: FirstPage | None, lengths: list[Length], workers: int, others_share: float) -> None:
    short, long = lengths
    print(f"\n{'what':<42}{f'{short.pages} pages':>14}{f'{long.pages} pages':>14}{'ratio':>9}   {'aim':<10}met")
    if first:
        values = f"{median(first.alone_s):.2f} s", f"{median(first.of_many_s):.2f} s"
        what = f"letter page's text: one, first of {_FIRST_PAGE_OF}"
        print(_row(what, *values, first.ratio, FIRST_PAGE_AIM))
    for what, taken_s in (
        ("time per light page", [run.page_s for run in lengths]),
        ("processor time per light page", [run.cpu_page_s for run in lengths]),
    ):
        print(_row(what, *(f"{seconds * 1000:.0f} ms" for seconds in taken_s), taken_s[1] / taken_s[0], PACE_AIM))
    what, paces = "last quarter's speed over the first's", (f"{run.later_pace:.2f}x" for run in lengths)
    print(_row(what, *paces, long.later_pace, PACE_AIM))
    for kind in short.peaks:
        is_one_process = kind == "valkey"
        print(_memory_row(kind, short.peaks[kind], long.peaks[kind], by_resident=is_one_process))
    totals = [Peak.together(run.peaks.values()) for run in lengths]
    print(_memory_row("together", *totals))
    print(
        f"\n{workers} workers. The first page is a full letter page: alone, and in a scan of {_FIRST_PAGE_OF} such"
        "\npages, in turns. Light pages have two lines. Memory is measured while they are read, without the highest"
        "\n5 % of the samples: proportional (each process counts its share of common memory) without mapped files,"
        "\nresident in brackets; Valkey, a single process, is judged by resident memory. Each length has a separate"
        "\nservice; the short scan is repeated until as many pages were read."
        f"\nOther programs took {others_share:.0%} of the processor time used."
    )
    if first:
        print(f"The upload took {median(first.upload_s):.2f} s of the time to the long scan's first page.")


def _memory_row(kind: str, short: Peak, long: Peak, *, by_resident: bool = False) -> str:
    values = (f"{peak.pss / MB:.0f} ({peak.rss / MB:.0f}) MB" for peak in (short, long))
    one, other = (short.rss, long.rss) if by_resident else (short.pss, long.pss)
    return _row(f"memory: {kind}", *values, other / one if one else float("nan"), MEMORY_AIM)


def _row(what: str, one: str, other: str, ratio: float, aim: float) -> str:
    met = "yes" if ratio <= aim else "NO"
    return f"{what:<42}{one:>14}{other:>14}{f'{ratio:.2f}x':>9}   {f'<= {aim:g}x':<10}{met}"


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
