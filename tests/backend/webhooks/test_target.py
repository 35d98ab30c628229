"""A webhook's URL and secret: what is valid, what is refused with a message, and how a delivery is signed."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from ocrdesk.backend.webhooks import target
from ocrdesk.backend.webhooks.allowed_addresses import AddressRules
from ocrdesk.backend.webhooks.target import InvalidWebhookError, parse_url, refuse_if_known_private

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


@pytest.mark.parametrize(
    ("url", "scheme", "host", "port", "target", "authority"),
    [
        ("https://example.com", "https", "example.com", 443, "/", "example.com"),
        ("HTTPS://Example.COM./a", "https", "example.com", 443, "/a", "example.com"),
        ("http://example.com:8080/a/b?c=d&e", "http", "example.com", 8080, "/a/b?c=d&e", "example.com:8080"),
        ("https://example.com:443/", "https", "example.com", 443, "/", "example.com"),
        ("https://example.com?x=%20", "https", "example.com", 443, "/?x=%20", "example.com"),
        ("http://my_service:5000/", "http", "my_service", 5000, "/", "my_service:5000"),
        ("https://xn--bcher-kva.example/", "https", "xn--bcher-kva.example", 443, "/", "xn--bcher-kva.example"),
        ("https://8.8.8.8/", "https", "8.8.8.8", 443, "/", "8.8.8.8"),
        ("https://[2606:4700::1]:9/", "https", "2606:4700::1", 9, "/", "[2606:4700::1]:9"),
    ],
)
def test_a_url_is_split_into_its_parts(
    url: str, scheme: str, host: str, port: int, target: str, authority: str
) -> None:
    found = parse_url(url)
    assert (found.scheme, found.host, found.port, found.target) == (scheme, host, port, target)
    assert found.authority == authority


@pytest.mark.parametrize(
    "url",
    [
        "example.com/hook",
        "/hook",
        "https:///hook",
        "https://",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "javascript:alert(1)",
        "unix:///run/docker.sock",
        "https://user@example.com/",
        "https://user:word@example.com/",
        "https://@example.com/",
        "https://good.example\\@evil.example/",
        "https://example.com/a b",
        "https://example.com/\r\nX-Injected: 1",
        "https://example.com/\t",
        "https://example.com/\x00",
        "https://example.com/ü",
        "https://bücher.example/",
        "https://\uff11\uff12\uff17.0.0.1/",
        "https://example.com/#part",
        "https://example.com/#",
        "https://example.com:0/",
        "https://example.com:65536/",
        "https://example.com:port/",
        "https://exa%6dple.com/",
        "https://-example.com/",
        "https://example..com/",
        "https://" + "a" * 64 + ".com/",
        "https://example.com/" + "a" * 2048,
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.0.0.1/",
        "http://0177.0.0.1/",
        "http://127.0.0.1.1/",
        "http://1.2.3.256/",
        "http://[::1",
        "http://[::1]x/",
        "http://[fe80::1%25eth0]/",
        "http://[127.0.0.1]/",
        "http://[v1.x]/",
    ],
)
def test_a_url_that_cannot_be_called_is_refused(url: str) -> None:
    with pytest.raises(InvalidWebhookError) as raised:
        parse_url(url)
    assert str(raised.value).startswith("webhook_url ")
    assert "word" not in str(raised.value).replace("password", "")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.0.0.1./",
        "http://10.0.0.1:80/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::a00:1]/",
        "http://localhost/",
        "http://LOCALHOST./",
        "http://api.localhost:8000/",
        "http://0.0.0.0/",
    ],
)
def test_a_literal_private_address_is_refused_without_asking_dns(url: str) -> None:
    with pytest.raises(InvalidWebhookError, match="WEBHOOK_ALLOWED_HOSTS"):
        refuse_if_known_private(parse_url(url), AddressRules())


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://127.0.0.1/", "127.0.0.1"),
        ("http://localhost/", "127.0.0.0/8"),
        ("http://localhost/", "localhost"),
        ("http://[::1]/", "::1"),
        ("https://example.com/", ""),
        ("https://8.8.8.8/", ""),
    ],
)
def test_public_and_allowed_hosts_are_accepted(url: str, allowed: str) -> None:
    refuse_if_known_private(parse_url(url), AddressRules.of((allowed,) if allowed else ()))


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        "secret",
        base64.b64encode(bytes(32)).decode(),
        "whsec_" + base64.b64encode(bytes(23)).decode(),
        "whsec_" + base64.b64encode(bytes(65)).decode(),
        "whsec_" + base64.urlsafe_b64encode(b"\xff" * 32).decode(),
        "whsec_" + base64.b64encode(bytes(32)).decode() + "\n",
        "whsec_ü" + base64.b64encode(bytes(32)).decode(),
        "WHSEC_" + base64.b64encode(bytes(32)).decode(),
    ],
)
def test_a_secret_of_another_form_is_refused_and_not_repeated(secret: str) -> None:
    with pytest.raises(InvalidWebhookError) as raised:
        target.check_secret(secret)
    assert str(raised.value) == "webhook_secret must be whsec_ followed by the base64 of 24 to 64 random bytes."


@pytest.mark.parametrize("size", [24, 25, 32, 64])
def test_a_secret_of_24_to_64_bytes_is_accepted_with_and_without_padding(size: int) -> None:
    secret = "whsec_" + base64.b64encode(b"\xfb" * size).decode()
    target.check_secret(secret)
    target.check_secret(secret.rstrip("="))


def test_made_secrets_are_valid_and_never_the_same() -> None:
    made = {target.make_secret() for _ in range(50)}
    assert len(made) == 50
    for secret in made:
        target.check_secret(secret)


def test_a_signature_is_what_the_specification_and_its_library_say() -> None:
    at, body = datetime.now(UTC), '{"file":"Straße.pdf"}'
    headers = target.signed_headers(SECRET, "msg_1", at, body)
    assert headers["webhook-timestamp"] == str(int(at.timestamp()))
    signed = f"msg_1.{headers['webhook-timestamp']}.{body}".encode()
    by_hand = base64.b64encode(hmac.new(bytes(range(32)), signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{by_hand}"
    Webhook(SECRET).verify(body, headers)
