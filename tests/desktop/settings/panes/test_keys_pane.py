"""The user's own key, with a real API and a keyring."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox

from ocrdesk.desktop.servers.server_list import ServerList
from ocrdesk.desktop.session.session import ConnectionState
from ocrdesk.desktop.settings.pane_names import PaneName
from ocrdesk.desktop.settings.panes.usage_chart import UsageChart
from tests.desktop.conftest import Desktop, KeyedApi
from tests.desktop.servers.test_keyring_store import MemoryKeyring
from tests.helpers.folders import contents_below
from tests.helpers.key_checks import agree, works


def test_key_is_registered_stored_copied_once_replaced_and_revoked(
    at_keyed: Callable[..., tuple[Desktop, ServerList, str]],
    keyed: KeyedApi,
    ring: MemoryKeyring,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    desktop, book, server_id = at_keyed(None)
    assert desktop.driver.is_shown("status_settings_button")
    settings = desktop.driver.open_settings(PaneName.KEYS)
    assert settings.is_shown("registration")
    settings.fill("registration_email", "ann@example.org")
    settings.fill("registration_name", "Ann")
    settings.press("registration_register")
    desktop.wait_for(ConnectionState.READY)
    desktop.wait(lambda: settings.is_shown("new_key"))
    first = ring.keys["ocrdesk", server_id]
    assert first not in settings.part("new_key").texts()
    settings.press("new_key_copy")
    assert QGuiApplication.clipboard().text() == first
    assert not settings.is_enabled("new_key_copy")
    desktop.wait(lambda: settings.is_shown("own_key") and first[:14] in settings.text("own_key_key"))
    assert first not in settings.text("own_key_key")
    assert len(settings.find("own_key_usage", UsageChart).days) == 30

    settings.find("own_key_overlap", QComboBox).setCurrentIndex(1)
    settings.press("own_key_replace")
    agree(desktop)
    desktop.wait(lambda: ring.keys["ocrdesk", server_id] != first)
    second = ring.keys["ocrdesk", server_id]
    assert works(keyed.url, first)  # for an hour
    assert works(keyed.url, second)
    desktop.wait_for(ConnectionState.READY)
    desktop.wait(lambda: settings.is_shown("own_key") and second[:14] in settings.text("own_key_key"))

    settings.press("own_key_revoke")
    agree(desktop)
    desktop.wait_for(ConnectionState.FAILED)
    desktop.wait(lambda: settings.is_shown("registration"))
    assert not settings.is_shown("own_key")
    assert not settings.is_shown("new_key")  # the second key was still offered
    assert "The key was revoked." in settings.text("keys_notice")
    assert not works(keyed.url, second)
    assert ring.keys == {}
    assert not book.entry(server_id).has_kept_key
    desktop.settings.sync()
    written = "".join(content.decode(errors="replace") for content in contents_below(tmp_path).values())
    assert "Office" in written
    for secret in (first, second):
        assert secret not in written
        assert secret not in caplog.text
