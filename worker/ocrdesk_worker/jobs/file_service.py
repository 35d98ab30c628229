"""The inner half of a job's work, in the confined process: opens the file, reads its pages, makes files of it.

It has no connection: what it needs comes with a request, and files that it makes stay in the scratch folder. What only
PDFs need is imported where it is used; `processes.warm_up` names it too.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ocrdesk.backend.records import JobRecord
from ocrdesk.backend.storage.blob_store import BlobMissingError
from ocrdesk.contract.document import DocumentHead, Page
from ocrdesk.contract.jobs import RecognitionMode, ResultFormat
from ocrdesk.contract.media_types import MediaType
from ocrdesk.contract.pdf_options import PDF_DEFAULTS, PdfOptions
from ocrdesk.export.formats import FORMATS
from ocrdesk.export.package_names import PackageExport
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.jobs.context import Context
from ocrdesk_worker.jobs.typed_errors import typed_errors
from ocrdesk_worker.pipeline.page import read_own_text, read_page
from ocrdesk_worker.pipeline.page_image import write_page_image
from ocrdesk_worker.render.open_file import open_source
from ocrdesk_worker.sandbox.confined_process import Channel
from ocrdesk_worker.sandbox.frames import Kind
from ocrdesk_worker.sandbox.programs import ProgramsNeededError, refuse

if TYPE_CHECKING:
    from ocrdesk_worker.engines.interface import Engine
    from ocrdesk_worker.render.page_source import PageSource

MADE: Final = "made"
"""The file in the scratch folder that a request asked for."""
PROTECTED: Final = "protected.pdf"
"""The file that an unlocked PDF's protected original became, if it did not stay as it was."""

_Answer = tuple[Kind, bytes]
_Data = Callable[[], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class ConfinedWork:
    """What a confined process works on. `upload` is None for work that needs no file."""

    context: Context
    job: JobRecord
    scratch: Path
    upload: Path | None
    locked: Path | None
    avoid_pdfium: bool
    may_run_programs: bool

    def serve(self, channel: Channel) -> None:
        """Answer requests until there are no more."""
        if not self.may_run_programs:
            refuse()
        service = _FileService(self)
        while (request := channel.next_request()) is not None:
            channel.answer(*service.answer(request, channel.data))


class _FileService:
    """Answers requests. Each names what to `do`, one of the methods below."""

    def __init__(self, work: ConfinedWork) -> None:
        self._work = work
        self._context, self._job = work.context, work.job
        self._actions: dict[str, Callable[[dict[str, Any], _Data], _Answer]] = {
            "open": self._open,
            "features": self._features,
            "check_options": self._check_options,
            "read": self._read,
            "read_quickly": self._read_quickly,
            "unlock": self._unlock,
            "append": self._append,
            "make": self._make,
        }

    def answer(self, request: dict[str, Any], data: _Data) -> _Answer:
        try:
            with typed_errors(self._context):
                return self._actions[request["do"]](request, data)
        except ProcessingError as error:
            return Kind.PROBLEM, error.info.model_dump_json().encode()
        except ProgramsNeededError:
            return Kind.NEEDS_PROGRAMS, b""

    @property
    def _upload(self) -> Path:
        if self._work.upload is None:
            raise BlobMissingError(self._job.job_id)
        return self._work.upload

    @cached_property
    def _source(self) -> PageSource:
        try:
            return open_source(
                self._upload,
                MediaType(self._job.media_type),
                avoid_pdfium=self._work.avoid_pdfium,
                known_pages=self._job.file_pages,
            )
        except FileNotFoundError:
            if self._upload.exists():
                raise
            raise BlobMissingError(self._job.job_id) from None  # its job was just deleted

    def _open(self, request: dict[str, Any], data: _Data) -> _Answer:  # noqa: ARG002
        return _answer(page_count=self._source.page_count)

    def _features(self, request: dict[str, Any], data: _Data) -> _Answer:  # noqa: ARG002
        from ocrdesk_worker.render.pdf_features import read_features

        self._source.page_count  # noqa: B018 # opens the file: one with too many pages ends here
        return _answer(**asdict(read_features(self._upload)))

    # ── reading ──────────────────────────────────────────────────────────────────────────────────

    def _check_options(self, request: dict[str, Any], data: _Data) -> _Answer:  # noqa: ARG002
        """Fail early on an unknown language or engine, unless the first page can be read without."""
        options = self._job.options
        if options.mode is not RecognitionMode.TEXT_LAYER_ONLY:
            try:
                self._context.engines.choose(options.engine, options.languages)
            except ProcessingError:
                if read_own_text(self._source, request["page"], options.mode)[0] is None:
                    raise
        return _answer()

    def _read(self, request: dict[str, Any], data: _Data) -> _Answer:  # noqa: ARG002
        options, engines = self._job.options, self._context.engines

        def engine() -> Engine:
            return engines.choose(options.engine, options.languages, self._job.limits.page_timeout_s)

        pick = engines.picker(options.languages)
        return _page(read_page(self._source, request["page"], engine, pick, options.mode))

    def _read_quickly(self, request: dict[str, Any], data: _Data) -> _Answer:  # noqa: ARG002
        page, _ = read_own_text(self._source, request["page"], self._job.options.mode)
        return _page(page) if page else _answer()

    # ── making files ─────────────────────────────────────────────────────────────────────────────

    def _unlock(self, request: dict[str, Any], data: _Data) -> _Answer:  # noqa: ARG002
        from ocrdesk_worker.render.locked_pdf import unlock

        unlocked = unlock(self._upload, request["password"], self._work.scratch)
        if unlocked is None:
            return _answer(key=None)
        unlocked.copy.rename(self._work.scratch / MADE)
        return _answer(key=unlocked.key.hex(), keeps_original=unlocked.protected == self._upload)

    def _append(self, request: dict[str, Any], data: _Data) -> _Answer:  # noqa: ARG002
        import pikepdf

        from ocrdesk_worker.searchable_pdf.attached_files import append_attachments, unreadable_attachments
        from ocrdesk_worker.searchable_pdf.protection import save_pdf

        path = self._work.locked if request["key"] else self._upload
        if path is None:
            raise BlobMissingError(self._job.job_id)
        with (
            contextlib.ExitStack() as closing,
            pikepdf.open(
                path, password=request["key"] or "", hex_password=bool(request["key"]), suppress_warnings=True
            ) as pdf,
        ):
            is_changed = append_attachments(pdf, self._work.scratch, closing)
            if is_changed:
                save_pdf(pdf, self._work.scratch / MADE, PDF_DEFAULTS)
            return _answer(is_changed=is_changed, unread=unreadable_attachments(pdf) or ())

    def _make(self, request: dict[str, Any], data: _Data) -> _Answer:
        """Make the export of a name; its pages come as data."""
        name, path = request["name"], self._work.scratch / MADE
        pages = (Page.model_validate_json(body) for body in data())
        if package := PackageExport.from_name(name):
            kept = (page.omit_headers_footers() for page in pages) if package.omits_headers_footers else pages
            media_type = self._write_package(package.form, kept, path)
        elif options := PdfOptions.from_export_name(name):
            media_type = self._write_pdf(options, request["key"], pages, path)
        else:
            _, number, width = name.split("_")
            media_type = write_page_image(self._source, next(pages, None), int(number), int(width), path)
        return _answer(media_type=media_type)

    def _write_package(self, form: ResultFormat, pages: Iterator[Page], path: Path) -> str:
        writer = import_module(f"ocrdesk.export.packages.{form}")  # takes longer to import than most tasks last
        job = self._job
        with path.open("wb") as out:
            writer.write(
                DocumentHead(job_id=job.job_id, file_name=job.file_name, media_type=job.media_type), pages, out
            )
        return FORMATS[form].media_type

    def _write_pdf(self, options: PdfOptions, key: str | None, pages: Iterator[Page], path: Path) -> str:
        from ocrdesk_worker.searchable_pdf.protection import LockedOriginal
        from ocrdesk_worker.searchable_pdf.writer import write_searchable_pdf

        locked = self._work.locked
        write_searchable_pdf(
            self._upload,
            MediaType(self._job.media_type),
            pages,
            path,
            options=options,
            original=LockedOriginal(locked, bytes.fromhex(key)) if locked and key else None,
            avoid_pdfium=self._work.avoid_pdfium,
        )
        return FORMATS[ResultFormat.PDF].media_type


def _answer(**fields: object) -> _Answer:
    return Kind.ANSWER, json.dumps(fields).encode()


def _page(page: Page) -> _Answer:
    return Kind.PAGE, page.model_dump_json().encode()
