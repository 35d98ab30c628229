"""Another server while the window is open: each has its own list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ocrdesk.contract.states import JobState
from ocrdesk.desktop.jobs.default_options import JobDefaults
from ocrdesk.desktop.jobs.row import RowState
from ocrdesk.desktop.servers.keyring_store import KeyringStore
from ocrdesk.desktop.servers.server_list import ServerList
from ocrdesk.desktop.servers.servers import RemoteServer
from ocrdesk.desktop.session.session import ConnectionState
from ocrdesk.desktop.settings.pane_names import PaneName
from ocrdesk.desktop.window.saved_state import WindowState
from tests.desktop.conftest import Desktop, OpenDesktop
from tests.helpers.fake_server import FakeServer, make_job
from tests.helpers.questions import agree, question

UNKNOWN = {"error": "No", "detail": "fra is not installed.", "code": "unknown_language"}


@pytest.fixture
def other() -> Iterator[FakeServer]:
    server = FakeServer()
    yield server
    server.close()


def picture(folder: Path, name: str) -> Path:
    (folder / name).write_bytes(b"picture")
    return folder / name


def test_each_server_has_its_own_list(staged: Desktop, stage: FakeServer, other: FakeServer) -> None:
    stage.put(make_job("1", "here.pdf", JobState.QUEUED))
    stage.tell("1")
    other.put(make_job("1", "there.pdf", JobState.QUEUED))
    staged.wait(lambda: staged.row("here.pdf"))
    staged.session.switch(RemoteServer(other.url))
    assert staged.model.rowCount() == 0
    staged.wait(lambda: staged.row("there.pdf"))
    assert staged.session.state.connection is ConnectionState.READY
    stage.put(make_job("2", "late.pdf", JobState.QUEUED))
    stage.tell("2")
    assert other.url.removeprefix("http://") in staged.driver.text("server_menu")
    staged.session.switch(RemoteServer(stage.url))
    staged.wait(lambda: staged.row("late.pdf") and staged.row("here.pdf"))
    assert staged.row("there.pdf") is None


def test_new_files_are_sent_with_the_defaults(staged: Desktop, stage: FakeServer, tmp_path: Path) -> None:
    staged.session.defaults = JobDefaults(("deu", "eng"), "tesseract", "force")
    staged.driver.drop(picture(tmp_path, "a.png"))
    staged.wait(lambda: stage.forms)
    assert b"deu+eng" in stage.forms[0]
    assert b'name="mode"' in stage.forms[0]
    assert b"force" in stage.forms[0]


def test_missing_language_is_reported_with_a_button_and_the_file_is_sent_again(
    staged: Desktop, stage: FakeServer, tmp_path: Path
) -> None:
    stage.refusal = (400, UNKNOWN)
    staged.session.defaults = JobDefaults(("fra",))
    staged.driver.drop(picture(tmp_path, "a.png"))
    staged.wait(lambda: (row := staged.row("a.png")) and row.state is RowState.REFUSED)
    assert "fra" in staged.row("a.png").error
    staged.driver.press("status_fix_button")
    settings = staged.driver.settings
    assert settings.shown == PaneName.LANGUAGES
    assert "fra" in settings.text("language_notice")
    stage.refusal = None
    staged.session.defaults = JobDefaults(("eng",))
    settings.press("language_send_again")
    staged.wait(lambda: staged.row("a.png").state is RowState.QUEUED)
    assert b"fra" not in stage.forms[-1]


def test_removed_server_is_replaced_by_this_computer(
    open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path
) -> None:
    book = ServerList(WindowState(tmp_path / "desktop.ini").settings, KeyringStore())
    entry = book.add("Office", stage.url)
    book.note_active(entry.server_id)
    desktop = open_desktop(book=book)
    desktop.wait_for(ConnectionState.READY)
    desktop.session.start = lambda: None  # the local server belongs to another test
    settings = desktop.driver.open_settings(PaneName.SERVERS)
    settings.select_server(entry.server_id)
    settings.press("server_remove")
    desktop.wait(lambda: question() is not None)
    agree()
    assert desktop.session.state.is_local or desktop.session.server.is_local
    assert book.entries == ()
    assert desktop.driver.text("server_menu") == "On this computer"
