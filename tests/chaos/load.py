"""Submits the planned jobs through the apis, carries out each plan, and notes every response."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

import httpx2

from tests.chaos.documents import made
from tests.chaos.lab import TENANTS, Lab, now
from tests.chaos.plans import Extra, Plan
from tests.helpers import plain_http

CORRECTION = "CORRECTED"
CALLERS = 24
_PAUSE_S = 0.3
_PATIENCE_S = 60.0
"""How long a caller repeats a request that is refused or lost, and how long it waits for a job."""
_TIMEOUT = httpx2.Timeout(15.0, connect=5.0)
_ENDED = ("finished", "failed", "cancelled")


class GivenUpError(Exception):
    """A request had no answer that settles it within the caller's patience."""


@dataclass(frozen=True, slots=True)
class Span:
    """When a request that had its effect was sent, and when its response came; in Unix seconds."""

    sent_at: float
    answered_at: float


@dataclass(slots=True)
class AcceptedJob:
    """A job that an api answered 202 for, and what was done to it; None for what was not."""

    plan: Plan
    job_id: str
    accepted: Span
    deleted: Span | None = None
    cancelled: Span | None = None
    retried: Span | None = None
    corrected: Span | None = None
    repeated: list[tuple[float, str]] = field(default_factory=list)
    """When the same submission was repeated, and the id it got."""
    notes: list[str] = field(default_factory=list)
    """What went wrong for the caller, in words."""

    @property
    def key(self) -> str:
        return TENANTS[self.plan.tenant]


@dataclass(slots=True)
class Load:
    """The callers. `run` returns when all plans are carried out."""

    lab: Lab
    hook_url: str
    accepted: list[AcceptedJob] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    """How often each status, or each kind of lost connection, came back."""
    server_errors: list[tuple[float, str]] = field(default_factory=list)
    """Responses with the status 500: when, and to what."""
    broken: list[str] = field(default_factory=list)
    """Exceptions of the callers themselves, which are errors of this program."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, planned: Iterable[Plan]) -> None:
        """Carry out the plans. The callers end with the program if it is stopped meanwhile."""
        waiting: SimpleQueue[Plan] = SimpleQueue()
        for plan in planned:
            waiting.put(plan)
        callers = [threading.Thread(target=self._carry_out, args=(waiting,), daemon=True) for _ in range(CALLERS)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()

    def _carry_out(self, waiting: SimpleQueue[Plan]) -> None:
        while True:
            try:
                plan = waiting.get_nowait()
            except Empty:
                return
            try:
                with plain_http.Client(timeout=_TIMEOUT, trust_env=False) as client:
                    _Caller(self, client, plan).run()
            except GivenUpError as error:
                self.given_up.append(f"file {plan.number} ({plan.extra}): {error}")
            except Exception as error:
                self.broken.append(f"file {plan.number} ({plan.extra}): {error!r}")

    def note(self, answer: httpx2.Response | httpx2.HTTPError) -> None:
        """Count a response, and remember it if it is a 500."""
        with self._lock:
            if isinstance(answer, httpx2.HTTPError):
                self.answers[type(answer).__name__] += 1
                return
            self.answers[str(answer.status_code)] += 1
            if answer.status_code == 500:
                text = f"{answer.request.method} {answer.request.url.path}: {answer.text[:200]}"
                self.server_errors.append((now(), text))


class _Caller:
    """Carries out one plan."""

    def __init__(self, load: Load, client: httpx2.Client, plan: Plan) -> None:
        self._load, self._client, self._plan = load, client, plan
        self._headers = {"X-API-Key": TENANTS[plan.tenant]}
        self._turn = plan.api
        self.last = Span(0.0, 0.0)
        """Of the last request that was settled."""
        self._file = made(plan.kind, plan.number, plan.pages)  # once: a PDF contains the time when it was made

    def ask(self, method: str, path: str, *, until: Callable[[httpx2.Response], bool], **more: Any) -> httpx2.Response:
        """Send a request, at a different api each time, until the response settles it. Raises GivenUpError."""
        deadline = time.monotonic() + _PATIENCE_S
        headers = self._headers | more.pop("headers", {})
        last = "no answer"
        while time.monotonic() < deadline:
            url = self._load.lab.base(self._turn) + path
            self._turn += 1
            sent_at = now()
            try:
                answer = self._client.request(method, url, headers=headers, **more)
            except httpx2.HTTPError as error:
                self._load.note(error)
                last = type(error).__name__
            else:
                self._load.note(answer)
                if until(answer):
                    self.last = Span(sent_at, now())
                    return answer
                last = f"{answer.status_code} {answer.text[:80]}"
            time.sleep(_PAUSE_S)
        raise GivenUpError(f"{method} {path}: {last}")

    def run(self) -> None:
        job = self._submit()
        with self._load._lock:
            self._load.accepted.append(job)
        time.sleep(self._plan.pause_s)
        extra = self._plan.extra
        if extra is Extra.REPEAT:
            job.repeated.append((now(), self._submit().job_id))
        elif extra is Extra.DELETE_EARLY:
            self._delete(job)
            return
        elif extra in (Extra.CANCEL, Extra.CANCEL_AND_RETRY):
            self._cancel(job)
            return
        if not self._is_ended(job):
            job.notes.append(f"it had not ended after {_PATIENCE_S:g} s of waiting")
        elif extra in (Extra.PDF, Extra.DOCX):
            self._export(job, f"/ocr/jobs/{job.job_id}/file?format={extra.value}&wait=10")
        elif extra is Extra.IMAGE:
            self._export(job, f"/ocr/jobs/{job.job_id}/pages/1/image?width=400")
        elif extra is Extra.CORRECT:
            self._correct(job)
        elif extra is Extra.DELETE:
            self._delete(job)

    def _submit(self) -> AcceptedJob:
        data = {"engine": "tesseract", "languages": "eng"}
        if self._plan.extra is Extra.WEBHOOK:
            data["webhook_url"] = f"{self._load.hook_url}/{self._plan.number}"
        key = {"Idempotency-Key": f"file-{self._plan.number}"}
        answer = self.ask(
            "POST",
            "/ocr/submit",
            until=lambda answer: answer.status_code == 202,
            headers=key,
            files={"file": self._file},
            data=data,
        )
        return AcceptedJob(self._plan, answer.json()["job_id"], self.last)

    def _is_ended(self, job: AcceptedJob) -> bool:
        """Wait until the job has ended, or is unknown; False if it has not within the caller's patience."""

        def is_over(answer: httpx2.Response) -> bool:
            return answer.status_code == 404 or (answer.status_code == 200 and answer.json()["status"] in _ENDED)

        try:
            self.ask("GET", f"/ocr/result/{job.job_id}?wait=10", until=is_over)
        except GivenUpError:
            return False
        return True

    def _export(self, job: AcceptedJob, path: str) -> None:
        answer = self.ask("GET", path, until=_settles_export)
        if answer.status_code in (409, 422):
            job.notes.append(f"its {self._plan.extra} was refused: {answer.status_code} {answer.text[:120]}")
        elif answer.status_code == 200 and len(answer.content) < 100:
            job.notes.append(f"its {self._plan.extra} has {len(answer.content)} bytes")

    def _correct(self, job: AcceptedJob) -> None:
        path = f"/ocr/jobs/{job.job_id}/document"
        answer = self.ask("GET", path, until=lambda answer: answer.status_code in (200, 404, 409))
        if answer.status_code != 200:
            return
        document = answer.json()
        document["pages"] = document["pages"][:1]
        lines = [line for block in document["pages"][0]["blocks"] for line in block["lines"]]
        if not lines:
            job.notes.append("its document has no lines to correct")
            return
        lines[-1]["words"][-1]["text"] = CORRECTION
        lines[-1]["words"][-1]["source"] = "corrected"
        answer = self.ask(
            "PUT",
            path,
            until=lambda answer: answer.status_code in (200, 404, 409, 412),
            json=document,
            headers={"If-Match": answer.headers["ETag"]},
        )
        if answer.status_code == 200:
            job.corrected = self.last

    def _delete(self, job: AcceptedJob) -> None:
        self.ask("DELETE", f"/ocr/jobs/{job.job_id}", until=lambda answer: answer.status_code in (204, 404))
        job.deleted = self.last

    def _cancel(self, job: AcceptedJob) -> None:
        path = f"/ocr/jobs/{job.job_id}"
        self.ask("POST", f"{path}/cancel", until=lambda answer: answer.status_code in (200, 404))
        job.cancelled = self.last
        if self._plan.extra is Extra.CANCEL_AND_RETRY:
            self.ask("POST", f"{path}/retry", until=lambda answer: answer.status_code in (202, 404, 409))
            job.retried = self.last


def _settles_export(answer: httpx2.Response) -> bool:
    """Return whether asking again is of no use: 409 with Retry-After means that the file is being made."""
    return answer.status_code in (200, 404, 422) or (answer.status_code == 409 and "Retry-After" not in answer.headers)
