"""Uploads to a server that is not shown at the moment: its rows, its uploads and the connection they need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrdesk.desktop.jobs.model import JobsModel
from ocrdesk.desktop.session.pending_files_saver import PendingFilesSaver
from ocrdesk.desktop.session.uploads import Uploads

if TYPE_CHECKING:
    from ocrdesk.desktop.servers.servers import Connection


@dataclass(slots=True)
class BackgroundUploads:
    """What the session keeps of one server that is not shown."""

    model: JobsModel
    uploads: Uploads
    saver: PendingFilesSaver
    connection: Connection | None
    is_local: bool

    @property
    def has_local_work(self) -> bool:
        """Whether the local server, which exits after its last user, still works on our jobs."""
        return self.is_local and any(row.job_id and not row.state.is_over for row in self.model.rows())

    def return_to(self, model: JobsModel) -> None:
        """Move the rows back into the model that is shown."""
        self.uploads.return_to_window(model)
        self.saver.watch(model)
        self.model.move_all_to(model)


def move_to_background(
    model: JobsModel, uploads: Uploads, saver: PendingFilesSaver, connection: Connection | None, *, is_local: bool
) -> BackgroundUploads:
    """Move everything of one server out of the model that is shown."""
    hidden = JobsModel(uploads)
    uploads.move_to_background(hidden)
    saver.watch(hidden)
    model.move_all_to(hidden)
    return BackgroundUploads(hidden, uploads, saver, connection, is_local)


class BackgroundServers:
    """The servers that are not shown at the moment, by their `server_key`."""

    def __init__(self, disconnect: Callable[[Connection | None], None]) -> None:
        self._disconnect = disconnect
        self._servers: dict[str, BackgroundUploads] = {}

    def add(self, key: str, server: BackgroundUploads) -> None:
        """Keep the server's connection while its uploads need it, or our jobs need the local server."""
        self._servers[key] = server

        def disconnect_when_idle() -> None:
            is_kept = self._servers.get(key) is server
            if is_kept and not server.uploads.is_busy and not server.has_local_work:
                server.uploads.pause()
                self._disconnect(server.connection)
                server.connection = None

        server.uploads.idle.connect(disconnect_when_idle)
        disconnect_when_idle()

    def take(self, key: str) -> BackgroundUploads | None:
        """Hand over a server that is shown again."""
        return self._servers.pop(key, None)

    def forget(self, key: str) -> None:
        """Stop the server's uploads and forget its pending files."""
        if server := self._servers.pop(key, None):
            server.uploads.pause()
            server.saver.forget()
            self._disconnect(server.connection)

    def is_connected_to(self, key: str) -> bool:
        return key in self._servers and self._servers[key].connection is not None

    def files_left(self, key: str) -> int:
        """Return how many files of this server are not uploaded yet."""
        return self._servers[key].uploads.left if key in self._servers else 0

    def all(self) -> tuple[BackgroundUploads, ...]:
        return tuple(self._servers.values())

    def clear(self) -> None:
        self._servers.clear()
