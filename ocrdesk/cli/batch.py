"""Sends many files through one server and writes the results in order."""

from __future__ import annotations

import contextlib
import os
import sys
from collections import deque
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from ocrdesk.cli.batch_output import Output, OutputError
from ocrdesk.client import (
    ApiError,
    AuthError,
    Client,
    ClientError,
    EventStream,
    NotFoundError,
    RateLimitedError,
    RetryPolicy,
    ServerBusyError,
    ServerUnavailableError,
)
from ocrdesk.contract.engines import EngineName, engine_name_problem
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.events import Event
from ocrdesk.contract.jobs import JobOptions, JobView, RecognitionMode, ResultFormat
from ocrdesk.contract.languages import AUTO_LANGUAGE
from ocrdesk.contract.media_types import SUFFIXES
from ocrdesk.contract.page_ranges import PageRanges
from ocrdesk.contract.states import JobState

MAX_OPEN_JOBS = 32
"""Files submitted and not finished at a time: enough to keep any number of workers busy."""

_RETRY_POLICY = RetryPolicy(busy_s=600.0, unavailable_s=120.0)
_NO_WAIT_IF_BUSY = RetryPolicy(busy_s=0.0, unavailable_s=_RETRY_POLICY.unavailable_s)
_REPORTED_WAIT_S = 1.0
"""Shorter waits for the server are not reported."""


def parse_options(
    languages: str,
    engine: str,
    mode: str = RecognitionMode.AUTO,
    pages: str = "",
    *,
    engine_names: Collection[str] | None = None,
) -> JobOptions:
    """Return the job options of the command line. Raises ValueError.

    `engine_names` are the known engines; None if only the server knows them.
    """
    names = tuple(part for part in languages.replace(",", "+").split("+") if part)
    if not names:
        raise ValueError("-l needs at least one language, for example eng, eng+deu or auto")
    if AUTO_LANGUAGE in names and len(set(names)) > 1:
        raise ValueError(f"-l {AUTO_LANGUAGE} cannot be combined with other languages: it detects them on each page")
    if engine_names is not None and engine not in engine_names:
        raise ValueError(f"unknown engine {engine!r}; engines are {', '.join(engine_names)}")
    if engine != EngineName.AUTO and (problem := engine_name_problem(engine)):
        raise ValueError(f"unknown engine {engine!r}. {problem}")
    if mode not in set(RecognitionMode):
        raise ValueError(f"unknown mode {mode!r}; modes are {', '.join(RecognitionMode)}")
    return JobOptions(
        languages=names,
        engine=engine,
        mode=RecognitionMode(mode),
        pages=str(PageRanges.parse(pages)),
    )


@contextlib.contextmanager
def open_client(server: str | None, api_key: str | None, data_dir: Path | None) -> Iterator[Client]:
    """Connect to the given server, or to the local server, which is started if necessary.

    Raises ServerUnavailableError, AuthError, LocalServerError.
    """
    if server:
        with Client(server if "://" in server else f"http://{server}", api_key, retry_policy=_RETRY_POLICY) as client:
            client.capabilities()  # report a wrong address or key before files are sent
            yield client
        return
    from ocrdesk.local.server.attach import attach

    with attach(data_dir) as attachment, attachment.client() as client:
        yield client


@dataclass(slots=True)
class _Item:
    """A file in progress: with a job id once the server has it, with an error if it was not accepted."""

    path: Path
    job_id: str | None = None
    error: str | None = None


class Batch:
    """Submits files ahead, writes their results in the given order, and deletes its jobs."""

    def __init__(self, client: Client, options: JobOptions, output: Output, *, password: str | None = None) -> None:
        self._client = client
        self._password = password
        self._options = options
        self._output = output
        self._is_many = False
        self._total = 0
        self._written = 0
        self._waiting: deque[Path] = deque()
        self._open: deque[_Item] = deque()
        self.on_pages: Callable[[str, int, int | None], None] = lambda *_: None
        """Called with the current file, its completed pages, and its page count if known."""
        self.on_message: Callable[[str], None] = _to_stderr

    def run(self, paths: list[Path]) -> int:
        """Recognise all files and return how many failed. Raises ServerUnavailableError, AuthError, OutputError."""
        files = _expand_folders(paths)
        self._is_many = len(files) > 1
        self._total = len(files)
        self._output.check(files)
        self._check_format()
        self._waiting.extend(files)
        failed = 0
        try:
            while True:
                self._submit_ahead()
                if not self._open:
                    return failed
                failed += not self._finish(self._open[0])
                self._open.popleft()
                self._written += 1
        finally:
            self._delete_open_jobs()

    def report_waits(self) -> None:
        """Report each wait for the server through `on_message`."""

        def on_wait(seconds: float, reason: str) -> None:
            if seconds >= _REPORTED_WAIT_S:
                self.on_message(f"ocrdesk: {reason} Waiting {seconds:.0f} s.")

        self._client.on_wait = on_wait

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
            client = self._client.with_retry_policy(_NO_WAIT_IF_BUSY) if self._open else self._client
            try:
                item = self._submit(self._waiting[0], client)
            except (RateLimitedError, ServerBusyError) as error:
                if self._open:
                    return
                if not (isinstance(error, ServerBusyError) and error.code == ErrorCode.STORAGE_FULL):
                    raise
                item = _Item(self._waiting[0], error=str(error))  # there may be room for a smaller file
            self._waiting.popleft()
            self._open.append(item)

    def _submit(self, path: Path, client: Client) -> _Item:
        try:
            if path.is_dir():
                next(path.iterdir(), None)  # raises OSError if the folder cannot be read
                return _Item(path, error="this folder contains no supported files")
            return _Item(path, job_id=client.submit(path, self._options, password=self._password))
        except FileNotFoundError:
            return _Item(path, error="there is no such file")
        except OSError as error:
            return _Item(path, error=f"it cannot be read: {error.strerror}")
        except (AuthError, RateLimitedError):
            raise
        except ApiError as error:
            return _Item(path, error=str(error))

    def _finish(self, item: _Item) -> bool:
        """Wait for a file's job and write its result. Return False if all or a part of it is missing."""
        if item.job_id is None:
            self._report(item.path, item.error or "the server did not accept it")
            return False
        try:
            is_complete = self._write_when_done(item.path, item.job_id)
        except (AuthError, RateLimitedError):
            raise
        except NotFoundError:
            self._report(item.path, "its job was deleted before it finished")
            is_complete = False
        except ApiError as error:
            self._report(item.path, str(error))
            is_complete = False
        with contextlib.suppress(ClientError):  # otherwise it expires
            self._client.with_retry_policy(0).delete(item.job_id)
        item.job_id = None
        return is_complete

    def _write_when_done(self, path: Path, job_id: str) -> bool:
        job = self._wait_for(path, job_id)
        if job.error or job.status is not JobState.FINISHED:
            self._report(path, job.error or f"the job was {job.status}")
        for warning in job.warnings:
            self._report(path, f"warning: {warning}")
        if job.status is not JobState.FINISHED:
            return False
        try:
            self._write(path, job_id)
        except BrokenPipeError:
            raise
        except OSError as error:
            self._report(path, f"its result cannot be written: {error.strerror or error}")
            return False
        return not job.error

    def _wait_for(self, path: Path, job_id: str) -> JobView:
        """Wait for the job's end and report its pages meanwhile."""
        last_event_id: str | None = None
        while True:
            events = EventStream(
                self._client, job_id, last_event_id=last_event_id, retry_policy=self._client.retry_policy
            )
            for event in events:
                self._report_pages(path, event)
            job = self._client.job(job_id)
            if job.status.is_final:
                return job
            last_event_id = events.last_event_id

    def _report_pages(self, path: Path, event: Event) -> None:
        label = f"{self._written + 1} of {self._total}: {path.name}" if self._is_many else path.name
        self.on_pages(label, event.pages_done + event.pages_failed, event.page_count)

    def _write(self, source: Path, job_id: str) -> None:
        output = self._output
        path = output.path_for(source, is_many=self._is_many)
        choices = {"join_lines": output.join_lines, "omit_headers_footers": output.omit_headers_footers}
        if path is not None:
            self._client.save(job_id, output.form, path, pdf=output.pdf, **choices)
            return
        result = self._client.export(job_id, output.form, pdf=output.pdf, **choices)
        sys.stdout.buffer.write(output.frame(source, result, is_many=self._is_many))
        sys.stdout.buffer.flush()

    def _report(self, path: Path, error: str) -> None:
        self.on_message(f"ocrdesk: {path}: {error}")

    def _delete_open_jobs(self) -> None:
        """Delete the jobs that are still on the server, after Ctrl-C or a lost connection."""
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
    sys.stderr.write(text + "\n")


def _expand_folders(paths: list[Path]) -> list[Path]:
    """Replace each folder by the supported files in it and its subfolders, sorted by name."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += _supported_files(path) or [path]
        else:
            files.append(path)
    return files


def _supported_files(folder: Path) -> list[Path]:
    """Return the files of known types below a folder, sorted. Folders that vanish or cannot be read are passed over."""
    found = [Path(parent) / name for parent, _, names in os.walk(folder) for name in names]
    return sorted(file for file in found if file.suffix.lower() in SUFFIXES and file.is_file())


@contextlib.contextmanager
def show_progress(batch: Batch, *, quiet: bool) -> Iterator[None]:
    """Show a progress bar on stderr while the batch runs; without a terminal, only waits for the server."""
    if quiet:
        yield
        return
    batch.report_waits()
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("pages"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("Sending", total=None)

        def on_pages(label: str, done: int, total: int | None) -> None:
            progress.update(bar, description=label, completed=done, total=total)

        batch.on_pages = on_pages
        batch.on_message = lambda text: progress.console.print(text, markup=False, highlight=False)
        yield
