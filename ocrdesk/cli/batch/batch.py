"""Sends many files through one server and writes the results in order."""

from __future__ import annotations

import contextlib
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import typer

from ocrdesk.cli.batch.connection import NO_WAIT_IF_BUSY
from ocrdesk.cli.batch.inputs import STDIN_NAME, Input
from ocrdesk.cli.batch.interruption import interrupted_at_the_end
from ocrdesk.cli.batch.merge import MergeError
from ocrdesk.cli.batch.output import Output, OutputError
from ocrdesk.cli.batch.plan import Plan, PlannedFile
from ocrdesk.cli.batch.result_writer import ResultWriter
from ocrdesk.cli.batch.server_watch import ServerWatch
from ocrdesk.cli.batch.summary import Summary
from ocrdesk.cli.pdf_options import with_option
from ocrdesk.client import (
    ApiError,
    AuthError,
    Client,
    ClientError,
    EventStream,
    NotFoundError,
    RateLimitedError,
    ServerBusyError,
    ServerUnavailableError,
)
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.events import Event
from ocrdesk.contract.file_names import printable_name
from ocrdesk.contract.jobs import JobOptions, JobView, ResultFormat
from ocrdesk.contract.states import JobState

MAX_OPEN_JOBS = 32
"""Files submitted and not finished at a time: enough to keep any number of workers busy."""
_REPORTED_WAIT_S = 1.0
_KNOWN_WITHIN_S = 5.0
"""An interruption waits so long for the answer to a submit, which names the job."""
"""Shorter waits for the server are not reported."""


@dataclass(slots=True)
class _Item:
    """A file in progress: with a job id once the server has it, with an error if it was not accepted."""

    file: PlannedFile
    job_id: str | None = None
    error: str | None = None


class Batch:
    """Submits files ahead, writes their results in the given order, and deletes its jobs."""

    def __init__(
        self,
        client: Client,
        options: JobOptions,
        output: Output,
        plan: Plan,
        summary: Summary,
        *,
        password: str | None = None,
    ) -> None:
        self._client = client
        self._password = password
        self._options = options
        self._output = output
        self._plan = plan
        self._summary = summary
        self._waiting = deque(plan.files)
        self._open: deque[_Item] = deque()
        self._busy_until = 0.0
        """Until when a busy server asked not to submit more; waiting for the jobs that it has goes on."""
        self.on_pages: Callable[[str, int, int | None], None] = lambda *_: None
        """Called with the current file, its completed pages, and its page count if known."""
        self.on_message: Callable[[str], None] = _to_stderr
        self.on_event: Callable[[], None] = lambda: None
        """Called with each event of the server."""

    def run(self) -> None:
        """Recognise all files and count them. Raises ServerUnavailableError, AuthError, OutputError."""
        self._check_format()
        with ResultWriter(self._client, self._output, self._plan) as writer:
            try:
                while True:
                    self._submit_ahead()
                    if not self._open:
                        break
                    if self._finish(self._open[0], writer):
                        self._summary.done += 1
                    else:
                        self._summary.failed += 1
                    self._delete_job(self._open[0])
                    self._open.popleft()
            finally:
                self._delete_open_jobs()
            if self._output.merge:
                self._merge(writer)

    @contextlib.contextmanager
    def reporting_waits(self) -> Iterator[None]:
        """Report each wait for the server through `on_message` while the block runs, and what keeps it from working."""

        def on_wait(seconds: float, reason: str) -> None:
            if seconds >= _REPORTED_WAIT_S:
                self.on_message(f"ocrdesk: {reason} Waiting {seconds:.0f} s.")

        self._client.on_wait = on_wait
        watch = ServerWatch(self._client, lambda problem: self.on_message(f"ocrdesk: {problem}"))
        self.on_event = watch.heard
        with watch.watching():
            yield

    def _check_format(self) -> None:
        """Raise OutputError if the server does not support the format."""
        if self._output.form in (ResultFormat.TEXT, ResultFormat.JSON):
            return
        known = self._client.capabilities().formats
        if self._output.form not in known:
            raise OutputError(f"this server does not support {self._output.form}; its formats are {', '.join(known)}")

    def _submit_ahead(self) -> None:
        """Submit files up to the limit; if the server is busy, finish those that it already has first."""
        while self._waiting and len(self._open) < MAX_OPEN_JOBS:
            if self._open and time.monotonic() < self._busy_until:
                return
            with interrupted_at_the_end(_KNOWN_WITHIN_S):  # the job that the server has made is to be deleted then
                if not self._submit_next():
                    return

    def _submit_next(self) -> bool:
        """Submit a file; return False if the server is busy and there is something to finish first."""
        client = self._client.with_retry_policy(NO_WAIT_IF_BUSY) if self._open else self._client
        try:
            item = self._submit(self._waiting[0], client)
        except (RateLimitedError, ServerBusyError) as error:
            if self._open:
                self._busy_until = time.monotonic() + (error.retry_after_s or 0.0)
                return False
            if not (isinstance(error, ServerBusyError) and error.code == ErrorCode.STORAGE_FULL):
                raise
            item = _Item(self._waiting[0], error=str(error))  # there may be room for a smaller file
        self._waiting.popleft()
        self._open.append(item)
        return True

    def _submit(self, file: PlannedFile, client: Client) -> _Item:
        path = file.source.path
        try:
            if file.source.problem is not None:
                return _Item(file, error=file.source.problem)
            content, name = (sys.stdin.buffer, STDIN_NAME) if path is None else (path, None)
            return _Item(file, job_id=client.submit(content, self._options, name=name, password=self._password))
        except FileNotFoundError:
            return _Item(file, error="there is no such file")
        except OSError as error:
            return _Item(file, error=f"it cannot be read: {error.strerror or error}")
        except (AuthError, RateLimitedError):
            raise
        except ApiError as error:
            return _Item(file, error=with_option(str(error), error.code))

    def _finish(self, item: _Item, writer: ResultWriter) -> bool:
        """Wait for a file's job and write its result. Return False if all or a part of it is missing."""
        source = item.file.source
        if item.job_id is None:
            self._report(source, item.error or "the server did not accept it")
            return False
        try:
            is_complete = self._write_when_done(item.file, item.job_id, writer)
        except (AuthError, RateLimitedError):
            raise
        except NotFoundError:
            self._report(source, "its job was deleted before it finished")
            is_complete = False
        except ApiError as error:
            self._report(source, with_option(str(error), error.code))
            is_complete = False
        return is_complete

    def _delete_job(self, item: _Item) -> None:
        if item.job_id is not None:
            with contextlib.suppress(ClientError):  # otherwise it expires
                self._client.with_retry_policy(0).delete(item.job_id)
            item.job_id = None

    def _write_when_done(self, file: PlannedFile, job_id: str, writer: ResultWriter) -> bool:
        job = self._wait_for(file.source, job_id)
        self._summary.pages += job.pages_done
        if job.error or job.status is not JobState.FINISHED:
            self._report(file.source, with_option(job.error or f"the job was {job.status}", job.error_code))
        for warning in job.warnings:
            self._report(file.source, f"warning: {warning}")
        if job.status is not JobState.FINISHED:
            return False
        if job.error and self._output.in_place:
            self._report(file.source, "it was left as it is, because not all of its pages could be read")
            return False
        try:
            has_words = writer.write(file, job_id)
        except BrokenPipeError:
            raise
        except OSError as error:
            self._report(file.source, f"its result cannot be written: {error.strerror or error}")
            return False
        if not has_words and (unread := self._client.result(job_id).unread_regions):
            areas = "1 area" if unread == 1 else f"{unread} areas"
            self._report(file.source, f"no text was found, but {areas} of it may have text; the window shows where")
        return not job.error

    def _wait_for(self, source: Input, job_id: str) -> JobView:
        """Wait for the job's end and report its pages meanwhile."""
        last_event_id: str | None = None
        while True:
            events = EventStream(
                self._client, job_id, last_event_id=last_event_id, retry_policy=self._client.retry_policy
            )
            for event in events:
                self.on_event()
                self._report_pages(source, event)
            job = self._client.job(job_id)
            if job.status.is_final:
                return job
            last_event_id = events.last_event_id

    def _report_pages(self, source: Input, event: Event) -> None:
        number = self._summary.done + self._summary.failed + 1
        label = f"{number} of {len(self._plan.files)}: {source.name}" if self._plan.is_many else source.name
        self.on_pages(label, event.pages_done + event.pages_failed, event.page_count)

    def _merge(self, writer: ResultWriter) -> None:
        """Write the one PDF of all files, unless one of them is missing."""
        name = printable_name(self._plan.merged) if self._plan.merged is not None else "the PDF"
        if self._summary.failed:
            self.on_message(
                f"ocrdesk: {name} was not written: {self._summary.failed} of {self._summary.total} files failed. "
                "Leave these out, or repair them."
            )
            return
        try:
            writer.merge()
        except BrokenPipeError:
            raise
        except (OSError, MergeError) as error:
            self.on_message(f"ocrdesk: {name} cannot be written: {getattr(error, 'strerror', None) or error}")
            self._summary.failed, self._summary.done = self._summary.total, 0

    def _report(self, source: Input, error: str) -> None:
        self.on_message(f"ocrdesk: {source.label}: {error}")

    def _delete_open_jobs(self) -> None:
        """Delete the jobs that are still on the server, after an interruption or a lost connection."""
        client = self._client.with_retry_policy(0)
        for item in self._open:
            if item.job_id:
                try:
                    client.delete(item.job_id)
                except ServerUnavailableError:
                    return
                except ClientError:
                    continue


def _to_stderr(text: str) -> None:
    typer.echo(text, err=True)
