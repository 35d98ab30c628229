"""Takes a multipart upload as it comes in: counted, told by its first bytes, never held whole."""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import dataclass, field

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from ocrdesk.backend.storage.blob_store import UPLOAD, BlobStore, BlobWriter
from ocrdesk.contract.error_messages import error_message
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.media_types import ACCEPTED, SNIFF_BYTES, MediaType, sniff
from ocrdesk_api.errors import HttpError, bad_request

_MAX_FIELD_BYTES = 16_384
_MAX_PARTS = 32
_PIECE_BYTES = 1 << 16
"""What is parsed and written at a time: each step on the way to the store has its own copy of it."""
_OVERHEAD_BYTES = 65_536
"""What a multipart body may have beside the file: boundaries, headers, fields."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that lies complete in the blob store, and the form's other fields."""

    file_name: str
    media: MediaType
    size_bytes: int
    fields: dict[str, str]
    digest: str
    """Of the file's bytes and name and the fields: the same upload has the same."""


async def receive(request: Request, blobs: BlobStore, job_id: str, max_bytes: int | None) -> Upload:
    """Streams the part `file` into the job's upload blob. Raises Problem (400); then nothing is left."""
    boundary = _boundary(request)
    receiver = _Receiver(blobs, job_id, boundary, max_bytes)
    try:
        declared = int(request.headers.get("content-length") or 0)
        if max_bytes is not None and declared > max_bytes + _OVERHEAD_BYTES:
            raise too_large(max_bytes)
        async for chunk in request.stream():
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
    """The part that is being read: its headers, then its name, then (for a field) its value."""

    headers: dict[bytes, bytes] = field(default_factory=dict)
    header_name: bytes = b""
    header_value: bytes = b""
    name: str = ""
    is_file: bool = False
    value: bytearray = field(default_factory=bytearray)


class _Receiver:
    """Parses the body piece by piece and writes the file's bytes on."""

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
        self._writer: BlobWriter | None = None
        self._committed = False
        self._head = b""
        self._size = 0
        self._hash = hashlib.sha256()
        self._file_name: str | None = None
        self._fields: dict[str, str] = {}

    def feed(self, chunk: bytes) -> None:
        try:
            for start in range(0, len(chunk), _PIECE_BYTES):
                self._parser.write(chunk[start : start + _PIECE_BYTES])
        except FormParserError as error:
            raise bad_request(ErrorCode.BAD_REQUEST, error_message("multipart_malformed", reason=str(error))) from error

    def finish(self) -> Upload:
        if not self._complete:
            raise bad_request(ErrorCode.BAD_REQUEST, error_message("multipart_incomplete"))
        if self._file_name is None:
            raise bad_request(ErrorCode.MISSING_FILE, error_message("file_missing"))
        if self._size == 0 or self._writer is None:
            raise bad_request(ErrorCode.EMPTY_FILE, error_message("file_empty", name=self._file_name))
        media = self._told_media()
        self._writer.commit()
        self._committed = True
        return Upload(self._file_name, media, self._size, self._fields, self._digest())

    def _digest(self) -> str:
        self._hash.update(json.dumps([self._file_name, sorted(self._fields.items())]).encode())
        return self._hash.hexdigest()

    def abort(self) -> None:
        if self._writer is not None and not self._committed:
            self._writer.abort()
        if self._committed:
            self._blobs.purge(self._job_id)

    def _told_media(self) -> MediaType:
        media = sniff(self._head)
        if media is None:
            raise bad_request(
                ErrorCode.UNSUPPORTED_TYPE,
                error_message("file_type_unsupported", name=self._file_name or "", types=ACCEPTED),
            )
        return media

    # ── the parser's calls ───────────────────────────────────────────────────────────────────────

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
        _, options = parse_options_header(part.headers.get(b"content-disposition"))
        part.name = options.get(b"name", b"").decode("utf-8", "replace")
        if part.name != "file" and b"filename" in options:
            raise bad_request(ErrorCode.MISSING_FILE, error_message("file_in_other_field", name=repr(part.name)))
        if part.name == "file":
            if self._file_name is not None:
                raise bad_request(ErrorCode.BAD_REQUEST, error_message("several_files"))
            part.is_file = True
            self._file_name = _clean_name(options.get(b"filename", b"").decode("utf-8", "replace"))

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
                self._told_media()  # a wrong type is refused before the rest is taken
        if self._writer is None:
            self._writer = self._blobs.writer(self._job_id, UPLOAD)
        self._writer.write(data[start:end])

    def _on_part_end(self) -> None:
        if not self._part.is_file:
            self._fields[self._part.name] = bytes(self._part.value).decode("utf-8", "replace")

    def _on_end(self) -> None:
        self._complete = True


def _clean_name(name: str) -> str:
    """The bare file name: no folders, no control characters, of a sensible length."""
    bare = _CONTROL.sub("", os.path.basename(name.replace("\\", "/"))).strip()  # noqa: PTH119  # not a path of ours
    return bare[-200:] or "file"
