"""Another server while the window is open: each has its own list, and no file is lost or goes to the wrong one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ocrdesk.contract.states import JobState
from ocrdesk.desktop.jobs.default_options import JobDefaults
from ocrdesk.desktop.jobs.row import RowState
from ocrdesk.desktop.servers.keyring_store import KeyringStore
from ocrdesk.desktop.servers.server_list import AddressError, ServerList, checked_address
from ocrdesk.desktop.servers.servers import RemoteServer
from ocrdesk.desktop.session.session import ConnectionState
from ocrdesk.desktop.settings.pane_names import PaneName
from ocrdesk.desktop.startup.application import _named_server
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


def test_files_wait_for_the_server_that_they_were_given_to(
    staged: Desktop, stage: FakeServer, other: FakeServer, tmp_path: Path
) -> None:
    stage.break_off()
    staged.wait_for(ConnectionState.UNREACHABLE)
    staged.driver.drop(picture(tmp_path, "kept.png"))
    staged.wait(lambda: staged.row("kept.png"))
    staged.session.switch(RemoteServer(other.url))
    staged.wait_for(ConnectionState.READY)
    assert staged.row("kept.png") is None
    assert staged.session.files_left(stage.url) == 1
    stage.mend()
    staged.session.switch(RemoteServer(stage.url))
    staged.wait(lambda: (row := staged.row("kept.png")) and row.state is RowState.QUEUED)
    assert stage.submitted == ["kept.png"]
    assert other.submitted == []


def test_file_under_way_still_arrives_at_the_old_server(
    staged: Desktop, stage: FakeServer, other: FakeServer, tmp_path: Path
) -> None:
    stage.gate = threading.Event()
    staged.driver.drop(*(picture(tmp_path, f"{n}.png") for n in range(5)))
    staged.wait(lambda: staged.model.rowCount() == 5 and staged.row("0.png").state is RowState.SENDING)
    staged.session.switch(RemoteServer(other.url))
    staged.wait_for(ConnectionState.READY)
    stage.gate.set()
    staged.wait(lambda: len(stage.submitted) == 5)
    staged.wait(lambda: not staged.session.is_connected_to(stage.url))  # let go of when nothing is left
    assert other.submitted == []
    staged.session.switch(RemoteServer(stage.url))
    assert [row.job_id is not None for row in staged.model.rows()] == [True] * 5


def test_new_files_are_sent_with_the_defaults(staged: Desktop, stage: FakeServer, tmp_path: Path) -> None:
    staged.session.defaults = JobDefaults(("deu", "eng"), "tesseract", "force")
    staged.driver.drop(picture(tmp_path, "a.png"))
    staged.wait(lambda: stage.forms)
    assert b"deu+eng" in stage.forms[0]
    assert b'name="mode"' in stage.forms[0]
    assert b"force" in stage.forms[0]


def test_missing_language_is_said_with_a_way_out_and_the_file_is_sent_again(
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


def test_choice_is_there_after_a_restart_without_any_key_in_the_file(
    open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path
) -> None:
    memory = WindowState(tmp_path / "desktop.ini")
    book = ServerList(memory.settings, KeyringStore())
    first = open_desktop(book=book)
    assert first.driver.text("server_menu") == "On this computer"
    entry = book.add("DeliveryContext", stage.url)
    book.keyring.keep_for_this_run(entry.server_id, "ocrdesk_very_secret")
    first.driver.use_server("DeliveryContext")
    first.wait_for(ConnectionState.READY)
    first.close()
    memory.settings.sync()
    again = ServerList(WindowState(tmp_path / "desktop.ini").settings, KeyringStore())
    assert again.active_server().url == stage.url
    assert "very_secret" not in (tmp_path / "desktop.ini").read_text()
    assert "very_secret" not in repr(book.active_server())


def test_removed_server_gives_way_to_this_computer(
    open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path
) -> None:
    book = ServerList(WindowState(tmp_path / "desktop.ini").settings, KeyringStore())
    entry = book.add("DeliveryContext", stage.url)
    book.note_active(entry.server_id)
    desktop = open_desktop(book=book)
    desktop.wait_for(ConnectionState.READY)
    desktop.session.start = lambda: None  # the local server is another test's
    settings = desktop.driver.open_settings(PaneName.SERVERS)
    settings.select_server(entry.server_id)
    settings.press("server_remove")
    desktop.wait(lambda: question() is not None)
    agree()
    assert desktop.session.state.is_local or desktop.session.server.is_local
    assert book.entries == ()
    assert desktop.driver.text("server_menu") == "On this computer"


@pytest.mark.parametrize(
    "text", ["", "ftp://a", "https://", "http://a b", "https://ann:pass@example.org", "http://a/?x"]
)
def test_address_that_cannot_be_one_is_refused(text: str) -> None:
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
