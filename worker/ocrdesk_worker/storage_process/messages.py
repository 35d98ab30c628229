"""What goes between a pool's processes and its storage process: a request, then answers, over a local socket.

A message is a line of JSON and, after it, bytes.
"""

from __future__ import annotations

import errno
import json
import os
import socket
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ocrdesk.backend.settings import SettingsError
from ocrdesk.backend.storage.blob_store import BlobMissingError, StorageUnavailableError

SOCKET_NAME = "storage"
_LONGEST_PATH = 100
"""Bytes. A socket's address has no room for more."""


class SurveyPendingError(OSError):
    """Not all blobs have been listed yet since the process began."""


def send(connection: Connection, head: dict[str, Any], body: bytes = b"") -> None:
    """Send a message. Raises OSError."""
    connection.send_bytes(json.dumps(head).encode() + b"\n" + body)


def receive(connection: Connection) -> tuple[dict[str, Any], bytes]:
    """Return the next message's head and body. Raises EOFError, OSError."""
    head, _, body = connection.recv_bytes().partition(b"\n")
    return json.loads(head), body


def described(error: Exception) -> dict[str, Any]:
    """Return the head of a message that reports an error."""
    if isinstance(error, BlobMissingError):
        return {"error": "missing", "text": str(error)}
    if isinstance(error, StorageUnavailableError):
        return {"error": "unavailable", "errno": error.errno, "text": error.strerror}
    if isinstance(error, SurveyPendingError):
        return {"error": "pending"}
    if isinstance(error, SettingsError):
        return {"error": "settings", "text": str(error)}
    if isinstance(error, OSError):
        return {"error": "os", "errno": error.errno, "text": error.strerror}
    return {"error": "os", "errno": errno.EIO, "text": type(error).__name__}


def raise_described(head: dict[str, Any]) -> None:
    """Raise the error that a message reports, if it does."""
    kind, text = head.get("error"), head.get("text") or ""
    if kind == "missing":
        raise BlobMissingError(text)
    if kind == "unavailable":
        raise StorageUnavailableError(head["errno"], text)
    if kind == "pending":
        raise SurveyPendingError(errno.EAGAIN, "the files are being listed")
    if kind == "settings":
        raise SettingsError(text)
    if kind is not None:
        raise OSError(head["errno"], text)


def listen(folder: Path) -> socket.socket:
    """Return a socket that listens in a private folder. Raises OSError."""
    listener = socket.socket(socket.AF_UNIX)
    with _Address(folder) as path:
        Path(path).unlink(missing_ok=True)
        listener.bind(path)
    listener.listen(128)
    return listener


def connect(folder: Path, timeout_s: float) -> Connection:
    """Return a connection to the socket in a folder. Raises OSError."""
    dialler = socket.socket(socket.AF_UNIX)
    try:
        dialler.settimeout(timeout_s)
        with _Address(folder) as path:
            dialler.connect(path)
        dialler.settimeout(None)
        return Connection(dialler.detach())
    except OSError:
        dialler.close()
        raise


class _Address:
    """The path of a folder's socket; through a descriptor where it is too long for an address."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / SOCKET_NAME
        self._folder = -1

    def __enter__(self) -> str:
        if len(os.fsencode(self._path)) <= _LONGEST_PATH or sys.platform != "linux":
            return str(self._path)
        self._folder = os.open(self._path.parent, os.O_PATH | os.O_DIRECTORY)
        return f"/proc/self/fd/{self._folder}/{SOCKET_NAME}"

    def __exit__(self, *_: object) -> None:
        if self._folder >= 0:
            os.close(self._folder)
