"""X-Forwarded-For and X-Forwarded-Proto: accepted from trusted proxies only."""

from __future__ import annotations

import pytest
from redis import Redis

from tests.helpers import plain_http
from tests.helpers.limited_api import LimitedApi, keys, read, submit


@pytest.fixture(autouse=True)
def forget_all_counts(limited: LimitedApi) -> None:
    with Redis.from_url(limited.redis_url) as redis:
        redis.flushall()


def test_a_made_up_header_changes_nothing_where_no_proxy_is_trusted(limited: LimitedApi) -> None:
    for n in range(10):
        assert submit(limited.first, X_Forwarded_For=f"198.51.100.{n}").status_code == 202
    assert submit(limited.first, X_Forwarded_For="198.51.100.99").status_code == 429
    assert submit(limited.first).status_code == 429


@pytest.mark.parametrize(
    ("header", "counted"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("203.0.113.5, 198.51.100.1", "198.51.100.1"),  # the caller made up the left one
        ("127.0.0.1, 198.51.100.1, 10.1.2.3, 192.0.2.7", "198.51.100.1"),
        ("198.51.100.1,10.1.2.3", "198.51.100.1"),
        ("10.9.9.9, 10.1.2.3", "10.9.9.9"),
        ("198.51.100.1:4711", "198.51.100.1"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]:4711", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1, fd00::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("198.51.100.1, unknown", "127.0.0.1"),
        ("<script>", "127.0.0.1"),
        (", ,", "127.0.0.1"),
        ("", "127.0.0.1"),
        ("999.1.1.1", "127.0.0.1"),
    ],
)
def test_the_nearest_address_of_no_trusted_proxy_is_counted(limited: LimitedApi, header: str, counted: str) -> None:
    assert read(limited.second, X_Forwarded_For=header).status_code == 200
    assert keys(limited) == [f"ocrdesk:rates:reads/LIMITER/address-{counted}/30/1/minute"]


def test_headers_of_several_proxies_are_read_as_one(limited: LimitedApi) -> None:
    headers = [("X-Forwarded-For", "203.0.113.5"), ("X-Forwarded-For", "198.51.100.1"), ("X-Forwarded-For", "10.1.1.1")]
    plain_http.get(f"{limited.second}/ocr/jobs", headers=headers, trust_env=False)
    assert [key.split("/")[2] for key in keys(limited)] == ["address-198.51.100.1"]


def test_neighbours_in_an_ipv6_network_are_one_caller(limited: LimitedApi) -> None:
    for n in range(10):
        assert submit(limited.second, X_Forwarded_For=f"2001:db8:1:2::{n:x}").status_code == 202
    assert submit(limited.second, X_Forwarded_For="2001:db8:1:2:ffff::1").status_code == 429
    assert submit(limited.second, X_Forwarded_For="2001:db8:1:3::1").status_code == 202


def test_the_scheme_of_a_trusted_proxy_is_in_the_jobs_address(limited: LimitedApi) -> None:
    assert submit(limited.second, X_Forwarded_Proto="https").headers["location"].startswith("https://")
    assert submit(limited.first, X_Forwarded_Proto="https").headers["location"].startswith("http://")
