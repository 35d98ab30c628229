"""Responses and failures as exceptions: Retry-After, and servers that do not respond or are not ocrdesk."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ocrdesk.client import (
    ApiError,
    Client,
    ClientError,
    ServerUnavailableError,
)
from ocrdesk.client.responses import parse_retry_after


@pytest.mark.parametrize(
    ("header", "wait_s"),
    [("7", 7.0), (" 0 ", 0.0), ("", None), (None, None), ("soon", None), ("-1", None), ("²", None)],
)
def test_retry_after_is_a_number_of_seconds(header: str | None, wait_s: float | None) -> None:
    assert parse_retry_after(header) == wait_s


def test_retry_after_may_be_a_date() -> None:
    in_an_hour = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    assert 3500 < (parse_retry_after(in_an_hour) or 0) <= 3600
    assert parse_retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def test_a_refused_connection_is_reported_with_the_address() -> None:
    url = f"http://127.0.0.1:{closed_port()}"
    with Client(url) as client, pytest.raises(ServerUnavailableError) as raised:
        client.health()
    assert str(raised.value) == f"No server responds at {url}. Check the address, and that the server is running."


@pytest.mark.parametrize("url", ["http://nowhere.invalid", "http://127.0.0.1:99999", "ftp://127.0.0.1", "http://"])
def test_an_address_that_leads_nowhere_is_a_server_away(url: str) -> None:
    with pytest.raises(ServerUnavailableError), Client(url) as client:
        client.health()


class _Stranger(BaseHTTPRequestHandler):
    """A web server that is not ocrdesk: a page for some paths, an error without an end for others."""

    def do_GET(self) -> None:  # the name that http.server calls
        found = self.path.endswith("/health")
        self.send_response(200 if found else 501)
        self.end_headers()
        self.wfile.write(b"<html>Welcome</html>" if found else b"[" * 100_000)

    def log_message(self, *args: object) -> None:
        """Log nothing."""


@pytest.fixture
def stranger() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Stranger)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_server_other_than_ocrdesk_is_reported(stranger: str) -> None:
    with Client(stranger) as client:
        with pytest.raises(ClientError, match="Check that it is an ocrdesk server"):
            client.health()
        with pytest.raises(ApiError, match="501") as raised:
            client.capabilities()
        assert raised.value.code == "http_error"
