"""The command `ocr`: many files through a server, results in order, progress in pages."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ocrdesk.client import ApiError, AuthError, Client, ClientError, NotFound
from ocrdesk.contract.jobs import EngineName, JobOptions, JobResult, RecognitionMode, ResultFormat
from ocrdesk.contract.media import SUFFIXES
from ocrdesk.contract.states import JobState
from ocrdesk.export.formats import FORMATS

AHEAD = 32
"""Files that are with the server at a time: enough to keep any number of workers busy, and no more."""

_POLL_S = 1.0


def parse_options(languages: str, engine: str, mode: str = RecognitionMode.AUTO) -> JobOptions:
    """The job options of the command line. Raises ValueError with a sentence."""
    names = tuple(part for part in languages.replace(",", "+").split("+") if part)
    if not names:
        raise ValueError("-l needs at least one language, as eng or eng+deu")
    if mode not in set(RecognitionMode):
        raise ValueError(f"there is no mode {mode!r}; modes are {', '.join(RecognitionMode)}")
    try:
        return JobOptions(languages=names, engine=EngineName(engine), mode=RecognitionMode(mode))
    except ValueError:
        raise ValueError(f"there is no engine {engine!r}; engines are {', '.join(EngineName)}") from None


@contextlib.contextmanager
def open_client(server: str | None, api_key: str | None, data_dir: Path | None) -> Iterator[Client]:
    """A client of the named server, or of this machine's backend, started if need be.

    Raises ServerAway, AuthError, LocalBackendError.
    """
    if server:
        with Client(server if "://" in server else f"http://{server}", api_key) as client:
            client.capabilities()  # a wrong address or key is said before files are sent
            yield client
        return
    from ocrdesk.local.attach import attach

    with attach(data_dir) as attachment, attachment.client() as client:
        yield client


@dataclass(slots=True)
class _Item:
    """A file on its way: with a job id once the server has it, with an error when it will not go."""

    path: Path
    job_id: str | None = None
    error: str | None = None


class OutputError(Exception):
    """Results cannot be written where they were asked for; said before anything is sent."""


def _check_output(out: Path, *, many: bool) -> None:
    """Makes the folder for many results; sees that one result's file can be made. Raises OutputError."""
    try:
        if many:
            out.mkdir(parents=True, exist_ok=True)
        elif not out.is_dir():
            with out.open("ab"):
                pass
    except OSError as error:
        what = "is no folder, which several files need" if isinstance(error, FileExistsError) else error.strerror
        raise OutputError(f"the output {out} cannot be written: {what}") from None


class Batch:
    """Sends files ahead, writes their results in the order given, and cleans up behind itself."""

    def __init__(self, client: Client, options: JobOptions, form: str, out: Path | None) -> None:
        self._client = client
        self._options = options
        self._form = ResultFormat(form)
        self._out = out
        self._many = False
        self._total = 0
        self._written = 0
        self._open: list[_Item] = []
        self.on_pages: Callable[[str, int, int | None], None] = lambda *_: None
        """Told the current file, its pages that are over, and how many it has when that is known."""
        self.on_message: Callable[[str], None] = _to_stderr

    def run(self, paths: list[Path]) -> int:
        """Recognises all; the number of files that failed. Raises ServerAway, AuthError."""
        files = _expanded(paths)
        self._many = len(files) > 1
        self._total = len(files)
        if self._out:
            _check_output(self._out, many=self._many)
        waiting = iter(files)
        failed = 0
        try:
            while True:
                while len(self._open) < AHEAD and (path := next(waiting, None)):
                    self._open.append(self._submit(path))
                if not self._open:
                    return failed
                failed += not self._finish(self._open[0])
                self._open.pop(0)
                self._written += 1
        finally:
            self._abandon()

    def _submit(self, path: Path) -> _Item:
        try:
            if path.is_dir():
                return _Item(path, error="there are no files of a known type in this folder")
            return _Item(path, job_id=self._client.submit(path, self._options))
        except FileNotFoundError:
            return _Item(path, error="there is no such file")
        except OSError as error:
            return _Item(path, error=f"it cannot be read: {error.strerror}")
        except AuthError:
            raise
        except ApiError as error:
            return _Item(path, error=str(error))

    def _finish(self, item: _Item) -> bool:
        """Waits for a file's job and writes what it gave. False when it gave nothing."""
        if item.job_id is None:
            self._complain(item.path, item.error or "it was not taken")
            return False
        result = self._await(item.path, item.job_id)
        if result.status is not JobState.FINISHED:
            self._complain(item.path, result.error or f"the job was {result.status}")
        else:
            if result.error:
                self._complain(item.path, result.error)
            try:
                self._write(item.path, item.job_id, result)
            except BrokenPipeError:
                raise
            except OSError as error:
                raise OutputError(f"the result of {item.path} cannot be written: {error.strerror}") from None
        with contextlib.suppress(ClientError):  # it expires by itself
            self._client.delete(item.job_id)
        item.job_id = None
        return result.status is JobState.FINISHED and not result.error

    def _await(self, path: Path, job_id: str) -> JobResult:
        while True:
            try:
                result = self._client.result(job_id, wait_s=_POLL_S)
            except NotFound:  # deleted by somebody else
                return JobResult(
                    status=JobState.CANCELLED, job_id=job_id, file_name=path.name, created_at=datetime.now(UTC)
                )
            self.on_pages(self._label(path), result.pages_done + result.pages_failed, result.page_count)
            if result.status.is_final:
                return result

    def _label(self, path: Path) -> str:
        return f"{self._written + 1} of {self._total}: {path.name}" if self._many else path.name

    def _write(self, path: Path, job_id: str, result: JobResult) -> None:
        if self._form is ResultFormat.TEXT:
            data = (result.text or "").encode()
        else:
            data = self._client.export(job_id, self._form)
            if self._form is ResultFormat.JSON:
                data += b"\n"
        if self._out is None:
            if self._many and self._form is ResultFormat.TEXT:
                data = f"==> {path} <==\n".encode() + data + b"\n"
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        elif self._many or self._out.is_dir():
            _free_name(self._out / (path.name + FORMATS[self._form].suffix)).write_bytes(data)
        else:
            self._out.write_bytes(data)

    def _complain(self, path: Path, error: str) -> None:
        self.on_message(f"ocrdesk: {path}: {error}")

    def _abandon(self) -> None:
        """Takes back what is still with the server, after Ctrl-C or a lost connection."""
        for item in self._open:
            if item.job_id:
                with contextlib.suppress(ClientError):
                    self._client.delete(item.job_id)


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
    """A bar of pages on stderr while the batch runs; nothing where stderr is no terminal."""
    if quiet or not sys.stderr.isatty():
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
