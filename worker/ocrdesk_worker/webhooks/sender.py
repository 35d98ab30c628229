"""Sends one webhook request to a checked address.

The connection goes to the address that was checked, and to no other. Proxies of the environment are ignored: a proxy
would resolve the name again, after the check. Redirects are not followed. Only the receiver's status is kept, so that
nobody can use webhooks to read what only this machine can reach.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import certifi
import httpcore2
import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own

from ocrdesk import __version__
from ocrdesk.backend.webhooks.allowed_addresses import Address, AddressRules, parse_address
from ocrdesk.backend.webhooks.deliveries import Delivery, Outcome
from ocrdesk.backend.webhooks.target import Endpoint, InvalidWebhookError, parse_url, signed_headers
from ocrdesk.contract.webhooks import WebhookAttempt

_log = logging.getLogger(__name__)

TIMEOUT_S = 10.0
"""For a whole attempt: resolving the name, connecting, TLS, and the response headers."""
_BODY_BYTES = 4096
_BODY_S = 2.0
_CONNECT_EACH_S = 4.0
_ADDRESSES_TRIED = 4

Resolve = Callable[[str, int], list[str]]
"""Returns a host's addresses, best first. Blocks. Raises OSError."""


class DeliveryError(Exception):  # it is the receiver's side that fails
    """The receiver could not be reached. The message is for the job's owner and contains no secret."""


def system_resolver(host: str, port: int) -> list[str]:
    """Resolve a name as this machine does, best address first."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def trusted_authorities() -> ssl.SSLContext:
    """Return a TLS context that trusts the system's authorities (SSL_CERT_FILE) and the usual public ones."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def own_addresses() -> frozenset[Address]:
    """Return this machine's addresses, public ones too: services on them may trust local callers."""
    texts = (entry.address for entries in psutil.net_if_addrs().values() for entry in entries)
    return frozenset(found for text in texts if (found := parse_address(text.partition("%")[0])))


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends requests by the given address rules."""

    rules: AddressRules
    tls: ssl.SSLContext
    threads: Executor
    """Where names are resolved, because that cannot be cancelled."""
    resolve: Resolve = system_resolver
    timeout_s: float = TIMEOUT_S

    async def send(self, delivery: Delivery) -> Outcome:
        """Make one attempt with a fresh signature. Never raises for what the receiver does."""
        at, started = datetime.now(UTC), time.monotonic()
        status: int | None = None
        error: str | None = None
        retry_after_s: float | None = None
        try:
            async with asyncio.timeout(self.timeout_s) as limit:
                status, retry_after = await self._post(delivery, at, limit)
            error = "Redirects are not followed. Submit the final address." if 300 <= status < 400 else None
            if status in (429, 503):
                retry_after_s = seconds_until(retry_after, at)
        except TimeoutError:
            error = f"The receiver did not answer within {self.timeout_s:g} s."
        except DeliveryError as failure:
            error = str(failure)
        except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException, OSError) as failure:
            error = _describe(failure)
        attempt = WebhookAttempt(
            at=at, status_code=status, error=error, duration_s=round(time.monotonic() - started, 3)
        )
        return Outcome(attempt, retry_after_s)

    async def _post(self, delivery: Delivery, at: datetime, limit: asyncio.Timeout) -> tuple[int, str | None]:
        """Return the response's status and Retry-After. `limit` ends once they have arrived."""
        try:
            endpoint = parse_url(delivery.target.url)
        except InvalidWebhookError as error:
            raise DeliveryError(str(error)) from None
        addresses = await self._checked_addresses(endpoint, self.rules.also_allowing(delivery.allowed_hosts))
        headers = {
            "host": endpoint.authority,
            "content-type": "application/json",
            "user-agent": f"ocrdesk/{__version__}",
            "accept": "*/*",
            "connection": "close",
            **signed_headers(delivery.target.secret, delivery.id, at, delivery.body),
        }
        url = httpcore2.URL(
            scheme=endpoint.scheme.encode(),
            host=endpoint.host.encode(),
            port=endpoint.port,
            target=endpoint.target.encode(),
        )
        async with (
            httpcore2.AsyncConnectionPool(ssl_context=self.tls, network_backend=_Pinned(addresses)) as pool,
            pool.stream("POST", url, headers=_as_bytes(headers), content=delivery.body.encode()) as response,
        ):
            limit.reschedule(None)
            await _read_a_little(response)
            retry_after = {name.lower(): value for name, value in response.headers}.get(b"retry-after")
            return response.status, retry_after.decode("ascii", "replace") if retry_after else None

    async def _checked_addresses(self, endpoint: Endpoint, rules: AddressRules) -> list[str]:
        """Resolve the host once and return its addresses. Raises DeliveryError if any of them may not be called."""
        if parse_address(endpoint.host) is not None:
            found = [endpoint.host]
        else:
            loop = asyncio.get_running_loop()
            try:
                found = await loop.run_in_executor(self.threads, self.resolve, endpoint.host, endpoint.port)
            except (OSError, UnicodeError):
                raise DeliveryError("The receiver's host name could not be resolved.") from None
        for text in found:
            address = parse_address(text)
            if address is None or not rules.allows(endpoint.host, address):
                raise DeliveryError(
                    "The receiver's address is not public, so it was not called. "
                    "The server's operator can allow it with WEBHOOK_ALLOWED_HOSTS."
                )
        if not found:
            raise DeliveryError("The receiver's host name has no address.")
        return found[:_ADDRESSES_TRIED]


class _Pinned(httpcore2.AsyncNetworkBackend):
    """Connects to the checked addresses, whatever host is requested. TLS still verifies the name."""

    def __init__(self, addresses: list[str]) -> None:
        self._addresses = addresses
        self._network = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,  # noqa: ARG002
        port: int,
        timeout: float | None = None,  # noqa: ARG002
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        failure: Exception = httpcore2.ConnectError("no address")
        for address in self._addresses:
            try:
                return await self._network.connect_tcp(address, port, _CONNECT_EACH_S, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure

    async def sleep(self, seconds: float) -> None:
        await self._network.sleep(seconds)


async def _read_a_little(response: httpcore2.Response) -> None:
    """Read the start of the body, so that a simple server can finish. Its status has decided already."""
    read = 0
    with contextlib.suppress(TimeoutError, httpcore2.NetworkError, httpcore2.ProtocolError):
        async with asyncio.timeout(_BODY_S):
            async for piece in response.aiter_stream():
                read += len(piece)
                if read >= _BODY_BYTES:
                    return


def seconds_until(retry_after: str | None, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for, in seconds or as a date; None if it is invalid."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    with contextlib.suppress(ValueError, TypeError):
        then = parsedate_to_datetime(text)
        return max(0.0, (then.replace(tzinfo=then.tzinfo or UTC) - now).total_seconds())
    return None


def _as_bytes(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def _describe(failure: Exception) -> str:
    """Return what went wrong, without the exception's own text, which may quote the request."""
    link: BaseException | None = failure
    while link is not None:
        if isinstance(link, ssl.SSLCertVerificationError):
            return f"The receiver's certificate was not accepted: {link.verify_message}."
        if isinstance(link, ssl.SSLError):
            return "The TLS handshake with the receiver failed."
        if isinstance(link, ConnectionRefusedError):
            return "The receiver refused the connection."
        link = link.__cause__ or link.__context__
    if isinstance(failure, httpcore2.ProtocolError):
        return "The receiver did not answer in valid HTTP."
    if isinstance(failure, httpcore2.ReadError | httpcore2.WriteError):
        return "The connection broke off before the receiver had answered."
    return "The receiver could not be connected to."
