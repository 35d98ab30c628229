"""Messages of the test button about servers with problems."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ocrdesk.backend.api_keys.store import KeyStore
from ocrdesk.backend.redis_connection import connect
from ocrdesk.backend.settings import Settings
from ocrdesk.client import Client
from ocrdesk.contract.api_keys import NewKey, Scope
from ocrdesk.contract.error_messages import error_message
from ocrdesk.desktop.servers.connection_test import ConnectionTestResult, check_connection
from tests.desktop.conftest import KeyedApi
from tests.helpers import plain_http
from tests.helpers.endless_server import endless_server
from tests.helpers.fake_server import FakeServer
from tests.helpers.processes import running_api
from tests.helpers.sample_files import text_png
from tests.helpers.wait import wait_until


@pytest.fixture
def stranger() -> Iterator[str]:
    """A web server that is not ocrdesk."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/moved"):
                self.send_response(301)
                self.send_header("Location", "https://ocr.example.org/api/v1/health")
                self.end_headers()
                return
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<h1>Hello</h1>")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_refused_connection_names_the_port() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = check_connection(f"http://127.0.0.1:{port}", None)
    assert found.verdict is ConnectionTestResult.REFUSED
    assert str(port) in found.message


def test_host_that_does_not_exist_is_named() -> None:
    found = check_connection("http://no-such-host.invalid", None)
    assert found.verdict is ConnectionTestResult.NO_HOST
    assert "no-such-host.invalid" in found.message


def test_other_web_server_is_distinguished_from_ocrdesk(stranger: str) -> None:
    assert check_connection(stranger, None).verdict is ConnectionTestResult.NOT_OCRDESK
    moved = check_connection(f"{stranger}/moved", None)
    assert moved.verdict is ConnectionTestResult.MOVED
    assert "https://ocr.example.org" in moved.message


@pytest.mark.parametrize("kind", ["endless", "broken gzip"])
def test_response_without_an_end_or_meaning_is_none_of_ocrdesk(kind: str) -> None:
    with endless_server(b"200 OK", kind) as url:
        assert check_connection(url, None).verdict is ConnectionTestResult.NOT_OCRDESK


def test_missing_https_is_reported(stranger: str) -> None:
    found = check_connection(stranger.replace("http://", "https://"), None)
    assert found.verdict is ConnectionTestResult.TLS
    assert "http://" in found.message


def test_server_that_is_unwell_says_why() -> None:
    stage = FakeServer()
    stage.break_off()
    found = check_connection(stage.url, None)
    stage.close()
    assert found.verdict is ConnectionTestResult.NOT_WORKING
    assert "Redis is away." in found.message


def test_missing_wrong_expired_and_right_keys_are_distinguished(keyed: KeyedApi) -> None:
    url = keyed.url
    assert check_connection(url, None).verdict is ConnectionTestResult.KEY_MISSING
    assert check_connection(url, "ocrdesk_" + "a" * 43).verdict is ConnectionTestResult.KEY_WRONG
    assert check_connection(url, "käse").verdict is ConnectionTestResult.KEY_WRONG
    with Client(url, keyed.token) as admin:
        right = admin.create_key(NewKey(name="Right")).api_key
        reader = admin.create_key(NewKey(name="Reader", scopes=(Scope.READ,))).api_key
    assert check_connection(url, right).verdict is ConnectionTestResult.GOOD
    assert check_connection(url, reader).verdict is ConnectionTestResult.KEY_LACKS_SCOPES
    store = KeyStore(connect(Settings(redis_url=keyed.redis_url), text=True))
    issued = store.create("Ended", scopes=(Scope.READ,), expires_at=datetime.now(UTC) + timedelta(seconds=1))
    secret = issued.answer("").api_key
    wait_until(lambda: check_connection(url, secret).verdict is ConnectionTestResult.KEY_EXPIRED, "the key's end")


def test_open_server_says_that_it_asks_for_no_key(stage: FakeServer) -> None:
    found = check_connection(stage.url, None)
    assert found.verdict is ConnectionTestResult.GOOD
    assert "no key" in found.message


def test_degraded_server_is_good_and_says_what_is_wrong(redis_url: str) -> None:
    with running_api(REDIS_URL=redis_url) as api:
        url = api.removesuffix("/api/v1")
        before = check_connection(url, None)
        assert plain_http.post(
            f"{api}/ocr/submit", files={"file": ("a.png", text_png("Hello"))}, trust_env=False
        ).is_success
        found = check_connection(url, None)
    assert (before.verdict, found.verdict) == (ConnectionTestResult.GOOD, ConnectionTestResult.GOOD)
    assert found.message == f"{before.message}\n{error_message('no_worker_alive', jobs=1)}"
