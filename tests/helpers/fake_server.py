"""A fake server: the HTTP API over the jobs that a test gives it; it fails on demand."""

from __future__ import annotations

import contextlib
import io
import json
import re
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from urllib.parse import parse_qs, urlsplit

from PIL import Image
from pydantic import BaseModel

from ocrdesk.contract.capabilities import Capabilities, Health
from ocrdesk.contract.document import Block, Box, Document, Line, Page, PageToCheck, Source, ToCheck, Word
from ocrdesk.contract.errors import ErrorCode, ErrorInfo
from ocrdesk.contract.events import Event, EventType
from ocrdesk.contract.jobs import JobList, JobResult, JobView, PageStatus, SubmitAnswer
from ocrdesk.contract.states import JobState, PageState
from ocrdesk.export.text import join_pages, page_text
from ocrdesk.export.words_to_check import count_doubtful


def make_page(number: int, text: str, error: str | None = None) -> Page:
    """Return a page with this text: empty lines separate blocks, and all boxes are equal."""
    if error:
        info = ErrorInfo(code=ErrorCode.TIMEOUT, message=error)
        return Page(number=number, status=PageState.TIMEOUT, error=info)
    box = Box(0, 0, 10, 10)
    blocks = []
    for part in text.split("\n\n"):
        lines = [
            Line(
                box=box,
                words=tuple(Word(text=w, box=box, confidence=0.9, source=Source.TESSERACT) for w in line.split()),
            )
            for line in part.splitlines()
            if line.strip()
        ]
        if lines:
            blocks.append(Block(box=box, lines=tuple(lines)))
    return Page(number=number, width=10, height=10, dpi=300, blocks=tuple(blocks))


class FakeServer:
    """`put` adds jobs; `break_off` cuts every stream and refuses calls until `mend`."""

    def __init__(self) -> None:
        self.jobs: dict[str, JobView] = {}
        self.pages: dict[str, dict[int, Page]] = {}
        self.submitted: list[str] = []
        self.forms: list[bytes] = []
        """The bodies of all uploads."""
        self.gate: threading.Event | None = None
        """An event that the responses to uploads wait for, if set."""
        self.deleted: list[str] = []
        self.drawn: list[int] = []
        """The numbers of the pages whose image was requested."""
        self.corrected: list[int] = []
        """How many pages each correction had."""
        self.refused_corrections = 0
        self.retried: list[str] = []
        self.keeps_no_uploads = False
        self.capabilities: Capabilities | None = None
        self.result_gate: threading.Event | None = None
        """An event that the responses with exported results wait for, if set."""
        self.result_asked = threading.Event()
        """Set when an exported result was requested."""
        self.passwords: list[str] = []
        """The passwords that came with retries."""
        self.refusal: tuple[int, dict[str, object]] | None = None
        """The response to every upload, if set: a status and an error body."""
        self.picture_refusal: tuple[int, dict[str, object]] | None = None
        """The response to requests for images, if set."""
        self.answer_all: tuple[int, dict[str, object]] | None = None
        """The response to every request, if set."""
        self.broken = threading.Event()
        self.closing = threading.Event()
        self.streams: set[Queue[Event]] = set()
        self._event_number = 0
        stage = self

        class Handler(_Handler):
            server_stage = stage

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def close(self) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()

    def break_off(self) -> None:
        self.broken.set()

    def mend(self) -> None:
        self.broken.clear()

    def put(self, job: JobView, pages: list[Page] | None = None) -> None:
        self.jobs[job.job_id] = job
        self.pages.setdefault(job.job_id, {}).update({page.number: page for page in pages or []})

    def tell(self, job_id: str, *, page: int | None = None, kind: EventType | None = None) -> Event:
        """Send the current state of the job to all followers."""
        job = self.jobs[job_id]
        self._event_number += 1
        event = Event(
            id=f"{self._event_number}-0",
            type=kind or (EventType.PAGE if page else EventType.JOB),
            job_id=job_id,
            at=datetime.now(UTC),
            status=job.status,
            page_count=job.page_count,
            pages_done=job.pages_done,
            pages_failed=job.pages_failed,
            page=page,
            page_status=self.pages[job_id][page].status if page else None,
            error=job.error,
            error_code=job.error_code,
            revision=job.revision,
        )
        for stream in list(self.streams):
            stream.put(event)
        return event

    def result(self, job_id: str) -> JobResult:
        job, pages = self.jobs[job_id], self.pages[job_id]
        text = None
        if job.status is JobState.FINISHED:
            text = join_pages(page_text(pages[number]) for number in sorted(pages))
        numbers = range(1, (job.page_count or 0) + 1)
        return JobResult(
            **job.model_dump(include=set(JobResult.model_fields) - {"text", "pages"}),
            text=text,
            unread_regions=sum(len(page.unread) for page in pages.values()),
            pages=tuple(
                PageStatus(
                    number=n,
                    status=pages[n].status if n in pages else PageState.QUEUED,
                    error=pages[n].error.message if n in pages and pages[n].error else None,
                    unread_regions=len(pages[n].unread) if n in pages else 0,
                )
                for n in numbers
            ),
        )

    def to_check(self, job_id: str) -> ToCheck:
        counts = [(number, count_doubtful(page)) for number, page in sorted(self.pages[job_id].items())]
        pages = tuple(PageToCheck(number=number, words=words) for number, words in counts if words)
        return ToCheck(revision=self.jobs[job_id].revision, words=sum(page.words for page in pages), pages=pages)

    def correct(self, document: Document) -> JobView:
        """Store the Document's pages, and send an event."""
        job = self.jobs[document.job_id]
        self.corrected.append(len(document.pages))
        self.put(job.model_copy(update={"revision": job.revision + 1}), list(document.pages))
        self.tell(job.job_id, kind=EventType.REVISED)
        return self.jobs[job.job_id]

    def accept(self, file_name: str, size_bytes: int) -> str:
        job_id = f"{len(self.submitted) + 1:032x}"
        self.submitted.append(file_name)
        self.put(make_job(job_id, file_name, JobState.QUEUED, size_bytes=size_bytes))
        self.tell(job_id)
        return job_id


def make_job(job_id: str, file_name: str, status: JobState, **fields: object) -> JobView:
    values: dict[str, object] = {
        "job_id": job_id,
        "file_name": file_name,
        "status": status,
        "media_type": "application/pdf",
        "size_bytes": 1_200_000,
        "created_at": datetime.now(UTC),
    }
    return JobView.model_validate(values | fields)


class _Handler(BaseHTTPRequestHandler):
    server_stage: FakeServer
    protocol_version = "HTTP/1.1"

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):  # a closed window ends its connection without notice
            super().handle()

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        stage, path = self.server_stage, self.path.partition("?")[0].removeprefix("/api/v1")
        width = (re.findall(r"[?&]width=(\d+)", self.path) or ["200"])[0]
        if stage.broken.is_set():
            return self._answer(503, {"error": "Away", "detail": "Redis is away.", "code": "redis_unavailable"})
        if stage.answer_all:
            return self._answer(*stage.answer_all)
        match path.strip("/").split("/"):
            case ["health"]:
                self._answer(200, Health(status="healthy", redis="connected", version="0"))
            case ["capabilities"] if stage.capabilities:
                self._answer(200, stage.capabilities)
            case ["ocr", "events"]:
                self._stream()
            case ["ocr", "events", job_id] if job_id in stage.jobs:
                event = stage.tell(job_id)
                data = f"id: {event.id}\ndata: {event.model_dump_json()}\n\n".encode()
                self._answer_bytes(200, data, "text/event-stream")
            case ["ocr", "jobs"]:
                self._answer(200, self._list(parse_qs(urlsplit(self.path).query)))
            case ["ocr", "jobs", job_id] if job_id in stage.jobs:
                self._answer(200, stage.jobs[job_id])
            case ["ocr", "jobs", job_id, "review"] if job_id in stage.jobs:
                self._answer(200, stage.to_check(job_id))
            case ["ocr", "jobs", job_id, "pages", number, "image"] if int(number) in stage.pages.get(job_id, {}):
                if stage.picture_refusal:
                    return self._answer(*stage.picture_refusal)
                stage.drawn.append(int(number))
                self._answer_bytes(200, _picture(int(width)), "image/png")
            case ["ocr", "jobs", job_id, "pages", number] if int(number) in stage.pages.get(job_id, {}):
                self._answer(200, stage.pages[job_id][int(number)])
            case ["ocr", "result", job_id] if job_id in stage.jobs:
                result = stage.result(job_id)
                if "format=text" in self.path:
                    stage.result_asked.set()
                    if stage.result_gate:
                        stage.result_gate.wait(30)
                    return self._answer_bytes(200, (result.text or "").encode(), "text/plain; charset=utf-8")
                self._answer(200, result)
            case _:
                self._answer(404, {"error": "Not found", "detail": "No such job.", "code": "not_found"})

    def do_POST(self) -> None:
        stage = self.server_stage
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        if stage.broken.is_set():
            return self._answer(503, {"error": "Away", "detail": "Redis is away.", "code": "redis_unavailable"})
        if self.path.endswith("/cancel"):
            job_id = self.path.split("/")[-2]
            ended = {"status": JobState.CANCELLED, "ended_at": datetime.now(UTC)}
            stage.put(stage.jobs[job_id].model_copy(update=ended))
            return self._answer(200, stage.jobs[job_id])
        stage.forms.append(body)
        if stage.gate:
            stage.gate.wait(30)
        if self.path.endswith("/retry"):
            stage.passwords += parse_qs(body.decode(errors="replace")).get("password", [])
            return self._retry(self.path.split("/")[-2])
        if stage.refusal:
            return self._answer(*stage.refusal)
        name = re.search(rb'filename="([^"]*)"', body)
        job_id = stage.accept(name[1].decode() if name else "", len(body))
        self._answer(202, SubmitAnswer(job_id=job_id))

    def do_PUT(self) -> None:
        stage = self.server_stage
        document = Document.model_validate_json(self.rfile.read(int(self.headers["Content-Length"] or 0)))
        if stage.broken.is_set():
            return self._answer(503, {"error": "Away", "detail": "Redis is away.", "code": "redis_unavailable"})
        if stage.refusal:
            stage.refused_corrections += 1
            return self._answer(*stage.refusal)
        if self.headers["If-Match"] != f'"{stage.jobs[document.job_id].revision}"':
            return self._answer(412, {"error": "Changed", "detail": "Changed.", "code": "revision_conflict"})
        self._answer(200, stage.correct(document))

    def do_DELETE(self) -> None:
        job_id = self.path.split("/")[-1]
        self.server_stage.jobs.pop(job_id, None)
        self.server_stage.deleted.append(job_id)
        self.send_response(204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _list(self, asked: dict[str, list[str]]) -> JobList:
        newest = sorted(self.server_stage.jobs.values(), key=lambda job: job.created_at, reverse=True)
        start, limit = int(asked.get("cursor", ["0"])[0]), int(asked.get("limit", ["100"])[0])
        after = start + limit
        return JobList(jobs=tuple(newest[start:after]), next_cursor=str(after) if after < len(newest) else None)

    def _retry(self, job_id: str) -> None:
        stage = self.server_stage
        stage.retried.append(job_id)
        if stage.keeps_no_uploads:
            body = {"error": "Gone", "detail": "The original is not kept any more.", "code": "upload_lost"}
            return self._answer(409, body)
        again = {"status": JobState.STARTED, "started_at": datetime.now(UTC), "ended_at": None, "pages_failed": 0}
        stage.put(stage.jobs[job_id].model_copy(update=again))
        stage.tell(job_id)
        self._answer(200, stage.jobs[job_id])

    def _answer(self, status: int, body: BaseModel | dict[str, object]) -> None:
        data = body.model_dump_json().encode() if isinstance(body, BaseModel) else json.dumps(body).encode()
        self._answer_bytes(status, data, "application/json")

    def _answer_bytes(self, status: int, data: bytes, media_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _stream(self) -> None:
        stage = self.server_stage
        events: Queue[Event] = Queue()
        stage.streams.add(events)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            while not stage.broken.is_set() and not stage.closing.is_set():
                try:
                    event = events.get(timeout=0.02)
                except Empty:
                    continue
                self.wfile.write(f"id: {event.id}\ndata: {event.model_dump_json()}\n\n".encode())
                self.wfile.flush()
        except OSError:
            pass
        finally:
            stage.streams.discard(events)


def _picture(width: int) -> bytes:
    out = io.BytesIO()
    Image.new("L", (width, width * 7 // 5), 240).save(out, "PNG")
    return out.getvalue()
