"""One window for each user and data folder: a second start hands its files to the first one and ends."""

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
"""A window that takes longer is taken for hung, and this start opens one of its own."""
_LOCK_MS = 500
"""For one that is just starting, from its lock to its listening."""
_MOST_BYTES = 4_000_000
_TAKEN = b"taken\n"
_TOKEN = "XDG_ACTIVATION_TOKEN"  # noqa: S105  # what lets a Wayland window come to the front


@dataclass(frozen=True, slots=True)
class StartRequest:
    """What a start wants: files to open (absolute paths), and whether a part of the screen is to be read."""

    files: tuple[str, ...] = ()
    region: bool = False
    token: str = ""


def errand(files: list[Path], *, region: bool = False) -> StartRequest:
    """This start's own errand. Its paths are made absolute: the first window has another current folder."""
    return StartRequest(tuple(os.path.abspath(file) for file in files), region, os.environ.get(_TOKEN, ""))  # noqa: PTH100  # links stay


def address(data_dir: Path | None, server_url: str | None = None) -> str | None:
    """Where the first window listens: a socket in a folder of this user's alone (a pipe's name on Windows).

    Each data folder and each server has its own. None where there is no such folder to be had.
    """
    folder = data_dir or default_data_dir()
    which = hashlib.sha256(f"{folder.resolve()}\n{server_url or ''}".encode()).hexdigest()[:8]
    if sys.platform == "win32":
        return f"ocrdesk-{getpass.getuser()}-{which}"
    try:
        return str(run_dir(folder) / f"window-{which}.sock")
    except LocalServerError:
        return None


def send_to_running_window(name: str, what: StartRequest) -> bool:
    """Whether a window that is there already has taken the errand. Blocks for a few seconds at most."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_ANSWER_MS):
        return False
    import json  # where there is another window

    socket.write(json.dumps(asdict(what)).encode() + b"\n")
    while not socket.canReadLine():
        if not socket.waitForReadyRead(_ANSWER_MS):
            return False
    return bool(socket.readLine().data() == _TAKEN)


class SingleInstance(QObject):
    """Listens for later starts, from `listen` to `close`."""

    received = Signal(object)
    """An Errand."""

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._sockets: list[QLocalSocket] = []
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        self._lock = None if sys.platform == "win32" else QLockFile(f"{name}.lock")

    def claim(self, what: StartRequest) -> bool:
        """True when this is the first window, which listens now; False when another one has taken the errand.

        Two that start at once agree by a lock, which a killed one leaves behind without harm, as it does its
        socket. A window that does not answer is left alone: then this one is True too, and does not listen.
        """
        if send_to_running_window(self._name, what):
            return False
        if self._lock is not None:
            self._lock.setStaleLockTime(0)  # a lock is stale when its process is dead, not when it is old
            if not self._lock.tryLock(0) and not self._lock.tryLock(_LOCK_MS):
                return not send_to_running_window(self._name, what)  # it is here, and listens by now unless it hangs
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
        """Whatever has come, from any of them: there is seldom more than one."""
        for socket in list(self._sockets):
            if socket.bytesAvailable() > _MOST_BYTES:
                socket.abort()
            elif socket.canReadLine() and (what := _errand(bytes(socket.readLine().data()))) is not None:
                socket.write(_TAKEN)
                socket.flush()
                self.received.emit(what)
            if socket.state() == QLocalSocket.LocalSocketState.UnconnectedState and socket in self._sockets:
                self._sockets.remove(socket)
                socket.deleteLater()


def _errand(line: bytes) -> StartRequest | None:
    """None for what is no errand."""
    import json

    try:
        said = json.loads(line)
        return StartRequest(tuple(str(file) for file in said["files"]), bool(said["region"]), str(said["token"]))
    except (ValueError, KeyError, TypeError):
        return None


def use_token(what: StartRequest) -> None:
    """Lets this process's next wish for the front come true on Wayland: Qt looks for the token there."""
    if what.token:
        os.environ[_TOKEN] = what.token
