"""The outer half of a job's work on a file: starts the confined process that opens it, and checks its answers."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Self, TypeVar

from pydantic import BaseModel, ValidationError

from ocrdesk.backend.records import JobRecord
from ocrdesk.backend.storage.blob_store import LOCKED_UPLOAD, LOCKED_UPLOAD_KEY, UPLOAD
from ocrdesk.contract.document import Page, Source
from ocrdesk_worker import errors
from ocrdesk_worker.jobs import file_answers
from ocrdesk_worker.jobs.context import Context
from ocrdesk_worker.jobs.file_answers import AnswerRefusedError
from ocrdesk_worker.jobs.file_service import MADE, PROTECTED, ConfinedWork
from ocrdesk_worker.jobs.typed_errors import retry_while_disk_full
from ocrdesk_worker.sandbox.confined_process import ConfinedProcess, InvalidAnswerError
from ocrdesk_worker.sandbox.confinement import Access
from ocrdesk_worker.sandbox.frames import Frame, Kind

_PROGRAMS = ("pdfinfo", "pdftoppm", "pdftocairo", "tesseract")
_MORE_THAN_UPLOAD = 512 << 20
_TIMES_UPLOAD = 4
"""A file that is made has at most so many times the upload's size, and these bytes more."""
_LARGEST_FILES = 2
"""A scratch folder has room for so many files of that size, beside the upload and its protected original."""
_SMALL_ANSWER = 4 << 20

T = TypeVar("T", bound=BaseModel)
Pages = Callable[[], Iterable[bytes]]
"""Returns pages as JSON, from the first one each time."""


class OpenedFile:
    """A job's file in a confined process. A context manager: process and scratch folder end with the block.

    All methods raise ProcessingError, as the confined process reports it, or because its answer cannot be ours, and
    ConfinedProcessDiedError.
    """

    def __init__(
        self, context: Context, job: JobRecord, *, avoid_pdfium: bool = False, needs_upload: bool = True
    ) -> None:
        """`avoid_pdfium`: the previous attempt ended the process. `needs_upload`: or the pages are enough."""
        self._context, self._job = context, job
        self.avoids_pdfium, self._needs_upload = avoid_pdfium, needs_upload
        self._largest_file = _largest_file(job)
        self._process: ConfinedProcess | None = None
        self._scratch: Path | None = None
        self._upload: Path | None = None
        self._locked: Path | None = None
        self._closing = contextlib.ExitStack()
        self._files = contextlib.ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process and remove what it wrote. The next question opens the file again, as it is then."""
        self._end_process()
        with contextlib.suppress(RecursionError):  # folders may be thousands of levels deep
            self._closing.close()
        self._files.close()
        self._scratch = self._upload = self._locked = None

    # ── reading ──────────────────────────────────────────────────────────────────────────────────

    def page_count(self) -> int:
        return self._ask("open", file_answers.Opened).page_count

    def features(self) -> file_answers.Features:
        """Return what a PDF is beside its pages."""
        return self._ask("features", file_answers.Features)

    def check_options(self, first_page: int) -> None:
        """Fail on an unknown language or engine, unless the first page can be read without."""
        self._ask("check_options", file_answers.Nothing, page=first_page)

    def read(self, number: int) -> Page:
        """Read a page, from 1."""
        frame = self._frame({"do": "read", "page": number})
        if frame.kind is not Kind.PAGE:
            raise self._refuse("it sent no page")
        return self._page(frame, number)

    def read_quickly(self, number: int) -> Page | None:
        """Read a page that needs no engine; None if it needs one."""
        frame = self._frame({"do": "read_quickly", "page": number})
        return self._page(frame, number) if frame.kind is Kind.PAGE else None

    def processor_s(self) -> float:
        """Return the processor time that was needed for the file so far, here and in the process that has it open."""
        return time.process_time() + (self._process.processor_s() if self._process else 0.0)

    # ── making files ─────────────────────────────────────────────────────────────────────────────

    def unlock(self, password: str) -> file_answers.Unlocked:
        """Write a copy that opens without the password; `made_file` and `protected_file` return the files."""
        return self._ask("unlock", file_answers.Unlocked, password=password)

    def append_attachments(self, key: bytes | None) -> file_answers.Appended:
        """Append attached files' pages, with the key to the protected upload; `made_file` returns the file."""
        return self._ask("append", file_answers.Appended, key=key.hex() if key else None)

    def make(self, name: str, pages: Pages) -> str:
        """Make the export of that name; return its media type. `made_file` returns the file."""
        key = None
        if self._needs_upload and self._context.blobs.exists(self._job.job_id, LOCKED_UPLOAD_KEY):
            key = self._context.blobs.read(self._job.job_id, LOCKED_UPLOAD_KEY).hex()
        return self._ask("make", file_answers.Made, data=pages, name=name, key=key).media_type

    def made_file(self) -> Path:
        """Return the file that was asked for, after the process has ended."""
        return self._written(MADE)

    def protected_file(self) -> Path:
        """Return the protected original of an unlocked PDF, after the process has ended."""
        return self._written(PROTECTED)

    def upload_path(self) -> Path:
        """Return the path of the file itself."""
        return self._files.enter_context(
            self._context.blobs.local_file(self._job.job_id, UPLOAD, self._context.scratch)
        )

    def _written(self, name: str) -> Path:
        self._end_process()
        if self._scratch is None:
            raise self._refuse("it has no folder")
        try:
            return file_answers.checked_file(self._scratch / name, self._largest_file)
        except AnswerRefusedError as error:
            raise self._refuse(str(error)) from None

    # ── the process ──────────────────────────────────────────────────────────────────────────────

    def _ask(self, what: str, kind: type[T], *, data: Pages | None = None, **fields: Any) -> T:
        frame = self._frame({"do": what, **fields}, data)
        if frame.kind is not Kind.ANSWER or len(frame.body) > _SMALL_ANSWER:
            raise self._refuse("it sent another kind of answer")
        try:
            return kind.model_validate_json(frame.body)
        except (ValidationError, RecursionError):
            raise self._refuse("the answer has other fields") from None

    def _page(self, frame: Frame, number: int) -> Page:
        try:
            return file_answers.checked_page(frame.body, number, {Source.TEXT_LAYER, *self._context.engines.names()})
        except AnswerRefusedError as error:
            raise self._refuse(str(error)) from None

    def _frame(self, request: dict[str, Any], data: Pages | None = None) -> Frame:
        """Return the answer to a request; start the process if it does not run yet.

        Raises ProcessingError, and StorageUnavailableError.
        """
        process = self._process
        if process is None:
            process = self._start(may_run_programs=self._context.engines.runs_programs(self._job.options.engine))
        try:
            frame = process.ask(request, data() if data else None)
            if frame.kind is Kind.NEEDS_PROGRAMS:
                process.close()
                process = self._start(may_run_programs=True)
                frame = process.ask(request, data() if data else None)
        except InvalidAnswerError:
            raise errors.internal() from None
        if frame.kind is Kind.PROBLEM:
            self._context.blobs.check()  # a file that cannot be read is not damaged while its folder is away
            try:
                problem = file_answers.checked_problem(frame.body)
            except AnswerRefusedError as error:
                raise self._refuse(str(error)) from None
            raise problem
        return frame

    def _start(self, *, may_run_programs: bool) -> ConfinedProcess:
        scratch = self._scratch or retry_while_disk_full(self._get_files)
        work = ConfinedWork(
            self._context, self._job, scratch, self._upload, self._locked, self.avoids_pdfium, may_run_programs
        )
        found = (shutil.which(name) for name in _PROGRAMS) if may_run_programs else ()
        data = self._context.engines.data
        access = Access(
            scratch,
            (*(path for path in (self._upload, self._locked) if path), *data.readable_paths()),
            tuple(Path(name).resolve() for name in found if name) if may_run_programs else (),
            self._largest_file,
        )
        self._process = ConfinedProcess(work.serve, access)
        return self._process

    def _get_files(self) -> Path:
        """Make the scratch folder and get the file, or leave nothing of both; return the folder."""
        blobs, job_id, scratch = self._context.blobs, self._job.job_id, self._context.scratch
        try:
            folder = tempfile.mkdtemp(dir=scratch, prefix="ocrdesk-")
            self._closing.callback(shutil.rmtree, folder, ignore_errors=True)  # the worker removes what resists
            if self._needs_upload:
                self._upload = self.upload_path().resolve()
                if blobs.exists(job_id, LOCKED_UPLOAD_KEY):
                    local = blobs.local_file(job_id, LOCKED_UPLOAD, scratch)
                    self._locked = self._files.enter_context(local).resolve()
        except BaseException:
            self.close()
            raise
        self._scratch = Path(folder).resolve()
        return self._scratch

    def _end_process(self) -> None:
        if self._process is not None:
            self._process.close()
            self._process = None

    def _refuse(self, reason: str) -> errors.ProcessingError:
        """End the process because of its answer; return the error that the file's sender gets."""
        if self._process is not None:
            self._process.invalid(reason)
            self._process = None
        return errors.internal()


def _largest_file(job: JobRecord) -> int:
    return _TIMES_UPLOAD * job.size_bytes + _MORE_THAN_UPLOAD


def largest_scratch(job: JobRecord) -> int:
    """Return how many bytes the temporary files of a task of this job may have."""
    return _LARGEST_FILES * (_largest_file(job) + job.size_bytes)
