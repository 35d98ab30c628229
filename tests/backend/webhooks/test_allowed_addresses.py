"""Which addresses webhooks may call: public ones in any form, and what the operator allowed."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from ocrdesk.backend.webhooks.allowed_addresses import AddressRules, is_public

REFUSED = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.0.3",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::8.8.8.8",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:10::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2002:c0a8:101::",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "169.253.255.255",
    "172.15.255.255",
    "172.32.0.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2002:808:808::1",
    "2001:4860:4860::8888",
    "2606:4700:4700::1111",
    "2a00:1450:4001::1",
]


@pytest.mark.parametrize("text", REFUSED)
def test_an_address_that_is_not_public_is_refused(text: str) -> None:
    assert not is_public(ip_address(text))
    assert not AddressRules().allows("example.com", ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_address_may_be_called(text: str) -> None:
    assert is_public(ip_address(text))
    assert AddressRules().allows("example.com", ip_address(text))


@pytest.mark.parametrize(
    ("entry", "host", "address", "allowed"),
    [
        ("receiver.lan", "receiver.lan", "10.0.0.1", True),
        ("Receiver.LAN.", "receiver.lan", "10.0.0.1", True),
        ("receiver.lan", "other.lan", "10.0.0.1", False),
        ("receiver.lan", "evil.receiver.lan", "10.0.0.1", False),
        ("10.0.0.1", "any.lan", "10.0.0.1", True),
        ("10.0.0.1", "any.lan", "10.0.0.2", False),
        ("10.0.0.1", "any.lan", "::ffff:10.0.0.1", True),
        ("10.1.0.0/16", "any.lan", "10.1.2.3", True),
        ("10.1.2.3/16", "any.lan", "10.1.9.9", True),
        ("10.1.0.0/16", "any.lan", "10.2.0.1", False),
        ("fd00::/8", "any.lan", "fd12::1", True),
        ("fe80::/10", "any.lan", "fe80::1%eth0", True),
        ("[::1]", "any.lan", "::1", True),
        ("fd00::/8", "any.lan", "10.0.0.1", False),
    ],
)
def test_the_operator_allows_names_addresses_and_networks(entry: str, host: str, address: str, allowed: bool) -> None:
    assert AddressRules.of((entry,)).allows(host, ip_address(address)) is allowed


def test_this_machines_own_public_address_is_refused_unless_allowed() -> None:
    own = ip_address("8.8.4.4")
    assert not AddressRules.of((), frozenset({own})).allows("me.example", own)
    assert not AddressRules.of((), frozenset({own})).allows("me.example", ip_address("::ffff:8.8.4.4"))
    assert AddressRules.of(("8.8.4.4",), frozenset({own})).allows("me.example", own)


def test_more_entries_add_to_the_rules_and_leave_them_as_they_are() -> None:
    rules = AddressRules.of(("10.0.0.7", "own.lan"), frozenset({ip_address("198.18.0.1")}))
    more = rules.also_allowing(("192.168.0.0/16", "Hooks.lan"))
    assert more.allows("x", ip_address("192.168.1.1"))
    assert more.allows("x", ip_address("10.0.0.7"))
    assert more.allows_name("hooks.lan")
    assert more.allows_name("own.lan")
    assert more.own == rules.own
    assert not rules.allows("x", ip_address("192.168.1.1"))
    assert rules.also_allowing(()) is rules
