"""The list of servers."""

from __future__ import annotations

from pathlib import Path

from ocrdesk.desktop.servers.servers import LocalServer
from ocrdesk.desktop.session.session import ConnectionState
from ocrdesk.desktop.settings.pane_names import PaneName
from tests.desktop.conftest import OpenDesktop
from tests.helpers.fake_server import FakeServer


def test_server_is_added_and_used(open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path) -> None:
    desktop = open_desktop(LocalServer(tmp_path / "data"), start=False)
    desktop.session.start = lambda: None
    settings = desktop.driver.open_settings(PaneName.SERVERS)
    assert len(settings.entries("server_list")) == 1
    settings.press("server_add")
    settings.fill("server_address", "nonsense://x")
    settings.press("server_save")
    assert "not an address" in settings.text("server_notice")
    settings.fill("server_address", stage.url)
    settings.press("server_save")
    assert len(settings.entries("server_list")) == 2
    assert settings.text("server_name") == stage.url.removeprefix("http://")
    del desktop.session.start
    settings.press("server_use")
    desktop.wait_for(ConnectionState.READY)
    assert "Sent to 127.0.0.1" in desktop.driver.text("server_menu")
    assert "(in use)" in settings.entries("server_list")[1]
    assert not settings.is_enabled("server_use")
