"""Tests an address and key, and explains failures. Blocks: for worker threads."""

from __future__ import annotations

import errno
import ipaddress
import json
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from urllib.parse import urlsplit

import httpx2
from PySide6.QtCore import QCoreApplication

from ocrdesk.client import ApiError, AuthError, Client, ClientError
from ocrdesk.client.bounded_response import EndlessResponseError, read_short
from ocrdesk.client.tls import tls_context
from ocrdesk.contract.api_keys import Scope
from ocrdesk.contract.capabilities import Health
from ocrdesk.contract.error_messages import ErrorMessage
from ocrdesk.desktop.i18n.error_messages import translate_message
from ocrdesk.desktop.i18n.error_reason import short_reason

_TIMEOUT_S = 8.0


class ConnectionTestResult(Enum):
    """The result of a test."""

    GOOD = "good"
    NO_HOST = "no such host"
    REFUSED = "refused"
    NO_ANSWER = "no answer"
    TLS = "tls"
    MOVED = "moved"
    NOT_OCRDESK = "not ocrdesk"
    NOT_WORKING = "not working"
    KEY_MISSING = "key missing"
    KEY_WRONG = "key wrong"
    KEY_EXPIRED = "key expired"
    KEY_LACKS_SCOPES = "key lacks scopes"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict, with sentences that explain it and say what to do."""

    verdict: ConnectionTestResult
    message: str


def tr(text: str) -> str:
    return QCoreApplication.translate("ConnectionTest", text)


def check_connection(url: str, key: str | None) -> Finding:
    """Ask for the server's health, then test the key. Never raises, whatever the server does."""
    host = urlsplit(url).hostname or url
    try:
        with httpx2.stream(
            "GET",
            f"{url}/api/v1/health",
            timeout=_TIMEOUT_S,
            trust_env=not _is_this_computer(host),
            verify=tls_context(url),
        ) as opened:
            answer = read_short(opened)
    except EndlessResponseError:
        return _not_ocrdesk(host)
    except (httpx2.RequestError, httpx2.InvalidURL) as error:
        return _no_answer(url, host, error)
    return _server_problem(host, answer) or _with_findings(_check_key(url, key), answer)


def explain_refusal(error: Exception, *, has_key: bool) -> Finding | None:
    """Return what a refused call says about the key; None if it is about something else."""
    if not isinstance(error, AuthError):
        return None
    if error.status == httpx2.codes.FORBIDDEN:
        return Finding(
            ConnectionTestResult.KEY_LACKS_SCOPES,
            tr("The key works, but does not allow this: {why}").format(why=short_reason(error)),
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


def _no_answer(url: str, host: str, error: Exception) -> Finding:
    """Explain why there was no answer, by the innermost cause that tells."""
    for cause in _causes(error):
        match cause:
            case ssl.SSLCertVerificationError():
                message = tr(
                    "The server's certificate is not trusted: {why}. Check the address, or ask the operator."
                ).format(why=cause.verify_message or cause.reason)
                return Finding(ConnectionTestResult.TLS, message)
            case ssl.SSLError():
                message = tr(
                    "No secure connection is possible. If the server has no HTTPS, its address begins with http://"
                )
                return Finding(ConnectionTestResult.TLS, message)
            case socket.gaierror():
                message = tr("There is no host named {host}. Check the address and your network.").format(host=host)
                return Finding(ConnectionTestResult.NO_HOST, message)
            case ConnectionRefusedError():
                return Finding(ConnectionTestResult.REFUSED, _refused(url, host))
            case OSError() if cause.errno == errno.ECONNREFUSED:
                return Finding(ConnectionTestResult.REFUSED, _refused(url, host))
            case httpx2.TimeoutException():
                message = tr("{host} does not respond. It may be off, or a firewall may be in between.").format(
                    host=host
                )
                return Finding(ConnectionTestResult.NO_ANSWER, message)
            case httpx2.RemoteProtocolError() | httpx2.DecodingError():
                message = tr("The server there does not speak HTTP. Check the address and the port.")
                return Finding(ConnectionTestResult.NOT_OCRDESK, message)
    message = tr("{host} cannot be reached: {why}.").format(host=host, why=str(error) or type(error).__name__)
    return Finding(ConnectionTestResult.NO_ANSWER, message)


def _refused(url: str, host: str) -> str:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return tr(
        "{host} is reachable, but nothing listens on port {port}. Check that the server runs and the port is right."
    ).format(host=host, port=port)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Return the exception's causes, the innermost first."""
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or error.__context__
    return reversed(chain)


def _server_problem(host: str, answer: httpx2.Response) -> Finding | None:
    """Return what is wrong with the server that answered; None for a healthy ocrdesk server."""
    if answer.is_redirect:
        there = str(answer.headers.get("location", "")).partition("/api/v1")[0].rstrip("/")
        message = tr("The server is at another address: {there}. Use that one.").format(there=there or "?")
        return Finding(ConnectionTestResult.MOVED, message)
    try:
        body = json.loads(answer.content)
    except (ValueError, RecursionError):
        body = None
    if answer.is_success and isinstance(body, dict) and {"status", "redis", "version"} <= set(body):
        return None
    if answer.status_code == httpx2.codes.SERVICE_UNAVAILABLE and isinstance(body, dict) and "code" in body:
        message = tr("This is an ocrdesk server, but it is not working at the moment: {why}").format(
            why=body.get("detail", "")
        )
        return Finding(ConnectionTestResult.NOT_WORKING, message)
    return _not_ocrdesk(host)


def _not_ocrdesk(host: str) -> Finding:
    message = tr("Something answers at {host}, but it is not an ocrdesk server. Check the address.").format(host=host)
    return Finding(ConnectionTestResult.NOT_OCRDESK, message)


def _with_findings(finding: Finding, answer: httpx2.Response) -> Finding:
    """Add to a good result why the server is degraded, if it is."""
    if finding.verdict is not ConnectionTestResult.GOOD:
        return finding
    try:
        found = Health.model_validate_json(answer.content).findings
    except ValueError:  # another version of the server
        return finding
    reasons = [translate_message(ErrorMessage(one.message, one.message_id, one.params)) for one in found]
    return replace(finding, message="\n".join([finding.message, *reasons]))


def _check_key(url: str, key: str | None) -> Finding:
    with Client(url, key, retry_policy=0) as client:
        try:
            client.jobs(limit=1)
            if not key:
                return Finding(ConnectionTestResult.GOOD, tr("The connection works; the server needs no key."))
            stats = client.stats()
        except ApiError as error:
            return explain_refusal(error, has_key=bool(key)) or Finding(ConnectionTestResult.OTHER, short_reason(error))
        except ClientError as error:
            return Finding(ConnectionTestResult.OTHER, short_reason(error))
    if Scope.SUBMIT not in stats.scopes:
        return Finding(
            ConnectionTestResult.KEY_LACKS_SCOPES,
            tr("The key works, but cannot send files: it lacks the scope submit."),
        )
    return Finding(ConnectionTestResult.GOOD, tr("The connection works, and the key is right."))


def _is_this_computer(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
