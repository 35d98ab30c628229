"""One server, its address and key: a method a call of the HTTP API."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import IO, Self, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from ocrdesk import __version__
from ocrdesk.client.auth import KeyCalls
from ocrdesk.client.errors import ClientError, JobFailed, ServerAway, api_error
from ocrdesk.contract.document import Document, Page
from ocrdesk.contract.errors import ErrorBody
from ocrdesk.contract.jobs import (
    Capabilities,
    Health,
    JobList,
    JobOptions,
    JobResult,
    JobView,
    ResultFormat,
    SubmitAnswer,
)
from ocrdesk.contract.states import JobState

API = "/api/v1"
_LONG_POLL_S = 25.0
_Answer = TypeVar("_Answer", bound=BaseModel)


class Client(KeyCalls):
    """A connection to one ocrdesk server. May be shared by threads; close it, or use it in a `with` block.

    Every method raises a ClientError: ServerAway, Rejected, AuthError, NotFound, ...
    """

    def __init__(self, base_url: str, api_key: str | None = None, *, api_key_header: str = "X-API-Key") -> None:
        self._key_header = api_key_header
        headers = {"User-Agent": f"ocrdesk/{__version__}"}
        if api_key:
            headers[api_key_header] = api_key
        self.base_url = base_url.rstrip("/")
        # trust_env: proxies for remote servers come from the environment, but never for this machine's own
        local = httpx.URL(self.base_url).host in ("127.0.0.1", "localhost", "::1")
        self._http = httpx.Client(
            base_url=self.base_url,
            headers=headers,
            timeout=httpx.Timeout(10.0, read=60.0, write=60.0),
            trust_env=not local,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def _use_key(self, key: str) -> None:
        self._http.headers[self._key_header] = key

    # ── the server ───────────────────────────────────────────────────────────────────────────────

    def health(self) -> Health:
        """The server's state; ServerAway when Redis is not there."""
        return self._get(Health, "/health")

    def capabilities(self) -> Capabilities:
        """Engines, languages, formats and limits of the server."""
        return self._get(Capabilities, "/capabilities")

    # ── jobs ─────────────────────────────────────────────────────────────────────────────────────

    def submit(
        self, path: Path, options: JobOptions | None = None, on_sent: Callable[[int, int], None] | None = None
    ) -> str:
        """Sends a file; its job's id. `on_sent(sent, total)` is told bytes. Raises OSError for the file."""
        options = options or JobOptions()
        with path.open("rb") as file:
            size = path.stat().st_size
            upload = _Counted(file, size, on_sent) if on_sent else file
            answer = self._call(
                "POST",
                "/ocr/submit",
                data={
                    "languages": "+".join(options.languages),
                    "engine": options.engine.value,
                    "mode": options.mode.value,
                },
                files={"file": (path.name, upload, "application/octet-stream")},
            )
        return self._parse(SubmitAnswer, answer).job_id

    def result(self, job_id: str, wait_s: float = 0.0) -> JobResult:
        """The job's state, its text once finished, and its pages. Waits on the server up to `wait_s` for the end."""
        params = {"wait": f"{wait_s:g}"} if wait_s else {}
        return self._get(JobResult, f"/ocr/result/{job_id}", params=params, timeout_s=wait_s + 30)

    def wait(self, job_id: str) -> JobResult:
        """The result once the job is over, however it ended."""
        while True:
            result = self.result(job_id, wait_s=_LONG_POLL_S)
            if result.status.is_final:
                return result

    def document(self, job_id: str) -> Document:
        """The finished job's Document: pages, blocks, lines, words with boxes."""
        return self._get(Document, f"/ocr/result/{job_id}", params={"format": ResultFormat.JSON.value})

    def export(self, job_id: str, form: ResultFormat) -> bytes:
        """The finished job's result in one of the formats, as the server made it."""
        return self._call("GET", f"/ocr/result/{job_id}", params={"format": form.value}).content

    def page(self, job_id: str, number: int) -> Page:
        """One finished page (numbers count from 1), also while others are still being read."""
        return self._get(Page, f"/ocr/jobs/{job_id}/pages/{number}")

    def jobs(self, limit: int = 100) -> tuple[JobView, ...]:
        """This key's newest jobs, newest first."""
        return self._get(JobList, "/ocr/jobs", params={"limit": str(limit)}).jobs

    def job(self, job_id: str) -> JobView:
        """One job without its text."""
        return self._get(JobView, f"/ocr/jobs/{job_id}")

    def cancel(self, job_id: str) -> JobView:
        """Stops a job; it stays in the list as cancelled. A job that is over stays as it is."""
        return self._parse(JobView, self._call("POST", f"/ocr/jobs/{job_id}/cancel"))

    def delete(self, job_id: str) -> None:
        """Stops a job and removes everything the server has of it."""
        self._call("DELETE", f"/ocr/jobs/{job_id}")

    def recognise(self, path: Path, options: JobOptions | None = None) -> Document:
        """The whole way: sends a file, waits, and answers its Document. Raises JobFailed too."""
        job_id = self.submit(path, options)
        result = self.wait(job_id)
        if result.status is not JobState.FINISHED:
            raise JobFailed(result.error or f"the job was {result.status}", result.error_code)
        return self.document(job_id)

    # ── the one place that talks HTTP ────────────────────────────────────────────────────────────

    def open_stream(self, path: str, headers: dict[str, str]) -> AbstractContextManager[httpx.Response]:
        """An unread answer whose bytes come as the server sends them; for `Follower`."""
        return self._http.stream("GET", API + path, headers=headers, timeout=httpx.Timeout(10.0, read=45.0))

    def _get(
        self,
        kind: type[_Answer],
        path: str,
        *,
        params: dict[str, str] | None = None,
        timeout_s: float | None = None,
    ) -> _Answer:
        return self._parse(kind, self._call("GET", path, params=params, timeout_s=timeout_s))

    def _call(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, str] | None = None,
        data: dict[str, str] | None = None,
        files: dict[str, tuple[str, IO[bytes] | _Counted, str]] | None = None,
        body: dict[str, object] | None = None,
        timeout_s: float | None = None,
    ) -> httpx.Response:
        timeout = httpx.Timeout(10.0, read=timeout_s, write=60.0) if timeout_s else httpx.USE_CLIENT_DEFAULT
        try:
            answer = self._http.request(
                method,
                API + path,
                params=params,
                data=data,
                files=files,  # type: ignore[arg-type]  # httpx reads any object with read()
                json=body,
                timeout=timeout,
            )
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise away(self.base_url, error) from error
        if answer.status_code >= 400:
            raise api_error(answer.status_code, error_body(answer))
        return answer

    def _parse(self, kind: type[_Answer], answer: httpx.Response) -> _Answer:
        try:
            return kind.model_validate_json(answer.content)
        except ValidationError as error:
            raise ClientError(
                f"{self.base_url} answered with something that is no {kind.__name__}. Is this an ocrdesk server?"
            ) from error


class _Counted:
    """A file that tells how much of it was read. httpx asks it for its size by seeking."""

    def __init__(self, file: IO[bytes], size: int, on_sent: Callable[[int, int], None]) -> None:
        self._file, self._size, self._on_sent = file, size, on_sent
        self._sent = 0

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._sent += len(data)
        self._on_sent(self._sent, self._size)
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def fileno(self) -> int:
        return self._file.fileno()

    def __iter__(self) -> Iterator[bytes]:
        while data := self.read(65_536):
            yield data


def away(base_url: str, error: Exception) -> ServerAway:
    """ServerAway with a sentence that says what kind of silence it is."""
    if isinstance(error, httpx.TimeoutException):
        return ServerAway(f"{base_url} did not answer in time.")
    if isinstance(error, httpx.ConnectError):
        return ServerAway(f"No server answers at {base_url}. Is the address right, and is it running?")
    return ServerAway(f"The connection to {base_url} broke off ({type(error).__name__}).")


def error_body(answer: httpx.Response) -> ErrorBody:
    """The error body of an answer, or one made for an answer that is not ours (a proxy's, say)."""
    try:
        return ErrorBody.model_validate(json.loads(answer.content))
    except ValueError:
        return ErrorBody(
            error=answer.reason_phrase or "Error",
            detail=f"The server answered {answer.status_code} {answer.reason_phrase}".rstrip() + ".",
            code="http_error",
        )
