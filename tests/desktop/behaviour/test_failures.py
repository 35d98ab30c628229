"""Failures are reported in plain words with a remedy, and nothing is lost: servers, keys, disks, the portal."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtDBus import QDBusConnection
from PySide6.QtGui import QGuiApplication

from ocrdesk.client import Client
from ocrdesk.contract.api_keys import NewKey, Scope
from ocrdesk.contract.states import JobState
from ocrdesk.desktop.capture import portal
from ocrdesk.desktop.jobs.row import RowState
from ocrdesk.desktop.review.document.job_corrections import SaveState
from ocrdesk.desktop.review.document.journal_writer import journal_folder
from ocrdesk.desktop.servers.data_folders import app_folder, server_folder
from ocrdesk.desktop.servers.keyring_store import KeyringStore
from ocrdesk.desktop.servers.server_list import ServerList
from ocrdesk.desktop.servers.servers import LocalServer, RemoteServer
from ocrdesk.desktop.session.session import ConnectionState
from ocrdesk.desktop.settings.pane_names import PaneName
from ocrdesk.desktop.window.saved_state import WindowState
from ocrdesk.local.server import requirements
from tests.desktop.capture.test_portal import Act, act, bus, bus_address
from tests.desktop.conftest import Desktop, KeyedApi, OpenDesktop
from tests.helpers.fake_server import FakeServer, make_job, make_page
from tests.helpers.folders import contents_below
from tests.helpers.processes import ApiProcess, free_port, run_valkey, running_api, running_api_process, short_folder
from tests.helpers.reviewed_jobs import JOB, open_review, page_with_lines, server_line
from tests.helpers.sample_files import multipage_tiff

NO_SPACE = "no space left on the device"
_LARGE_BYTES = 30_000_000
"""More than the buffers between a window and a server that has stopped reading."""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with very little space."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m,mode=700", "tmpfs", folder], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("this user may not mount a file system")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk: Path) -> Path:
    """Fill the disk and return the file to delete to get space again."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        while file.write(bytes(4096)) == 4096 and shutil.disk_usage(disk).free:
            pass
    return filler


@pytest.fixture
def full_home(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder whose desktop data is on the small disk."""
    monkeypatch.setenv("XDG_DATA_HOME", str(small_disk))
    return small_disk


def picture(path: Path) -> Path:
    path.write_bytes(multipage_tiff(["one"]))
    return path


# ── servers ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def redis_url() -> Iterator[str]:
    with short_folder() as folder, run_valkey(folder) as url:
        yield url


def large_file(folder: Path) -> Path:
    """Return an image whose upload takes long."""
    path = picture(folder / "large.tiff")
    with path.open("ab") as file:
        file.truncate(_LARGE_BYTES)
    return path


def jobs(url: str, key: str | None = None) -> list[str]:
    with Client(url, key) as client:
        return [job.file_name for job in client.iter_jobs()]


def test_unreachable_address_is_reported_and_files_wait_for_a_server(
    open_desktop: OpenDesktop, redis_url: str, tmp_path: Path
) -> None:
    port = free_port()
    desktop = open_desktop(RemoteServer(f"http://127.0.0.1:{port}"))
    desktop.wait_for(ConnectionState.UNREACHABLE)
    assert "127.0.0.1" in desktop.driver.status
    assert desktop.driver.is_shown("status_settings_button")
    desktop.driver.drop(picture(tmp_path / "a.tiff"))
    desktop.wait(lambda: desktop.row("a.tiff"))
    assert desktop.row("a.tiff").state is RowState.WAITING
    with running_api_process(port=port, REDIS_URL=redis_url, MAX_FILE_SIZE_MB="0") as api:
        desktop.wait(lambda: desktop.row("a.tiff").state is RowState.QUEUED)
        assert jobs(api.url) == ["a.tiff"]


def test_upload_interrupted_by_a_killed_server_arrives_once_at_the_next(
    open_desktop: OpenDesktop, redis_url: str, tmp_path: Path
) -> None:
    port = free_port()
    with running_api_process(port=port, REDIS_URL=redis_url, MAX_FILE_SIZE_MB="0") as api:
        desktop = open_desktop(RemoteServer(api.url))
        desktop.wait_for(ConnectionState.READY)
        begin_upload(desktop, api, large_file(tmp_path))
        api.process.kill()
        desktop.wait_for(ConnectionState.UNREACHABLE)
        desktop.wait(lambda: desktop.row("large.tiff").state is RowState.WAITING)
        assert desktop.driver.status.startswith("The connection was lost; trying again…")
    with running_api_process(port=port, REDIS_URL=redis_url, MAX_FILE_SIZE_MB="0") as again:
        desktop.wait(lambda: desktop.row("large.tiff").state is RowState.QUEUED)
        assert jobs(again.url) == ["large.tiff"]


def begin_upload(desktop: Desktop, api: ApiProcess, file: Path) -> None:
    """Start an upload, and stop the server when a part of the file has been sent."""
    api.process.send_signal(signal.SIGSTOP)
    desktop.driver.drop(file)
    desktop.wait(lambda: (row := desktop.row(file.name)) and row.state is RowState.SENDING and row.sent_bytes)


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────


def test_key_revoked_during_an_upload_is_reported_and_the_file_is_sent_with_the_next_key(
    open_desktop: OpenDesktop, redis_url: str, tmp_path: Path
) -> None:
    env = {"REDIS_URL": redis_url, "API_KEY_ENABLED": "true", "LOCAL_TOKEN": KeyedApi.token, "MAX_FILE_SIZE_MB": "0"}
    with (
        running_api_process(**env) as api,
        running_api(**env) as other,
        Client(other.removesuffix("/api/v1"), KeyedApi.token) as operator,
    ):
        first, second = (operator.create_key(NewKey(name=name)) for name in ("first", "second"))
        desktop = open_desktop(RemoteServer(api.url, first.api_key))
        desktop.wait_for(ConnectionState.READY)
        begin_upload(desktop, api, large_file(tmp_path))
        operator.revoke_key(first.key_id)
        api.process.send_signal(signal.SIGCONT)
        desktop.wait_for(ConnectionState.FAILED)
        assert "The key is wrong, or was revoked." in desktop.driver.status
        assert desktop.driver.is_shown("status_settings_button")
        desktop.wait(lambda: desktop.row("large.tiff").state is RowState.WAITING)
        desktop.session.switch(RemoteServer(api.url, second.api_key))
        desktop.wait(lambda: desktop.row("large.tiff").state is RowState.QUEUED)
        assert jobs(api.url, second.api_key) == ["large.tiff"]


def test_key_without_submit_is_reported_at_the_file(open_desktop: OpenDesktop, keyed: KeyedApi, tmp_path: Path) -> None:
    with Client(keyed.url, keyed.token) as operator:
        reader = operator.create_key(NewKey(name="Reader", scopes=(Scope.READ,))).api_key
    desktop = open_desktop(RemoteServer(keyed.url, reader))
    desktop.wait_for(ConnectionState.READY)
    desktop.driver.drop(picture(tmp_path / "a.tiff"))
    desktop.wait(lambda: (row := desktop.row("a.tiff")) and row.state is RowState.REFUSED)
    assert desktop.row("a.tiff").error.startswith("The key works, but does not allow this:")
    assert desktop.row("a.tiff").can_retry


def test_key_in_a_missing_keyring_is_reported_and_can_be_entered_again(
    open_desktop: OpenDesktop, keyed: KeyedApi, tmp_path: Path
) -> None:
    book = ServerList(WindowState(tmp_path / "desktop.ini").settings, KeyringStore(lambda: None))
    entry = book.add("Office", keyed.url)
    book.note_key(entry.server_id, is_kept=True)
    book.note_active(entry.server_id)
    desktop = open_desktop(book=book)
    desktop.wait_for(ConnectionState.FAILED)
    assert "The keyring is no longer available" in desktop.driver.status
    desktop.driver.press("status_settings_button")
    settings = desktop.driver.settings
    desktop.wait(lambda: "No keyring was found" in settings.text("server_key_storage"))
    settings.fill("server_key", keyed.token)
    settings.press("server_save")
    desktop.wait_for(ConnectionState.READY)
    desktop.wait(lambda: "until ocrdesk is closed" in settings.text("server_notice"))


# ── disks ────────────────────────────────────────────────────────────────────────────────────────


def test_local_server_without_disk_space_is_reported_and_starts_once_there_is_some(
    open_desktop: OpenDesktop, small_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ocrdesk.desktop.session.uploads._MAX_RETRY_MS", 500)
    with short_folder() as roomy:
        data = roomy / "data"
        data.symlink_to(small_disk)
        fill(small_disk)
        desktop = open_desktop(LocalServer(data))
        desktop.wait_for(ConnectionState.FAILED)
        assert "no room left on the device" in desktop.driver.status
        desktop.driver.drop(picture(tmp_path / "a.tiff"))
        desktop.wait(lambda: desktop.row("a.tiff"))
        subprocess.run(["mount", "-o", "remount,size=60m", small_disk], check=True)
        desktop.driver.press("status_retry_button")
        desktop.wait(lambda: desktop.row("a.tiff").state is RowState.FINISHED, 90)
        filler = fill(small_disk)
        desktop.driver.drop(picture(tmp_path / "b.tiff"))
        desktop.wait(lambda: desktop.driver.note.startswith("b.tiff: the disk of this computer is full."))
        filler.unlink()
        desktop.wait(lambda: desktop.row("b.tiff").state is RowState.FINISHED, 90)
        desktop.close()


def test_on_windows_the_window_says_where_to_run_a_server(
    open_desktop: OpenDesktop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requirements, "sys", SimpleNamespace(platform="win32"))
    desktop = open_desktop(LocalServer(tmp_path / "data"))
    desktop.wait_for(ConnectionState.FAILED)
    assert "Run one in WSL or in a container" in desktop.driver.status
    desktop.driver.press("status_settings_button")


def test_server_with_a_full_disk_is_reported_and_the_file_waits(
    open_desktop: OpenDesktop, redis_url: str, small_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ocrdesk.desktop.session.uploads._MAX_RETRY_MS", 500)
    filler = fill(small_disk)
    with running_api_process(REDIS_URL=redis_url, STORAGE_URL=small_disk.as_uri()) as api:
        desktop = open_desktop(RemoteServer(api.url))
        desktop.wait_for(ConnectionState.READY)
        desktop.driver.drop(picture(tmp_path / "a.tiff"))
        desktop.wait(lambda: desktop.driver.note.startswith("a.tiff: The server has no room for more files."))
        assert desktop.row("a.tiff").state is RowState.WAITING
        filler.unlink()
        desktop.wait(lambda: desktop.row("a.tiff").state is RowState.QUEUED)


def test_export_to_a_full_disk_is_reported_and_leaves_no_partial_file(
    staged: Desktop, stage: FakeServer, small_disk: Path
) -> None:
    filler = fill(small_disk)
    stage.put(make_job("1", "a.pdf", JobState.FINISHED, page_count=1, pages_done=1), [make_page(1, "words")])
    stage.tell("1")
    staged.wait(lambda: staged.driver.shown_text == "words")
    export = staged.driver.open_export()
    export.choose_format("text")
    export.fill("export_folder", str(small_disk))
    export.start()
    staged.wait(lambda: NO_SPACE in export.outcome)
    assert "Not written: a.pdf" in export.outcome
    assert list(small_disk.iterdir()) == [filler]
    filler.unlink()
    export.start()
    staged.wait(lambda: "was written" in export.outcome)
    export.dialog.close()


def test_library_on_a_full_disk_is_reported_and_catches_up_once_there_is_space(
    full_home: Path, staged: Desktop, stage: FakeServer
) -> None:
    app_folder().mkdir(parents=True)
    filler = fill(full_home)
    stage.put(make_job("1", "a.pdf", JobState.FINISHED, page_count=1, pages_done=1), [make_page(1, "words")])
    stage.tell("1")
    # another problem of the full disk may be shown above it
    staged.wait(lambda: "There is no room left on the disk, so nothing is added" in staged.driver.note)
    staged.wait(lambda: staged.driver.shown_text == "words")
    filler.unlink()
    stage.break_off()
    staged.wait_for(ConnectionState.UNREACHABLE)
    stage.mend()
    staged.wait_for(ConnectionState.READY)
    library = staged.driver.open_library()
    staged.wait(lambda: [name for name, _page in library.found] == ["a.pdf"])


def test_corrections_without_disk_space_are_reported_saved_on_the_server_and_stored_once_there_is_space(
    full_home: Path, open_desktop: OpenDesktop, stage: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ocrdesk.desktop.review.document.journal_writer._RETRY_AFTER_MS", 200)
    staged = open_desktop(RemoteServer(stage.url))
    staged.wait_for(ConnectionState.READY)
    pane = open_review(staged, stage, [page_with_lines(1, ["one tvo three"], ["tvo"])])
    kept = journal_folder(staged.session.server) / f"{JOB}.json"
    kept.parent.mkdir(parents=True)
    stage.break_off()
    staged.wait_for(ConnectionState.UNREACHABLE)
    filler = fill(full_home)
    pane.next_word()
    pane.correct("two")
    staged.wait(lambda: "cannot be stored on this computer" in staged.driver.note)
    assert NO_SPACE in staged.driver.note
    assert "Errno" not in staged.driver.note
    assert not kept.exists()
    filler.unlink()
    staged.wait(kept.exists)
    stage.mend()
    staged.wait(lambda: server_line(stage, 1) == "one two three")
    staged.wait(lambda: pane.corrections.state(JOB) is SaveState.SAVED)


def test_unsent_files_without_disk_space_are_reported_and_stored_once_there_is_space(
    full_home: Path, open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ocrdesk.desktop.session.pending_files_saver._AGAIN_MS", 200)
    stage.break_off()
    desktop = open_desktop(RemoteServer(stage.url))
    desktop.wait_for(ConnectionState.UNREACHABLE)
    folder = server_folder(desktop.session.server)
    folder.mkdir(parents=True)
    filler = fill(full_home)
    desktop.driver.drop(picture(tmp_path / "a.tiff"))
    desktop.wait(lambda: "Leave the window open until they are sent." in desktop.driver.note)
    assert NO_SPACE in desktop.driver.note
    filler.unlink()
    desktop.wait(lambda: any(b"a.tiff" in content for content in contents_below(folder, "unsent-*.json").values()))
    stage.mend()
    desktop.wait(lambda: stage.submitted == ["a.tiff"])


def test_watched_folders_without_disk_space_report_it_and_add_nothing_twice(
    small_disk: Path, open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path
) -> None:
    (tmp_path / "data").symlink_to(small_disk)  # where the window stores them
    staged = open_desktop(RemoteServer(stage.url))
    staged.wait_for(ConnectionState.READY)
    watched = staged.input_sources.watched
    filler = fill(small_disk)
    folder = tmp_path / "in"
    folder.mkdir()
    picture(folder / "a.tiff")
    settings = staged.driver.open_settings(PaneName.WATCHED_FOLDERS)
    watched.add(folder, with_present_files=True)
    staged.wait(lambda: stage.submitted == ["a.tiff"])
    staged.wait(lambda: NO_SPACE in settings.text("watch_problem"))
    assert "Errno" not in settings.text("watch_problem")
    filler.unlink()
    picture(folder / "b.tiff")
    staged.wait(lambda: not settings.text("watch_problem"))
    assert stage.submitted[:1] == ["a.tiff"]
    staged.wait(lambda: stage.submitted[1:] == ["b.tiff"])  # but not the first one again


# ── the screen ───────────────────────────────────────────────────────────────────────────────────


__all__ = ["act", "bus", "bus_address"]
"""Fixtures: a bus with a scripted portal."""


@pytest.mark.skipif(not shutil.which("dbus-daemon"), reason="dbus-daemon is not installed")
def test_portal_that_refuses_is_reported_with_what_to_allow(
    staged: Desktop, bus: QDBusConnection, act: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = portal.ScreenPortal
    monkeypatch.setattr(portal, "ScreenPortal", lambda parent: real(bus, parent))
    monkeypatch.setattr(QGuiApplication, "platformName", staticmethod(lambda: "wayland"))
    act("denied")
    staged.driver.trigger("read_screen")
    staged.wait(lambda: "Allow screenshots for ocrdesk" in staged.driver.note)
    assert staged.window.isVisible()
    assert staged.model.rowCount() == 0
