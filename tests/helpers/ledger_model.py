"""A model of the ledger: what its records must say after any sequence of calls, in a few lines per call.

The model has no queue, no time and no Redis. It knows jobs, pages and exports, and which attempt holds which unit. Each
method does what the ledger's method of the same name must do, and returns what that must return: whether it happened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from ocrdesk.backend.records import MAX_DEATHS, MAX_LOSSES, JobRecord, ReleaseReason, Unit, UnitKind
from ocrdesk.contract.page_ranges import PageRanges
from ocrdesk.contract.states import JobState, PageState


@dataclass
class Held:
    """What a job, a page and an export have in common: an attempt may hold it, and attempts may end badly."""

    holder: str | None = None
    deaths: int = 0
    losses: int = 0

    def is_given_up(self, reason: ReleaseReason) -> bool:
        """Take the unit from its holder and count how its attempt ended. Return whether it is not tried again."""
        self.holder = None
        self.deaths += reason is ReleaseReason.DIED
        self.losses += reason is ReleaseReason.LOST
        return self.deaths >= MAX_DEATHS or self.losses >= MAX_LOSSES


@dataclass
class ModelPage(Held):
    state: PageState = PageState.QUEUED
    blob: str | None = None


@dataclass
class ModelExport(Held):
    state: PageState = PageState.QUEUED
    revision: int = 0


@dataclass
class ModelJob(Held):
    """A job. Its own holder prepares or closes it."""

    record: JobRecord = field(kw_only=True)
    state: JobState = JobState.QUEUED
    pages: dict[int, ModelPage] | None = None
    """The pages to recognise, by number; None until the file was opened."""
    file_pages: int | None = None
    revision: int = 0
    exports: dict[str, ModelExport] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.record.job_id

    def count(self, *states: PageState) -> int:
        return sum(page.state in states for page in (self.pages or {}).values())

    @property
    def all_ended(self) -> bool:
        return self.pages is not None and all(page.state.is_final for page in self.pages.values())

    @property
    def pages_left(self) -> int:
        return 1 if self.pages is None else self.count(PageState.QUEUED, PageState.STARTED)


class LedgerModel:
    """All jobs, by id, and the unit that each attempt holds according to the list of leases."""

    def __init__(self) -> None:
        self.jobs: dict[str, ModelJob] = {}
        self.leases: dict[str, Unit] = {}
        self.ended: Counter[str] = Counter()
        """Ends of jobs and of pages, by state."""

    # ── what must be true ────────────────────────────────────────────────────────────────────────

    def active(self) -> list[ModelJob]:
        return [job for job in self.jobs.values() if not job.state.is_final]

    def free_units(self, job: ModelJob) -> Iterator[Unit]:
        """Yield the units of a job that need a worker: each of them must be in the queue, or wait for its turn."""
        if not job.state.is_final:
            if job.holder is None and job.pages is None:
                yield Unit(job.id, UnitKind.PREPARE)
            if job.holder is None and job.all_ended:
                yield Unit(job.id, UnitKind.CLOSE)
            for number, page in (job.pages or {}).items():
                if page.state is PageState.QUEUED:
                    yield Unit(job.id, UnitKind.PAGE, number)
        for name, export in job.exports.items():
            if export.state is PageState.QUEUED:
                yield Unit(job.id, UnitKind.EXPORT, export=name)

    def holds(self, attempt: str, unit: Unit) -> bool:
        """Return whether the attempt may write: it holds the unit of a job that goes on."""
        job = self.jobs.get(unit.job_id)
        held = self._held(job, unit) if job else None
        return held is not None and held.holder == attempt

    def _held(self, job: ModelJob, unit: Unit) -> Held | None:
        if unit.kind is UnitKind.EXPORT:
            return job.exports.get(unit.export)
        if job.state.is_final:
            return None
        if unit.kind is UnitKind.PAGE:
            page = (job.pages or {}).get(unit.page)
            return page if page is not None and page.state is PageState.STARTED else None
        return job

    # ── jobs ─────────────────────────────────────────────────────────────────────────────────────

    def create(self, record: JobRecord) -> None:
        self.jobs[record.job_id] = ModelJob(record=record)

    def end_job(self, job: ModelJob, state: JobState) -> None:
        job.state, job.holder = state, None
        self.ended[f"job:{state}"] += 1

    def finish(self, job_id: str, attempt: str) -> bool:
        self.leases.pop(attempt, None)
        job = self.jobs.get(job_id)
        if job is None or job.state.is_final or job.holder != attempt or not job.all_ended:
            return False
        self.end_job(job, JobState.FINISHED if job.count(PageState.FINISHED) else JobState.FAILED)
        return True

    def fail(self, job_id: str, attempt: str) -> bool:
        self.leases.pop(attempt, None)
        job = self.jobs.get(job_id)
        if job is None or job.state.is_final or job.holder != attempt:
            return False
        self.end_job(job, JobState.FAILED)
        return True

    def cancel(self, job_id: str) -> JobState | None:
        job = self.jobs.get(job_id)
        if job is not None and not job.state.is_final:
            self.end_job(job, JobState.CANCELLED)
        return job.state if job else None

    def delete(self, job_id: str) -> None:
        self.cancel(job_id)
        self.jobs.pop(job_id, None)

    def retry(self, job_id: str) -> bool:
        """Return whether the job starts again."""
        job = self.jobs.get(job_id)
        if job is None or not job.state.is_final:
            return False
        missing = [number for number, page in (job.pages or {}).items() if page.state is not PageState.FINISHED]
        if job.pages is not None and not missing:
            return False
        job.holder, job.deaths, job.losses = None, 0, 0
        job.revision += 1
        job.state = JobState.QUEUED if job.pages is None else JobState.STARTED
        for number in missing:
            (job.pages or {})[number] = ModelPage()
        return True

    def revise(self, job_id: str, number: int, blob: str) -> bool:
        job = self.jobs.get(job_id)
        if job is None or job.state is not JobState.FINISHED or job.pages is None:
            return False
        job.pages[number].blob = blob
        job.revision += 1
        return True

    # ── units ────────────────────────────────────────────────────────────────────────────────────

    def claim(self, unit: Unit, attempt: str) -> bool:
        if self.holds(attempt, unit):
            return True  # the answer to its first claim was lost
        job = self.jobs.get(unit.job_id)
        if job is None or unit not in set(self.free_units(job)):
            return False
        if unit.kind is UnitKind.PAGE:
            self._start_page(job, unit.page, attempt)
        elif unit.kind is UnitKind.EXPORT:
            job.exports[unit.export].state = PageState.STARTED
            job.exports[unit.export].holder = attempt
        else:
            job.state, job.holder = JobState.STARTED, attempt
        self.leases[attempt] = unit
        return True

    def plan(self, job_id: str, attempt: str, file_pages: int, *, inline: bool) -> bool:
        if not self.holds(attempt, Unit(job_id, UnitKind.PREPARE)):
            return False
        job = self.jobs[job_id]
        numbers = PageRanges.parse(job.record.options.pages).numbers(file_pages)
        job.pages = {number: ModelPage() for number in numbers}
        job.file_pages, job.holder, job.deaths, job.losses = file_pages, None, 0, 0
        del self.leases[attempt]
        if inline:
            self._start_page(job, numbers[0], attempt)
        return True

    def commit(self, job_id: str, number: int, attempt: str, state: PageState, blob: str | None) -> bool:
        """End a page. What its attempt does next is said by `close_with` and `continue_with`."""
        if not self.holds(attempt, Unit(job_id, UnitKind.PAGE, number)):
            return False
        del self.leases[attempt]
        self._end_page(self.jobs[job_id], number, state, blob)
        return True

    def close_with(self, job_id: str, attempt: str) -> None:
        """Let the attempt that ended the last page hold the closing."""
        self.jobs[job_id].holder = attempt
        self.leases[attempt] = Unit(job_id, UnitKind.CLOSE)

    def continue_with(self, job_id: str, number: int, attempt: str) -> None:
        """Let the attempt that ended a page hold the next one."""
        self._start_page(self.jobs[job_id], number, attempt)

    def release(self, attempt: str, reason: ReleaseReason) -> Unit | None:
        """Return the unit that the attempt had a lease of."""
        unit = self.leases.pop(attempt, None)
        if unit is not None and self.holds(attempt, unit):
            self._give_back(unit, reason)
        return unit

    def give_back_unclaimed(self, unit: Unit, reason: ReleaseReason, *, is_queued: bool) -> bool:
        """Count a delivery that ended before its claim. `is_queued`: there is another delivery of the unit."""
        job = self.jobs.get(unit.job_id)
        if job is None or unit not in set(self.free_units(job)) or (is_queued and reason is not ReleaseReason.DIED):
            return False
        self._give_back(unit, reason)
        return True

    def _give_back(self, unit: Unit, reason: ReleaseReason) -> None:
        job = self.jobs[unit.job_id]
        if unit.kind is UnitKind.EXPORT:
            export = job.exports[unit.export]
            export.state = PageState.FAILED if export.is_given_up(reason) else PageState.QUEUED
        elif unit.kind is UnitKind.PAGE:
            page = (job.pages or {})[unit.page]
            page.state = PageState.QUEUED
            if page.is_given_up(reason):
                self._end_page(job, unit.page, PageState.FAILED, None)
        elif job.is_given_up(reason):
            self.end_job(job, JobState.FAILED)

    def _start_page(self, job: ModelJob, number: int, attempt: str) -> None:
        page = (job.pages or {})[number]
        assert page.state is PageState.QUEUED
        page.state, page.holder = PageState.STARTED, attempt
        self.leases[attempt] = Unit(job.id, UnitKind.PAGE, number)

    def _end_page(self, job: ModelJob, number: int, state: PageState, blob: str | None) -> None:
        page = (job.pages or {})[number]
        page.state, page.holder, page.blob = state, None, blob
        self.ended[f"page:{state}"] += 1

    # ── exports ──────────────────────────────────────────────────────────────────────────────────

    def request_export(self, job_id: str, name: str) -> PageState | None:
        """Return the export's state; a failed one stays failed for a minute, which no test waits for."""
        job = self.jobs.get(job_id)
        if job is None:
            return None
        if name not in job.exports or job.exports[name].revision != job.revision:
            job.exports[name] = ModelExport(revision=job.revision)
        return job.exports[name].state

    def commit_export(self, job_id: str, name: str, attempt: str, state: PageState) -> bool:
        self.leases.pop(attempt, None)
        if not self.holds(attempt, Unit(job_id, UnitKind.EXPORT, export=name)):
            return False
        export = self.jobs[job_id].exports[name]
        export.state, export.holder = state, None
        return True
