"""Calls about API keys."""

from __future__ import annotations

from typing import Protocol, TypeVar

import httpx2
from pydantic import BaseModel

from ocrdesk.contract.api_keys import (
    IssuedKey,
    KeyDetails,
    KeyList,
    KeyStats,
    Message,
    NewKey,
)

_Answer = TypeVar("_Answer", bound=BaseModel)


class _Caller(Protocol):
    """What these calls need of `Client`."""

    def _get(self, kind: type[_Answer], path: str, *, params: dict[str, str] | None = None) -> _Answer: ...
    def _call(self, method: str, path: str, *, body: dict[str, object] | None = None) -> httpx2.Response: ...
    def _parse(self, kind: type[_Answer], answer: httpx2.Response) -> _Answer: ...
    def _use_key(self, key: str) -> None: ...


class KeyCalls:
    """Part of `Client`. The secret of an `IssuedKey` is in no other answer: keep it."""

    def register(self: _Caller, email: str, name: str) -> IssuedKey:
        """Create a key for an address that has none. This client keeps its own key."""
        wanted: dict[str, object] = {"email": email, "name": name}
        return self._parse(IssuedKey, self._call("POST", "/auth/register", body=wanted))

    def stats(self: _Caller) -> KeyStats:
        """Return the account of this client's key and its usage."""
        return self._get(KeyStats, "/auth/stats")

    def regenerate(self: _Caller, overlap_s: int = 0) -> IssuedKey:
        """Replace the secret; this client uses the new one. The old one works for another `overlap_s` seconds."""
        wanted: dict[str, object] = {"overlap_seconds": overlap_s}
        issued = self._parse(IssuedKey, self._call("POST", "/auth/regenerate", body=wanted))
        self._use_key(issued.api_key)
        return issued

    def revoke(self: _Caller) -> Message:
        """Revoke this client's key immediately, with all its secrets."""
        return self._parse(Message, self._call("POST", "/auth/revoke"))

    def keys(self: _Caller, limit: int = 100, after: str | None = None, email: str | None = None) -> KeyList:
        """Admin: return keys, newest first; `after` is the `next` of the previous page, `email` selects one address."""
        wanted = {"limit": str(limit), "after": after, "email": email}
        params = {name: value for name, value in wanted.items() if value is not None}
        return self._get(KeyList, "/auth/keys", params=params)

    def create_key(self: _Caller, wanted: NewKey) -> IssuedKey:
        """Admin: create a key."""
        return self._parse(IssuedKey, self._call("POST", "/auth/keys", body=wanted.model_dump(mode="json")))

    def key(self: _Caller, key_id: str) -> KeyDetails:
        """Admin: return one key and its daily usage."""
        return self._get(KeyDetails, f"/auth/keys/{key_id}")

    def revoke_key(self: _Caller, key_id: str) -> None:
        """Admin: revoke a key immediately. Raises NotFoundError."""
        self._call("DELETE", f"/auth/keys/{key_id}")
