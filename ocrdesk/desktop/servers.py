"""The servers a session can be of: this machine's own backend, or one at an address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ocrdesk.client import Client, Patience


@dataclass(frozen=True, slots=True)
class Connection:
    """A server that answered. `close` lets go of it and may take a moment: never on the main thread."""

    client: Client
    close: Callable[[], None]


class Server(Protocol):
    """Where jobs go. `connect` blocks until it answers and raises LocalBackendError or ClientError."""

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
        from ocrdesk.local.attach import attach

        attachment = attach(self.data_dir, on_progress=on_progress)
        return _connection(attachment.client(_patience()), attachment.close)


@dataclass(frozen=True, slots=True)
class RemoteServer:
    """A server at an address."""

    url: str
    api_key: str | None = None
    is_local: bool = False

    def connect(self, _on_progress: Callable[[str], None], /) -> Connection:
        from ocrdesk.client import Client  # as above

        client = Client(self.url, self.api_key, patience_s=_patience())
        client.health()
        return Connection(client, client.close)


def _patience() -> Patience:
    """Too many requests are waited out. A server that is away is said at once: the session looks for it again."""
    from ocrdesk.client import Patience  # as above

    return Patience(busy_s=120.0, away_s=0.0)


def _connection(client: Client, let_go: Callable[[], None]) -> Connection:
    def close() -> None:
        client.close()  # wakes the threads that wait for another try
        let_go()

    return Connection(client, close)
