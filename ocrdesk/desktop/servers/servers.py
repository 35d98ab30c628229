"""A local or remote server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias
from urllib.parse import urlsplit

from ocrdesk.desktop.servers.client_import import import_client

if TYPE_CHECKING:
    from ocrdesk.client import Client, RetryPolicy


KeyLookup: TypeAlias = "Callable[[Callable[[str], None]], str | None]"
"""Returns a key, and reports what it waits for."""


@dataclass(frozen=True, slots=True)
class Connection:
    """A connected server. `close` may block for a moment: never call it on the main thread."""

    client: Client
    close: Callable[[], None]
    has_key: bool = False
    """Whether the client has a key from the user."""


class Server(Protocol):
    """A server for jobs. `connect` blocks until it answers and raises LocalServerError or ClientError."""

    @property
    def is_local(self) -> bool: ...

    def connect(self, on_progress: Callable[[str], None], /) -> Connection: ...


@dataclass(frozen=True, slots=True)
class LocalServer:
    """The local server, started if it is not running."""

    data_dir: Path | None = None
    is_local: bool = True

    def connect(self, on_progress: Callable[[str], None], /) -> Connection:
        # not at the top: this import takes a third of a second, and the window is shown first
        import_client()
        from ocrdesk.local.server.attach import attach

        attachment = attach(self.data_dir, on_progress=on_progress)
        return _connection(attachment.client(_retry_policy()), attachment.close)


@dataclass(frozen=True, slots=True)
class RemoteServer:
    """A server at an address. The key may be looked up at each connect, which may take time and fail.

    Its key and pending files are stored under `server_id`, or under the address if it has none.
    """

    url: str
    api_key: str | KeyLookup | None = field(default=None, repr=False)
    is_local: bool = False
    server_id: str = ""
    name: str = ""

    def connect(self, on_progress: Callable[[str], None], /) -> Connection:
        import_client()
        from ocrdesk.client import Client  # as above

        key = self.api_key(on_progress) if callable(self.api_key) else self.api_key
        client = Client(self.url, key, retry_policy=_retry_policy())
        try:
            client.health()
        except BaseException:
            client.close()
            raise
        return Connection(client, client.close, has_key=bool(key))


def server_key(server: Server) -> str:
    """Return what identifies a server; it stays the same with another key or address."""
    if isinstance(server, RemoteServer):
        return server.server_id or server.url
    return f"local:{getattr(server, 'data_dir', None) or ''}"


def host_of(server: Server) -> str:
    """Return the host that files are sent to, with its port if one is named; empty for this computer."""
    return shown_host(server.url) if isinstance(server, RemoteServer) else ""


def shown_host(url: str) -> str:
    """Return an address's host and port, without user name and password."""
    return urlsplit(url).netloc.rpartition("@")[2] or url


def _retry_policy() -> RetryPolicy:
    """Wait while the server is busy. Report an unreachable server at once: the session reconnects."""
    from ocrdesk.client import RetryPolicy  # as above

    return RetryPolicy(busy_s=120.0, unavailable_s=0.0)


def _connection(client: Client, detach: Callable[[], None]) -> Connection:
    def close() -> None:
        client.close()  # wakes threads that wait for a retry
        detach()

    return Connection(client, close)
