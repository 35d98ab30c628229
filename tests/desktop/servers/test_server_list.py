"""The list of servers: stored without keys, with addresses checked and completed."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocrdesk.desktop.servers.keyring_store import KeyringStore
from ocrdesk.desktop.servers.server_list import AddressError, ServerList, checked_address
from ocrdesk.desktop.session.session import ConnectionState
from ocrdesk.desktop.startup.application import _named_server
from ocrdesk.desktop.window.saved_state import WindowState
from tests.desktop.conftest import OpenDesktop
from tests.helpers.fake_server import FakeServer


def test_choice_survives_a_restart_without_any_key_in_the_file(
    open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path
) -> None:
    memory = WindowState(tmp_path / "desktop.ini")
    book = ServerList(memory.settings, KeyringStore())
    first = open_desktop(book=book)
    assert first.driver.text("server_menu") == "On this computer"
    entry = book.add("Office", stage.url)
    book.keyring.keep_for_this_run(entry.server_id, "ocrdesk_very_secret")
    first.driver.use_server("Office")
    first.wait_for(ConnectionState.READY)
    first.close()
    memory.settings.sync()
    again = ServerList(WindowState(tmp_path / "desktop.ini").settings, KeyringStore())
    assert again.active_server().url == stage.url
    assert "very_secret" not in (tmp_path / "desktop.ini").read_text()
    assert "very_secret" not in repr(book.active_server())


@pytest.mark.parametrize(
    "text", ["", "ftp://a", "https://", "http://a b", "https://ann:pass@example.org", "http://a/?x"]
)
def test_invalid_address_is_refused(text: str) -> None:
    with pytest.raises(AddressError):
        checked_address(text)


def test_address_is_completed() -> None:
    assert checked_address(" ocr.example.org/ ") == "https://ocr.example.org"
    assert checked_address("http://[::1]:8000/api/v1") == "http://[::1]:8000"


def test_server_of_the_command_line_is_in_the_list_for_this_run_only(
    open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path
) -> None:
    book = ServerList(WindowState(tmp_path / "desktop.ini").settings, KeyringStore())
    desktop = open_desktop(_named_server(book, stage.url.removeprefix("http://"), "ocrdesk_very_secret"), book=book)
    desktop.wait_for(ConnectionState.READY)
    assert desktop.driver.text("server_menu") == f"Sent to {stage.url.removeprefix('http://')}"
    assert book.keyring.has_at_hand(book.entries[0].server_id)
    desktop.settings.sync()
    again = ServerList(WindowState(tmp_path / "desktop.ini").settings, KeyringStore())
    assert again.entries == ()
    assert again.active_server().is_local
