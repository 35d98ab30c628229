"""The user's servers, saved: this computer and those with an address, and which one is used.

Names and addresses are in the settings file, keys only in the keyring.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, QSettings, Signal

from ocrdesk.desktop.servers.keyring_store import KeyringStore
from ocrdesk.desktop.servers.servers import KeyLookup, LocalServer, RemoteServer, Server, shown_host

LOCAL_ID = "local"
_MAX_SERVERS = 1_000
_GROUP, _ACTIVE = "servers", "active_server"


@dataclass(frozen=True, slots=True)
class ServerEntry:
    """A server with an address. `has_kept_key`: its key is in the keyring. `is_temporary`: for this run only."""

    server_id: str
    name: str
    url: str
    has_kept_key: bool = False
    is_temporary: bool = False


class AddressError(ValueError):
    """A text is not a server's address; the message says why."""


def checked_address(text: str) -> str:
    """Return the address as it is stored. Raises AddressError."""
    tr = QObject().tr
    text = text.strip()
    if text and "://" not in text:
        text = f"https://{text}"
    text = text.rstrip("/")
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https") or any(char.isspace() for char in text):
        raise AddressError(tr("This is not an address. An address looks like https://ocr.example.org."))
    if "@" in parts.netloc:
        raise AddressError(tr("Leave name and password out of the address; the key has its own field."))
    if parts.query or parts.fragment:
        raise AddressError(tr("Leave out everything from ? or # onwards."))
    return text.removesuffix("/api/v1")


class ServerList(QObject):
    """The list and the server in use. Nothing here blocks."""

    changed = Signal()

    def __init__(
        self, store: QSettings, keyring: KeyringStore, data_dir: Path | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self.keyring = keyring
        self.local = LocalServer(data_dir)
        self._entries = {entry.server_id: entry for entry in _read(store)}
        self._active_id = str(store.value(_ACTIVE, LOCAL_ID))

    @property
    def entries(self) -> Sequence[ServerEntry]:
        """The servers with an address, in the order in which they were added."""
        return tuple(self._entries.values())

    def entry(self, server_id: str) -> ServerEntry | None:
        return self._entries.get(server_id)

    def active_server(self) -> Server:
        """Return the server that the user chose last; initially this computer."""
        return self.server(self._active_id)

    def server(self, server_id: str) -> Server:
        entry = self._entries.get(server_id)
        if entry is None:
            return self.local
        key: KeyLookup = partial(self.keyring.key, server_id, is_kept=entry.has_kept_key)
        return RemoteServer(entry.url, key, server_id=server_id, name=entry.name)

    def id_of(self, server: Server) -> str:
        """Return the server's id in the list; empty if it is not in the list."""
        if server.is_local:
            return LOCAL_ID
        known = getattr(server, "server_id", "")
        return known if known in self._entries else ""

    def note_active(self, server_id: str) -> None:
        """Store which server is in use."""
        self._active_id = server_id
        entry = self._entries.get(server_id)
        if entry is None or not entry.is_temporary:
            self._store.setValue(_ACTIVE, server_id)

    def add(self, name: str, url: str, *, is_temporary: bool = False) -> ServerEntry:
        """Add a server. Raises AddressError."""
        from uuid import uuid4  # imported for the first server, not for the window

        url = checked_address(url)
        entry = ServerEntry(uuid4().hex, name.strip() or shown_host(url), url, is_temporary=is_temporary)
        self._put(entry)
        return entry

    def change(self, server_id: str, *, name: str, url: str) -> ServerEntry:
        """Change a server. Raises AddressError."""
        url = checked_address(url)
        entry = replace(self._entries[server_id], name=name.strip() or shown_host(url), url=url)
        self._put(entry)
        return entry

    def note_key(self, server_id: str, *, is_kept: bool) -> None:
        """Store whether the keyring has this server's key, or received it and has not answered yet."""
        if entry := self._entries.get(server_id):
            self._put(replace(entry, has_kept_key=is_kept or self.keyring.may_have(server_id)))

    def remove(self, server_id: str) -> None:
        if self._entries.pop(server_id, None):
            if self._active_id == server_id:
                self.note_active(LOCAL_ID)
            self._write()

    def _put(self, entry: ServerEntry) -> None:
        self._entries[entry.server_id] = entry
        self._write()

    def _write(self) -> None:
        stored = [entry for entry in self._entries.values() if not entry.is_temporary]
        self._store.remove(_GROUP)
        self._store.beginWriteArray(_GROUP, len(stored))
        for index, entry in enumerate(stored):
            self._store.setArrayIndex(index)
            self._store.setValue("id", entry.server_id)
            self._store.setValue("name", entry.name)
            self._store.setValue("url", entry.url)
            self._store.setValue("key_in_keyring", entry.has_kept_key)
        self._store.endArray()
        self.changed.emit()


def _read(store: QSettings) -> list[ServerEntry]:
    found = []
    for index in range(min(store.beginReadArray(_GROUP), _MAX_SERVERS)):
        store.setArrayIndex(index)
        server_id, name, url = (str(store.value(field, "")) for field in ("id", "name", "url"))
        with suppress(AddressError):  # the file was damaged
            url = checked_address(url)
            found.append(ServerEntry(server_id, name, url, str(store.value("key_in_keyring", "")).lower() == "true"))
    store.endArray()
    return found
