"""The request of `ocrdesk probe api`, over HTTP or a Unix socket, with the standard library only."""

from __future__ import annotations

import http.client
import json
import socket
from typing import Any
from urllib.parse import urlsplit

_TIMEOUT_S = 5.0


class NoAnswerError(Exception):
    """Nothing responds at the address, or something else than an api; the message says which."""


def ask(url: str, path: str, host: str = "") -> tuple[bool, dict[str, Any]]:
    """Return whether the api answered with 200, and its JSON body. Raises NoAnswerError.

    `url` may be unix:///SOCKET; `path` is appended to that of an HTTP address. `host` replaces the Host header.
    """
    address = urlsplit(url)
    prefix = "" if address.scheme == "unix" else address.path.rstrip("/")
    try:
        connection = _connection(address.scheme, address.netloc, address.path)
        connection.request("GET", prefix + path, headers={"Host": host} if host else {})
        answer = connection.getresponse()
        body = json.loads(answer.read())
        return answer.status == http.client.OK, {"status": answer.reason, **body}
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswerError(f"The api does not respond: {getattr(error, 'strerror', None) or error}.") from None
    except (ValueError, TypeError, RecursionError):
        raise NoAnswerError("Something responds there, but it is not an ocrdesk api.") from None


def _connection(scheme: str, host: str, path: str) -> http.client.HTTPConnection:
    if scheme == "unix":
        return _UnixConnection(path)
    kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
    return kind(host, timeout=_TIMEOUT_S)


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=_TIMEOUT_S)
        self._path = path

    def connect(self) -> None:
        family = getattr(socket, "AF_UNIX")  # noqa: B009  # Windows has none, and no api there has such a socket
        self.sock = socket.socket(family)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)
