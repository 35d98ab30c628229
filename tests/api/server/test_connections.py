"""How many connections there may be, in all and from one address, and who gives way to a new one."""

from __future__ import annotations

import contextlib
import json
import resource
import socket
import subprocess
import sys
from collections.abc import Iterator

import httpx2
import pytest

from ocrdesk.backend.settings import Settings
from ocrdesk_api.server.connections import Connections
from ocrdesk_api.server.descriptors import MINIMUM
from tests.helpers import plain_http
from tests.helpers.processes import clean_env, end, run_valkey, short_folder
from tests.helpers.sample_files import text_png
from tests.helpers.threaded_server import HEAD, ThreadedServer, read_to_end, threaded_server
from tests.helpers.wait import wait_until

_STREAM = b"GET /api/v1/ocr/events HTTP/1.1\r\nHost: localhost\r\n\r\n"


class _Connection:
    """Notes whether it was closed, and is forgotten then, as a real one is."""

    def __init__(self, connections: Connections, address: str) -> None:
        self.connections, self.client, self.is_dropped = connections, (address, 1), False

    def drop(self) -> None:
        self.is_dropped = True
        self.connections.forget(self)


def opened(connections: Connections, address: str, *, busy: bool = False) -> _Connection | None:
    """Return a new connection; None if it is refused."""
    connection = _Connection(connections, address)
    if not connections.admit(connection, connection.client):
        return None
    if busy:
        connections.set_waiting(connection, is_waiting=False)
    return connection


def test_a_new_connection_takes_the_place_of_the_one_that_waited_longest() -> None:
    connections = Connections(3, 100)
    held = [opened(connections, f"10.0.0.{n}", busy=n == 0) for n in range(3)]
    assert opened(connections, "10.0.0.9")
    assert [one.is_dropped for one in held if one] == [False, True, False]


def test_connections_that_are_being_answered_do_not_give_way() -> None:
    connections = Connections(3, 100)
    held = [opened(connections, f"10.0.0.{n}", busy=True) for n in range(3)]
    assert opened(connections, "10.0.0.9") is None
    first = held[0]
    assert first
    connections.forget(first)
    assert opened(connections, "10.0.0.9")


@pytest.mark.parametrize(
    ("one", "same", "other"), [("10.0.0.1", "10.0.0.1", "10.0.0.2"), ("fd00::1", "fd00::2", "fd01::1")]
)
def test_an_address_has_a_limit_of_its_own(one: str, same: str, other: str) -> None:
    connections = Connections(100, 2)
    assert all(opened(connections, address, busy=True) for address in (one, same))
    assert opened(connections, one) is None
    assert opened(connections, other)


def test_an_address_over_its_limit_gives_up_its_own_connections() -> None:
    connections = Connections(100, 2)
    other = opened(connections, "10.0.0.2")
    mine = [opened(connections, "10.0.0.1") for _ in range(3)]
    assert [one.is_dropped for one in (other, *mine) if one] == [False, True, False, False]


def test_no_address_gets_more_than_half() -> None:
    connections = Connections(10, 100)
    assert [bool(opened(connections, "10.0.0.1", busy=True)) for _ in range(6)] == [True] * 5 + [False]


def test_trusted_proxies_and_unix_sockets_have_no_limit_of_their_own() -> None:
    connections = Connections(50, 2, ["10.0.0.0/8"])
    assert all(opened(connections, "10.0.0.1", busy=True) for _ in range(20))
    for _ in range(20):
        assert connections.admit(_Connection(connections, ""), None)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadedServer]:
    """A server with room for eight connections, four from one address."""
    with (
        short_folder() as folder,
        run_valkey(folder) as url,
        threaded_server(monkeypatch, Settings(redis_url=url, max_connections=8)) as server,
    ):
        yield server


def test_idle_connections_keep_nobody_out(small: ThreadedServer) -> None:
    with contextlib.ExitStack() as stack:
        for n in range(40):
            held = stack.enter_context(small.connect(source=f"127.0.0.{n % 4 + 2}"))
            held.sendall(HEAD if n % 2 else b"")
        with small.connect() as connection:
            connection.sendall(HEAD + b"\r\n")
            assert connection.recv(65_536).startswith(b"HTTP/1.1 200 ")


def test_a_full_server_refuses_at_once_and_has_room_again_later(small: ThreadedServer) -> None:
    with contextlib.ExitStack() as stack:
        for n in range(8):
            stream = stack.enter_context(small.connect(source=f"127.0.0.{n % 4 + 2}"))
            stream.sendall(_STREAM)
            assert stream.recv(65_536).startswith(b"HTTP/1.1 200 ")
        for _ in range(100):
            with small.connect() as refused:
                refused.sendall(HEAD + b"\r\n")
                head, _, body = read_to_end(refused).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 503 ")
        assert b"retry-after: " in head.lower()
        assert json.loads(body)["code"] == "too_many_connections"

    def is_answered() -> bool:
        with small.connect() as connection:
            connection.sendall(HEAD + b"\r\n")
            return connection.recv(65_536).startswith(b"HTTP/1.1 200 ")

    wait_until(is_answered, "room for a connection")


def test_an_address_over_its_limit_is_refused_and_others_are_not(small: ThreadedServer) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(4):
            stream = stack.enter_context(small.connect(source="127.0.0.2"))
            stream.sendall(_STREAM)
            assert stream.recv(65_536).startswith(b"HTTP/1.1 200 ")
        for source, status in (("127.0.0.2", b"503"), ("127.0.0.3", b"200")):
            connection = stack.enter_context(small.connect(source=source))
            connection.sendall(HEAD + b"Connection: close\r\n\r\n")
            assert read_to_end(connection).split()[1] == status


@pytest.fixture(scope="module", params=[MINIMUM, 300])
def few_files(request: pytest.FixtureRequest) -> Iterator[int]:
    """The port of an api whose process may open few files."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (request.param, request.param))

    with short_folder() as folder, run_valkey(folder) as redis_url, socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        process = subprocess.Popen(
            [sys.executable, "-m", "ocrdesk_api", "--fd", str(listener.fileno())],
            env=clean_env(REDIS_URL=redis_url, STORAGE_URL=(folder / "blobs").as_uri(), MAX_QUEUED_PAGES="0"),
            pass_fds=(listener.fileno(),),
            preexec_fn=limit,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            port = listener.getsockname()[1]
            wait_until(lambda: _status(f"http://127.0.0.1:{port}/api/v1"), "the api's answer")
            yield port
        finally:
            end(process, 30)


def test_with_few_descriptors_idle_connections_keep_nobody_out(few_files: int) -> None:
    """More connections than the process may open files; they come from two addresses, as each may have a half."""
    with contextlib.ExitStack() as held:
        for n in range(350):
            source = (f"127.0.0.{n % 2 + 2}", 0)
            held.enter_context(socket.create_connection(("127.0.0.1", few_files), 30, source_address=source))
        for path in ("/health/live", "/health", "/ocr/jobs") * 5:
            url = f"http://127.0.0.1:{few_files}/api/v1{path}"
            assert plain_http.get(url, timeout=30, trust_env=False).status_code == 200


def test_with_few_descriptors_begun_uploads_do_not_use_up_all(few_files: int) -> None:
    """Each has a socket and a file. Others are still answered, if only that there is no room."""
    upload = (
        b"POST /api/v1/ocr/submit HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n"
        b"Content-Type: multipart/form-data; boundary=edge\r\n\r\n"
        b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n' + text_png("Hello")
    )
    with contextlib.ExitStack() as held:
        for n in range(300):
            source = (f"127.0.0.{n % 3 + 2}", 0)
            connection = socket.create_connection(("127.0.0.1", few_files), 30, source_address=source)
            held.enter_context(connection).sendall(upload)
        for _ in range(5):
            assert _status(f"http://127.0.0.1:{few_files}/api/v1") in (200, 503)


def _status(url: str) -> int | None:
    try:
        return plain_http.get(f"{url}/health/live", timeout=5, trust_env=False).status_code
    except httpx2.TransportError:
        return None
