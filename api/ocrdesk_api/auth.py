"""Who is asking: API keys, compared in constant time, and the owner that a key stands for."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from ocrdesk.backend.settings import Settings
from ocrdesk_api.problems import unauthorized

OPEN_OWNER = "local"
"""Owns the jobs of a server that asks for no key, and of the local backend's own token."""


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller. `unlimited` ones (this machine's own desktop) know no limit on size or pages."""

    owner: str
    unlimited: bool = False


def identify(settings: Settings, key: str | None) -> Principal:
    """The caller behind a key. Raises 401 where a key is asked for and this is none."""
    given = (key or "").encode()
    if settings.local_token and hmac.compare_digest(given, settings.local_token.get_secret_value().encode()):
        return Principal(OPEN_OWNER, unlimited=True)
    if not settings.api_key_enabled:
        return Principal(OPEN_OWNER)
    known = False
    for candidate in settings.api_keys:  # all of them, whichever fits: the time says nothing
        known |= hmac.compare_digest(given, candidate.get_secret_value().encode())
    if not known or not given:
        raise unauthorized(settings.api_key_header)
    return Principal("key-" + hashlib.sha256(given).hexdigest()[:32])
