"""New files in watched folders are added once, also after restarts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer

from ocrdesk.desktop.servers.servers import RemoteServer
from ocrdesk.desktop.session.session import ConnectionState
from ocrdesk.desktop.settings.panes.watched_folders_pane import WatchedFoldersPane
from ocrdesk.desktop.watch import watched_folders
from ocrdesk.desktop.watch.folder_scan import Scan
from ocrdesk.desktop.watch.watched_folders import WatchedFolders
from tests.desktop.conftest import Desktop, OpenDesktop
from tests.helpers.fake_server import FakeServer


def put(path: Path, content: bytes = b"picture") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


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


def test_file_that_comes_between_the_first_scan_and_the_first_notification_is_found_soon(
    staged: Desktop, stage: FakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    real_scan = watched_folders.scan

    def scan(*arguments: Any, **options: Any) -> Scan:
        found = real_scan(*arguments, **options)
        if not (folder / "between.png").exists():
            put(folder / "between.png")
        return found

    monkeypatch.setattr(watched_folders, "scan", scan)
    staged.input_sources.watched.add(folder, with_present_files=True)
    staged.wait(lambda: stage.submitted == ["between.png"], 20)  # the slow scan comes after 30 s


def memory_text(tmp_path: Path) -> str:
    memory = tmp_path / "data" / "watched-files.jsonl"
    return memory.read_text() if memory.exists() else ""


def test_file_that_did_not_reach_the_server_is_added_again_after_a_restart(
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


def test_switched_off_or_paused_adds_nothing_and_on_again_does(
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
    """Return whether a scan of the folders is due."""
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
