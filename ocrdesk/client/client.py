"""`Client`: one method per API call."""

from __future__ import annotations

import math
import uuid
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import httpx2
from pydantic import Field

from ocrdesk.client.api_keys import KeyCalls
from ocrdesk.client.atomic_file import atomic_write
from ocrdesk.client.errors import (
    ClientError,
    IdempotencyConflictError,
    NotFoundError,
    NotReadyError,
    ServerUnavailableError,
)
from ocrdesk.client.page_stream import job_failed_error, pages_in_order
from ocrdesk.client.retry import RetryPolicy
from ocrdesk.client.transport import HttpTransport
from ocrdesk.client.upload_source import File, OnSent, UploadSource, open_upload
from ocrdesk.client.webhooks import WebhookCalls
from ocrdesk.contract.capabilities import Capabilities, Health
from ocrdesk.contract.document import Document, Page, ToCheck
from ocrdesk.contract.jobs import (
    JobList,
    JobOptions,
    JobResult,
    JobView,
    ResultFormat,
    SubmitAnswer,
)
from ocrdesk.contract.pdf_options import PdfOptions
from ocrdesk.contract.states import JobState

_LONG_POLL_S = 25.0
_MAX_KEY_CHARACTERS = 255
MAKING_S = 300.0
"""The default time to wait for a file that a worker creates, in seconds."""
_R = TypeVar("_R")


class FetchedDocument(Document):
    """A Document with the `revision` it was fetched at. `correct` sends it, so that no other correction is lost."""

    revision: int | None = Field(default=None, exclude=True)


class Client(KeyCalls, WebhookCalls, HttpTransport):
    """A connection to one ocrdesk server. Threads may share it; close it, or use it in a `with` block.

    Every method raises a ClientError: ServerUnavailableError, InvalidRequestError, AuthError, NotFoundError, ...

    `retry_policy` says for how many seconds a call is retried while the server is unavailable or busy (failed
    connections, 429, 503); 0 means not at all, and a `RetryPolicy` sets the two apart. The pauses are as long as the
    server asks for, otherwise they grow; `on_wait(seconds, why)` is called before each. A request that may have had
    its effect is not sent again, unless a second time changes nothing. A server that never responded at its address
    is not retried. `close`, from any thread, ends every wait.
    """

    # ── the server ───────────────────────────────────────────────────────────────────────────────

    def health(self) -> Health:
        """Return the server's state, asked once. Raises ServerUnavailableError if Redis is not available."""
        return self._parse(Health, self._send("GET", "/health", is_short=True))

    def capabilities(self) -> Capabilities:
        """Return the engines, languages, formats and limits of the server."""
        return self._parse(Capabilities, self._call("GET", "/capabilities", is_short=True))

    # ── sending ──────────────────────────────────────────────────────────────────────────────────

    def submit(
        self,
        file: File,
        options: JobOptions | None = None,
        on_sent: OnSent | None = None,
        *,
        name: str | None = None,
        idempotency_key: str | None = None,
        webhook_url: str | None = None,
        webhook_secret: str | None = None,
        password: str | None = None,
    ) -> str:
        """Upload a file and return its job's id. `submit_file` does the same and returns more."""
        return self.submit_file(
            file,
            options,
            on_sent,
            name=name,
            idempotency_key=idempotency_key,
            webhook_url=webhook_url,
            webhook_secret=webhook_secret,
            password=password,
        ).job_id

    def submit_file(
        self,
        file: File,
        options: JobOptions | None = None,
        on_sent: OnSent | None = None,
        *,
        name: str | None = None,
        idempotency_key: str | None = None,
        webhook_url: str | None = None,
        webhook_secret: str | None = None,
        password: str | None = None,
    ) -> SubmitAnswer:
        """Upload a file (a path, or bytes or a binary file object with a `name`); return its id and place in the queue.

        A retry after a lost response never creates a second job: each call has an Idempotency-Key of its own, or
        the one given, which also makes a repeat in a later run safe. A file object is sent whole, from its
        start. `on_sent(sent, total)` is called with bytes. `webhook_url` is called when the job ends, signed with
        `webhook_secret` or with the one in the response. `password` opens a PDF that needs one; other files ignore it.
        Raises OSError for the file, ValueError for bytes without a name and for a key that no header can contain.
        """
        key = _new_key() if idempotency_key is None else _checked_key(idempotency_key)
        fields = _fields(options or JobOptions())
        if webhook_url:
            fields["webhook_url"] = webhook_url
        if webhook_secret:
            fields["webhook_secret"] = webhook_secret
        if password:
            fields["password"] = password
        with open_upload(file, name) as upload:
            try:
                return self._submit_upload(upload, fields, key, on_sent)
            except IdempotencyConflictError:
                if idempotency_key is not None:
                    raise
                # the file changed between two attempts: its new content is another upload
                return self._submit_upload(upload, fields, _new_key(), on_sent)

    def _submit_upload(
        self, upload: UploadSource, fields: dict[str, str], key: str, on_sent: OnSent | None
    ) -> SubmitAnswer:
        def once() -> httpx2.Response:
            with upload.open(on_sent) as source:
                files = {"file": (upload.name, source, "application/octet-stream")}
                return self._send("POST", "/ocr/submit", data=fields, files=files, headers={"Idempotency-Key": key})

        return self._parse(SubmitAnswer, self._retry(once))

    # ── results ──────────────────────────────────────────────────────────────────────────────────

    def result(self, job_id: str, wait_s: float = 0.0) -> JobResult:
        """Return the job's state, its text once finished, and its pages. Waits up to `wait_s` for its end."""
        params = {"wait": f"{wait_s:g}"} if wait_s else {}
        return self._parse(JobResult, self._call("GET", f"/ocr/result/{job_id}", params=params, timeout_s=wait_s + 30))

    def wait(self, job_id: str, timeout_s: float = math.inf) -> JobResult:
        """Return the result once the job has ended in any way, or its state after `timeout_s`."""
        clock = self._connections.clock
        deadline = clock.now() + timeout_s
        while True:
            result = self.result(job_id, wait_s=max(0.0, min(_LONG_POLL_S, deadline - clock.now())))
            if result.status.is_final or clock.now() >= deadline:
                return result

    def document(self, job_id: str) -> FetchedDocument:
        """Return the finished job's Document (pages, blocks, lines, words) with its revision. Raises NotReadyError."""
        answer = self._call("GET", f"/ocr/jobs/{job_id}/document")
        return self._parse(FetchedDocument, answer).model_copy(update={"revision": _revision(answer)})

    def correct(self, document: Document, *, if_revision: int | None = None, overwrite: bool = False) -> JobView:
        """Upload a corrected Document of the job that it names. Every format is made from it from then on.

        Its pages' blocks replace the recognised ones; pages that it omits stay. Raises RevisionConflictError if
        the result has changed since `if_revision`, by default the revision that the Document was fetched at;
        `overwrite` replaces it anyway.
        """
        if if_revision is None and isinstance(document, FetchedDocument):
            if_revision = document.revision
        headers = {"Content-Type": "application/json"}
        if if_revision is not None and not overwrite:
            headers["If-Match"] = f'"{if_revision}"'
        answer = self._call(
            "PUT",
            f"/ocr/jobs/{document.job_id}/document",
            content=document.model_dump_json().encode(),
            headers=headers,
            is_repeatable="If-Match" not in headers,
        )
        return self._parse(JobView, answer)

    def review(self, job_id: str) -> ToCheck:
        """Return how many words of the finished job a person should check, by page. Raises NotReadyError."""
        return self._get(ToCheck, f"/ocr/jobs/{job_id}/review")

    def page(self, job_id: str, number: int) -> Page:
        """Return a page that has ended (numbers start at 1), even if others have not. Raises NotReadyError."""
        return self._get(Page, f"/ocr/jobs/{job_id}/pages/{number}")

    def pages(self, job_id: str) -> Iterator[Page]:
        """Yield the job's pages in order, each as soon as it and those before it have ended.

        A page that could not be read has an `error` and no blocks. Raises JobFailedError after the last page
        when the job failed or was cancelled.
        """
        return pages_in_order(self, job_id)

    def page_image(self, job_id: str, number: int, *, width: int = 1600, wait_s: float = MAKING_S) -> bytes:
        """Return the page image, JPEG or PNG, upright, at least `width` pixels wide; boxes fit after scaling.

        Waits up to `wait_s` for a worker to render it. Raises NotReadyError, UploadGoneError, ExportError.
        """
        path, params = f"/ocr/jobs/{job_id}/pages/{number}/image", {"width": str(width)}
        return self._when_made(wait_s, lambda wait: self._call("GET", path, params=params | wait).content)

    def export(
        self,
        job_id: str,
        form: ResultFormat | str,
        *,
        join_lines: bool = False,
        omit_headers_footers: bool = False,
        wait_s: float = MAKING_S,
        without_furniture: bool = False,
        pdf: PdfOptions | None = None,
    ) -> bytes:
        """Return the job's result in one of the formats.

        Waits up to `wait_s` for the job's end, and for a file that a worker makes then (docx, odt, epub, xlsx, pdf).
        `join_lines`, for `text`: each paragraph on one line. `omit_headers_footers`, for the formats in
        `CAN_OMIT_HEADERS_FOOTERS`: no running headers, footers and page numbers; `without_furniture` is its deprecated
        name. `pdf`: what a searchable PDF is like.
        Raises NotReadyError, UploadGoneError, ExportError.
        """
        path, params = (
            f"/ocr/result/{job_id}",
            _export_params(form, join_lines, omit_headers_footers, without_furniture, pdf),
        )
        return self._when_made(wait_s, lambda wait: self._call("GET", path, params=params | wait).content)

    def save(
        self,
        job_id: str,
        form: ResultFormat | str,
        path: Path | str,
        *,
        join_lines: bool = False,
        omit_headers_footers: bool = False,
        wait_s: float = MAKING_S,
        without_furniture: bool = False,
        pdf: PdfOptions | None = None,
    ) -> None:
        """Write the result to a file in chunks, completely or not at all; otherwise as `export`. Raises OSError."""
        source, params = (
            f"/ocr/result/{job_id}",
            _export_params(form, join_lines, omit_headers_footers, without_furniture, pdf),
        )

        def once(wait: dict[str, str]) -> None:
            with self._stream(source, params=params | wait) as answer, atomic_write(Path(path)) as file:
                for chunk in answer.iter_bytes():
                    file.write(chunk)

        self._when_made(wait_s, lambda wait: self._retry(lambda: once(wait)))

    def _when_made(self, wait_s: float, ask: Callable[[dict[str, str]], _R]) -> _R:
        """Return what `ask` returns once the file exists. `ask` gets the parameter for the server's own wait."""
        loop = self.retry_loop(RetryPolicy(busy_s=wait_s, unavailable_s=0.0), self._connections.closed)
        loop.start()
        while True:
            try:
                return ask({"wait": f"{min(wait_s, _LONG_POLL_S):g}"})
            except NotReadyError as error:
                if error.retry_after_s is None:  # nothing is in progress: it would be the same later
                    raise
                self._pause(loop, error)

    # ── jobs ─────────────────────────────────────────────────────────────────────────────────────

    def jobs(self, limit: int = 100) -> tuple[JobView, ...]:
        """Return this key's newest jobs, newest first."""
        return self._get(JobList, "/ocr/jobs", params={"limit": str(limit)}).jobs

    def iter_jobs(
        self,
        *,
        status: Sequence[JobState] = (),
        name: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        page_size: int = 100,
    ) -> Iterator[JobView]:
        """Yield all of this key's jobs, newest first, fetched a page at a time.

        Only those in one of the states `status`, with `name` in their file's name, submitted at `since` or
        later and before `until` (times without a zone are UTC).
        """
        params: dict[str, str | Sequence[str]] = {"limit": str(page_size), "status": [state.value for state in status]}
        wanted = {"name": name, "since": since and since.isoformat(), "until": until and until.isoformat()}
        params |= {key: value for key, value in wanted.items() if value}
        while True:
            found = self._get(JobList, "/ocr/jobs", params=params)
            yield from found.jobs
            if found.next_cursor is None:
                return
            params["cursor"] = found.next_cursor

    def job(self, job_id: str) -> JobView:
        """Return one job without its text."""
        return self._get(JobView, f"/ocr/jobs/{job_id}")

    def cancel(self, job_id: str) -> JobView:
        """Stop a job; it stays in the list as cancelled. A job that has ended stays as it is."""
        return self._parse(JobView, self._call("POST", f"/ocr/jobs/{job_id}/cancel", is_repeatable=True))

    def retry(self, job_id: str, *, password: str | None = None) -> JobView:
        """Retry the pages that were not read of a job that has ended.

        `password` is for a PDF that could not be opened: `error_code` was `encrypted_pdf` or `wrong_password`.
        Raises NotReadyError while it is in progress, NothingToRetryError, UploadGoneError.
        """
        fields = {"password": password} if password else None
        return self._parse(JobView, self._call("POST", f"/ocr/jobs/{job_id}/retry", data=fields))

    def delete(self, job_id: str) -> None:
        """Stop a job and delete everything that the server has of it."""
        is_repeat = False

        def once() -> None:
            nonlocal is_repeat
            try:
                self._send("DELETE", f"/ocr/jobs/{job_id}")
            except NotFoundError:
                if not is_repeat:
                    raise
            except ServerUnavailableError as error:
                is_repeat = is_repeat or not error.is_undone  # only its response may have been lost
                raise

        self._retry(once)

    # ── all in one ───────────────────────────────────────────────────────────────────────────────

    def recognise(
        self,
        file: File,
        options: JobOptions | None = None,
        *,
        name: str | None = None,
        password: str | None = None,
    ) -> Document:
        """Upload a file, wait, and return its Document. Also raises JobFailedError."""
        job_id = self.submit(file, options, name=name, password=password)
        result = self.wait(job_id)
        if result.status is not JobState.FINISHED:
            raise job_failed_error(result)
        return self.document(job_id)

    def recognise_pages(
        self,
        file: File,
        options: JobOptions | None = None,
        *,
        name: str | None = None,
        password: str | None = None,
    ) -> Iterator[Page]:
        """Upload a file and yield its pages as `pages` does. Leaving before the last one cancels the job."""
        return self._own_pages(self.submit(file, options, name=name, password=password))

    def _own_pages(self, job_id: str) -> Iterator[Page]:
        try:
            yield from self.pages(job_id)
        except (GeneratorExit, KeyboardInterrupt):
            with suppress(ClientError):
                self.with_retry_policy(0).cancel(job_id)
            raise


def _new_key() -> str:
    return str(uuid.uuid4())


def _checked_key(key: str) -> str:
    if not (key.isascii() and key.isprintable() and 1 <= len(key.strip()) <= _MAX_KEY_CHARACTERS):
        raise ValueError(f"idempotency_key must be 1 to {_MAX_KEY_CHARACTERS} printable ASCII characters")
    return key.strip()


def _fields(options: JobOptions) -> dict[str, str]:
    """Return the form's fields that differ from the defaults, so that older servers accept what they know."""
    return {
        name: "+".join(value) if isinstance(value, tuple) else str(value).lower() if value is True else str(value)
        for name, value in options
        if value != JobOptions.model_fields[name].default
    }


def _export_params(
    form: ResultFormat | str,
    join_lines: bool,
    omit_headers_footers: bool,
    without_furniture: bool,
    pdf: PdfOptions | None,
) -> dict[str, str]:
    """Return the query: what differs from the defaults, so that older servers accept what they know.

    For one release the parameter `omit_headers_footers` is also sent by its old name, which older servers expect.
    """
    if without_furniture:
        warnings.warn("without_furniture is deprecated: use omit_headers_footers", DeprecationWarning, stacklevel=3)
        omit_headers_footers = True
    params = {"format": str(form)}
    if join_lines:
        params["join_lines"] = "true"
    if omit_headers_footers:
        params |= {"omit_headers_footers": "true", "without_furniture": "true"}
    return params | (pdf.query if pdf else {})


def _revision(answer: httpx2.Response) -> int | None:
    text = answer.headers.get("etag", "").removeprefix("W/").strip('"')
    return int(text) if text.isascii() and text.isdigit() else None
