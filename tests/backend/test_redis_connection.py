"""Redis connections: text or bytes, short restarts are survived, and outages are reported as such."""

from __future__ import annotations

import contextlib
import itertools
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from ocrdesk.backend.redis_connection import RedisFailure, RedisFull, RedisUnavailable, connect
from ocrdesk.backend.settings import Settings


def test_answers_are_text_or_bytes_as_asked(redis_url: str) -> None:
    settings = Settings(redis_url=redis_url)
    connect(settings, text=True).set("name", "Änne")
    assert connect(settings, text=True).get("name") == "Änne"
    assert connect(settings, text=False).get("name") == "Änne".encode()


def test_a_connection_names_the_program(redis_url: str) -> None:
    redis: Any = connect(Settings(redis_url=redis_url), text=True)
    assert redis.client_info()["lib-name"] == "ocrdesk"


def test_a_broken_connection_is_opened_again(redis_url: str) -> None:
    settings = Settings(redis_url=redis_url)
    ours: Any = connect(settings, text=True)
    other: Any = connect(settings, text=True)
    ours.set("name", "value")
    other.client_kill_filter(_id=ours.client_id())
    assert ours.get("name") == "value"


@contextlib.contextmanager
def refusing_at_first(server: str, times: int) -> Iterator[int]:
    """Close the first connections, as a restarting server does, and pass on later ones; yield the port."""

    def serve() -> None:
        with contextlib.suppress(OSError):
            for number in itertools.count():
                ours, _ = listener.accept()
                if number < times:
                    ours.close()
                    continue
                theirs = socket.socket(socket.AF_UNIX)
                theirs.connect(server)
                for ends in ((ours, theirs), (theirs, ours)):
                    threading.Thread(target=pass_on, args=ends, daemon=True).start()

    def pass_on(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                target.sendall(data)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]


def test_a_short_restart_of_the_server_is_survived(redis_url: str) -> None:
    with refusing_at_first(urlsplit(redis_url).path, times=3) as port:
        redis = connect(Settings(redis_url=f"redis://127.0.0.1:{port}/0"), text=True)
        assert redis.ping()
        redis.close()


def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    redis = connect(Settings(redis_url=f"unix://{tmp_path}/no.sock"), text=True)
    with pytest.raises(RedisUnavailable):
        redis.ping()


def test_a_full_server_is_told_from_one_that_is_unavailable(redis_url: str) -> None:
    redis = connect(Settings(redis_url=redis_url), text=True)
    redis.config_set("maxmemory", 1)
    try:
        with pytest.raises(RedisFull) as raised:
            redis.set("name", "value")
    finally:
        redis.config_set("maxmemory", 0)
    assert isinstance(raised.value, RedisFailure)
    assert not isinstance(raised.value, RedisUnavailable)
