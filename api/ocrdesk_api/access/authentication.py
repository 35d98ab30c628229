"""Identifies the caller and its scopes."""

from __future__ import annotations

import hashlib
import hmac
import logging
from dataclasses import dataclass, field
from enum import Enum, auto

from starlette.datastructures import Headers

from ocrdesk.backend.api_keys.store import KeyExpiredError, KeyStore, is_secret
from ocrdesk.backend.settings import Settings
from ocrdesk.contract.api_keys import REGISTERED_SCOPES, Scope
from ocrdesk.contract.error_messages import error_message
from ocrdesk_api.errors import HttpError, scope_missing, unauthorized

TOKEN_OWNER = "local"  # noqa: S105  # an owner, not a token
"""The owner of jobs submitted with the token of the local server. On a server without such a token, of those
submitted without a key."""
OPEN_OWNER = "open"
"""The owner of jobs submitted without a key, on a server whose token has jobs of its own."""

_log = logging.getLogger("ocrdesk_api")

_BEARER = "bearer "
_SHORT_KEY = 20
"""Keys in API_KEYS with fewer characters can be guessed."""


class CallerKind(Enum):
    """How a caller is identified."""

    OPEN = auto()
    """Not at all: the server requires no key, and none was sent."""
    TOKEN = auto()
    """By the token of the local server."""
    STATIC = auto()
    """By one of API_KEYS."""
    ACCOUNT = auto()
    """By a key that was registered or created by an admin."""


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller. `unlimited` callers (this machine's own desktop) have no limits on size or pages.

    For accounts, `key_id` and `digest` are the key's id and the hash of the secret that was sent.
    """

    owner: str
    kind: CallerKind = CallerKind.OPEN
    scopes: tuple[Scope, ...] = REGISTERED_SCOPES
    key_id: str | None = None
    digest: str | None = field(default=None, repr=False)
    unlimited: bool = False


@dataclass(frozen=True, slots=True)
class Credential:
    """The key of a request, and whether it was sent as a bearer token."""

    text: str = field(repr=False)
    is_bearer: bool


def warn_of_short_keys(settings: Settings) -> None:
    """Log a warning if the operator has chosen keys that can be guessed. Our own have 43 random characters."""
    if short := sum(len(key.get_secret_value()) < _SHORT_KEY for key in settings.api_keys):
        _log.warning(
            "API_KEYS has %d keys of fewer than %d characters, which can be guessed. Make longer ones: "
            "openssl rand -hex 32",
            short,
            _SHORT_KEY,
        )


def credential(headers: Headers, key_header: str) -> Credential | None:
    """Return the key in the configured header, else the bearer token."""
    if text := headers.get(key_header, ""):
        return Credential(_without_scheme(text), is_bearer=False)
    authorization = headers.get("authorization", "")
    if authorization.lower().startswith(_BEARER):
        return Credential(_without_scheme(authorization), is_bearer=True)
    return None


def _without_scheme(text: str) -> str:
    return text[len(_BEARER) :].strip() if text.lower().startswith(_BEARER) else text


def identify(settings: Settings, keys: KeyStore, sent: Credential | None) -> Principal:
    """Return the caller of a key and count the request. Raises 401.

    A key that is sent must be valid even if none is required: the holder of a revoked key would otherwise
    continue as another owner without noticing.
    """
    if sent is not None and (caller := _caller(settings, keys, sent.text)):
        return caller
    if settings.api_key_enabled:
        raise unauthorized(settings.api_key_header)
    # A proxy in front of an open server may add its own bearer tokens, which are not ours.
    if sent is None or (sent.is_bearer and not is_secret(sent.text)):
        return Principal(OPEN_OWNER if settings.local_token else TOKEN_OWNER)
    header = settings.api_key_header
    raise unauthorized(header, error_message("key_wrong_on_open_server", header=header))


def _caller(settings: Settings, keys: KeyStore, text: str) -> Principal | None:
    given = text.encode()
    if settings.local_token and hmac.compare_digest(given, settings.local_token.get_secret_value().encode()):
        caller = Principal(TOKEN_OWNER, CallerKind.TOKEN, tuple(Scope), unlimited=True)
    elif _is_static(settings, given):
        caller = Principal("key-" + hashlib.sha256(given).hexdigest()[:32], CallerKind.STATIC)
    else:
        return _account(settings, keys, text)
    keys.count_request(caller.owner)
    return caller


def _is_static(settings: Settings, given: bytes) -> bool:
    known = False
    for candidate in settings.api_keys:  # compare all, so that the time reveals nothing
        known |= hmac.compare_digest(given, candidate.get_secret_value().encode())
    return known and bool(given)


def _account(settings: Settings, keys: KeyStore, text: str) -> Principal | None:
    try:
        found = keys.authenticate(text)
    except KeyExpiredError:
        header = settings.api_key_header
        raise unauthorized(header, error_message("key_expired", header=header)) from None
    if found is None:
        return None
    return Principal(found.owner, CallerKind.ACCOUNT, found.scopes, found.key_id, found.digest)


def missing_scope(principal: Principal, scope: Scope, key_header: str) -> HttpError | None:
    """Return the error for a caller without the scope; None if the caller has it."""
    if scope in principal.scopes:
        return None
    if principal.kind is CallerKind.OPEN:
        message = error_message("key_with_scope_needed", scope=scope.value, header=key_header)
        return unauthorized(key_header, message)
    return scope_missing(scope.value, principal.scopes)
