"""A response that does not end, or is none, ends a call with a message and takes no memory."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from ocrdesk.client import Client, ClientError, ServerUnavailableError, bounded_response
from tests.helpers.endless_server import endless_server


@contextlib.contextmanager
def client_of(status: bytes, kind: str) -> Iterator[Client]:
    with endless_server(status, kind) as url, Client(url, retry_policy=0) as client:
        yield client


def test_a_health_response_without_an_end_is_not_ours() -> None:
    with client_of(b"200 OK", "endless") as client, pytest.raises(ClientError, match="Check that it is an ocrdesk"):
        client.health()


def test_capabilities_that_take_too_long_are_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_response, "_MAX_S", 0.0)
    with client_of(b"200 OK", "endless") as client, pytest.raises(ClientError, match="Check that it is an ocrdesk"):
        client.capabilities()


@pytest.mark.parametrize("call", ["health", "jobs", "document"])
def test_an_error_without_an_end_is_its_status(call: str) -> None:
    with client_of(b"418 Teapot", "endless") as client, pytest.raises(ClientError, match="418 Teapot"):
        client.document("1" * 32) if call == "document" else getattr(client, call)()


def test_a_response_that_cannot_be_unpacked_is_a_lost_connection() -> None:
    with client_of(b"200 OK", "broken gzip") as client, pytest.raises(ServerUnavailableError, match="DecodingError"):
        client.jobs()
