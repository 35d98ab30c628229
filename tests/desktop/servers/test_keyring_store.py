"""Keys are in the keyring, or in memory only; and a keyring that hangs blocks nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend

from ocrdesk.desktop.servers import keyring_store
from ocrdesk.desktop.servers.keyring_store import KeyringError, KeyringStore, KeyStorage
from tests.helpers.wait import wait_until

SYSTEM_KEYRING = keyring_store.system_keyring  # before any test removes it


def is_idle() -> bool:
    """Return whether no keyring call is in progress."""
    return all(thread.name != "ocrdesk-keyring" for thread in threading.enumerate())


class MemoryKeyring:
    """A keyring that can be locked, and that can wait for its user."""

    def __init__(self) -> None:
        self.keys: dict[tuple[str, str], str] = {}
        self.locked = False
        self.answers = threading.Event()
        self.answers.set()

    def _open(self) -> None:
        self.answers.wait(30)
        if self.locked:
            raise RuntimeError("locked")

    def get_password(self, service: str, username: str, /) -> str | None:
        self._open()
        return self.keys.get((service, username))

    def set_password(self, service: str, username: str, password: str, /) -> None:
        self._open()
        self.keys[service, username] = password

    def delete_password(self, service: str, username: str, /) -> None:
        self._open()
        del self.keys[service, username]


@pytest.fixture
def ring() -> Iterator[MemoryKeyring]:
    ring = MemoryKeyring()
    yield ring
    ring.answers.set()


def test_key_is_found_again_in_another_run(ring: MemoryKeyring) -> None:
    assert KeyringStore(lambda: ring).keep("a", "secret")
    vault = KeyringStore(lambda: ring)
    assert vault.key("a", is_kept=True) == "secret"
    assert vault.keeping is KeyStorage.KEYRING
    assert vault.forget("a", is_kept=True)
    assert ring.keys == {}
    assert vault.key("a", is_kept=False) is None
    assert vault.forget("a", is_kept=True)  # a missing key is no failure
    assert vault.keeping is KeyStorage.KEYRING


def test_without_a_keyring_the_key_is_kept_for_this_run_only() -> None:
    vault = KeyringStore(lambda: None)
    assert vault.look() is KeyStorage.NO_KEYRING
    assert not vault.keep("a", "secret")
    assert vault.key("a", is_kept=False) == "secret"
    with pytest.raises(KeyringError, match="no longer available"):
        KeyringStore(lambda: None).key("a", is_kept=True)


def test_locked_keyring_is_reported_and_the_key_stays_for_this_run(ring: MemoryKeyring) -> None:
    ring.locked = True
    vault = KeyringStore(lambda: ring)
    assert not vault.keep("a", "secret")
    assert vault.keeping is KeyStorage.LOCKED
    assert vault.key("a", is_kept=True) == "secret"
    with pytest.raises(KeyringError, match="locked"):
        KeyringStore(lambda: ring).key("a", is_kept=True)


def test_keyring_that_asks_its_user_is_not_waited_for_and_its_late_answer_counts(ring: MemoryKeyring) -> None:
    ring.keys["ocrdesk", "a"] = "secret"
    ring.answers.clear()
    vault = KeyringStore(lambda: ring, timeout_s=0.05)
    for _ in range(3):
        with pytest.raises(KeyringError, match="does not respond"):
            vault.key("a", is_kept=True)
    assert sum(thread.name == "ocrdesk-keyring" for thread in threading.enumerate()) == 1
    assert vault.keeping is KeyStorage.LOCKED
    ring.answers.set()
    wait_until(lambda: vault.has_at_hand("a"), "the late answer")
    assert vault.key("a", is_kept=True) == "secret"


def test_waiting_for_the_keyring_is_shown_until_it_ends(ring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring_store, "_SAID_AFTER_S", 0.01)
    ring.keys["ocrdesk", "a"] = "secret"
    ring.answers.clear()
    said: list[str] = []

    def unlock(words: str) -> None:
        said.append(words)
        ring.answers.set()

    assert KeyringStore(lambda: ring).key("a", unlock, is_kept=True) == "secret"
    assert said == ["waiting for the keyring, which may ask for its password", ""]


def test_key_that_the_keyring_stores_late_counts_as_stored(ring: MemoryKeyring) -> None:
    ring.answers.clear()
    vault = KeyringStore(lambda: ring, timeout_s=0.05)
    assert not vault.keep("a", "secret")
    assert vault.may_have("a")
    ring.answers.set()
    wait_until(lambda: ring.keys, "the late write")
    assert vault.may_have("a")
    assert vault.forget("a", is_kept=True)
    assert not vault.may_have("a")


def test_key_that_the_keyring_refuses_does_not_count_as_kept(ring: MemoryKeyring) -> None:
    ring.locked = True
    vault = KeyringStore(lambda: ring)
    vault.keep("a", "secret")
    assert not vault.may_have("a")
    vault = KeyringStore(lambda: None)
    vault.keep("a", "secret")
    assert not vault.may_have("a")


def test_of_two_keys_that_the_keyring_stores_late_the_newer_stays(ring: MemoryKeyring) -> None:
    ring.answers.clear()
    vault = KeyringStore(lambda: ring, timeout_s=0.05)
    vault.keep("a", "old")
    vault.keep("a", "new")
    ring.answers.set()
    wait_until(is_idle, "the writes")
    assert ring.keys == {("ocrdesk", "a"): "new"}


def test_newer_key_is_not_replaced_by_a_late_answer(ring: MemoryKeyring) -> None:
    ring.keys["ocrdesk", "a"] = "old"
    ring.answers.clear()
    vault = KeyringStore(lambda: ring, timeout_s=0.05)
    with pytest.raises(KeyringError):
        vault.key("a", is_kept=True)
    vault.keep_for_this_run("a", "new")
    ring.answers.set()
    wait_until(is_idle, "the late answer")
    assert vault.key("a", is_kept=True) == "new"


def test_backend_that_is_no_real_keyring_is_not_used() -> None:
    class Plain(KeyringBackend):
        priority = 0.5  # type: ignore[assignment]

        def get_password(self, service: str, username: str) -> str | None:
            return None

        def set_password(self, service: str, username: str, password: str) -> None:
            raise AssertionError("it writes plain files")

    before = keyring.get_keyring()
    try:
        keyring.set_keyring(Plain())
        assert SYSTEM_KEYRING() is None
    finally:
        keyring.set_keyring(before)
