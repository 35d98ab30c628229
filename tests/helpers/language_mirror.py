"""A language mirror on this machine: a real HTTP server for a folder, which fails and breaks connections on demand."""

from __future__ import annotations

import contextlib
import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from ocrdesk.local.languages.mirror import make_index
from ocrdesk_worker.engines.languages.tessdata import collect


def real_pack(name: str = "deu") -> Path:
    """Return real data from our wheels."""
    file = collect().files().get(name)
    if file is None:
        pytest.skip(f"no data for {name} is installed")
    return file


@dataclass(slots=True)
class ServedMirror:
    """Each request for a pack uses one of `breaks`: the connection is cut after that many bytes of the response."""

    folder: Path
    port: int = 0
    breaks: list[int] = field(default_factory=list)
    knows_ranges: bool = True
    status: int = 200
    asked: list[tuple[str, str]] = field(default_factory=list)
    """The path and Range of each request."""
    held: threading.Event = field(default_factory=threading.Event)
    """While it is cleared, requests for packs get no response."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/packs"

    def put(self, name: str, source: Path) -> None:
        """Add a pack and index it."""
        shutil.copyfile(source, self.folder / f"{name}.traineddata")
        make_index(self.folder)

    def change_index(self, **fields: object) -> None:
        """Change these fields of every pack in the index."""
        path = self.folder / "index.json"
        index = json.loads(path.read_text())
        for pack in index["packs"]:
            pack.update(fields)
        path.write_text(json.dumps(index))

    def ranges_asked(self, name: str) -> list[str]:
        return [asked for path, asked in self.asked if path.endswith(f"/{name}.traineddata")]


class _Handler(BaseHTTPRequestHandler):
    mirror: ClassVar[ServedMirror]

    def do_GET(self) -> None:
        mirror = self.mirror
        asked = self.headers.get("Range", "")
        mirror.asked.append((self.path, asked))
        file = mirror.folder / self.path.removeprefix("/packs/")
        if mirror.status != 200 or not self.path.startswith("/packs/") or not file.is_file():
            self.send_error(mirror.status if mirror.status != 200 else 404)
            return
        data = file.read_bytes()
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and mirror.knows_ranges else 0
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        body = data[start:]
        if file.suffix == ".traineddata":
            mirror.held.wait(60)
            if mirror.breaks:
                body = body[: mirror.breaks.pop(0)]
        with contextlib.suppress(OSError):
            self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *arguments: object) -> None:
        """Log nothing, to keep the test's output clean."""


@contextlib.contextmanager
def serving_mirror(folder: Path) -> Iterator[ServedMirror]:
    folder.mkdir(parents=True, exist_ok=True)
    mirror = ServedMirror(folder)
    mirror.held.set()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"mirror": mirror}))
    server.daemon_threads = True
    mirror.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield mirror
    finally:
        mirror.held.set()
        server.shutdown()
        server.server_close()
        thread.join(10)
