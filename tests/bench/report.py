"""The report of a benchmark run: the table of ratios, and where the pipeline's time goes."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import mean, median

from contenders import PipelineRun, Run
from load import Load

AIMS = {"bare": 0.9, "plain": 2.0, "ocrmypdf": 2.0}
"""How many times as fast as each contender the pipeline should be."""


QUIET_SHARE = 0.05
"""A run is quiet if other programs took no more than this share of the processor time used."""


def word_f1(text: str, reference: str) -> float:
    """Return how well the words of two texts agree, in any order: 2 x common / (words of both)."""
    ours, theirs = _bag(text), _bag(reference)
    total = ours.total() + theirs.total()
    return 2 * (ours & theirs).total() / total if total else 1.0


def _bag(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


@dataclass(frozen=True, slots=True)
class Timed:
    """A run, and the processor load during it."""

    run: Run
    load: Load

    @property
    def quiet(self) -> bool:
        return self.load.others_share <= QUIET_SHARE


@dataclass(frozen=True, slots=True)
class Verdict:
    """The pipeline's speed relative to a contender's, for each round and overall."""

    ratios: tuple[float, ...]
    quiet: tuple[bool, ...]
    """Whether the round was not disturbed by other programs."""

    @property
    def ratio(self) -> float:
        """The median of the quiet rounds, or of all rounds if none was quiet."""
        calm = [ratio for ratio, quiet in zip(self.ratios, self.quiet, strict=True) if quiet]
        return median(calm or self.ratios)

    def __str__(self) -> str:
        rounds = (f"{ratio:.2f}{'' if quiet else '~'}" for ratio, quiet in zip(self.ratios, self.quiet, strict=True))
        return f"{self.ratio:.2f}x as fast ({', '.join(rounds)})"


def verdict(ours: Sequence[Timed], theirs: Sequence[Timed]) -> Verdict:
    """Compare two contenders round by round."""
    pairs = list(zip(ours, theirs, strict=True))
    return Verdict(
        tuple(their.run.seconds / our.run.seconds for our, their in pairs),
        tuple(our.quiet and their.quiet for our, their in pairs),
    )


def table(runs: dict[str, list[Timed]], reference: str) -> Iterator[str]:
    """Yield a row for each contender: seconds, processor seconds, relative speed of the pipeline, aim, accuracy."""
    yield (
        f"{'contender':<10}{'min':>8}{'median':>8}{'max':>8}{'cpu':>9}{'others':>8}"
        f"   {'pipeline is':<38}{'aim':<9}{'met':<5}{'words F1':>8}"
    )
    for contender, done in runs.items():
        seconds = [timed.run.seconds for timed in done]
        row = f"{contender:<10}{min(seconds):>7.2f}s{median(seconds):>7.2f}s{max(seconds):>7.2f}s"
        row += f"{median(timed.load.own for timed in done):>8.2f}s"
        row += f"{median(timed.load.others_share for timed in done):>8.0%}   "
        if contender == "pipeline" or "pipeline" not in runs:
            row += f"{'':<52}"
        else:
            found, aim = verdict(runs["pipeline"], done), AIMS[contender]
            row += f"{found!s:<38}{f'>= {aim:g}x':<9}{'yes' if found.ratio >= aim else 'NO':<5}"
        yield row + f"{mean(word_f1(timed.run.text, reference) for timed in done):>8.3f}"


@dataclass(frozen=True, slots=True)
class PageSpan:
    """One page on one worker, in seconds since the job was submitted."""

    number: int
    worker: str
    start: float
    end: float


def spans(run: PipelineRun) -> list[PageSpan]:
    """Return when and by which worker each page was read, sorted by start."""
    if run.result is None or run.submitted_at is None:
        return []
    found = []
    for page in run.result.pages:
        if page.started_at and page.ended_at:
            start, end = _since(run.submitted_at, page.started_at), _since(run.submitted_at, page.ended_at)
            found.append(PageSpan(page.number, page.worker or "?", start, end))
    return sorted(found, key=lambda span: span.start)


def _since(origin: datetime, moment: datetime) -> float:
    return (moment - origin).total_seconds()


def gaps(found: Sequence[PageSpan]) -> list[float]:
    """Return the idle times between consecutive pages on the same worker: the way through the queue."""
    by_worker: dict[str, list[PageSpan]] = defaultdict(list)
    for span in found:
        by_worker[span.worker].append(span)
    return [later.start - earlier.end for own in by_worker.values() for earlier, later in pairwise(own)]


def seconds_with(found: Sequence[PageSpan], workers: int) -> float:
    """Return for how many seconds at least `workers` pages were being read at the same time."""
    steps = sorted([(span.start, 1) for span in found] + [(span.end, -1) for span in found])
    total, busy, since = 0.0, 0, 0.0
    for moment, change in steps:
        if busy >= workers:
            total += moment - since
        busy, since = busy + change, moment
    return total


def where_time_goes(run: PipelineRun, bare: Run | None, workers: int) -> Iterator[str]:
    """Yield the parts of the workers' time from submit to result; shares of workers x real time add up to 100 %."""
    found = spans(run)
    if not found or run.document is None or run.fetched_at is None or run.submitted_at is None:
        return
    timings = [page.timing for page in run.document.pages]
    count = len(found)
    first, last = found[0].start, max(span.end for span in found)
    wall = _since(run.submitted_at, run.fetched_at)
    recognise, render, prepare = (
        sum(getattr(timing, name) for timing in timings) for name in ("recognise_s", "render_s", "prepare_s")
    )
    inside = sum(span.end - span.start for span in found) - recognise - render - prepare
    hops = gaps(found)
    waiting = workers * (last - first) - sum(span.end - span.start for span in found) - sum(hops)
    shares = {
        "recognise": (recognise, f"{recognise / count:.3f} s per page"),
        "render": (render, f"{render / count:.3f} s per page"),
        "prepare": (prepare, f"{prepare / count:.3f} s per page"),
        "claim and commit": (inside, f"{inside / count:.3f} s per page: from claim to commit, minus the above"),
        "gaps between pages": (sum(hops), _hops_in_words(hops)),
        "first and last pages": (waiting, "some workers have no page while others do"),
        "before the first page": (workers * first, _head_in_words(run, first)),
        "after the last page": (workers * (wall - last), _tail_in_words(run, last, wall)),
    }
    yield f"Where {workers} workers' time went in the pipeline's median run ({wall:.2f} s):"
    for name, (seconds, remark) in shares.items():
        yield f"  {name:<22}{seconds / (workers * wall):>6.1%}   {remark}"
    used = len({span.worker for span in found})
    together = seconds_with(found, workers) / (last - first)
    yield f"  {used} of {workers} workers had pages; all during {together:.0%} of the time from first to last page"
    if bare and len(bare.page_recognise_s) == count:
        slower = recognise / sum(bare.page_recognise_s)
        yield f"  the engine alone took {slower:.3f} times as long per page as in the bare processes"


def _head_in_words(run: PipelineRun, first: float) -> str:
    job, origin = run.result, run.submitted_at
    if job is None or origin is None or job.started_at is None:
        return f"{first:.3f} s"
    accepted, started = _since(origin, job.created_at), _since(origin, job.started_at)
    return f"upload {accepted:.3f} s, queue {started - accepted:.3f} s, open, plan and queue {first - started:.3f} s"


def _tail_in_words(run: PipelineRun, last: float, wall: float) -> str:
    job, origin = run.result, run.submitted_at
    if job is None or origin is None or job.ended_at is None:
        return f"{wall - last:.3f} s"
    ended = _since(origin, job.ended_at)
    return f"close {ended - last:.3f} s, response {wall - ended:.3f} s"


def _hops_in_words(hops: list[float]) -> str:
    if not hops:
        return "no worker had two pages"
    return f"{median(hops) * 1000:.0f} ms median, {max(hops) * 1000:.0f} ms longest, between a worker's pages"
