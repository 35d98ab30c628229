"""The command `ocr`: many files through a server, results in order, progress in pages."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

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
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.events import Event
from ocrdesk.contract.jobs import EngineName, JobOptions, JobView, RecognitionMode, ResultFormat
from ocrdesk.contract.languages import AUTO_LANGUAGE
from ocrdesk.contract.media_types import SUFFIXES
from ocrdesk.contract.page_ranges import PageRanges
from ocrdesk.contract.states import JobState
from ocrdesk.export.formats import FORMATS, MAY_LEAVE_OUT_FURNITURE

AHEAD = 32
"""Files that are with the server at a time: enough to keep any number of workers busy, and no more."""

_PATIENCE = RetryPolicy(busy_s=600.0, unavailable_s=120.0)
_POSTPONING = RetryPolicy(busy_s=0.0, unavailable_s=_PATIENCE.unavailable_s)
_SAID_FROM_S = 1.0
"""Shorter waits for the server are not worth a line."""
_JOINABLE = ("text", "md", "json")
"""What several results in one stream still make sense as."""


def parse_options(languages: str, engine: str, mode: str = RecognitionMode.AUTO, pages: str = "") -> JobOptions:
    """The job options of the command line. Raises ValueError with a sentence."""
    names = tuple(part for part in languages.replace(",", "+").split("+") if part)
    if not names:
        raise ValueError("-l needs at least one language, as eng or eng+deu, or auto")
    if AUTO_LANGUAGE in names and len(set(names)) > 1:
        raise ValueError(f"-l {AUTO_LANGUAGE} stands alone: it finds each page's languages among those installed")
    if engine not in set(EngineName):
        raise ValueError(f"there is no engine {engine!r}; engines are {', '.join(EngineName)}")
    if mode not in set(RecognitionMode):
        raise ValueError(f"there is no mode {mode!r}; modes are {', '.join(RecognitionMode)}")
    return JobOptions(
        languages=names,
        engine=EngineName(engine),
        mode=RecognitionMode(mode),
        pages=str(PageRanges.parse(pages)),
    )


@contextlib.contextmanager
def open_client(server: str | None, api_key: str | None, data_dir: Path | None) -> Iterator[Client]:
    """A client of the named server, or of this machine's backend, started if need be.

    Raises ServerAway, AuthError, LocalServerError.
    """
    if server:
        with Client(server if "://" in server else f"http://{server}", api_key, retry_policy=_PATIENCE) as client:
            client.capabilities()  # a wrong address or key is said before files are sent
            yield client
        return
    from ocrdesk.local.server.attach import attach

    with attach(data_dir) as attachment, attachment.client() as client:
        yield client


@dataclass(frozen=True, slots=True)
class Output:
    """Where results go, and as what: a file, a folder for one each, or stdout."""

    form: str = "text"
    path: Path | None = None
    join_lines: bool = False
    without_furniture: bool = False

    @classmethod
    def of(cls, form: str | None, path: Path | None, *, join_lines: bool, without_furniture: bool) -> Output:
        """As the command line has it: without a form, what the file's name ends with. Raises OutputError."""
        chosen = form or _form_of(path)
        if join_lines and chosen != ResultFormat.TEXT:
            raise OutputError(f"--join-lines goes with text, not with {chosen}")
        if without_furniture and chosen not in MAY_LEAVE_OUT_FURNITURE:
            raise OutputError(f"--without-furniture goes with {', '.join(MAY_LEAVE_OUT_FURNITURE)}, not with {chosen}")
        if chosen not in FORMATS:
            raise OutputError(f"this version cannot write {chosen}")
        return cls(chosen, path, join_lines, without_furniture)

    @property
    def suffix(self) -> str:
        return FORMATS[ResultFormat(self.form)].suffix

    def check(self, files: list[Path]) -> None:
        """Sees that the results of these files can be written, and makes a folder for many. Raises OutputError."""
        many = len(files) > 1
        if self.path is None:
            self._check_stdout(many=many)
        elif many or self.path.is_dir():
            self._make_folder(self.path)
        else:
            _check_writable(self.path)
            if self.form != "pdf" and any(_is_same(self.path, file) for file in files):
                raise OutputError(f"the output {self.path} is the file that is to be read")

    def _check_stdout(self, *, many: bool) -> None:
        if many and self.form not in _JOINABLE:
            raise OutputError(f"the {self.form} of several files cannot go into one stream; name a folder with -o DIR")
        if FORMATS[ResultFormat(self.form)].is_made_in_worker and sys.stdout.isatty():
            raise OutputError(f"{self.form} is not for a terminal; name a file with -o FILE{self.suffix}, or redirect")

    @staticmethod
    def _make_folder(path: Path) -> None:
        try:
            path.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=path).close()
        except OSError as error:
            what = "is no folder, which several files need" if isinstance(error, FileExistsError) else error.strerror
            raise OutputError(f"the output {path} cannot be written: {what}") from None


class OutputError(Exception):
    """Results cannot be written as they were asked for; said before anything is sent."""


def _form_of(path: Path | None) -> str:
    name = path.name.lower() if path and not path.is_dir() else ""
    fitting = [form for form, found in FORMATS.items() if name.endswith(found.suffix)]
    return str(max(fitting, key=lambda form: len(FORMATS[form].suffix), default=ResultFormat.TEXT))


def _check_writable(path: Path) -> None:
    """Leaves no empty file behind, should nothing come of it."""
    try:
        if path.exists():
            path.open("ab").close()
        else:
            probe = path.with_name(f".{path.name[:200]}.probe")
            probe.touch()
            probe.unlink()
    except OSError as error:
        raise OutputError(f"the output {path} cannot be written: {error.strerror}") from None


def _is_same(one: Path, other: Path) -> bool:
    with contextlib.suppress(OSError):
        return one.samefile(other)
    return False


@dataclass(slots=True)
class _Item:
    """A file on its way: with a job id once the server has it, with an error when it will not go."""

    path: Path
    job_id: str | None = None
    error: str | None = None


class Batch:
    """Sends files ahead, writes their results in the order given, and cleans up behind itself."""

    def __init__(self, client: Client, options: JobOptions, output: Output) -> None:
        self._client = client
        self._options = options
        self._output = output
        self._many = False
        self._total = 0
        self._written = 0
        self._waiting: deque[Path] = deque()
        self._open: deque[_Item] = deque()
        self.on_pages: Callable[[str, int, int | None], None] = lambda *_: None
        """Told the current file, its pages that are over, and how many it has when that is known."""
        self.on_message: Callable[[str], None] = _to_stderr

    def run(self, paths: list[Path]) -> int:
        """Recognises all; the number of files that failed. Raises ServerAway, AuthError, OutputError."""
        files = _expanded(paths)
        self._many = len(files) > 1
        self._total = len(files)
        self._output.check(files)
        self._check_form()
        self._waiting.extend(files)
        failed = 0
        try:
            while True:
                self._send_ahead()
                if not self._open:
                    return failed
                failed += not self._finish(self._open[0])
                self._open.popleft()
                self._written += 1
        finally:
            self._abandon()

    def say_waits(self) -> None:
        """Has each wait for the server told by `on_message`."""

        def on_wait(seconds: float, why: str) -> None:
            if seconds >= _SAID_FROM_S:
                self.on_message(f"ocrdesk: {why} Waiting {seconds:.0f} s.")

        self._client.on_wait = on_wait

    def _check_form(self) -> None:
        """Raises OutputError when the server does not know the format."""
        if self._output.form in (ResultFormat.TEXT, ResultFormat.JSON):
            return
        known = self._client.capabilities().formats
        if self._output.form not in known:
            raise OutputError(f"this server cannot make {self._output.form}; its formats are {', '.join(known)}")

    def _send_ahead(self) -> None:
        """As many as may be ahead; where the server takes no more now, what it has is finished first."""
        while self._waiting and len(self._open) < AHEAD:
            client = self._client.with_retry_policy(_POSTPONING) if self._open else self._client
            try:
                item = self._submit(self._waiting[0], client)
            except (RateLimitedError, ServerBusyError) as error:
                if self._open:
                    return
                if not (isinstance(error, ServerBusyError) and error.code == ErrorCode.STORAGE_FULL):
                    raise
                item = _Item(self._waiting[0], error=str(error))  # a smaller file may find room
            self._waiting.popleft()
            self._open.append(item)

    def _submit(self, path: Path, client: Client) -> _Item:
        try:
            if path.is_dir():
                next(path.iterdir(), None)  # raises when it may not be looked into
                return _Item(path, error="there are no files of a known type in this folder")
            return _Item(path, job_id=client.submit(path, self._options))
        except FileNotFoundError:
            return _Item(path, error="there is no such file")
        except OSError as error:
            return _Item(path, error=f"it cannot be read: {error.strerror}")
        except (AuthError, RateLimitedError):
            raise
        except ApiError as error:
            return _Item(path, error=str(error))

    def _finish(self, item: _Item) -> bool:
        """Waits for a file's job and writes what it gave. False when it gave nothing, or not all."""
        if item.job_id is None:
            self._complain(item.path, item.error or "it was not taken")
            return False
        try:
            is_whole = self._written_whole(item.path, item.job_id)
        except (AuthError, RateLimitedError):
            raise
        except NotFoundError:
            self._complain(item.path, "its job was deleted before it was done")
            is_whole = False
        except ApiError as error:
            self._complain(item.path, str(error))
            is_whole = False
        with contextlib.suppress(ClientError):  # it expires by itself
            self._client.with_retry_policy(0).delete(item.job_id)
        item.job_id = None
        return is_whole

    def _written_whole(self, path: Path, job_id: str) -> bool:
        job = self._awaited(path, job_id)
        if job.error or job.status is not JobState.FINISHED:
            self._complain(path, job.error or f"the job was {job.status}")
        if job.status is not JobState.FINISHED:
            return False
        try:
            self._write(path, job_id)
        except BrokenPipeError:
            raise
        except OSError as error:
            self._complain(path, f"its result cannot be written: {error.strerror or error}")
            return False
        return not job.error

    def _awaited(self, path: Path, job_id: str) -> JobView:
        """The job once it is over, its pages told as they come in."""
        last_event_id: str | None = None
        while True:
            follower = EventStream(
                self._client, job_id, last_event_id=last_event_id, retry_policy=self._client.retry_policy
            )
            for event in follower:
                self._tell(path, event)
            job = self._client.job(job_id)
            if job.status.is_final:
                return job
            last_event_id = follower.last_event_id

    def _tell(self, path: Path, event: Event) -> None:
        label = f"{self._written + 1} of {self._total}: {path.name}" if self._many else path.name
        self.on_pages(label, event.pages_done + event.pages_failed, event.page_count)

    def _write(self, path: Path, job_id: str) -> None:
        form, out = self._output.form, self._output.path
        choices = {"join_lines": self._output.join_lines, "without_furniture": self._output.without_furniture}
        if out is None:
            data = self._client.export(job_id, form, **choices)
            sys.stdout.buffer.write(self._framed(path, data))
            sys.stdout.buffer.flush()
            return
        if self._many or out.is_dir():
            out = _free_name(out / (path.name + self._output.suffix))
        self._client.save(job_id, form, out, **choices)

    def _framed(self, path: Path, data: bytes) -> bytes:
        """A result as it stands among others on stdout: JSON a line each, texts under their files' names."""
        if self._output.form == ResultFormat.JSON:
            return data + b"\n"
        return f"==> {path} <==\n".encode() + data + b"\n" if self._many else data

    def _complain(self, path: Path, error: str) -> None:
        self.on_message(f"ocrdesk: {path}: {error}")

    def _abandon(self) -> None:
        """Takes back what is still with the server, after Ctrl-C or a lost connection."""
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


def _expanded(paths: list[Path]) -> list[Path]:
    """Files as given, folders as the files of known types in them, whole trees, in order of name."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*") if file.suffix.lower() in SUFFIXES and file.is_file())
            files += inside or [path]
        else:
            files.append(path)
    return files


def _free_name(path: Path) -> Path:
    """The path, or one beside it that is free: two folders may hold files of one name."""
    candidate, number = path, 1
    while candidate.exists():
        number += 1
        candidate = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return candidate


@contextlib.contextmanager
def show_progress(batch: Batch, *, quiet: bool) -> Iterator[None]:
    """A bar of pages on stderr while the batch runs; only waits for the server where stderr is no terminal."""
    if quiet:
        yield
        return
    batch.say_waits()
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
