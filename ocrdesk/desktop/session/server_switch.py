"""Switches the window to another server."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from ocrdesk.desktop.servers.server_list import LOCAL_ID, ServerList
from ocrdesk.desktop.servers.servers import host_of, server_key
from ocrdesk.desktop.session.session import Session


class ServerSwitch(QObject):
    """Keeps the session and the server list in step."""

    changed = Signal()
    """Another server is used, or the used one has another name, address or key."""
    message = Signal(str)
    """A sentence about work that continues on the old server."""

    def __init__(self, session: Session, servers: ServerList, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._servers = session, servers
        session.server_changed.connect(lambda _: self.changed.emit())
        servers.changed.connect(self.changed)

    @property
    def current_id(self) -> str:
        """The id of the server in use; empty if it is not in the list."""
        return self._servers.id_of(self._session.server)

    @property
    def current_name(self) -> str:
        return self.name_of(self.current_id) or host_of(self._session.server)

    def name_of(self, server_id: str) -> str:
        if server_id == LOCAL_ID:
            return self.tr("This computer")
        entry = self._servers.entry(server_id)
        return entry.name if entry else ""

    def use(self, server_id: str) -> None:
        """Switch to another server."""
        if server_id == self.current_id:
            return
        old_key, old_name = server_key(self._session.server), self.current_name
        self._servers.note_active(server_id)
        self._session.switch(self._servers.server(server_id))
        if left := self._session.files_left(old_key):
            text = (
                self.tr("1 file is still being sent to {name}.")
                if left == 1
                else self.tr("{left} files are still being sent to {name}.")
            )
            self.message.emit(text.format(left=left, name=old_name))

    def reconnect(self, server_id: str) -> None:
        """Connect again after the server's key or address changed, if it is the one in use."""
        if server_id == self.current_id:
            self._session.switch(self._servers.server(server_id))

    def remove(self, server_id: str) -> None:
        """Remove a server from the list; if it was in use, switch to this computer."""
        server = self._servers.server(server_id)
        if server_id == self.current_id:
            self.use(LOCAL_ID)
        self._session.forget_server(server_key(server))
        self._servers.remove(server_id)

    def files_left(self, server_id: str) -> int:
        return self._session.files_left(server_key(self._servers.server(server_id)))
