"""API keys in the system keyring, or for this run only; never in a file of ours.

Every method that calls the keyring may block for up to `timeout_s`, because a locked keyring first asks for a
password: call them off the main thread. A call that takes longer continues in the background, and its result counts.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from PySide6.QtCore import QCoreApplication

_SERVICE = "ocrdesk"
_TIMEOUT_S = 60.0
"""Long enough to look up the keyring's password and type it."""
_SAID_AFTER_S = 1.0
_CHECK_S = 10.0
"""For checking whether there is a keyring, which asks for no password."""


def tr(text: str) -> str:
    return QCoreApplication.translate("KeyringStore", text)


class KeyStorage(Enum):
    """Where keys are stored, as far as known."""

    UNKNOWN = "unknown"
    """The keyring was not called yet."""
    KEYRING = "keyring"
    NO_KEYRING = "no keyring"
    LOCKED = "locked"
    """It exists, but does not answer, or refuses."""


class KeyringError(Exception):
    """A key in the keyring cannot be read now; the message says what to do."""


class Keyring(Protocol):
    """The part of a backend of the package `keyring` that is used here."""

    def get_password(self, service: str, username: str, /) -> str | None: ...
    def set_password(self, service: str, username: str, password: str, /) -> None: ...
    def delete_password(self, service: str, username: str, /) -> None: ...


@dataclass(slots=True)
class _Call:
    """One call of the keyring, on its own thread."""

    done: threading.Event
    answer: str | None = None
    error: Exception | None = None


class KeyringStore:
    """Stores keys by server id. Threads may share it."""

    def __init__(self, find: Callable[[], Keyring | None] | None = None, *, timeout_s: float = _TIMEOUT_S) -> None:
        self._find = find or system_keyring
        self._timeout_s = timeout_s
        self._keys: dict[str, str] = {}
        self._asked: dict[str, _Call] = {}
        self._given: set[str] = set()
        """Servers whose keys the keyring received in this run and did not refuse; it may not have answered yet."""
        self._change = threading.Lock()
        """Allows one change of the keyring at a time, so that an older key never replaces a newer one."""
        self._keeping = KeyStorage.UNKNOWN
        self._lock = threading.Lock()

    @property
    def keeping(self) -> KeyStorage:
        return self._keeping

    def has_at_hand(self, server_id: str) -> bool:
        """Return whether the key is known in this run, without calling the keyring."""
        with self._lock:
            return server_id in self._keys

    def may_have(self, server_id: str) -> bool:
        """Return whether the keyring received the key in this run: it has it, or will once it is unlocked."""
        with self._lock:
            return server_id in self._given

    def key(self, server_id: str, on_wait: Callable[[str], None] | None = None, *, is_kept: bool) -> str | None:
        """Return the server's key, if any. `is_kept`: the keyring received one. Raises KeyringError.

        `on_wait` is called with what the call waits for, if it takes long, and with an empty text afterwards.
        """
        with self._lock:
            known = self._keys.get(server_id)
        if known is not None or not is_kept:
            return known
        call = self._ask(server_id)
        if not self._is_over(call, on_wait or (lambda _: None)):
            self._keeping = KeyStorage.LOCKED
            raise KeyringError(
                tr(
                    "The keyring does not respond, so the key of this server could not be read. "
                    "Unlock the keyring and try again, or enter the key in the settings."
                )
            )
        if self._keeping is KeyStorage.NO_KEYRING:
            raise KeyringError(
                tr(
                    "The keyring is no longer available, so the key of this server could not be read. "
                    "Enter it in the settings."
                )
            )
        if call.error is not None:
            raise KeyringError(
                tr(
                    "The keyring is locked or refused access, so the key of this server could not be read. "
                    "Unlock the keyring and try again, or enter the key in the settings."
                )
            )
        return call.answer

    def keep(self, server_id: str, key: str) -> bool:
        """Store a key for this run and in the keyring. Return False if it is stored for this run only."""
        with self._lock:
            self._keys[server_id] = key
            self._given.add(server_id)

        def not_given() -> None:
            with self._lock:
                self._given.discard(server_id)

        return self._change_keyring(lambda ring: ring.set_password(_SERVICE, server_id, key), not_given)

    def keep_for_this_run(self, server_id: str, key: str) -> None:
        with self._lock:
            self._keys[server_id] = key

    def forget(self, server_id: str, *, is_kept: bool) -> bool:
        """Forget a key. Return False if the keyring may still have it."""
        self.forget_for_this_run(server_id)

        def delete(ring: Keyring) -> None:
            if ring.get_password(_SERVICE, server_id) is not None:
                ring.delete_password(_SERVICE, server_id)

        return not is_kept or self._change_keyring(delete)

    def forget_for_this_run(self, server_id: str) -> None:
        """Forget the key in memory, without calling the keyring."""
        with self._lock:
            self._keys.pop(server_id, None)
            self._given.discard(server_id)

    def look(self) -> KeyStorage:
        """Check where a key would be stored now, without reading one."""
        if self._keeping is not KeyStorage.KEYRING:
            call = _in_thread(self._look)
            if not call.done.wait(min(_CHECK_S, self._timeout_s)):
                self._keeping = KeyStorage.LOCKED
        return self._keeping

    # ── the keyring ──────────────────────────────────────────────────────────────────────────────────

    def _look(self) -> None:
        self._keeping = KeyStorage.NO_KEYRING if self._find() is None else KeyStorage.KEYRING

    def _ask(self, server_id: str) -> _Call:
        """Return the call that reads this key; parallel requests share one call."""
        with self._lock:
            call = self._asked.get(server_id)
            if call is None:
                call = self._asked[server_id] = _in_thread(lambda: self._read(server_id))
            return call

    def _read(self, server_id: str) -> str | None:
        try:
            ring = self._ring()
            key = ring.get_password(_SERVICE, server_id) if ring else None
            with self._lock:
                if key is not None:
                    self._keys.setdefault(server_id, key)
                return self._keys.get(server_id)
        except Exception:
            self._keeping = KeyStorage.LOCKED
            raise
        finally:
            with self._lock:
                self._asked.pop(server_id, None)

    def _change_keyring(self, change: Callable[[Keyring], None], failed: Callable[[], None] = lambda: None) -> bool:
        """Make a change. `failed` is called even if the failure is known only after the timeout."""

        def call_it() -> str | None:
            with self._change:
                try:
                    ring = self._ring()
                    if ring is not None:
                        change(ring)
                        return "done"
                except Exception:
                    failed()
                    raise
            failed()
            return None

        call = _in_thread(call_it)
        if not call.done.wait(self._timeout_s) or call.error is not None:
            self._keeping = KeyStorage.LOCKED
            return False
        return call.answer is not None

    def _is_over(self, call: _Call, on_wait: Callable[[str], None]) -> bool:
        """Wait for a call; return False on a timeout."""
        if call.done.wait(min(_SAID_AFTER_S, self._timeout_s)):
            return True
        on_wait(tr("waiting for the keyring, which may ask for its password"))
        is_over = call.done.wait(self._timeout_s - _SAID_AFTER_S)
        on_wait("")
        return is_over

    def _ring(self) -> Keyring | None:
        ring = self._find()
        self._keeping = KeyStorage.KEYRING if ring else KeyStorage.NO_KEYRING
        return ring


def _in_thread(work: Callable[[], str | None]) -> _Call:
    call = _Call(threading.Event())

    def run() -> None:
        try:
            call.answer = work()
        except Exception as error:  # anything a keyring raises; never log it, it may contain the key
            call.error = error
        finally:
            call.done.set()

    threading.Thread(target=run, name="ocrdesk-keyring", daemon=True).start()
    return call


def system_keyring() -> Keyring | None:
    """Return the system's keyring; None if there is no secure one (for example only one that writes plain files)."""
    try:
        import keyring
    except ImportError:
        return None
    found: Any = keyring.get_keyring()
    for ring in getattr(found, "backends", [found]):  # a chain has several, the best first
        if _is_recommended(ring):
            return ring  # type: ignore[no-any-return]
    return None


def _is_recommended(ring: Any) -> bool:
    """Return whether the package `keyring` recommends it; not if its service has stopped."""
    try:
        return bool(ring.priority >= 1)
    except Exception:
        return False
