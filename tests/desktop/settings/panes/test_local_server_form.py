"""The local server from the settings window: start, stop and settings."""

from __future__ import annotations

from pathlib import Path

from ocrdesk.desktop.jobs.row import RowState
from ocrdesk.desktop.servers.keyring_store import KeyringStore
from ocrdesk.desktop.servers.server_list import LOCAL_ID, ServerList
from ocrdesk.desktop.session.session import ConnectionState
from ocrdesk.desktop.settings.pane_names import PaneName
from ocrdesk.desktop.window.saved_state import WindowState
from ocrdesk.local.server.control import server_status
from tests.desktop.conftest import OpenDesktop
from tests.helpers.fake_server import FakeServer
from tests.helpers.processes import short_folder
from tests.helpers.sample_files import text_png


def test_local_server_is_stopped_configured_and_started_and_files_wait_for_it(
    open_desktop: OpenDesktop, tmp_path: Path
) -> None:
    with short_folder() as folder:
        data = folder / "data"
        book = ServerList(WindowState(tmp_path / "desktop.ini").settings, KeyringStore(), data)
        desktop = open_desktop(book=book)
        desktop.wait_for(ConnectionState.READY, 60)
        settings = desktop.driver.open_settings(PaneName.SERVERS)
        desktop.wait(lambda: settings.is_enabled("local_server_stop"))
        assert "300 s of processing" in settings.text("local_server_page_limit")
        settings.press("local_server_stop")
        desktop.wait(lambda: settings.is_enabled("local_server_start"), 60)
        assert desktop.session.state.connection is ConnectionState.STOPPED
        assert desktop.driver.status == "The local server is stopped"
        assert not server_status(data).is_running
        (tmp_path / "later.png").write_bytes(text_png("Lima"))
        desktop.driver.drop(tmp_path / "later.png")
        desktop.wait(lambda: desktop.row("later.png"))
        settings.set_number("local_server_workers", 1)
        settings.press("local_server_apply")
        desktop.wait(lambda: (row := desktop.row("later.png")) and row.state is RowState.FINISHED, 90)
        assert desktop.session.client.health().workers == 1
        settings.show(PaneName.LANGUAGES)
        desktop.wait(lambda: any("English" in entry for entry in settings.entries("language_list")))
        settings.show(PaneName.SERVERS)
        desktop.wait(lambda: settings.is_enabled("local_server_stop"))
        settings.press("local_server_stop")
        desktop.wait(lambda: not server_status(data).is_running, 60)


def test_local_server_runs_for_others_while_another_server_is_used(
    open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path
) -> None:
    with short_folder() as folder:
        data = folder / "data"
        book = ServerList(WindowState(tmp_path / "desktop.ini").settings, KeyringStore(), data)
        entry = book.add("Office", stage.url)
        book.note_active(entry.server_id)
        desktop = open_desktop(book=book)
        desktop.wait_for(ConnectionState.READY)
        settings = desktop.driver.open_settings(PaneName.SERVERS)
        settings.select_server(LOCAL_ID)
        desktop.wait(lambda: settings.is_enabled("local_server_start"))
        settings.press("local_server_start")
        desktop.wait(lambda: settings.is_enabled("local_server_stop"), 60)
        assert server_status(data).is_running
        assert not desktop.session.state.is_local
        settings.press("local_server_stop")
        desktop.wait(lambda: settings.is_enabled("local_server_start"), 60)
        assert not server_status(data).is_running
