"""Changes the server that the window is of, and remembers which."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from ocrdesk.desktop.servers.server_list import LOCAL_ID, ServerList
from ocrdesk.desktop.servers.servers import host_of, server_key
from ocrdesk.desktop.session.session import Session


class ServerSwitch(QObject):
    """Between the book and the session."""

    changed = Signal()
    """Another server is used, or the used one has another name, address or key."""
    said = Signal(str)
    """A sentence about what goes on elsewhere."""

    def __init__(self, session: Session, book: ServerList, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._book = session, book
        session.server_changed.connect(lambda _: self.changed.emit())
        book.changed.connect(self.changed)

    @property
    def current_id(self) -> str:
        """The used server's id in the book; empty for one that is not in it."""
        return self._book.id_of(self._session.server)

    @property
    def current_name(self) -> str:
        return self.name_of(self.current_id) or host_of(self._session.server)

    def name_of(self, server_id: str) -> str:
        if server_id == LOCAL_ID:
            return self.tr("This computer")
        entry = self._book.entry(server_id)
        return entry.name if entry else ""

    def use(self, server_id: str) -> None:
        """Goes over to another server."""
        if server_id == self.current_id:
            return
        old_key, old_name = server_key(self._session.server), self.current_name
        self._book.note_active(server_id)
        self._session.switch(self._book.server(server_id))
        if left := self._session.files_left(old_key):
            said = self.tr("1 file still goes to {name}.") if left == 1 else self.tr("{left} files still go to {name}.")
            self.said.emit(said.format(left=left, name=old_name))

    def connect_anew(self, server_id: str) -> None:
        """The server has another key or address: the session takes it up, if the server is the one in use."""
        if server_id == self.current_id:
            self._session.switch(self._book.server(server_id))

    def remove(self, server_id: str) -> None:
        """Takes a server out of the list; this computer is used instead when it was the one in use."""
        server = self._book.server(server_id)
        if server_id == self.current_id:
            self.use(LOCAL_ID)
        self._session.forget_server(server_key(server))
        self._book.remove(server_id)

    def files_left(self, server_id: str) -> int:
        return self._session.files_left(server_key(self._book.server(server_id)))
