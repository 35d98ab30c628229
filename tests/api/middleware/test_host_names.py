"""Which Host headers are accepted, with a list of names and without."""

from __future__ import annotations

import pytest

from ocrdesk_api.middleware.host_names import host_check

SAFE = ["localhost", "a.localhost:80", "LOCALHOST.", "127.0.0.1:80", "[::1]", "api", "192.0.2.7", "[2001:db8::7]:443"]
SAFE += ["[fe80::1%eth0]:80", "127.0.0.1."]
FORGED = ["evil.example", "evil.example.:80", "127.0.0.1.evil.example", "localhost.evil.example", "user@evil.example"]
MALFORMED = ["", ":80", "[", "[::1", "a]b.c", "1.2.3"]
MALFORMED += [
    "evil.example@localhost",
    "localhost/evil.example",
    "localhost?evil.example",
    "[::1].evil.example",
    "fe80::1",
]
MALFORMED += [
    "localhost:80:evil.example",
    "localhost:evil.example",
    " localhost",
    "[evil.example]",
    "localhost\n",
    "fe80::1",
]
LISTED = ["ocr.example.org", "OCR.Example.org:80", "ocr.example.org.", "a.lan.example", "a.b.lan.example", "[::1]:1"]
UNLISTED = [
    "localhost",
    "127.0.0.1",
    "example.org",
    "x.ocr.example.org",
    "lan.example",
    "evillan.example",
    "*",
    "",
    "x@ocr.example.org",
]


@pytest.mark.parametrize("host", [*SAFE, *FORGED, *MALFORMED])
def test_without_a_list_names_from_public_dns_are_refused(host: str) -> None:
    assert host_check((), by_default=True)(host) is (host in SAFE)
    assert host_check((), by_default=False)(host)


@pytest.mark.parametrize("host", [*LISTED, *UNLISTED])
def test_a_list_is_the_whole_list(host: str) -> None:
    check = host_check(("ocr.example.org", "*.lan.example", "::1"), by_default=True)
    assert check(host) is (host in LISTED)


def test_a_star_accepts_all() -> None:
    check = host_check(("*",), by_default=True)
    assert all(check(host) for host in ("evil.example", "", "["))
