"""What a submit parses: the multipart body, the names of files, the type of a file, and the options."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from python_multipart.multipart import parse_options_header
from starlette.requests import Request

from ocrdesk.backend.records import JobRecord, Limits, NodeInfo, utc_now
from ocrdesk.backend.storage.blob_store import FileLabel
from ocrdesk.contract.jobs import JobOptions
from ocrdesk.contract.media_types import SNIFF_BYTES, MediaType, sniff
from ocrdesk.contract.states import JobState
from ocrdesk.export.download_name import content_disposition
from ocrdesk_api.errors import HttpError
from ocrdesk_api.submission import job_options, upload_stream
from ocrdesk_api.submission.upload_stream import Upload
from ocrdesk_api.submission.uploaded_name import uploaded_name
from tests.fuzz.target import Target

_MAX_BYTES = 2_000
_MOST_BYTES = 4_000
"""Less than may follow the end of a body, because how much follows is counted in chunks."""
_PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(64))
_HEADS = (
    *(_PNG, b"\xff\xd8\xff\xe0JFIF", b"II*\x00\x08\x00\x00\x00", b"MM\x00+\x00\x08", b"GIF89a\x01\x00\x01\x00"),
    *(b"RIFF\x24\x00\x00\x00WEBPVP8 ", b"\x00\x00\x00\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51\x00"),
    *(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00avifmif1miaf"),
    *(b"P6\n# a comment\n2 2\n255\n" + bytes(12), b"P1 1 1\n1", b"BM" + bytes(12) + b"\x28\x00\x00\x00" + bytes(36)),
    *(b"junk\n%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", b"%PDF-2.0"),
)


_loop = asyncio.new_event_loop()

# ── the multipart body ───────────────────────────────────────────────────────────────────────────


@dataclass
class _Blobs:
    """Keeps blobs in memory, and how each of them ended."""

    data: bytes = b""
    ends: list[str] = field(default_factory=list)

    def writer(self, job_id: str, name: str, label: FileLabel | None = None) -> _Blobs:
        self.data = b""
        return self

    def write(self, data: bytes) -> None:
        self.data += bytes(data)

    def commit(self) -> None:
        self.ends.append("commit")

    def abort(self) -> None:
        self.ends.append("abort")

    def purge(self, job_id: str) -> None:
        self.ends.append("purge")


def _received(boundary: bytes, body: bytes, chunk: int) -> tuple[Upload | str, _Blobs]:
    """Receive a body in chunks of that size. Return the upload, or the code of the error, and the store."""
    sent = [body[start : start + chunk] for start in range(0, len(body), chunk)] or [b""]
    messages = [{"type": "http.request", "body": part, "more_body": True} for part in sent]
    messages[-1]["more_body"] = False
    blobs: Any = _Blobs()

    async def receive() -> Any:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    content_type = b"multipart/form-data; boundary=" + boundary
    request = Request({"type": "http", "headers": [(b"content-type", content_type)]}, receive)
    try:
        return _loop.run_until_complete(upload_stream.receive(request, blobs, "job", _MAX_BYTES)), blobs
    except HttpError as error:
        assert 400 <= error.status < 500
        return error.body.code, blobs


def run_upload(data: bytes) -> bool:
    """Parse a body twice, in other chunks: the outcome must be the same. The first line is the boundary."""
    boundary, _, body = data[:_MOST_BYTES].partition(b"\n")
    whole, blobs = _received(boundary, body, 1 << 20)
    in_parts, others = _received(boundary, body, max(1, len(body) // 7))
    if isinstance(whole, Upload):
        assert whole == in_parts
        assert blobs.ends == others.ends == ["commit"]
        assert len(blobs.data) == whole.size_bytes <= _MAX_BYTES
        assert blobs.data in body
        assert sniff(blobs.data[:SNIFF_BYTES]) is whole.media
        _check_name(whole.file_name)
        return True
    assert not isinstance(in_parts, Upload)
    for store in (blobs, others):
        assert store.ends in ([], ["abort"], ["commit", "purge"]), store.ends
    return False


def _body(*parts: tuple[bytes, bytes], boundary: bytes = b"xyz") -> bytes:
    lines = [
        b"--" + boundary + b"\r\nContent-Disposition: form-data; " + head + b"\r\n\r\n" + body for head, body in parts
    ]
    return boundary + b"\n" + b"\r\n".join((*lines, b"--" + boundary + b"--\r\n"))


_FILE = (b'name="file"; filename="scan.png"\r\nContent-Type: image/png', _PNG)
UPLOAD = Target(
    "upload",
    run_upload,
    (
        _body(_FILE),
        _body((b'name="languages"', b"eng+deu"), _FILE, (b'name="password"', b"secret")),
        _body((b"name=file; filename=a.pdf; filename*=UTF-8''%e2%82%ac.pdf", b"%PDF-1.7\n")),
        _body((b'name="file"; filename="a\\"b;c.png"', _PNG), boundary=b"----WebKitFormBoundary7MA4YWxkTrZu0gW"),
    ),
    (
        b"\r\n--xyz",
        b"--xyz--",
        b"--xyz\r\n",
        b'filename="',
        b"filename*=",
        b'name="file"',
        b"\r\n\r\n",
        b"Content-Disposition: ",
    ),
    rounds=4,
)


# ── names ────────────────────────────────────────────────────────────────────────────────────────


def run_file_name(data: bytes) -> bool:
    """Read the name of a file from a header; a download with that name gives the same name again."""
    _, options = parse_options_header(data)
    name = uploaded_name(data, options.get(b"filename", b""))
    _check_name(name)
    return True


def _check_name(name: str) -> None:
    """Check a name, and that the header of a download carries it."""
    name.encode()
    assert 0 < len(name) <= 200
    assert not set(name) & set("\r\n\0\u2028\u2029\u202e/\\")
    header = content_disposition(name, ".txt", attached=True)
    assert header.isascii()
    assert header.isprintable()
    kind, options = parse_options_header(header)
    assert kind == b"attachment"
    sent = uploaded_name(header.encode(), options[b"filename"])
    assert sent == ((name.rpartition(".")[0] or name) + ".txt")[-200:].strip()


def _job(name: str) -> JobRecord:
    limits = Limits(max_pages=None, page_timeout_s=1)
    return JobRecord("job", "me", JobState.FINISHED, name, "image/png", 1, JobOptions(), limits, utc_now())


FILE_NAME = Target(
    "file-name",
    run_file_name,
    (
        b'form-data; name="file"; filename="scan.png"',
        b'form-data; name="file"; filename="C:\\\\a\\\\b.pdf"; filename*=utf-8\'en\'%e2%82%ac%20rates.pdf',
        b"form-data; name=\"file\"; filename*=iso-8859-1''%a3.tif",
        'form-data; name="file"; filename="\u5831\u544a\u202e %22x%22.pdf"'.encode(),
    ),
    (b"filename*=utf-8''", b"%e2%80%ae", b"%0a", b"%ff", b'filename="', b"../", b".png", b"''"),
)


# ── types and options ────────────────────────────────────────────────────────────────────────────


def run_media_type(data: bytes) -> bool:
    found = sniff(data[:SNIFF_BYTES])
    assert found is None or found in MediaType
    assert sniff(b"") is None
    return found is not None


MEDIA_TYPE = Target("media-type", run_media_type, _HEADS, (b"ftyp", b"mif1", b"%PDF-", b"#", b"P5 "))

_NODES = [NodeInfo("node", 1, ("tesseract", "rapid"), ("eng", "deu", "script/Latin"), "1.0")]


def run_options(data: bytes) -> bool:
    """Parse form fields, one a line, as `name=value`."""
    fields = dict(line.partition("=")[::2] for line in data.decode("utf-8", "replace").split("\n"))
    for nodes in (_NODES, []):
        try:
            options = job_options.parse(
                {name: fields[name] for name in fields if not name.startswith("webhook")}, nodes
            )
            webhook, secret = job_options.webhook(fields, ("hooks.internal",))
        except HttpError as error:
            assert error.status == 400
            assert error.body.detail
            return False
        assert JobOptions.model_validate_json(options.model_dump_json()) == options
        assert job_options.parse({"pages": options.pages}, nodes).pages == options.pages
        assert (secret is None) == (webhook is None or bool(fields.get("webhook_secret", "").strip()))
    return True


OPTIONS = Target(
    "options",
    run_options,
    (
        b"languages=eng+deu\nengine=tesseract\nmode=force\npages=1-3,7,10-\nattachments=true",
        b"languages=auto\nengine=auto\npages=-5",
        b"webhook_url=https://example.com/hooks?x=1\nwebhook_secret=whsec_" + b"A" * 32,
        b"webhook_url=http://hooks.internal:8080/",
        b"languages=script/Latin, eng\npages= 2 - 4 , 9",
    ),
    (b"whsec_", b"https://", b"pages=", b"1-", b"-", b",", b"+", b"osd", b"text-layer-only"),
)

TARGETS = (UPLOAD, FILE_NAME, MEDIA_TYPE, OPTIONS)
