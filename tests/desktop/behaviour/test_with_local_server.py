"""The window with the real local server: real Valkey, api, workers and Tesseract."""

from __future__ import annotations

from pathlib import Path

import psutil
from PySide6.QtGui import QGuiApplication

from ocrdesk.desktop.jobs.row import RowState
from ocrdesk.desktop.servers.servers import LocalServer
from ocrdesk.desktop.session.session import ConnectionState
from tests.desktop.conftest import Desktop, OpenDesktop
from tests.helpers.long_form import IN_LONG_FORM
from tests.helpers.processes import short_folder
from tests.helpers.sample_files import encrypted_pdf, multipage_tiff, text_png


def write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_dropped_files_become_text_that_can_be_copied(local: Desktop, tmp_path: Path) -> None:
    file = write(tmp_path / "pages.tiff", multipage_tiff(["Alpha meadow", "Bravo river", "Charlie hill"]))
    seen: list[str] = []
    local.model.dataChanged.connect(lambda *_: seen.append(local.row("pages.tiff").state))
    local.driver.drop(file)
    local.wait(lambda: (row := local.row("pages.tiff")) and row.state is RowState.FINISHED, 60)
    assert local.row("pages.tiff").page_count == 3
    assert RowState.STARTED in seen
    local.wait(lambda: all(word in local.driver.shown_text for word in ("Alpha", "Bravo", "Charlie", "Page 3")))
    local.driver.trigger("copy_text")
    copied = QGuiApplication.clipboard().text()
    assert [part.split()[0] for part in copied.split("\n\n")] == ["Alpha", "Bravo", "Charlie"]
    assert local.driver.text("copy_text_button") == "Copied"


def test_dropped_folder_is_read_and_its_other_files_counted(local: Desktop, tmp_path: Path) -> None:
    write(tmp_path / "in" / "one.png", text_png("Delta"))
    write(tmp_path / "in" / "deep" / "two.PNG", text_png("Echo"))
    write(tmp_path / "in" / "notes.txt", b"no picture")
    local.driver.drop(tmp_path / "in")
    for name in ("one.png", "two.PNG"):
        local.wait(lambda name=name: (row := local.row(name)) and row.state is RowState.FINISHED, 60)
    assert local.row("notes.txt") is None
    assert local.driver.note == "2 files added, 1 of other types skipped."


def test_file_of_a_wrong_type_says_so_and_the_others_continue(local: Desktop, tmp_path: Path) -> None:
    wrong = write(tmp_path / "letter.docx", b"PK\x03\x04 this is no picture at all")
    locked = write(tmp_path / "locked.pdf", encrypted_pdf(["Secret"]))
    right = write(tmp_path / "right.png", text_png("Foxtrot"))
    local.driver.drop(wrong, tmp_path / "gone.png", locked, right)
    names = ("letter.docx", "gone.png", "locked.pdf", "right.png")
    local.wait(lambda: all((row := local.row(name)) and row.state.is_over for name in names), 60)
    assert local.row("letter.docx").state is RowState.REFUSED
    assert "PDF" in local.row("letter.docx").error  # it says which files are accepted
    assert local.row("gone.png").error == "The file is no longer there."
    assert local.row("locked.pdf").state is RowState.FAILED
    assert "password" in local.row("locked.pdf").error
    assert local.row("right.png").state is RowState.FINISHED


def test_cancelled_job_stops_and_says_so(local: Desktop, tmp_path: Path) -> None:
    local.driver.drop(write(tmp_path / "long.tiff", multipage_tiff([f"Page number {n}" for n in range(60)])))
    local.wait(lambda: (row := local.row("long.tiff")) and row.state is RowState.STARTED, 60)
    local.driver.select("long.tiff")
    local.driver.trigger("cancel")
    local.wait(lambda: local.row("long.tiff").state is RowState.CANCELLED)
    assert local.row("long.tiff").pages_done < 60
    assert not local.driver.action("cancel").isEnabled()


def test_removed_job_is_gone_for_good(
    local: Desktop, open_desktop: OpenDesktop, data_dir: Path, tmp_path: Path
) -> None:
    local.driver.drop(write(tmp_path / "removed.png", text_png("Golf")))
    local.wait(lambda: (row := local.row("removed.png")) and row.state is RowState.FINISHED, 60)
    local.driver.select("removed.png")
    local.driver.trigger("remove")
    local.wait(lambda: local.row("removed.png") is None)
    local.driver.let_undo_pass()
    local.wait(lambda: not local.model.removed)
    again = open_desktop(LocalServer(data_dir))
    again.wait_for(ConnectionState.READY)
    assert again.row("removed.png") is None


def test_another_window_sees_the_job_as_it_happens(
    local: Desktop, open_desktop: OpenDesktop, data_dir: Path, tmp_path: Path
) -> None:
    other = open_desktop(LocalServer(data_dir))
    other.wait_for(ConnectionState.READY)
    local.driver.drop(write(tmp_path / "shared.png", text_png("Hotel")))
    other.wait(lambda: (row := other.row("shared.png")) and row.state is RowState.FINISHED, 60)


@IN_LONG_FORM
def test_jobs_and_their_text_survive_a_restart(open_desktop: OpenDesktop, tmp_path: Path) -> None:
    with short_folder() as folder:
        first = open_desktop(LocalServer(folder / "data"))
        first.driver.drop(write(tmp_path / "kept.tiff", multipage_tiff(["India", "Juliet"])))  # before it is ready
        assert first.session.state.connection is ConnectionState.STARTING
        first.wait(lambda: (row := first.row("kept.tiff")) and row.state is RowState.FINISHED, 90)
        first.close()
        _wait_until_no_backend(first, folder)
        second = open_desktop(LocalServer(folder / "data"))
        second.wait(lambda: (row := second.row("kept.tiff")) and row.state is RowState.FINISHED, 60)
        second.wait(lambda: "Juliet" in second.driver.shown_text)
        second.close()
        _wait_until_no_backend(second, folder)


def test_window_reconnects_when_the_backend_is_killed(open_desktop: OpenDesktop, tmp_path: Path) -> None:
    with short_folder() as folder:
        desktop = open_desktop(LocalServer(folder / "data"))
        desktop.wait_for(ConnectionState.READY, 60)
        seen: list[ConnectionState] = []
        desktop.session.state_changed.connect(lambda state: seen.append(state.connection))
        for process in _backend_of(folder):
            process.kill()
        desktop.driver.drop(write(tmp_path / "later.png", text_png("Kilo")))
        desktop.wait(lambda: (row := desktop.row("later.png")) and row.state is RowState.FINISHED, 90)
        assert ConnectionState.UNREACHABLE in seen
        desktop.close()
        _wait_until_no_backend(desktop, folder)


def _backend_of(folder: Path) -> list[psutil.Process]:
    """Return the daemon of a data folder and its descendants."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        if (
            "ocrdesk.local.server.daemon" in (process.info["cmdline"] or [])
            and str(folder / "data") in process.info["cmdline"]
        ):
            found += [process, *process.children(recursive=True)]
    return found


def _wait_until_no_backend(desktop: Desktop, folder: Path) -> None:
    desktop.wait(lambda: not _backend_of(folder), 60)
