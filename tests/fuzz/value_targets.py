"""Values of headers and queries that the api parses itself."""

from __future__ import annotations

import asyncio
import re
from ipaddress import ip_address, ip_network
from typing import Any

from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import Headers

from ocrdesk.backend.api_keys.email_address import InvalidEmailError, parse_email
from ocrdesk.backend.api_keys.store import is_secret
from ocrdesk.backend.webhooks import target as webhook_target
from ocrdesk.backend.webhooks.allowed_addresses import AddressRules, parse_address
from ocrdesk.contract.page_ranges import MAX_PAGE, PageRangeError, PageRanges
from ocrdesk.contract.pdf_options import PdfOptions
from ocrdesk_api.access.authentication import credential
from ocrdesk_api.errors import HttpError
from ocrdesk_api.middleware.browser_guard import BrowserGuardMiddleware
from ocrdesk_api.middleware.host_names import host_check
from ocrdesk_api.middleware.trusted_proxies import TrustedProxiesMiddleware, rate_limit_address
from ocrdesk_api.results.content_negotiation import accepted_format, wants_octet_stream
from ocrdesk_api.results.corrections import expected_revision
from ocrdesk_api.routes.events import LastEventId
from tests.fuzz.target import Target

_loop = asyncio.new_event_loop()


def run_pages(data: bytes) -> bool:
    try:
        ranges = PageRanges.parse(data.decode("utf-8", "replace"))
    except PageRangeError as error:
        assert str(error)
        return False
    assert PageRanges.parse(str(ranges)) == ranges
    for count in (0, 1, 7):
        numbers = ranges.numbers(count)
        assert numbers == sorted(set(numbers))
        assert set(numbers) <= set(range(1, count + 1))
        beyond = ranges.beyond(count)
        assert PageRanges.parse(str(beyond)) == beyond
        assert not beyond.parts or not beyond.numbers(count)
    assert all(1 <= first <= (last or MAX_PAGE) <= MAX_PAGE for first, last in ranges.parts)
    return True


PAGES = Target(
    "pages", run_pages, (b"1-3,7,10-", b"-5", b" 2 - 4 , 9 ", b"1000000", b"1,1,1"), (b"-", b",", b"1000001")
)


def run_webhook_url(data: bytes) -> bool:
    """Parse a URL: what is called must consist of plain characters, and must not be a private address."""
    try:
        endpoint = webhook_target.parse_url(data.decode("utf-8", "replace"))
        webhook_target.refuse_if_known_private(endpoint, AddressRules())
    except webhook_target.InvalidWebhookError as error:
        assert str(error)
        return False
    assert endpoint.scheme in ("http", "https")
    assert 0 < endpoint.port < 65536
    for text in (endpoint.host, endpoint.target):
        assert text.isascii()
        assert text.isprintable()
        assert " " not in text
    assert endpoint.target.startswith("/")
    assert not set(endpoint.host) & set("/?#@[]\\%")
    address = parse_address(endpoint.host)
    assert address is None or address.is_global or address.is_multicast is False
    return True


WEBHOOK_URL = Target(
    "webhook-url",
    run_webhook_url,
    (
        b"https://example.com/hooks/ocr?x=1&y=%20",
        b"http://93.184.216.34:8080/",
        b"https://[2606:4700::1111]/a",
        b"http://127.0.0.1/",
        b"https://hooks.example:443",
    ),
    (
        b"@",
        b"[::1]",
        b"[::ffff:127.0.0.1]",
        b"0x7f.1",
        b"127.1",
        b"localhost",
        b".",
        b"%2e",
        b"\\",
        b"://",
        b"2002:7f00:1::",
    ),
)


def run_accept(data: bytes) -> bool:
    header = data.decode("latin-1")
    wants_octet_stream(header)
    return accepted_format(header) is not None


ACCEPT = Target(
    "accept",
    run_accept,
    (b"text/plain;q=0.5, application/pdf", b"text/html, */*;q=0.1", b"application/octet-stream", b"text/csv;q=1"),
    (b";q=", b"inf", b"q=-0", b", ", b"text/markdown", b"*/*"),
)


def run_if_match(data: bytes) -> bool:
    try:
        revision = expected_revision(data.decode("latin-1"))
    except HttpError as error:
        assert error.status == 400
        return False
    assert revision is None or 0 <= revision < 10**9
    return True


IF_MATCH = Target("if-match", run_if_match, (b'"3"', b"*", b'W/"17"', b"4"), (b"W/", b'"', "\u0663".encode(), b"\xb2"))

_EVENT_ID: TypeAdapter[str | None] = TypeAdapter(LastEventId)


def run_event_id(data: bytes) -> bool:
    try:
        found = _EVENT_ID.validate_python(data.decode("latin-1"))
    except ValidationError:
        return False
    assert found is not None
    assert all(0 <= int(half) < 2**64 for half in found.split("-"))
    return True


EVENT_ID = Target(
    "event-id", run_event_id, (b"1795474859933-0", b"0-0", b"18446744073709551615-1"), (b"-", b"$", b"+", b"(")
)


def run_key(data: bytes) -> bool:
    """Read the key of a request from its headers, one a line."""
    pairs = [line.partition(b":")[::2] for line in data.split(b"\n")]
    headers = Headers(raw=[(name.strip().lower(), value.strip()) for name, value in pairs])
    found = credential(headers, "X-API-Key")
    if found is None:
        return False
    found.text.encode()
    is_secret(found.text)
    assert found.text not in repr(found) or len(found.text) < 20
    return True


KEY = Target(
    "key",
    run_key,
    (b"x-api-key: ocd_" + b"a" * 43, b"authorization: Bearer abc", b"x-api-key: bearer x\nauthorization: Bearer y"),
    (b"Bearer ", b"bearer", b"x-api-key:", b"authorization:", b"\n"),
)


def run_proxies(data: bytes) -> bool:
    """Read the headers of a proxy, one a line, after a line with the peer's address."""
    peer, *lines = data.split(b"\n")
    pairs = [line.partition(b":")[::2] for line in lines]
    headers = [(name.strip().lower(), value.strip()) for name, value in pairs]
    scope: dict[str, Any] = {
        "type": "http",
        "headers": headers,
        "client": (peer.decode("latin-1"), 1),
        "scheme": "http",
        "path": "/health",
        "raw_path": b"/health",
        "root_path": "",
    }
    seen: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope)

    async def send(message: Any) -> None:
        seen.append(message)

    guarded = BrowserGuardMiddleware(
        app,
        is_host_accepted=host_check(("example.com",), by_default=False),
        trusts_proxies=False,
        origins=(),
        check_origin=True,
    )
    trusting = TrustedProxiesMiddleware(guarded, ("10.0.0.0/8", "::1", "fd00::/8"), "")
    _loop.run_until_complete(trusting(scope, None, send))  # type: ignore[arg-type]
    assert seen
    address = rate_limit_address(scope)
    if address != "unknown":
        assert ip_network(address) if "/" in address else ip_address(address)
    assert scope["scheme"] in ("http", "https")
    assert scope["path"].endswith("/health")
    return seen[0].get("type") == "http"


PROXIES = Target(
    "proxies",
    run_proxies,
    (
        b"10.0.0.1\nhost: example.com\nx-forwarded-for: 8.8.8.8, 10.0.0.2\nx-forwarded-proto: https\n"
        b"x-forwarded-prefix: /ocr",
        b"::1\nhost: example.com:8000\nx-forwarded-for: [2001:db8::1]:443\norigin: https://example.com",
        b"192.0.2.1\nhost: example.com\nx-forwarded-for: 1.1.1.1",
    ),
    (
        b"x-forwarded-for:",
        b"x-forwarded-prefix:",
        b"::ffff:10.0.0.1",
        b"%eth0",
        b"[",
        b"]",
        b"host:",
        b"origin: http://[",
    ),
    rounds=2,
)


_HOST_CHECKS = (host_check((), by_default=True), host_check(("example.com", "*.example.org"), by_default=False))


def run_host(data: bytes) -> bool:
    """Check a Host header: one that is accepted names what a page of another site cannot have as its name."""
    header = data.decode("latin-1")
    by_default, by_name = (is_accepted(header) for is_accepted in _HOST_CHECKS)
    if by_name:
        assert "example.com" in header.lower() or ".example.org" in header.lower()
    if by_default and re.fullmatch(r"[a-z0-9.-]+(:[0-9]*)?", header.lower()):  # as browsers send it
        assert not header.lower().partition(":")[0].rstrip(".").endswith((".com", ".org", ".net"))
    return by_default or by_name


HOST = Target(
    "host",
    run_host,
    (b"localhost:8000", b"127.0.0.1", b"[::1]:80", b"example.com", b"a.example.org:443", b"app.localhost"),
    (b"[", b"]", b":", b".", b"@", b"evil.example.net", b".com", b"%00", b"#", b"/", b"?"),
)


def run_email(data: bytes) -> bool:
    try:
        email = parse_email(data.decode("utf-8", "replace"))
    except InvalidEmailError as error:
        assert str(error)
        return False
    assert parse_email(email.address).identity == email.identity
    return True


EMAIL = Target(
    "email",
    run_email,
    (
        b"somebody@example.com",
        b'"a b"@example.com',
        "j\u00f6rg@b\u00fccher.example.com".encode(),
        b"a+b@xn--bcher-kva.com",
    ),
    (b"@", b".", b"xn--", b'"', b"(c)", b"[127.0.0.1]"),
)


def run_export_name(data: bytes) -> bool:
    options = PdfOptions.from_export_name(data.decode("utf-8", "replace"))
    if options is None:
        return False
    assert PdfOptions.from_export_name(options.export_name) == options
    return True


EXPORT_NAME = Target(
    "export-name", run_export_name, (b"pdf", b"pdf_norotate_deskew", b"pdf_pdfa_unlock"), (b"_", b"norotate", b"pdfa")
)

TARGETS = (PAGES, WEBHOOK_URL, ACCEPT, IF_MATCH, EVENT_ID, KEY, PROXIES, HOST, EMAIL, EXPORT_NAME)
