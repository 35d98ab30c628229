"""Keys of a remote server, with a keyring that may be locked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ocrdesk.client import Client
from ocrdesk.contract.api_keys import NewKey
from ocrdesk.desktop.servers.keyring_store import KeyringStore, KeyStorage
from ocrdesk.desktop.servers.server_list import ServerList
from ocrdesk.desktop.session.session import ConnectionState
from ocrdesk.desktop.settings.pane_names import PaneName
from tests.desktop.conftest import Desktop, KeyedApi
from tests.desktop.servers.test_keyring_store import MemoryKeyring


def test_wrong_key_is_reported_and_a_right_one_connects_immediately(
    at_keyed: Callable[..., tuple[Desktop, ServerList, str]], keyed: KeyedApi, ring: MemoryKeyring
) -> None:
    desktop, _, server_id = at_keyed(None)
    with Client(keyed.url, keyed.token) as operator:
        right = operator.create_key(NewKey(name="Right")).api_key
    desktop.driver.press("status_settings_button")
    settings = desktop.driver.settings
    settings.fill("server_key", "ocrdesk_" + "b" * 43)
    settings.press("server_test")
    desktop.wait(lambda: "wrong" in settings.text("server_notice"))
    settings.fill("server_key", right)
    settings.press("server_test")
    desktop.wait(lambda: settings.text("server_notice") == "The connection works, and the key is right.")
    settings.press("server_save")
    desktop.wait_for(ConnectionState.READY)
    desktop.wait(lambda: "in the keyring" in settings.text("server_notice"))
    assert ring.keys == {("ocrdesk", server_id): right}
    assert settings.text("server_key") == ""
    settings.press("server_forget_key")
    desktop.wait_for(ConnectionState.FAILED)
    assert "asks for a key" in desktop.driver.status
    desktop.wait(lambda: ring.keys == {})


def test_locked_keyring_is_reported_and_does_not_block(
    at_keyed: Callable[..., tuple[Desktop, ServerList, str]], keyed: KeyedApi, ring: MemoryKeyring
) -> None:
    with Client(keyed.url, keyed.token) as operator:
        right = operator.create_key(NewKey(name="Right")).api_key
    desktop, book, server_id = at_keyed(right)
    book.keyring = KeyringStore(lambda: ring, timeout_s=0.1)  # as in another run
    ring.answers.clear()
    desktop.session.switch(book.server(server_id))
    desktop.wait_for(ConnectionState.FAILED)
    assert "keyring does not respond" in desktop.driver.status
    settings = desktop.driver.open_settings(PaneName.SERVERS)
    settings.select_server(server_id)
    settings.fill("server_key", right)
    settings.press("server_save")
    desktop.wait_for(ConnectionState.READY)
    desktop.wait(lambda: "as soon as it is unlocked" in settings.text("server_notice"))
    assert book.keyring.keeping is KeyStorage.LOCKED
    assert "locked" in settings.text("server_key_storage")
    ring.answers.set()
    desktop.wait(lambda: ring.keys == {("ocrdesk", server_id): right})
    entry = book.entry(server_id)
    assert entry
    assert entry.has_kept_key  # so that the next run asks for it


def test_window_waits_for_the_keyring_and_connects_automatically(
    at_keyed: Callable[..., tuple[Desktop, ServerList, str]],
    keyed: KeyedApi,
    ring: MemoryKeyring,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Client(keyed.url, keyed.token) as operator:
        right = operator.create_key(NewKey(name="Right")).api_key
    desktop, book, server_id = at_keyed(right)
    monkeypatch.setattr("ocrdesk.desktop.servers.keyring_store._SAID_AFTER_S", 0.05)
    book.keyring = KeyringStore(lambda: ring)  # as in another run
    ring.answers.clear()
    desktop.session.switch(book.server(server_id))
    desktop.wait(lambda: "Waiting for the keyring" in desktop.driver.status)
    ring.answers.set()
    desktop.wait_for(ConnectionState.READY)


def test_key_in_a_locked_keyring_is_not_reported_as_deleted(
    at_keyed: Callable[..., tuple[Desktop, ServerList, str]], keyed: KeyedApi, ring: MemoryKeyring
) -> None:
    with Client(keyed.url, keyed.token) as operator:
        right = operator.create_key(NewKey(name="Right")).api_key
    desktop, book, server_id = at_keyed(right)
    settings = desktop.driver.open_settings(PaneName.SERVERS)
    settings.fill("server_key", right)
    settings.press("server_save")
    desktop.wait(lambda: ring.keys)
    desktop.wait(
        lambda: settings.is_enabled("server_forget_key") and "in the keyring" in settings.text("server_notice")
    )
    ring.locked = True
    settings.press("server_forget_key")
    desktop.wait(lambda: "still has the key" in settings.text("server_notice"))
    assert settings.is_enabled("server_forget_key")
    ring.locked = False
    settings.press("server_forget_key")
    desktop.wait(lambda: "was deleted here" in settings.text("server_notice"))
    assert ring.keys == {}
    entry = book.entry(server_id)
    assert entry
    assert not entry.has_kept_key
