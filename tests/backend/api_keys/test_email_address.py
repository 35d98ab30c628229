"""E-mail addresses: which are valid, and which are the same."""

from __future__ import annotations

import pytest

from ocrdesk.backend.api_keys.email_address import Email, InvalidEmailError, parse_email


@pytest.mark.parametrize(
    "text",
    [
        *("", "ann", "ann@", "@example.org", "ann@example", "a b@example.org", "ann@exa mple.org", "ann@@example.org"),
        *("Ann <ann@example.org>", "ann@example.org,bob@example.org", "ann@[127.0.0.1]", "ann@localhost", "a@-b.org"),
        *(".ann@example.org", "ann@example..org", "x" * 250 + "@example.org", "ann\n@example.org", "ann\0@example.org"),
    ],
)
def test_an_invalid_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidEmailError, match="email: "):
        parse_email(text)


@pytest.mark.parametrize(
    ("text", "address", "identity"),
    [
        (" Ann.B+x@Example.ORG ", "Ann.B+x@example.org", "ann.b+x@example.org"),
        ("jörg@exämple.de", "jörg@exämple.de", "jörg@exämple.de"),
        ("JÖRG@EXÄMPLE.DE", "JÖRG@exämple.de", "jörg@exämple.de"),
        ("ann@xn--exmple-cua.de", "ann@exämple.de", "ann@exämple.de"),
    ],
)
def test_an_address_is_the_same_in_every_spelling(text: str, address: str, identity: str) -> None:
    assert parse_email(text) == Email(address, identity)
