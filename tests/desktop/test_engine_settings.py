"""The local engine from the settings window: real start, stop and set-up."""

from __future__ import annotations

from pathlib import Path

from ocrdesk.desktop.job_row import RowState
from ocrdesk.desktop.key_vault import KeyVault
from ocrdesk.desktop.server_book import LOCAL_ID, ServerBook
from ocrdesk.desktop.session import Standing
from ocrdesk.desktop.settings.pane_names import PaneName
from ocrdesk.desktop.window_memory import WindowMemory
from ocrdesk.local.control import engine_status
from tests.desktop.conftest import OpenDesktop
from tests.desktop.staged_server import StagedServer
from tests.making import text_png
from tests.running import short_folder


def test_engine_is_stopped_set_up_and_started_and_files_wait_for_it(open_desktop: OpenDesktop, tmp_path: Path) -> None:
    with short_folder() as folder:
        data = folder / "data"
        book = ServerBook(WindowMemory(tmp_path / "desktop.ini").settings, KeyVault(), data)
        desktop = open_desktop(book=book)
        desktop.wait_for(Standing.READY, 60)
        form = desktop.window._door.open(PaneName.SERVERS)._local
        desktop.wait(lambda: form._stop.isEnabled())
        form._stop.click()
        desktop.wait(lambda: form._start.isEnabled(), 60)
        assert desktop.session.state.standing is Standing.STOPPED
        assert desktop.driver.status == "The local engine is stopped"
        assert not engine_status(data).is_running
        (tmp_path / "later.png").write_bytes(text_png("Lima"))
        desktop.driver.drop(tmp_path / "later.png")
        desktop.wait(lambda: desktop.row("later.png"))
        form._workers.setValue(1)
        form._apply.click()
        desktop.wait(lambda: (row := desktop.row("later.png")) and row.state is RowState.FINISHED, 90)
        assert desktop.session.client.health().workers == 1
        pane = desktop.window._door.open(PaneName.LANGUAGES)
        desktop.wait(lambda: any("English" in pane._list.item(row).text() for row in range(pane._list.count())))
        form._stop.click()
        desktop.wait(lambda: not engine_status(data).is_running, 60)


def test_engine_runs_for_others_while_another_server_is_used(
    open_desktop: OpenDesktop, stage: StagedServer, tmp_path: Path
) -> None:
    with short_folder() as folder:
        data = folder / "data"
        book = ServerBook(WindowMemory(tmp_path / "desktop.ini").settings, KeyVault(), data)
        entry = book.add("Office", stage.url)
        book.note_active(entry.server_id)
        desktop = open_desktop(book=book)
        desktop.wait_for(Standing.READY)
        pane = desktop.window._door.open(PaneName.SERVERS)
        pane.select(LOCAL_ID)
        form = pane._local
        desktop.wait(lambda: form._start.isEnabled())
        form._start.click()
        desktop.wait(lambda: form._stop.isEnabled(), 60)
        assert engine_status(data).is_running
        assert not desktop.session.state.is_local
        form._stop.click()
        desktop.wait(lambda: form._start.isEnabled(), 60)
        assert not engine_status(data).is_running
