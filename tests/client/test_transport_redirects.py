"""A server that sends its clients to its storage for a file: the key stays between client and server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ocrdesk.client import Client, ServerUnavailableError
from ocrdesk.contract.jobs import ResultFormat

KEY = "a-key-that-only-the-server-may-see"


class Site:
    """A web server that answers every request alike and keeps the requests' headers."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.seen = status, list[dict[str, str]]()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.seen.append({name.lower(): value for name, value in self.headers.items()})
                self.send_response(site.status)
                for name, value in (headers | {"Content-Length": str(len(body))}).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def storage() -> Iterator[Site]:
    site = Site(200, {"Content-Type": "application/pdf"}, b"%PDF of the storage")
    yield site
    site.close()


@pytest.fixture
def server(storage: Site) -> Iterator[Site]:
    site = Site(307, {"Location": f"{storage.url}/bucket/file?signature=1"}, b"")
    yield site
    site.close()


def test_a_download_follows_to_the_storage_without_the_key(server: Site, storage: Site, tmp_path: Path) -> None:
    with Client(server.url, KEY) as client:
        assert client.export("job", ResultFormat.PDF) == b"%PDF of the storage"
        client.save("job", ResultFormat.PDF, tmp_path / "saved.pdf")
    assert (tmp_path / "saved.pdf").read_bytes() == b"%PDF of the storage"
    assert [headers.get("x-api-key") for headers in server.seen] == [KEY, KEY]
    assert len(storage.seen) == 2
    assert not any(KEY in value for headers in storage.seen for value in headers.values())


def test_an_address_that_is_too_old_is_no_file(server: Site, storage: Site, tmp_path: Path) -> None:
    storage.status = 403
    with Client(server.url, KEY, retry_policy=0) as client, pytest.raises(ServerUnavailableError):
        client.save("job", ResultFormat.PDF, tmp_path / "saved.pdf")
    assert not (tmp_path / "saved.pdf").exists()
