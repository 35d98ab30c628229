"""Keys of other people, managed by an admin."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication

from ocrdesk.client import Client
from ocrdesk.contract.api_keys import NewKey, Scope
from ocrdesk.desktop.servers.server_list import ServerList
from ocrdesk.desktop.session.session import ConnectionState
from ocrdesk.desktop.settings.pane_names import PaneName
from tests.desktop.conftest import Desktop, KeyedApi
from tests.helpers.key_checks import agree, works


def test_admin_creates_and_revokes_keys_of_others(
    at_keyed: Callable[..., tuple[Desktop, ServerList, str]], keyed: KeyedApi
) -> None:
    with Client(keyed.url, keyed.token) as operator:
        root = operator.create_key(NewKey(name="Root", scopes=tuple(Scope))).api_key
    desktop, _, _ = at_keyed(root)
    settings = desktop.driver.open_settings(PaneName.KEYS)
    desktop.wait(lambda: settings.is_shown("everybodys_keys") and settings.table("key_table").rowCount())
    settings.fill("made_key_name", "Scanner in room 4")
    settings.tick("made_key_may_read", False)
    settings.choose("made_key_expiry", 30)
    settings.press("made_key_make")
    desktop.wait(lambda: settings.is_shown("new_key"))
    settings.press("new_key_copy")
    secret = QGuiApplication.clipboard().text()
    with Client(keyed.url, secret) as scanner:
        stats = scanner.stats()
    assert stats.scopes == (Scope.SUBMIT,)
    assert stats.expires_at is not None
    desktop.wait(lambda: settings.cell("key_table", 0, 0) == "Scanner in room 4")
    settings.table("key_table").selectRow(0)
    settings.press("key_table_revoke")
    agree(desktop)
    desktop.wait(lambda: settings.cell("key_table", 0, 4) == "Revoked")
    assert not settings.is_shown("new_key")
    assert not works(keyed.url, secret)
    assert works(keyed.url, root)


def test_admin_who_revokes_the_own_key_is_told_so(
    at_keyed: Callable[..., tuple[Desktop, ServerList, str]], keyed: KeyedApi
) -> None:
    with Client(keyed.url, keyed.token) as operator:
        root = operator.create_key(NewKey(name="Second root", scopes=tuple(Scope))).api_key
    desktop, _, _ = at_keyed(root)
    settings = desktop.driver.open_settings(PaneName.KEYS)
    desktop.wait(lambda: settings.is_shown("everybodys_keys") and settings.table("key_table").rowCount())
    assert settings.cell("key_table", 0, 0) == "Second root"
    settings.table("key_table").selectRow(0)
    settings.press("key_table_revoke")
    agree(desktop)
    desktop.wait_for(ConnectionState.FAILED)
    desktop.wait(lambda: settings.is_shown("registration"))
    assert not settings.is_shown("own_key")
    assert not settings.is_shown("everybodys_keys")
    assert "The key was revoked." in settings.text("keys_notice")
