"""The servers a session can be of: this machine's own backend, or one at an address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from ocrdesk.client import Client, RetryPolicy


KeyLookup: TypeAlias = "Callable[[Callable[[str], None]], str | None]"
"""Finds a key, and says what it waits for."""


@dataclass(frozen=True, slots=True)
class Connection:
    """A server that answered. `close` lets go of it and may take a moment: never on the main thread."""

    client: Client
    close: Callable[[], None]
    has_key: bool = False
    """Whether the client has a key that somebody gave it."""


class Server(Protocol):
    """Where jobs go. `connect` blocks until it answers and raises LocalServerError or ClientError."""

    @property
    def is_local(self) -> bool: ...

    def connect(self, on_progress: Callable[[str], None], /) -> Connection: ...


@dataclass(frozen=True, slots=True)
class LocalServer:
    """This machine's backend, started when it is not running."""

    data_dir: Path | None = None
    is_local: bool = True

    def connect(self, on_progress: Callable[[str], None], /) -> Connection:
        # here and not above: the window is shown first, and this import takes a third of a second
        from ocrdesk.local.server.attach import attach

        attachment = attach(self.data_dir, on_progress=on_progress)
        return _connection(attachment.client(_retry_policy()), attachment.close)


@dataclass(frozen=True, slots=True)
class RemoteServer:
    """A server at an address. The key may be one that is looked up, which may take its time and fail, at each connect.

    `server_id` is what its key and its waiting files are found by; the address does where there is none.
    """

    url: str
    api_key: str | KeyLookup | None = field(default=None, repr=False)
    is_local: bool = False
    server_id: str = ""
    name: str = ""

    def connect(self, on_progress: Callable[[str], None], /) -> Connection:
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
    """What tells servers apart; the same server with another key or address has the same."""
    if isinstance(server, RemoteServer):
        return server.server_id or server.url
    return f"local:{getattr(server, 'data_dir', None) or ''}"


def host_of(server: Server) -> str:
    """The host that files go to, with its port where one is named; empty for this machine."""
    return shown_host(server.url) if isinstance(server, RemoteServer) else ""


def shown_host(url: str) -> str:
    """An address's host and port, without anything that may come before them."""
    return urlsplit(url).netloc.rpartition("@")[2] or url


def _retry_policy() -> RetryPolicy:
    """Too many requests are waited out. A server that is away is said at once: the session looks for it again."""
    from ocrdesk.client import RetryPolicy  # as above

    return RetryPolicy(busy_s=120.0, unavailable_s=0.0)


def _connection(client: Client, let_go: Callable[[], None]) -> Connection:
    def close() -> None:
        client.close()  # wakes the threads that wait for another try
        let_go()

    return Connection(client, close)
