"""Streams a multipart upload to storage."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from ocrdesk.backend.storage.blob_store import UPLOAD, BlobStore, BlobWriter
from ocrdesk.contract.error_messages import ErrorMessage, error_message
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.media_types import ACCEPTED, SNIFF_BYTES, MediaType, sniff
from ocrdesk_api.errors import HttpError, bad_request
from ocrdesk_api.submission.uploaded_name import uploaded_name

PASSWORD_FIELD = "password"  # noqa: S105  # a name, not a password
MAX_PASSWORD_CHARACTERS = 500
_MAX_FIELD_BYTES = 16_384
_MAX_PARTS = 32
_CHUNK_BYTES = 1 << 16
"""How much is parsed and written at a time: each step on the way to storage copies it."""
_MAX_FORM_BYTES = 65_536
"""The most that a multipart body may contain beside the file: boundaries, headers, fields."""
_MAX_BYTES_BESIDE_FILE = 1 << 20
"""The most that a body without a Content-Length may contain beside the file. All fields fit, however long they are."""
_MAX_EPILOGUE_BYTES = 4_096
"""The most that may follow the closing boundary. It is ignored; nearly all clients send at most a new line."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A completely stored file, and the other form fields."""

    file_name: str
    media: MediaType
    size_bytes: int
    fields: dict[str, str]
    """All other fields but the password."""
    digest: str
    """The hash of the file's bytes, its name, the fields and the password; equal for equal uploads."""
    password: str = field(default="", repr=False)
    """The password of a PDF; empty if none was sent."""


async def receive(request: Request, blobs: BlobStore, job_id: str, max_bytes: int | None) -> Upload:
    """Stream the part `file` into the job's upload blob. Raises HttpError (400) and then leaves nothing behind."""
    boundary = _boundary(request)
    try:
        receiver = _Receiver(blobs, job_id, boundary, max_bytes)
    except FormParserError as error:  # a boundary that is too long
        raise bad_request(ErrorCode.BAD_REQUEST, error_message("multipart_malformed", reason=str(error))) from error
    try:
        declared = int(request.headers.get("content-length") or 0)
        if max_bytes is not None and declared > max_bytes + _MAX_FORM_BYTES:
            raise too_large(max_bytes)
        async for chunk in request.stream():
            if excess := receiver.excess:
                request.state.discarded_bytes_limit = 0  # who sends without end would do so for the rest, too
                raise bad_request(ErrorCode.BAD_REQUEST, excess)
            await run_in_threadpool(receiver.feed, chunk)
        return await run_in_threadpool(receiver.finish)
    except HttpError:
        await run_in_threadpool(receiver.abort)
        raise
    except ClientDisconnect:
        await run_in_threadpool(receiver.abort)
        raise bad_request(ErrorCode.BAD_REQUEST, error_message("upload_interrupted")) from None
    except BaseException:
        await run_in_threadpool(receiver.abort)
        raise


def too_large(max_bytes: int) -> HttpError:
    limit = f"{max_bytes / (1 << 20):g}"
    return bad_request(ErrorCode.FILE_TOO_LARGE, error_message("file_too_large", limit=limit))


def _boundary(request: Request) -> bytes:
    kind, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise bad_request(ErrorCode.MISSING_FILE, error_message("multipart_missing"))
    return boundary


@dataclass(slots=True)
class _Part:
    """The current part: its headers, its name and, for a field, its value."""

    headers: dict[bytes, bytes] = field(default_factory=dict)
    header_name: bytes = b""
    header_value: bytes = b""
    name: str = ""
    is_file: bool = False
    value: bytearray = field(default_factory=bytearray)


class _Receiver:
    """Parses the body in chunks and stores the file."""

    def __init__(self, blobs: BlobStore, job_id: str, boundary: bytes, max_bytes: int | None) -> None:
        self._blobs, self._job_id, self._max_bytes = blobs, job_id, max_bytes
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._on_part_begin,
                "on_header_field": self._on_header_field,
                "on_header_value": self._on_header_value,
                "on_header_end": self._on_header_end,
                "on_headers_finished": self._on_headers_finished,
                "on_part_data": self._on_part_data,
                "on_part_end": self._on_part_end,
                "on_end": self._on_end,
            },
        )
        self._part = _Part()
        self._parts = 0
        self._complete = False
        self._received = self._bytes_after_end = 0
        self._writer: BlobWriter | None = None
        self._committed = False
        self._head = b""
        self._size = 0
        self._hash = hashlib.sha256()
        self._file_name: str | None = None
        self._fields: dict[str, str] = {}

    def feed(self, chunk: bytes) -> None:
        self._received += len(chunk)
        try:
            for start in range(0, len(chunk), _CHUNK_BYTES):
                part = chunk[start : start + _CHUNK_BYTES]
                if self._complete:
                    self._bytes_after_end += len(part)
                else:
                    self._parser.write(part)
        except FormParserError as error:
            raise bad_request(ErrorCode.BAD_REQUEST, error_message("multipart_malformed", reason=str(error))) from error

    @property
    def excess(self) -> ErrorMessage | None:
        """What is wrong if too much precedes, surrounds or follows the file; None so far."""
        if self._bytes_after_end > _MAX_EPILOGUE_BYTES:
            return error_message("multipart_continues")
        if self._received - self._size > _MAX_BYTES_BESIDE_FILE:
            return error_message("multipart_too_long", limit=_MAX_BYTES_BESIDE_FILE)
        return None

    def finish(self) -> Upload:
        if excess := self.excess:
            raise bad_request(ErrorCode.BAD_REQUEST, excess)
        if not self._complete:
            raise bad_request(ErrorCode.BAD_REQUEST, error_message("multipart_incomplete"))
        if self._file_name is None:
            raise bad_request(ErrorCode.MISSING_FILE, error_message("file_missing"))
        if self._size == 0 or self._writer is None:
            raise bad_request(ErrorCode.EMPTY_FILE, error_message("file_empty", name=self._file_name))
        media = self._detect_type()
        self._writer.commit()
        self._committed = True
        password = self._fields.pop(PASSWORD_FIELD, "")
        if len(password) > MAX_PASSWORD_CHARACTERS:
            raise bad_request(ErrorCode.BAD_REQUEST, error_message("form_field_too_long", name=repr(PASSWORD_FIELD)))
        return Upload(self._file_name, media, self._size, self._fields, self._digest(password), password)

    def _digest(self, password: str) -> str:
        """Return the digest. It is stored with an Idempotency-Key, so a password is made slow to guess first."""
        self._hash.update(json.dumps([self._file_name, sorted(self._fields.items())]).encode())
        if password:
            self._hash.update(hashlib.scrypt(password.encode(), salt=self._hash.digest(), n=1 << 14, r=8, p=1))
        return self._hash.hexdigest()

    def abort(self) -> None:
        if self._writer is not None and not self._committed:
            self._writer.abort()
        if self._committed:
            self._blobs.purge(self._job_id)

    def _detect_type(self) -> MediaType:
        media = sniff(self._head)
        if media is None:
            raise bad_request(
                ErrorCode.UNSUPPORTED_TYPE,
                error_message("file_type_unsupported", name=self._file_name or "", types=ACCEPTED),
            )
        return media

    # ── parser callbacks ───────────────────────────────────────────────────────────────────────

    def _on_part_begin(self) -> None:
        self._parts += 1
        if self._parts > _MAX_PARTS:
            raise bad_request(ErrorCode.BAD_REQUEST, error_message("form_too_many_fields", limit=_MAX_PARTS))
        self._part = _Part()

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._part.header_name += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._part.header_value += data[start:end]
        if len(self._part.header_value) > _MAX_FIELD_BYTES:
            raise bad_request(ErrorCode.BAD_REQUEST, error_message("multipart_header_too_long"))

    def _on_header_end(self) -> None:
        part = self._part
        part.headers[part.header_name.lower()] = part.header_value
        part.header_name = part.header_value = b""

    def _on_headers_finished(self) -> None:
        part = self._part
        header = part.headers.get(b"content-disposition", b"")
        _, options = parse_options_header(header)
        part.name = options.get(b"name", b"").decode("utf-8", "replace")
        if part.name != "file" and b"filename" in options:
            raise bad_request(ErrorCode.MISSING_FILE, error_message("file_in_other_field", name=repr(part.name)))
        if part.name == "file":
            if self._file_name is not None:
                raise bad_request(ErrorCode.BAD_REQUEST, error_message("several_files"))
            part.is_file = True
            self._file_name = uploaded_name(header, options.get(b"filename", b""))

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        part = self._part
        if not part.is_file:
            part.value += data[start:end]
            if len(part.value) > _MAX_FIELD_BYTES:
                raise bad_request(ErrorCode.BAD_REQUEST, error_message("form_field_too_long", name=repr(part.name)))
            return
        self._size += end - start
        self._hash.update(memoryview(data)[start:end])
        if self._max_bytes is not None and self._size > self._max_bytes:
            raise too_large(self._max_bytes)
        if len(self._head) < SNIFF_BYTES:
            self._head = (self._head + data[start:end])[:SNIFF_BYTES]
            if len(self._head) >= SNIFF_BYTES:
                self._detect_type()  # refuse a wrong type before receiving the rest
        if self._writer is None:
            self._writer = self._blobs.writer(self._job_id, UPLOAD)
        self._writer.write(data[start:end])

    def _on_part_end(self) -> None:
        if not self._part.is_file:
            self._fields[self._part.name] = bytes(self._part.value).decode("utf-8", "replace")

    def _on_end(self) -> None:
        self._complete = True
