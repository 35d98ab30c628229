"""One window per user and data folder: a second start passes its files to the first one."""

from __future__ import annotations

import getpass
import hashlib
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from ocrdesk.local.errors import LocalServerError
from ocrdesk.local.paths import default_data_dir, run_dir

_ANSWER_MS = 3_000
"""A window that takes longer counts as hung, and this start opens a window of its own."""
_LOCK_MS = 500
"""The time a starting window needs from its lock until it listens."""
_MAX_BYTES = 4_000_000
_ACCEPTED = b"taken\n"
_TOKEN = "XDG_ACTIVATION_TOKEN"  # noqa: S105  # allows a Wayland window to come to the front


@dataclass(frozen=True, slots=True)
class StartRequest:
    """What a start asks for: files to open (absolute paths), and whether to capture a part of the screen."""

    files: tuple[str, ...] = ()
    region: bool = False
    token: str = ""


def start_request(files: list[Path], *, region: bool = False) -> StartRequest:
    """Return this start's request, with absolute paths: the first window has another current folder."""
    return StartRequest(tuple(os.path.abspath(file) for file in files), region, os.environ.get(_TOKEN, ""))  # noqa: PTH100  # links stay


def instance_name(data_dir: Path | None, server_url: str | None = None) -> str | None:
    """Return where the first window listens: a socket in a private folder of this user (on Windows, a pipe's name).

    Each data folder and each server has its own. None if there is no such folder.
    """
    folder = data_dir or default_data_dir()
    which = hashlib.sha256(os.fsencode(f"{folder.resolve()}\n{server_url or ''}")).hexdigest()[:8]
    if sys.platform == "win32":
        return f"ocrdesk-{getpass.getuser()}-{which}"
    try:
        return str(run_dir(folder) / f"window-{which}.sock")
    except LocalServerError:
        return None


def send_to_running_window(name: str, request: StartRequest) -> bool:
    """Return whether an open window has accepted the request. Blocks for a few seconds at most."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_ANSWER_MS):
        return False
    import json  # imported only if there is another window

    socket.write(json.dumps(asdict(request)).encode() + b"\n")
    while not socket.canReadLine():
        if not socket.waitForReadyRead(_ANSWER_MS):
            return False
    return bool(socket.readLine().data() == _ACCEPTED)


class SingleInstance(QObject):
    """Listens for later starts, from `claim` to `close`."""

    received = Signal(object)
    """A StartRequest."""

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._sockets: list[QLocalSocket] = []
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        self._lock = None if sys.platform == "win32" else QLockFile(f"{name}.lock")

    def claim(self, request: StartRequest) -> bool:
        """Return True if this is the first window, which listens now; False if another one has accepted the request.

        Two simultaneous starts agree by a lock; a killed process leaves its lock and socket behind without harm.
        A window that does not answer is left alone: then the result is True too, and this window does not listen.
        """
        if send_to_running_window(self._name, request):
            return False
        if self._lock is not None:
            self._lock.setStaleLockTime(0)  # a lock is stale when its process is dead, not when it is old
            if not self._lock.tryLock(0) and not self._lock.tryLock(_LOCK_MS):
                return not send_to_running_window(
                    self._name, request
                )  # the other window listens by now unless it hangs
            QLocalServer.removeServer(self._name)
        self._server.listen(self._name)
        return True

    def close(self) -> None:
        self._server.close()
        if self._lock is not None:
            self._lock.unlock()

    def _on_connection(self) -> None:
        while self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            self._sockets.append(socket)
            socket.readyRead.connect(self._read_all)
            socket.disconnected.connect(self._read_all)
        self._read_all()

    def _read_all(self) -> None:
        """Read from every socket; there is seldom more than one."""
        for socket in list(self._sockets):
            if socket.bytesAvailable() > _MAX_BYTES:
                socket.abort()
            elif socket.canReadLine() and (request := _parse(bytes(socket.readLine().data()))) is not None:
                socket.write(_ACCEPTED)
                socket.flush()
                self.received.emit(request)
            if socket.state() == QLocalSocket.LocalSocketState.UnconnectedState and socket in self._sockets:
                self._sockets.remove(socket)
                socket.deleteLater()


def _parse(line: bytes) -> StartRequest | None:
    """Return the request, or None if the line is not one."""
    import json

    try:
        fields = json.loads(line)
        return StartRequest(tuple(str(file) for file in fields["files"]), bool(fields["region"]), str(fields["token"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def use_token(request: StartRequest) -> None:
    """Let this process's window come to the front on Wayland: Qt reads the token from the environment."""
    if request.token:
        os.environ[_TOKEN] = request.token
