"""Tries a server's address and key, and says in plain words what is wrong with them. Blocks: for worker threads."""

from __future__ import annotations

import errno
import ipaddress
import json
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit

import httpx
from PySide6.QtCore import QCoreApplication

from ocrdesk.client import ApiError, AuthError, Client, ClientError
from ocrdesk.contract.api_keys import Scope
from ocrdesk.desktop.i18n.error_reason import short_reason

_TIMEOUT_S = 8.0


class ConnectionTestResult(Enum):
    """What came of it."""

    GOOD = "good"
    NO_HOST = "no such host"
    REFUSED = "refused"
    NO_ANSWER = "no answer"
    TLS = "tls"
    MOVED = "moved"
    NOT_OCRDESK = "not ocrdesk"
    UNWELL = "unwell"
    KEY_MISSING = "key missing"
    KEY_WRONG = "key wrong"
    KEY_EXPIRED = "key expired"
    KEY_TOO_LITTLE = "key lacks scopes"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict, and the sentences that say it and what to do."""

    verdict: ConnectionTestResult
    words: str


def tr(text: str) -> str:
    return QCoreApplication.translate("ServerProbe", text)


def probe(url: str, key: str | None) -> Finding:
    """Asks the server how it is, then whether the key lets in. Never raises for anything that a server does."""
    host = urlsplit(url).hostname or url
    try:
        answer = httpx.get(f"{url}/api/v1/health", timeout=_TIMEOUT_S, trust_env=not _is_this_machine(host))
    except (httpx.TransportError, httpx.InvalidURL) as error:
        return _silence(url, host, error)
    return _judged(host, answer) or _with_key(url, key)


def explain_refusal(error: Exception, *, has_key: bool) -> Finding | None:
    """What a refused call says of the key; None when it is about something else."""
    if not isinstance(error, AuthError):
        return None
    if error.status == httpx.codes.FORBIDDEN:
        return Finding(
            ConnectionTestResult.KEY_TOO_LITTLE,
            tr("The key works, but it may not do this: {why}").format(why=short_reason(error)),
        )
    if not has_key:
        return Finding(
            ConnectionTestResult.KEY_MISSING,
            tr("The server asks for a key. Enter yours in the settings under Servers, or get one there under Keys."),
        )
    if error.message_id == "key_expired":
        return Finding(
            ConnectionTestResult.KEY_EXPIRED,
            tr("The key has expired. Register again in the settings under Keys, or ask the operator for a new one."),
        )
    return Finding(
        ConnectionTestResult.KEY_WRONG,
        tr("The key is wrong, or was revoked. Check it in the settings under Servers, or get another under Keys."),
    )


def _silence(url: str, host: str, error: Exception) -> Finding:
    """Nobody answered: the first cause that says something."""
    for cause in _causes(error):
        match cause:
            case ssl.SSLCertVerificationError():
                words = tr(
                    "The server's certificate is not trusted: {why}. Check the address, or tell the operator."
                ).format(why=cause.verify_message or cause.reason)
                return Finding(ConnectionTestResult.TLS, words)
            case ssl.SSLError():
                words = tr(
                    "No secure connection can be made. If the server has no HTTPS, its address begins with http://"
                )
                return Finding(ConnectionTestResult.TLS, words)
            case socket.gaierror():
                words = tr("There is no host named {host}. Check the address and your network.").format(host=host)
                return Finding(ConnectionTestResult.NO_HOST, words)
            case ConnectionRefusedError():
                return Finding(ConnectionTestResult.REFUSED, _refused(url, host))
            case OSError() if cause.errno == errno.ECONNREFUSED:
                return Finding(ConnectionTestResult.REFUSED, _refused(url, host))
            case httpx.TimeoutException():
                words = tr("{host} does not answer. It may be off, or a firewall may be in between.").format(host=host)
                return Finding(ConnectionTestResult.NO_ANSWER, words)
            case httpx.RemoteProtocolError():
                words = tr("What answers there does not speak HTTP. Check the address and the port.")
                return Finding(ConnectionTestResult.NOT_OCRDESK, words)
    words = tr("{host} cannot be reached: {why}.").format(host=host, why=str(error) or type(error).__name__)
    return Finding(ConnectionTestResult.NO_ANSWER, words)


def _refused(url: str, host: str) -> str:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return tr("{host} is there, but nothing listens on port {port}. Is the server running, is the port right?").format(
        host=host, port=port
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The exception's causes, the innermost first."""
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or error.__context__
    return reversed(chain)


def _judged(host: str, answer: httpx.Response) -> Finding | None:
    """What the answer says of the server; None when it is an ocrdesk that is well."""
    if answer.is_redirect:
        there = str(answer.headers.get("location", "")).partition("/api/v1")[0].rstrip("/")
        words = tr("The server is at another address: {there}. Use that one.").format(there=there or "?")
        return Finding(ConnectionTestResult.MOVED, words)
    try:
        body = json.loads(answer.content)
    except ValueError:
        body = None
    if answer.is_success and isinstance(body, dict) and {"status", "redis", "version"} <= set(body):
        return None
    if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE and isinstance(body, dict) and "code" in body:
        words = tr("This is an ocrdesk server, but it cannot work just now: {why}").format(why=body.get("detail", ""))
        return Finding(ConnectionTestResult.UNWELL, words)
    words = tr("Something answers at {host}, but it is no ocrdesk server. Check the address.").format(host=host)
    return Finding(ConnectionTestResult.NOT_OCRDESK, words)


def _with_key(url: str, key: str | None) -> Finding:
    with Client(url, key, retry_policy=0) as client:
        try:
            client.jobs(limit=1)
            if not key:
                return Finding(ConnectionTestResult.GOOD, tr("It works, and asks for no key."))
            stats = client.stats()
        except ApiError as error:
            return explain_refusal(error, has_key=bool(key)) or Finding(ConnectionTestResult.OTHER, short_reason(error))
        except ClientError as error:
            return Finding(ConnectionTestResult.OTHER, short_reason(error))
    if Scope.SUBMIT not in stats.scopes:
        return Finding(
            ConnectionTestResult.KEY_TOO_LITTLE,
            tr("The key works, but it may not send files: it lacks the scope submit."),
        )
    return Finding(ConnectionTestResult.GOOD, tr("It works, and the key is right."))


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
