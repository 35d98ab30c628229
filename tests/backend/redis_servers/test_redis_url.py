"""REDIS_URL names one server, Sentinels or a cluster."""

from __future__ import annotations

import pytest

from ocrdesk.backend.redis_servers.redis_url import RedisUrl, Setup, parse_redis_url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("redis://127.0.0.1:6379/0", RedisUrl(Setup.SINGLE, "redis://127.0.0.1:6379/0")),
        ("unix:///run/valkey.sock", RedisUrl(Setup.SINGLE, "unix:///run/valkey.sock")),
        (
            "redis+sentinel://one,two:26380/main",
            RedisUrl(Setup.SENTINEL, "redis://one:26379/0", (("one", 26379), ("two", 26380)), "main"),
        ),
        (
            "rediss+sentinel://user:p%40ss@one/main/3?ssl_ca_certs=/ca.pem&sentinel_password=other",
            RedisUrl(
                Setup.SENTINEL,
                "rediss://user:p%40ss@one:26379/3?ssl_ca_certs=%2Fca.pem",
                (("one", 26379),),
                "main",
                {"password": "other"},
            ),
        ),
        (
            "redis+cluster://:secret@[::1]:7000,two",
            RedisUrl(Setup.CLUSTER, "redis://:secret@[::1]:7000/0", (("::1", 7000), ("two", 6379))),
        ),
    ],
)
def test_url_is_divided_into_its_parts(url: str, expected: RedisUrl) -> None:
    assert parse_redis_url(url) == expected


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://one", "must be redis://"),
        ("redis+sentinels://one/main", "must be redis://"),
        ("redis://one:port/0", "host or port"),
        ("redis+sentinel://one", "must name the Sentinels' service"),
        ("redis+sentinel://one/main/other", "must end with the service"),
        ("redis+sentinel://one,/main", "host or port"),
        ("redis+cluster://one:7000/3", "no databases"),
        ("redis+cluster://one:x", "host or port"),
    ],
)
def test_wrong_url_is_explained(url: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_redis_url(url)


def test_passwords_of_servers_and_sentinels_are_secrets() -> None:
    url = parse_redis_url("redis+sentinel://user:p%40ss@one/main?sentinel_password=other")
    assert url.secrets == ("p%40ss", "p@ss", "other")
