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
from redis import Redis
from redis.sentinel import Sentinel

from ocrdesk.backend.redis_connection import RedisFailure, RedisFull, RedisUnavailable, connect, url_of
from ocrdesk.backend.settings import Settings, SettingsError


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


@pytest.mark.parametrize(
    "url",
    [
        "redis://localhost:6379",
        "redis://queue:7000/3",
        "redis://:p%40ss%2Fw%3Ard@queue:6379/0",
        "redis://ann:secret@[::1]:6379/0",
        "rediss://queue:6380/1?ssl_cert_reqs=none&ssl_ca_certs=/etc/ca.pem",
        "unix:///run/valkey.sock?db=2",
        "unix://ann:secret@/run/a folder/valkey.sock",
    ],
)
def test_the_url_of_a_connection_leads_to_the_same_place(url: str) -> None:
    ours = ("host", "port", "path", "db", "username", "password", "ssl_cert_reqs", "ssl_ca_certs")
    given, made = Redis.from_url(url).connection_pool, Redis.from_url(url_of(Redis.from_url(url))).connection_pool
    assert made.connection_class is given.connection_class
    defaults: dict[str, Any] = {"db": 0, "port": 6379}
    for name in ours:
        assert (made.connection_kwargs.get(name) or defaults.get(name)) == (
            given.connection_kwargs.get(name) or defaults.get(name)
        ), name


def test_the_url_of_a_connection_made_from_parts(redis_url: str) -> None:
    path = urlsplit(redis_url).path
    Redis(unix_socket_path=path, db=1).set("name", "here")
    assert Redis.from_url(url_of(Redis(unix_socket_path=path, db=1))).get("name") == b"here"


def test_a_connection_through_sentinel_has_no_url() -> None:
    with pytest.raises(SettingsError, match="Sentinel"):
        url_of(Sentinel([("127.0.0.1", 9)]).master_for("mymaster"))
