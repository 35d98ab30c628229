"""Reads a response only up to a size and a time: what answers may be no ocrdesk server, and may never end."""

from __future__ import annotations

import time

import httpx2

_MAX_BYTES = 8_000_000
_MAX_S = 60.0
_KEPT_HEADERS = ("content-type", "retry-after", "location")


class EndlessResponseError(Exception):
    """The response is too long, or takes too long."""


def read_short(answer: httpx2.Response) -> httpx2.Response:
    """Return the opened response with its body. Raises EndlessResponseError, httpx2.TransportError."""
    body, end = bytearray(), time.monotonic() + _MAX_S
    for chunk in answer.iter_bytes():
        body += chunk
        if len(body) > _MAX_BYTES or time.monotonic() > end:
            raise EndlessResponseError
    return _with_body(answer, bytes(body))


def read_error(answer: httpx2.Response) -> httpx2.Response:
    """Return the opened error response with its body; without one if it does not end. Raises httpx2.TransportError."""
    try:
        return read_short(answer)
    except EndlessResponseError:
        return _with_body(answer, b"")


def _with_body(answer: httpx2.Response, body: bytes) -> httpx2.Response:
    headers = {name: value for name, value in answer.headers.items() if name in _KEPT_HEADERS}
    phrase = {"reason_phrase": answer.reason_phrase.encode("ascii", "replace")}
    return httpx2.Response(answer.status_code, headers=headers, content=body, request=answer.request, extensions=phrase)
