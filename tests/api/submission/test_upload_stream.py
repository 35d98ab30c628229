"""Uploads that are refused, with their codes; they leave nothing behind."""

from __future__ import annotations

import contextlib
import select
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.api.conftest import Api, error_code
from tests.helpers.folders import files_below
from tests.helpers.processes import Backend
from tests.helpers.sample_files import (
    encrypted_pdf,
    multipage_tiff,
    text_pdf,
    text_png,
    truncated_pdf,
)
from tests.helpers.wait import wait_until


def _one_file(boundary: str) -> bytes:
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    return head.encode() + text_png("Hello") + f"\r\n--{boundary}--\r\n".encode()


def _send_chunks(connection: socket.socket, first: bytes, again: bytes, *, limit: int) -> tuple[int, bytes]:
    """Send a chunk, and then the other one until the server ends or `limit` bytes are sent; return the bytes and the
    response. The connection must not block."""
    sent, answer, left = 0, b"", b"%x\r\n%b\r\n" % (len(first), first)
    chunk = b"%x\r\n%b\r\n" % (len(again), again)
    with contextlib.suppress(ConnectionError):
        while sent < limit:
            readable, writable, _ = select.select([connection], [connection], [], 30)
            if readable:
                if not (part := connection.recv(65_536)):
                    break
                answer += part
            if writable:
                count = connection.send(left)
                sent, left = sent + count, left[count:] or chunk
    return sent, answer


@pytest.fixture
def no_new_traces(backend: Backend) -> Any:
    """Fail a test that leaves more jobs, as files or as keys, than before."""

    def traces() -> set[str]:
        folders = {path.name for path in backend.blobs.iterdir()}
        keys = {key.split(":")[2] for key in backend.redis().keys("ocrdesk:job:*")}
        return folders | keys

    before = traces()
    yield
    assert traces() - before == set()


@pytest.mark.usefixtures("no_new_traces")
def test_a_request_without_a_file_is_refused(api: Api) -> None:
    assert api.refusal(api.http.post("/ocr/submit")) == "missing_file"
    assert api.refusal(api.http.post("/ocr/submit", json={"file": "scan.png"})) == "missing_file"
    assert api.refusal(api.http.post("/ocr/submit", data={"languages": "eng"})) == "missing_file"


@pytest.mark.usefixtures("no_new_traces")
@pytest.mark.parametrize("size", [100, 100_000])
def test_a_file_in_another_field_names_the_right_one(api: Api, size: int) -> None:
    answer = api.http.post("/ocr/submit", files={"document": ("a.png", text_png("Hello").ljust(size, b"\0"))})
    assert api.refusal(answer) == "missing_file"
    assert "`file`" in answer.json()["detail"]


@pytest.mark.usefixtures("no_new_traces")
def test_an_empty_file_is_refused(api: Api) -> None:
    answer = api.post(b"", "nothing.png")
    assert api.refusal(answer) == "empty_file"
    assert "nothing.png" in answer.json()["detail"]


@pytest.mark.usefixtures("no_new_traces")
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("letter.pdf", b"Dear Sir or Madam,\n" * 20),
        ("scan.png", b"<html><body>Not found</body></html>"),
        ("notes.txt", b"BM is not always a bitmap. " * 100),
        ("short.png", b"\x89PNG"),
        ("program", b"\x7fELF" + b"\0" * 5000),
    ],
)
def test_a_file_of_another_type_is_refused_whatever_its_name(api: Api, name: str, data: bytes) -> None:
    answer = api.post(data, name)
    assert api.refusal(answer) == "unsupported_type"
    assert name in answer.json()["detail"]
    assert "PDF, PNG, JPEG" in answer.json()["detail"]


@pytest.mark.usefixtures("no_new_traces")
@pytest.mark.parametrize("size", [2**20 + 1, 2**20 + 60_000, 3_000_000])
def test_a_file_that_is_too_large_is_refused_and_nothing_stays(api: Api, size: int) -> None:
    data = text_png("Hello").ljust(size, b"\0")
    answer = api.post(data, "big.png")
    assert api.refusal(answer) == "file_too_large"
    assert "1 MB" in answer.json()["detail"]
    assert "MAX_FILE_SIZE_MB" in answer.json()["detail"]


def test_a_file_of_exactly_the_allowed_size_is_accepted(api: Api) -> None:
    result = api.result(api.submit(text_png("Hello").ljust(1 << 20, b"\0")))
    assert result["text"] == "Hello\n"


def test_the_machines_own_token_knows_no_limits(unlimited_api: Api) -> None:
    job_id = unlimited_api.submit(text_png("Hello").ljust(1_500_000, b"\0"))
    assert unlimited_api.result(job_id)["text"] == "Hello\n"
    three = unlimited_api.submit(text_pdf(["One", "Two", "Three"]))
    assert unlimited_api.result(three)["page_count"] == 3


@pytest.mark.usefixtures("no_new_traces")
@pytest.mark.parametrize(
    ("fields", "code", "named"),
    [
        ({"languages": "klingon"}, "unknown_language", "tesseract-ocr-klingon"),
        ({"languages": "klingon"}, "unknown_language", "ocrdesk languages add klingon"),
        ({"languages": "eng+xx_yy"}, "unknown_language", "tesseract-ocr-xx-yy"),
        ({"languages": "auto+eng"}, "unknown_language", "use auto on its own"),
        ({"languages": "../../etc"}, "unknown_language", "../../etc"),
        ({"languages": "$(reboot)"}, "unknown_language", "$(reboot)"),
        ({"engine": "abacus"}, "unknown_engine", "tesseract-cli"),
        ({"mode": "guess"}, "unknown_mode", "auto, force, text-layer-only"),
        ({"dpi": "300"}, "unknown_option", "languages, engine"),
    ],
)
def test_an_unknown_option_is_refused_by_name(api: Api, fields: dict[str, str], code: str, named: str) -> None:
    answer = api.post(text_png("Hello"), **fields)
    assert api.refusal(answer) == code
    assert named in answer.json()["detail"]


@pytest.mark.usefixtures("no_new_traces")
def test_two_files_in_one_request_are_refused(api: Api) -> None:
    two = [("file", ("a.png", text_png("A"))), ("file", ("b.png", text_png("B")))]
    assert api.refusal(api.http.post("/ocr/submit", files=two)) == "bad_request"


@pytest.mark.usefixtures("no_new_traces")
@pytest.mark.parametrize(
    "body",
    [
        b"this is no multipart body",
        b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n' + text_png("Cut off"),
        b"--edge\r\nno colon here\r\n\r\nvalue\r\n--edge--\r\n",
        b"--other\r\n\r\n\r\n--other--\r\n",
        b"--edge--\r\n",
        b"",
        _one_file("edge") + b"z" * 200_000,
    ],
)
def test_a_malformed_body_is_refused(api: Api, body: bytes) -> None:
    answer = api.http.post("/ocr/submit", content=body, headers={"Content-Type": "multipart/form-data; boundary=edge"})
    assert api.refusal(answer) in ("bad_request", "missing_file")


@pytest.mark.usefixtures("no_new_traces")
@pytest.mark.parametrize("boundary", ["x" * 257, "x" * 1_000, "x" * 20_000])
def test_a_boundary_that_is_too_long_is_refused(api: Api, boundary: str) -> None:
    header = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    answer = api.http.post("/ocr/submit", content=_one_file(boundary), headers=header)
    assert api.refusal(answer) == "bad_request"
    assert "Boundary" in answer.json()["detail"]


def test_a_little_text_after_the_closing_boundary_is_ignored(api: Api) -> None:
    header = {"Content-Type": "multipart/form-data; boundary=edge"}
    answer = api.http.post("/ocr/submit", content=_one_file("edge") + b"\r\nThe end\r\n", headers=header)
    assert api.result(answer.json()["job_id"])["text"] == "Hello\n"


@contextlib.contextmanager
def _chunked_submit(backend: Backend) -> Iterator[socket.socket]:
    """Yield a connection that does not block, on which the headers of a chunked submit were sent."""
    parts = urlsplit(backend.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as connection:
        connection.sendall(
            b"POST /api/v1/ocr/submit HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n"
            b"Content-Type: multipart/form-data; boundary=edge\r\n\r\n"
        )
        connection.setblocking(False)
        yield connection


@pytest.mark.usefixtures("no_new_traces")
def test_a_chunked_body_cannot_go_on_after_its_closing_boundary(backend: Backend) -> None:
    """Nor is the rest of it read before the connection ends."""
    with _chunked_submit(backend) as connection:
        sent, answer = _send_chunks(connection, _one_file("edge"), b"z" * 65_536, limit=64 << 20)
    assert sent < 64 << 20, "the server reads on"
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"multipart_continues" in answer


@pytest.mark.usefixtures("no_new_traces")
def test_a_chunked_body_cannot_begin_with_empty_lines_without_end(backend: Backend) -> None:
    with _chunked_submit(backend) as connection:
        lines = b"\r\n" * 32_768
        sent, answer = _send_chunks(connection, lines, lines, limit=600 << 20)
    assert sent < 600 << 20, "the server reads on"
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"multipart_too_long" in answer


@pytest.mark.usefixtures("no_new_traces")
def test_too_many_fields_and_too_long_fields_are_refused(api: Api) -> None:
    assert api.refusal(api.post(text_png("Hello"), **{f"field{n}": "x" for n in range(40)})) == "bad_request"
    assert api.refusal(api.post(text_png("Hello"), languages="e" * 20_000)) == "bad_request"


@pytest.mark.usefixtures("no_new_traces")
def test_an_upload_that_breaks_off_leaves_nothing(backend: Backend) -> None:
    parts = urlsplit(backend.url)
    head = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        connection.sendall(
            b"POST /api/v1/ocr/submit HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 500000\r\n"
            b"Content-Type: multipart/form-data; boundary=edge\r\n\r\n" + head + text_png("Half a file")
        )
        started = wait_until(lambda: files_below(backend.blobs, ".*.part"), "the begun upload")
    wait_until(lambda: not started[0].parent.exists(), "the removal of the begun upload")


@pytest.mark.parametrize(
    ("data", "code", "says"),
    [
        (encrypted_pdf(["Secret"]), "encrypted_pdf", "password"),
        (truncated_pdf(), "corrupt_file", "PDF is damaged"),
        (b"%PDF-1.7\n" + b"not a pdf at all " * 50, "corrupt_file", "PDF is damaged"),
        (text_png("Hello")[:300], "corrupt_file", "PNG image is damaged"),
        (text_pdf(["One", "Two", "Three"]), "too_many_pages", "3 pages, but this server accepts at most 2"),
        (multipage_tiff(["One", "Two", "Three"]), "too_many_pages", "MAX_PDF_PAGES"),
    ],
    ids=["encrypted", "truncated", "no pdf", "half a png", "long pdf", "long tiff"],
)
def test_a_bad_file_fails_its_job_with_a_sentence(api: Api, data: bytes, code: str, says: str) -> None:
    job_id = api.submit(data)
    result = api.result(job_id)
    assert (result["status"], result["text"], result["error_code"]) == ("failed", None, code)
    assert says in result["error"]


def test_a_finished_job_keeps_its_upload_as_long_as_its_result(api: Api, backend: Backend) -> None:
    job_id = api.submit(text_png("Hello"))
    api.result(job_id)
    names = {path.name for path in (backend.blobs / job_id).iterdir()}
    assert {"upload", "text-0"} <= names


def test_a_full_redis_is_reported_and_nothing_stays(api: Api, backend: Backend) -> None:
    redis: Any = backend.redis()
    before = set(backend.blobs.iterdir())
    redis.config_set("maxmemory", "1")
    try:
        answer = api.post(text_png("Hello"))
    finally:
        redis.config_set("maxmemory", "0")
    assert (answer.status_code, error_code(answer)) == (503, "storage_full")
    assert int(answer.headers["retry-after"]) > 0
    assert set(backend.blobs.iterdir()) <= before


def test_a_wrong_method_is_refused(api: Api) -> None:
    answer = api.http.get("/ocr/submit")
    assert answer.status_code == 405
    assert error_code(answer) == "method_not_allowed"


@pytest.mark.usefixtures("corpus")
def test_real_scans_are_read(api: Api, corpus: Path) -> None:
    result = api.result(api.submit((corpus / "documents" / "linn.png").read_bytes(), "linn.png"))
    assert result["status"] == "finished"
    assert len(result["text"].split()) > 50
