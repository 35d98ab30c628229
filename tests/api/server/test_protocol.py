"""Limits of one connection: headers, bodies, time. The server is real; most tests shorten its seconds."""

from __future__ import annotations

import concurrent.futures
import contextlib
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx2
import psutil
import pytest
from starlette.responses import Response

from ocrdesk.backend.settings import Settings
from ocrdesk_api.server import protocol
from tests.api.conftest import Api, open_http
from tests.helpers.processes import ApiProcess, run_valkey, running_api_process, short_folder
from tests.helpers.sample_files import text_png
from tests.helpers.threaded_server import HEAD, ThreadedServer, read_to_end, threaded_server
from tests.helpers.wait import wait_until

_SUBMIT = (
    b"POST /api/v1/ocr/submit HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=edge\r\n"
    b"%b\r\n\r\n"
)
_FILE = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
_END = b"\r\n--edge--\r\n"


@pytest.fixture(scope="module")
def alone() -> Iterator[ApiProcess]:
    """The api as a process, as `ocrdesk api` runs it."""
    with short_folder() as folder, run_valkey(folder) as url, running_api_process(REDIS_URL=url) as process:
        yield process


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadedServer]:
    """The same in this process, with 40 seconds for each real one."""
    with short_folder() as folder, run_valkey(folder) as url:
        settings = Settings(redis_url=url, storage_url=(folder / "blobs").as_uri())
        with threaded_server(monkeypatch, settings) as server:
            yield server


def connect(process: ApiProcess) -> socket.socket:
    return socket.create_connection(("127.0.0.1", httpx2.URL(process.url).port or 0), timeout=30)


def answer_to(process: ApiProcess, *sent: bytes) -> bytes:
    with connect(process) as connection:
        with contextlib.suppress(ConnectionError):
            for part in sent:
                connection.sendall(part)
        return read_to_end(connection)


def assert_error(answer: bytes, status: int, code: str) -> None:
    """Check a refusal: the usual body and headers, and that it says that the connection ends."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status), answer[:200]
    assert json.loads(body)["code"] == code
    for name in (b"connection: close", b"x-content-type-options: nosniff", b"content-security-policy", b"x-request-id"):
        assert name in head.lower()


_CHUNKED = b"POST /api/v1/ocr/submit HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        HEAD + b"X: " + b"a" * 40_000 + b"\r\n\r\n",
        HEAD + b"X: " + b"a" * 5_000_000,
        HEAD + b"X" * 40_000,
        HEAD + b"".join(b"X-%d: 1\r\n" % n for n in range(101)) + b"\r\n",
        HEAD + b"".join(b"X-%d: 1\r\n" % n for n in range(100_000)) + b"\r\n",
        HEAD + b"".join(b"X-%d: %b\r\n" % (n, b"a" * 1_000) for n in range(40)) + b"\r\n",
        b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\n\r\n",
        b"GET /?" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\r\n" * 20_000,
        _CHUNKED.replace(b"submit", b"nowhere") + b"0\r\n" + b"".join(b"X-%d: 1\r\n" % n for n in range(1_000)),
        HEAD + b"\r\n" + HEAD + b"X: " + b"a" * 500_000,
    ],
    ids=[
        "a long header",
        "an endless header",
        "a long name",
        "many headers",
        "endless headers",
        "many long headers",
        "an endless path",
        "a long query",
        "endless empty lines",
        "endless trailers",
        "in the second request",
    ],
)
def test_headers_over_the_limits_are_refused(alone: ApiProcess, sent: bytes) -> None:
    answer = answer_to(alone, sent)
    assert_error(answer[answer.rindex(b"HTTP/1.1 ") :], 431, "headers_too_large")


def test_headers_within_the_limits_are_accepted(alone: ApiProcess) -> None:
    many = b"".join(b"X-%d: 1\r\n" % n for n in range(97))
    for headers in (many, b"X: " + b"a" * 30_000 + b"\r\n"):
        answer = answer_to(alone, HEAD, headers, b"Connection: close\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200 ")


def test_endless_headers_take_no_memory(alone: ApiProcess) -> None:
    process = psutil.Process(alone.process.pid)
    before, sent = process.memory_info().rss, 0
    with connect(alone) as connection, contextlib.suppress(ConnectionError):
        connection.sendall(HEAD)
        while sent < 100 << 20:
            part = b"".join(b"H%08x: %b\r\n" % (sent + n, b"v" * 60) for n in range(1_000))
            connection.sendall(part)
            sent += len(part)
    assert sent < 100 << 20, "the server reads on"
    assert process.memory_info().rss - before < 20 << 20


@pytest.mark.parametrize(
    "sent", [b"FAKE\x1b[31m / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03", b"GET\r\n\r\n"]
)
def test_what_is_no_http_is_refused(alone: ApiProcess, sent: bytes) -> None:
    assert_error(answer_to(alone, sent), 400, "bad_request")


def test_a_request_to_upgrade_is_answered_as_any_other(alone: ApiProcess) -> None:
    upgrade = b"Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 13\r\n\r\n"
    with connect(alone) as connection:
        connection.sendall(HEAD + upgrade)
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("path", [b"health/live", b"nowhere", b"ocr/jobs"])
def test_a_body_that_nobody_reads_ends_the_connection(alone: ApiProcess, path: bytes) -> None:
    part, sent = b"%x\r\n%b\r\n" % (65_536, bytes(65_536)), 0
    with connect(alone) as connection, contextlib.suppress(ConnectionError):
        connection.sendall(b"GET /api/v1/%b HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" % path)
        while sent < 600 << 20:
            connection.sendall(part)
            sent += len(part)
    assert sent < 600 << 20, "the server reads on"


_TINY = b"1\r\nx\r\n"


@pytest.mark.parametrize("path", [b"submit", b"nowhere"])
def test_a_body_of_tiny_chunks_without_end_is_refused(alone: ApiProcess, path: bytes) -> None:
    """Each chunk costs time, so a few connections could keep everybody else waiting."""
    sent = 0
    with connect(alone) as connection:
        connection.sendall(_CHUNKED.replace(b"submit", path))
        with contextlib.suppress(ConnectionError):
            while sent < 64 << 20:
                connection.sendall(_TINY * 10_000)
                sent += len(_TINY) * 10_000
    assert sent < 64 << 20, "the server reads on"


def test_the_refusal_of_tiny_chunks_says_what_to_send(alone: ApiProcess) -> None:
    assert_error(answer_to(alone, _SUBMIT % b"Transfer-Encoding: chunked", _TINY * 2_000), 400, "bad_request")


def test_a_body_of_small_chunks_is_accepted(alone: ApiProcess) -> None:
    data = _FILE + text_png("Hello").ljust(200_000, b"\0") + _END
    chunks = [data[n : n + 150] for n in range(0, len(data), 150)]
    sent = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
    answer = answer_to(alone, _SUBMIT % b"Connection: close\r\nTransfer-Encoding: chunked", sent)
    assert answer.startswith(b"HTTP/1.1 202 ")


def test_many_requests_at_once_on_one_connection_end_it(alone: ApiProcess) -> None:
    few, many = (answer_to(alone, (HEAD + b"\r\n") * n + HEAD + b"Connection: close\r\n\r\n") for n in (9, 1_000))
    assert few.count(b"HTTP/1.1 200 ") == 10
    assert many.count(b"HTTP/1.1 200 ") < 100


# ── time ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "sent", [b"G", HEAD, HEAD + b"X: a", HEAD + b"\r\n" + HEAD], ids=["begun", "headers", "in one", "second"]
)
def test_headers_that_do_not_end_get_408(fast: ThreadedServer, sent: bytes) -> None:
    with fast.connect() as connection:
        connection.sendall(sent)
        answer = read_to_end(connection)
    assert_error(answer[answer.rindex(b"HTTP/1.1 ") :], 408, "request_timeout")


def test_headers_that_come_byte_by_byte_get_408(fast: ThreadedServer) -> None:
    with fast.connect() as connection:
        connection.sendall(HEAD + b"X: ")
        fast.wait(2 * protocol.HEAD_S, lambda: _trickle(connection))
        assert_error(read_to_end(connection), 408, "request_timeout")


@pytest.mark.parametrize("sent", [b"", b"\r\n", HEAD + b"\r\n"], ids=["nothing", "an empty line", "one request"])
def test_an_idle_connection_is_closed(fast: ThreadedServer, sent: bytes) -> None:
    with fast.connect() as connection:
        connection.sendall(sent)
        assert read_to_end(connection).count(b"HTTP/1.1 ") == (len(sent) > 2)


@pytest.mark.parametrize("length", [b"Content-Length: 900000", b"Transfer-Encoding: chunked"])
def test_a_body_that_comes_byte_by_byte_gets_408_and_leaves_nothing(
    fast: ThreadedServer, length: bytes, tmp_path: Path
) -> None:
    with fast.connect() as connection:
        first = _FILE + text_png("Hello")[:3_000]
        is_chunked = length.startswith(b"T")
        connection.sendall(_SUBMIT % length + (b"%x\r\n%b\r\n" % (len(first), first) if is_chunked else first))
        byte = b"1\r\nx\r\n" if is_chunked else b"x"
        fast.wait(2 * protocol.BODY_PAUSE_S, lambda: _trickle(connection, byte))
        assert_error(read_to_end(connection), 408, "request_timeout")


def _trickle(connection: socket.socket, data: bytes = b"x") -> None:
    with contextlib.suppress(ConnectionError):
        connection.sendall(data)


def test_a_refused_upload_that_does_not_end_is_closed(fast: ThreadedServer) -> None:
    with fast.connect() as connection:
        connection.sendall(_SUBMIT.replace(b"submit", b"nowhere") % b"Content-Length: 900000" + _FILE)
        assert b'"code":"not_found"' in read_to_end(connection)


def test_a_slow_upload_is_accepted_as_long_as_it_comes(fast: ThreadedServer) -> None:
    """At little more than the lowest rate, over much more time than a pause may take."""
    body = _FILE + text_png("Hello").ljust(60_000, b"\0") + _END
    step = 6 * protocol.BODY_BYTES_PER_S
    with fast.connect() as connection:
        connection.sendall(_SUBMIT % (b"Connection: close\r\nContent-Length: %d" % len(body)))
        for start in range(0, len(body), step):
            connection.sendall(body[start : start + step])
            fast.wait(0)
        assert read_to_end(connection).startswith(b"HTTP/1.1 202 ")


def test_long_responses_are_not_cut_off(fast: ThreadedServer) -> None:
    """Event streams, waiting for a result, and a client that reads slowly."""
    with open_http(fast.url) as http, concurrent.futures.ThreadPoolExecutor() as pool:
        job_id = Api(http).submit(text_png("Hello"))
        waiting = pool.submit(open_http(fast.url).get, f"/ocr/result/{job_id}", params={"wait": 20})
        with http.stream("GET", f"/ocr/events/{job_id}") as stream:
            lines = stream.iter_lines()
            next(lines)
            fast.wait(100)
            assert not waiting.done()
            assert http.post(f"/ocr/jobs/{job_id}/cancel").status_code == 200
            assert any("cancelled" in line for line in lines)
        assert waiting.result().json()["status"] == "cancelled"


@pytest.fixture
def reader(fast: ThreadedServer) -> Iterator[socket.socket]:
    """A client with little room that asks for 16 MB, which is more than the system keeps for it."""
    fast.server.config.app.add_route("/large", lambda _: Response(bytes(16 << 20)))  # type: ignore[union-attr]
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        connection.settimeout(30)
        connection.connect(("127.0.0.1", fast.port))
        connection.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        yield connection


def test_a_client_that_stops_reading_is_disconnected(fast: ThreadedServer, reader: socket.socket) -> None:
    reader.recv(1)
    fast.wait(40)
    assert fast.server.server_state.connections, "it may pause"
    wait_until(lambda: not fast.server.server_state.connections, "the end of the connection")
    assert len(read_to_end(reader)) < 16 << 20


def test_a_client_that_reads_slowly_gets_all(fast: ThreadedServer, reader: socket.socket) -> None:
    received = 0
    for _ in range(20):  # in all more time than a client may read nothing
        received += len(reader.recv(100_000))
        fast.wait(0)
    assert received + len(read_to_end(reader)) > 16 << 20


def test_a_stopped_process_does_not_count_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    from ocrdesk_api.server import connections

    times = iter([0.0, 1.0, 500.0, 501.0])
    monkeypatch.setattr(connections.time, "monotonic", lambda: next(times))
    clock = connections.Clock()
    passed = []
    for _ in range(3):
        clock.tick()
        passed.append(clock.now)
    assert passed == [1.0, 3.0, 4.0]
