"""Validates a webhook's URL and secret; signs requests."""

from __future__ import annotations

import base64
import binascii
import os
import re
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import SplitResult, urlsplit

from standardwebhooks import Webhook

from ocrdesk.backend.webhooks.allowed_addresses import AddressRules, parse_address
from ocrdesk.contract.error_messages import DescribedError, error_message

SECRET_PREFIX = "whsec_"  # noqa: S105  # a prefix, not a secret
_SECRET_BYTES = range(24, 65)
_MADE_SECRET_BYTES = 32
_MAX_URL_LENGTH = 2048
_URL = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")
"""The characters that RFC 3986 allows in a URL: no spaces, controls, quotes or backslashes; only ASCII."""
_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*")
_LITERAL = re.compile(r"\[[0-9A-Fa-f:.]+\](:[0-9]*)?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_LOOPBACK = IPv4Address("127.0.0.1")
_DEFAULT_PORTS = {"http": 80, "https": 443}


class InvalidWebhookError(DescribedError, ValueError):
    """A URL or secret that cannot be used. The message is for the caller, and contains neither."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The parts of a validated URL."""

    scheme: str
    host: str
    """A host name in lower case, or an address without brackets."""
    port: int
    target: str = field(repr=False)
    """Path and query as in the request line; as secret as the URL."""

    @property
    def authority(self) -> str:
        """The Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def parse_url(url: str) -> Endpoint:
    """Split a webhook's URL, without resolving names. Raises InvalidWebhookError."""
    if len(url) > _MAX_URL_LENGTH:
        raise InvalidWebhookError(error_message("webhook_url_too_long", limit=_MAX_URL_LENGTH))
    if not _URL.fullmatch(url):
        raise InvalidWebhookError(error_message("webhook_url_characters"))
    parts, port = _split(url)
    if parts.scheme not in _DEFAULT_PORTS:
        raise InvalidWebhookError(error_message("webhook_url_scheme"))
    if "@" in parts.netloc:
        raise InvalidWebhookError(error_message("webhook_url_credentials"))
    if "#" in url:
        raise InvalidWebhookError(error_message("webhook_url_fragment"))
    is_literal = "[" in parts.netloc
    if is_literal and not _LITERAL.fullmatch(parts.netloc):
        raise InvalidWebhookError(error_message("webhook_url_brackets"))
    host = _checked_host((parts.hostname or "").rstrip("."), is_literal=is_literal)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Endpoint(parts.scheme, host, _DEFAULT_PORTS[parts.scheme] if port is None else port, target)


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InvalidWebhookError(error_message("webhook_url_malformed")) from None
    if port == 0:
        raise InvalidWebhookError(error_message("webhook_url_port"))
    return parts, port


def _checked_host(host: str, *, is_literal: bool) -> str:
    address = parse_address(host)
    if is_literal:
        if not isinstance(address, IPv6Address):
            raise InvalidWebhookError(error_message("webhook_url_brackets"))
        return str(address)
    if isinstance(address, IPv4Address):
        return host
    if not _NAME.fullmatch(host):
        raise InvalidWebhookError(error_message("webhook_url_host"))
    if _NUMBER.fullmatch(host.rpartition(".")[2]):  # 127.1, 0x7f000001: resolvers take them for addresses
        raise InvalidWebhookError(error_message("webhook_url_number"))
    return host


def refuse_if_known_private(endpoint: Endpoint, rules: AddressRules) -> None:
    """Raise InvalidWebhookError for a host that may not be called, if that is clear without DNS."""
    address = parse_address(endpoint.host)
    if endpoint.host == "localhost" or endpoint.host.endswith(".localhost"):
        address = _LOOPBACK
    if address is not None and not rules.allows(endpoint.host, address):
        raise InvalidWebhookError(error_message("webhook_url_private"))


def check_secret(secret: str) -> None:
    """Raise InvalidWebhookError unless the secret is `whsec_` and the base64 of 24 to 64 bytes."""
    encoded = secret.removeprefix(SECRET_PREFIX)
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if encoded == secret or len(key) not in _SECRET_BYTES:
        raise InvalidWebhookError(error_message("webhook_secret_invalid"))


def make_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(os.urandom(_MADE_SECRET_BYTES)).decode()


def signed_headers(secret: str, webhook_id: str, at: datetime, body: str) -> dict[str, str]:
    """Return the three headers of the Standard Webhooks scheme. `at` is the time of the attempt, in UTC."""
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(webhook_id, at, body),
    }
