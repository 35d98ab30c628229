"""API keys of servers: in the system's keyring, else for this run only; never in a file of ours.

Every method that asks the keyring may take up to `timeout_s`, because a locked one asks its user for a password first:
call them off the main thread. A call that takes longer is left to itself; what it still brings, or keeps, counts.
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
_LOOK_S = 10.0
"""Nobody is asked for a password when it is only looked whether there is a keyring."""


def tr(text: str) -> str:
    return QCoreApplication.translate("KeyringStore", text)


class KeyStorage(Enum):
    """Where keys are kept, as far as is known."""

    UNKNOWN = "unknown"
    """The keyring was not asked yet."""
    KEYRING = "keyring"
    NO_KEYRING = "no keyring"
    LOCKED = "locked"
    """It is there and does not answer, or refuses."""


class KeyringError(Exception):  # named for what happened
    """A key is in the keyring and cannot be had now; the message says what to do."""


class Keyring(Protocol):
    """What is needed of a backend of the package `keyring`."""

    def get_password(self, service: str, username: str, /) -> str | None: ...
    def set_password(self, service: str, username: str, password: str, /) -> None: ...
    def delete_password(self, service: str, username: str, /) -> None: ...


@dataclass(slots=True)
class _Call:
    """One call of the keyring, on a thread of its own."""

    done: threading.Event
    answer: str | None = None
    error: Exception | None = None


class KeyringStore:
    """Keys by their server's id. May be shared by threads."""

    def __init__(self, find: Callable[[], Keyring | None] | None = None, *, timeout_s: float = _TIMEOUT_S) -> None:
        self._find = find or system_keyring
        self._timeout_s = timeout_s
        self._keys: dict[str, str] = {}
        self._asked: dict[str, _Call] = {}
        self._given: set[str] = set()
        """Whose keys the keyring was given in this run and did not refuse; it may not have answered yet."""
        self._change = threading.Lock()
        """Held by one change of the keyring at a time: an older key never comes after a newer one."""
        self._keeping = KeyStorage.UNKNOWN
        self._lock = threading.Lock()

    @property
    def keeping(self) -> KeyStorage:
        return self._keeping

    def has_at_hand(self, server_id: str) -> bool:
        """Whether the key is known in this run, without asking the keyring."""
        with self._lock:
            return server_id in self._keys

    def may_have(self, server_id: str) -> bool:
        """Whether the keyring was given the key in this run: it has it, or will when its user unlocks it."""
        with self._lock:
            return server_id in self._given

    def key(self, server_id: str, on_wait: Callable[[str], None] | None = None, *, is_kept: bool) -> str | None:
        """The server's key, None for none. `is_kept`: the keyring was given one. Raises KeyringError.

        `on_wait` is told what is waited for, in a sentence, when that takes long, and nothing when it is over.
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
                    "The keyring does not answer, so the key of this server could not be read. "
                    "Unlock the keyring and try again, or enter the key in the settings."
                )
            )
        if self._keeping is KeyStorage.NO_KEYRING:
            raise KeyringError(
                tr(
                    "There is no keyring any more, so the key of this server could not be read. "
                    "Enter it in the settings."
                )
            )
        if call.error is not None:
            raise KeyringError(
                tr(
                    "The keyring is locked or refuses, so the key of this server could not be read. "
                    "Unlock the keyring and try again, or enter the key in the settings."
                )
            )
        return call.answer

    def keep(self, server_id: str, key: str) -> bool:
        """Keeps a key: at once for this run, and in the keyring. False when it is there for this run only."""
        with self._lock:
            self._keys[server_id] = key
            self._given.add(server_id)

        def not_given() -> None:
            with self._lock:
                self._given.discard(server_id)

        return self._does(lambda ring: ring.set_password(_SERVICE, server_id, key), not_given)

    def keep_for_this_run(self, server_id: str, key: str) -> None:
        with self._lock:
            self._keys[server_id] = key

    def forget(self, server_id: str, *, is_kept: bool) -> bool:
        """Forgets a key; False when the keyring may still have it."""
        self.forget_for_this_run(server_id)

        def delete(ring: Keyring) -> None:
            if ring.get_password(_SERVICE, server_id) is not None:
                ring.delete_password(_SERVICE, server_id)

        return not is_kept or self._does(delete)

    def forget_for_this_run(self, server_id: str) -> None:
        """Forgets what is in memory; the keyring is not asked."""
        with self._lock:
            self._keys.pop(server_id, None)
            self._given.discard(server_id)

    def look(self) -> KeyStorage:
        """Where a key would be kept now, asked without reading one."""
        if self._keeping is not KeyStorage.KEYRING:
            call = _in_thread(self._look)
            if not call.done.wait(min(_LOOK_S, self._timeout_s)):
                self._keeping = KeyStorage.LOCKED
        return self._keeping

    # ── the keyring ──────────────────────────────────────────────────────────────────────────────

    def _look(self) -> None:
        self._keeping = KeyStorage.NO_KEYRING if self._find() is None else KeyStorage.KEYRING

    def _ask(self, server_id: str) -> _Call:
        """The call that reads this key: one at a time, however often it is asked for."""
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

    def _does(self, what: Callable[[Keyring], None], failed: Callable[[], None] = lambda: None) -> bool:
        """`failed` is called even when that is known only after the time is over."""

        def call_it() -> str | None:
            with self._change:
                try:
                    ring = self._ring()
                    if ring is not None:
                        what(ring)
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
        """Waits for a call; False when the time is over first."""
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
        except Exception as error:  # whatever a keyring raises; it may name the key, so nobody logs it
            call.error = error
        finally:
            call.done.set()

    threading.Thread(target=run, name="ocrdesk-keyring", daemon=True).start()
    return call


def system_keyring() -> Keyring | None:
    """The system's own keyring; None where there is none that deserves the name (one that writes plain files, say)."""
    try:
        import keyring
    except ImportError:
        return None
    found: Any = keyring.get_keyring()
    for ring in getattr(found, "backends", [found]):  # several in a chain, best first
        if _is_recommended(ring):
            return ring  # type: ignore[no-any-return]
    return None


def _is_recommended(ring: Any) -> bool:
    """By the package `keyring` itself. One whose service has gone meanwhile is none."""
    try:
        return bool(ring.priority >= 1)
    except Exception:
        return False
