"""Checks after a run that nothing was lost, done twice or left behind."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import httpx2

from ocrdesk.backend import redis_keys
from ocrdesk.backend.records import MAX_DEATHS
from ocrdesk.contract.errors import ErrorCode
from tests.chaos import leftovers, log_audit
from tests.chaos.documents import is_page
from tests.chaos.faults import Hit
from tests.chaos.lab import Lab, now
from tests.chaos.load import CORRECTION, AcceptedJob, Span
from tests.chaos.plans import Extra
from tests.helpers import plain_http
from tests.helpers.wait import wait_until
from tests.helpers.webhook_receiver import Receiver

_BEFORE_KILL_S = 2.0
"""An append-only file that is written every second may lack this much when Valkey is killed, or its file copied."""
_MARGIN_S = 0.5
_CHECKS_S = 60.0
"""How long the service may take to check files that a job lacks: it tells callers to ask again after half of it."""
_ENDED = ("finished", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken promise: the rule, the job (empty if it concerns none), the facts, its faults and its log lines."""

    rule: str
    job_id: str
    detail: str
    done_to_it: list[str] = field(default_factory=list)
    log_lines: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class Audit:
    """The checks of one run."""

    lab: Lab
    jobs: list[AcceptedJob]
    hits: list[Hit]
    receiver: Receiver
    started_at: float = field(default_factory=now)
    violations: list[Violation] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)
    lost_in_window: int = 0
    drain_s: float = 0.0

    def run(self, *, drain_s: float, clean_s: float) -> None:
        """Wait at most `drain_s` seconds for the jobs' end, then `clean_s` until nothing is left behind; then check."""
        self._drain(drain_s)
        with plain_http.Client(timeout=30, trust_env=False) as client:
            for job in self.jobs:
                self._check_job(client, job)
        self._check_webhooks()
        left = leftovers.after_cleaning(self.lab, clean_s)
        for rule, job_id, detail in left:
            self.report(rule, detail, job_id)
        for rule, detail in log_audit.findings(self.lab):
            self.report(rule, detail)

    def report(self, rule: str, detail: str, job: AcceptedJob | str = "") -> None:
        job_id = job if isinstance(job, str) else job.job_id
        done = self._done_to(job) if isinstance(job, AcceptedJob) else self._done_to_id(job_id)
        lines = log_audit.lines_about(self.lab, job_id) if job_id else []
        self.violations.append(Violation(rule, job_id, detail, done, lines))

    # ── the end of all jobs ──────────────────────────────────────────────────────────────────────

    def _drain(self, limit_s: float) -> None:
        def is_idle() -> bool:
            with self.lab.redis() as redis:
                return bool(redis.zcard(redis_keys.ACTIVE_JOBS) == 0)

        with contextlib.suppress(AssertionError):  # each job that has not ended is reported by its check
            wait_until(is_idle, "the end of all jobs", limit_s)
        self.drain_s = round(now() - self.started_at, 1)

    # ── one job ──────────────────────────────────────────────────────────────────────────────────

    def _check_job(self, client: httpx2.Client, job: AcceptedJob) -> None:
        url, headers = self.lab.base(0), {"X-API-Key": job.key}
        answer = settled(lambda: client.get(f"{url}/ocr/result/{job.job_id}", headers=headers))
        if answer.status_code == 404:
            self._check_unknown(job)
            return
        if answer.status_code != 200:
            self.report("a result can be read", f"{answer.status_code} {answer.text[:200]}", job)
            return
        result = answer.json()
        self.states[f"{result['status']} {result['error_code'] or ''}".strip()] += 1
        if job.deleted and not self._may_be_undone(job.deleted):
            self.report("a deleted job is gone", f"it is {result['status']}", job)
        if result["status"] not in _ENDED:
            pages = Counter(page["status"] for page in result["pages"])
            self.report("an accepted job ends", f"it is {result['status']}, its pages {dict(pages)}", job)
            return
        self._check_outcome(job, result)
        self._check_pages(job, result)
        self._check_data(client, job, result)
        for note in job.notes:
            if not self._is_excused(job):
                self.report("a caller is served", note, job)

    def _check_unknown(self, job: AcceptedJob) -> None:
        """A job may be unknown if it was deleted, or accepted in a time that a rollback of Valkey took back."""
        if job.deleted:
            self.states["deleted"] += 1
        elif self._may_be_undone(job.accepted):
            self.states["taken back with Valkey's data"] += 1
            self.lost_in_window += 1
        else:
            self.report("an accepted job is known", "404", job)

    def _check_outcome(self, job: AcceptedJob, result: dict[str, Any]) -> None:
        status, code = result["status"], result["error_code"]
        if job.plan.kind.is_damaged:
            is_right = code in ("corrupt_file", "no_pages") or self._may_fail(job, code, 1)
            if status != "failed" or not is_right:
                self.report("a damaged file fails with a reason", f"{status} {code}", job)
        elif status == "cancelled":
            if not job.cancelled:
                self.report("only a caller cancels", "it is cancelled", job)
        elif status == "failed" and not self._may_fail(job, code, 1):
            self.report("a good file is read", f"failed: {code} {result['error']}", job)

    def _check_pages(self, job: AcceptedJob, result: dict[str, Any]) -> None:
        """Each page ended once, as is stored and as was told, with its own text."""
        pages = result["pages"]
        ended = Counter(self._page_events(job))
        is_cancelled = result["status"] == "cancelled"
        texts = dict(zip([page["number"] for page in pages], (result["text"] or "").split("\f"), strict=False))
        for page in pages:
            number, state = page["number"], page["status"]
            finished, others = ended[number, "finished"], sum(ended[number, s] for s in ("failed", "timeout"))
            told = f"events: {finished} finished, {others} without a result; its state is {state}"
            is_twice = finished > 1 or (others > 1 and not job.retried)
            is_other = (state == "finished") != (finished == 1) and not self._is_excused(job)
            if is_twice or is_other:
                self.report("a page is committed once", f"page {number}: {told}", job)
            if state not in ("finished", "failed", "timeout") and not is_cancelled:
                self.report("a page of an ended job has ended", f"page {number} is {state}", job)
            is_bad = state in ("failed", "timeout") and not job.plan.kind.is_damaged
            if is_bad and not self._may_fail(job, page["error_code"], number):
                self.report("a good page is read", f"page {number}: {page['error_code']} {page['error']}", job)
            is_shown = result["status"] == "finished" and state == "finished"
            if is_shown and not is_page(texts.get(number, ""), job.plan.number, number):
                self.report("a page's text is in its place", f"page {number} of {len(pages)}: other words", job)
        is_corrected = job.corrected is not None and not self._may_be_undone(job.corrected)
        if result["status"] == "finished" and is_corrected and CORRECTION not in (result["text"] or ""):
            self.report("a correction stays", f"{CORRECTION} is not in the text", job)

    def _page_events(self, job: AcceptedJob) -> Iterator[tuple[int, str]]:
        with self.lab.redis() as redis:
            for _, event in redis.xrange(redis_keys.job_events(job.job_id)):
                if event["type"] == "page":
                    yield int(event["page"]), event["page_status"]

    def _check_data(self, client: httpx2.Client, job: AcceptedJob, result: dict[str, Any]) -> None:
        """What a finished job's record promises can be read: text, Document and each page."""
        if result["status"] != "finished":
            return
        url, headers = f"{self.lab.base(0)}/ocr/jobs/{job.job_id}", {"X-API-Key": job.key}
        try:
            answer = client.get(f"{url}/document", headers=headers)
            is_whole = answer.status_code == 200 and len(answer.json()["pages"]) == result["page_count"]
        except (httpx2.HTTPError, ValueError) as error:
            self.report("a finished job has its data", f"/document breaks off: {type(error).__name__}", job)
            return
        if not is_whole:
            self.report("a finished job has its data", f"/document: {answer.status_code} {answer.text[:120]}", job)
        for when, job_id in job.repeated:
            if job_id != job.job_id and not self._was_rolled_back(job.accepted.answered_at, when):
                self.report("a repeat gives the same job", f"it gave {job_id}", job)

    def _check_webhooks(self) -> None:
        """Every ended job's webhook arrives, unless its end or its data were rolled back."""

        def missing() -> list[AcceptedJob]:
            arrived = {int(request.path.rpartition("/")[2]) for request in list(self.receiver.received)}
            return [
                job
                for job in self.jobs
                if job.plan.extra is Extra.WEBHOOK
                and job.plan.number not in arrived
                and not self._may_be_undone(job.accepted)
            ]

        try:
            wait_until(lambda: not missing(), "all webhooks", 60)
        except AssertionError:
            for job in missing():
                self.report("a webhook arrives", "it did not within 60 s", job)

    # ── what excuses ─────────────────────────────────────────────────────────────────────────────

    def _rollbacks(self) -> Iterator[tuple[float, float]]:
        """Yield the times whose changes Valkey may have lost."""
        for hit in self.hits:
            if hit.fault == "Valkey is rolled back":
                yield hit.at - _BEFORE_KILL_S, (hit.until or now()) + _MARGIN_S
            elif hit.fault == "Valkey is killed":
                yield hit.at - _BEFORE_KILL_S, hit.at + _MARGIN_S

    def _may_be_undone(self, request: Span) -> bool:
        """Return whether Valkey may have lost what a request wrote, at some time before its response."""
        return any(begin <= request.answered_at and request.sent_at <= end for begin, end in self._rollbacks())

    def _was_rolled_back(self, begin: float, end: float) -> bool:
        """Return whether data of that period may have been lost in it or later."""
        return any(begin - _MARGIN_S <= to and since <= end for since, to in self._rollbacks())

    def _is_excused(self, job: AcceptedJob) -> bool:
        """Return whether a caller's trouble may follow from the faults: something was full, or a change taken back."""
        return self._was_full(job) or self._is_taken_back(job)

    def _was_full(self, job: AcceptedJob) -> bool:
        """Return whether a disk or Valkey's memory was full after the job was accepted."""
        full = [hit for hit in self.hits if hit.fault.endswith(("is full", "no memory left"))]
        return any(hit.until >= job.accepted.answered_at for hit in full)

    def _is_taken_back(self, job: AcceptedJob) -> bool:
        """Return whether a rollback of Valkey took a caller's change back, whose files had been changed too."""
        changes = (job.deleted, job.corrected, job.retried, job.cancelled)
        return any(change and self._may_be_undone(change) for change in changes)

    def _may_fail(self, job: AcceptedJob, code: str | None, number: int = 0) -> bool:
        """Return whether a good file, or one of its pages, may fail for this reason.

        A full disk is a reason, a result that is lost with a rollback, and as many killed processes as the limit says.
        """
        units = {f"{job.job_id}-prepare", f"{job.job_id}-{number}"}
        kills = sum(hit.hits_any(units) for hit in self.hits if hit.at >= job.accepted.answered_at)
        return (
            (code == ErrorCode.CRASHED and kills >= MAX_DEATHS)
            or (code == ErrorCode.STORAGE_FULL and self._was_full(job))
            or (code == ErrorCode.UPLOAD_LOST and self._is_taken_back(job))
        )

    def _done_to(self, job: AcceptedJob) -> list[str]:
        steps = {
            "accepted": job.accepted,
            "deleted": job.deleted,
            "cancelled": job.cancelled,
            "retried": job.retried,
            "corrected": job.corrected,
        }
        said = f"({job.plan.kind}, {job.plan.extra})"
        lines = [f"{at.answered_at:.1f} {step} {said}, sent {at.sent_at:.1f}" for step, at in steps.items() if at]
        return sorted(lines + self._done_to_id(job.job_id) + self._general_faults(job.accepted.sent_at))

    def _done_to_id(self, job_id: str) -> list[str]:
        if not job_id:
            return []
        hits = [hit for hit in self.hits if any(unit.startswith(job_id) for unit in hit.units)]
        return [f"{hit.at:.1f} {hit.fault}: {hit.target}, {', '.join(hit.units)}" for hit in hits]

    def _general_faults(self, since: float) -> list[str]:
        return [
            f"{hit.at:.1f} {hit.fault}" + (f" until {hit.until:.1f}" if hit.until else "")
            for hit in self.hits
            if hit.target.startswith(("valkey", "disk")) and (hit.until or hit.at) >= since - _BEFORE_KILL_S
        ]


def settled(ask: Callable[[], httpx2.Response]) -> httpx2.Response:
    """Return the first answer that does not ask to come back, or what comes when time is up.

    A rollback of Valkey brings a deleted job back without its files. The service finds out with its next checks.
    """
    answers: list[httpx2.Response] = []

    def is_settled() -> bool:
        answers[:] = [ask()]
        return answers[0].status_code != 409

    with contextlib.suppress(AssertionError):  # the caller reports the answer
        wait_until(is_settled, "the end of the service's checks", _CHECKS_S)
    return answers[0]
