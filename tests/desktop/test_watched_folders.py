"""Watched folders: each settled file is taken once, over restarts too, and nothing half-written is."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer

from ocrdesk.desktop.servers.servers import RemoteServer
from ocrdesk.desktop.session.session import ConnectionState
from ocrdesk.desktop.settings.panes.watched_folders_pane import WatchedFoldersPane
from ocrdesk.desktop.watch import seen_files
from ocrdesk.desktop.watch.folder_scan import Stamp, scan, stamp
from ocrdesk.desktop.watch.watched_folders import WatchedFolders
from tests.desktop.conftest import Desktop, OpenDesktop
from tests.helpers.fake_server import FakeServer


def put(path: Path, content: bytes = b"picture") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


# ── one look ─────────────────────────────────────────────────────────────────────────────────────


def test_file_is_ready_once_it_has_been_the_same_for_a_while(tmp_path: Path) -> None:
    file = put(tmp_path / "deep" / "a.png")
    first = scan([tmp_path], {}, {}, 100.0)
    assert not first.ready
    assert list(first.unsettled) == [file]
    assert not scan([tmp_path], {}, first.unsettled, 101.0).ready
    assert scan([tmp_path], {}, first.unsettled, 103.0).ready == {file: stamp(file)}


def test_file_that_grows_starts_again(tmp_path: Path) -> None:
    file = put(tmp_path / "a.png")
    first = scan([tmp_path], {}, {}, 100.0)
    put(file, b"a longer picture")
    second = scan([tmp_path], {}, first.unsettled, 103.0)
    assert not second.ready
    assert second.unsettled[file][1] == 103.0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who writes a file")
def test_file_that_another_program_writes_is_left_alone(tmp_path: Path) -> None:
    file = put(tmp_path / "a.png")
    since = scan([tmp_path], {}, {}, 100.0).unsettled
    with file.open("ab"):
        assert not scan([tmp_path], {}, since, 103.0).ready
    assert scan([tmp_path], {}, since, 104.0).ready


def test_taken_files_hidden_empty_and_other_files_are_passed_over(tmp_path: Path) -> None:
    taken = put(tmp_path / "taken.png")
    for name in (".hidden.png", "notes.txt", "half.png.part"):
        put(tmp_path / name)
    put(tmp_path / "empty.png", b"")
    found = scan([tmp_path], {taken: stamp(taken)}, {}, 100.0)
    assert not found.ready
    assert not found.unsettled
    put(taken, b"written anew")
    assert list(scan([tmp_path], {taken: Stamp(7, 1)}, {}, 100.0).unsettled) == [taken]


def test_folder_that_is_gone_is_a_problem_in_words(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    assert scan([gone], {}, {}, 100.0).problems == {gone: os.strerror(2)}


# ── what was taken ───────────────────────────────────────────────────────────────────────────────


def test_taken_files_are_remembered_whatever_their_names(tmp_path: Path) -> None:
    memory = tmp_path / "data" / "taken.jsonl"
    names = {Path("/a b\n.png"): Stamp(1, 2), Path(os.fsdecode(b"/\xff.png")): Stamp(3, 4)}
    seen_files.add(memory, names)
    seen_files.add(memory, {Path("/a b\n.png"): Stamp(5, 6)})
    with memory.open("a") as file:
        file.write('["/cut of')
    assert seen_files.load(memory) == {**names, Path("/a b\n.png"): Stamp(5, 6)}
    assert seen_files.load(tmp_path / "nothing") == {}


def test_memory_is_packed_when_most_of_it_is_old(tmp_path: Path) -> None:
    memory = tmp_path / "taken.jsonl"
    for number in range(1_001):
        seen_files.add(memory, {Path("/a.png"): Stamp(number, number)})
    assert seen_files.load(memory) == {Path("/a.png"): Stamp(1_000, 1_000)}
    assert len(memory.read_text().splitlines()) == 1


# ── the window ───────────────────────────────────────────────────────────────────────────────────


def test_new_file_is_read_once_and_not_again_after_a_restart(
    open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    put(folder / "old.png")
    first = open_desktop(RemoteServer(stage.url))
    first.wait_for(ConnectionState.READY)
    first.input_sources.watched.add(folder)
    first.wait(lambda: not first.input_sources.watched.watch.only_new_files)
    put(folder / "new.png")
    first.wait(lambda: stage.submitted == ["new.png"])
    first.wait(lambda: "new.png" in memory_text(tmp_path))
    first.close()
    second = open_desktop(RemoteServer(stage.url))
    second.wait_for(ConnectionState.READY)
    put(folder / "later.png")
    second.wait(lambda: "later.png" in stage.submitted)
    assert stage.submitted == ["new.png", "later.png"]


def memory_text(tmp_path: Path) -> str:
    memory = tmp_path / "data" / "watched-files.jsonl"
    return memory.read_text() if memory.exists() else ""


def test_file_that_the_server_did_not_get_is_taken_again_after_a_restart(
    open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    first = open_desktop(RemoteServer(stage.url), start=False)
    first.input_sources.watched.add(folder, with_present_files=True)
    put(folder / "a.png")
    first.wait(lambda: first.row("a.png"))
    first.close()
    second = open_desktop(RemoteServer(stage.url))
    second.wait(lambda: stage.submitted == ["a.png"])


def test_switched_off_or_paused_takes_nothing_and_on_again_does(
    staged: Desktop, stage: FakeServer, tmp_path: Path
) -> None:
    watched = staged.input_sources.watched
    put(tmp_path / "in" / "a.png")
    watched.switch(False)
    watched.add(tmp_path / "in", with_present_files=True)
    assert not is_looking(watched)
    watched.pause(True)
    watched.switch(True)
    assert not is_looking(watched)
    watched.pause(False)
    staged.wait(lambda: stage.submitted == ["a.png"])


def is_looking(watched: WatchedFolders) -> bool:
    """Return whether a look at the folders is due."""
    return any(timer.isActive() for timer in watched.findChildren(QTimer))


def test_pane_adds_removes_and_says_what_is_wrong(staged: Desktop, tmp_path: Path) -> None:
    staged.driver.trigger("watched_folders")
    settings = staged.driver.settings
    pane = settings.pane
    assert isinstance(pane, WatchedFoldersPane)
    assert not settings.is_enabled("watch_remove")
    pane.add_folder(tmp_path / "gone")
    staged.wait(lambda: "cannot be read" in settings.text("watch_problem"))
    assert len(settings.entries("watch_folders")) == 1
    settings.press("watch_remove")
    assert settings.entries("watch_folders") == []
    staged.wait(lambda: not settings.text("watch_problem"))
    settings.press("watch_switch")
    assert not staged.input_sources.watched.watch.is_enabled
    staged.input_sources.watched.pause(True)
    assert "Paused" in settings.text("watch_paused")
    settings.press("watch_resume")
    assert not staged.input_sources.watched.is_paused
    assert not settings.is_shown("watch_resume")
