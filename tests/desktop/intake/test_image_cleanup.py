"""Pasted images are deleted when nothing needs them any more, and never earlier."""

from __future__ import annotations

import os
import time
from pathlib import Path

from PySide6.QtGui import QImage

from ocrdesk.contract.states import JobState
from ocrdesk.desktop.intake.image_cleanup import delete_unused_images
from ocrdesk.desktop.intake.pasted_images import save_png
from ocrdesk.desktop.servers.data_folders import server_folder
from ocrdesk.desktop.servers.servers import RemoteServer
from ocrdesk.desktop.session.pending_files import PendingFile, PendingFiles, PendingWork
from tests.desktop.conftest import OpenDesktop
from tests.helpers.fake_server import FakeServer, make_job

DAY_S = 24 * 3600.0


def a_picture(folder: Path, second: int, age_days: float = 3) -> Path:
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    image.fill(0)
    path = save_png(image, folder, f"Pasted 2026-11-20 10.00.{second:02}")
    at = time.time() - age_days * DAY_S
    os.utime(path, (at, at))
    return path


def left_unsent(folder: Path, path: Path) -> PendingFiles:
    kept = PendingFiles(folder)
    kept.write(PendingWork((PendingFile(str(path), "once"),)))
    return kept


def test_only_old_images_that_no_list_needs_are_deleted(tmp_path: Path) -> None:
    pictures, servers = tmp_path / "pictures", tmp_path / "servers"
    listed, waiting, left = (a_picture(pictures, second) for second in (1, 2, 3))
    young = a_picture(pictures, 4, age_days=1)
    own = pictures / "holiday.png"
    own.write_bytes(b"not ours")
    os.utime(own, (0, 0))
    left_unsent(servers / "a server", waiting).close()
    assert delete_unused_images(pictures, servers, {listed.name}) == [left]
    assert sorted(pictures.iterdir()) == sorted([listed, waiting, young, own])


def test_nothing_is_deleted_when_a_list_cannot_be_read(tmp_path: Path) -> None:
    pictures, servers = tmp_path / "pictures", tmp_path / "servers"
    left = a_picture(pictures, 1)
    (servers / "a server").mkdir(parents=True)
    broken = servers / "a server" / "unsent-1.json"
    for text in ("{", "[]", '{"files": [{}]}'):
        broken.write_text(text)
        assert delete_unused_images(pictures, servers, ()) == []
    broken.rename(broken.with_suffix(".unreadable"))  # as when a window sets it aside
    assert delete_unused_images(pictures, servers, ()) == []
    assert left.exists()


def test_no_folder_is_nothing_to_tidy(tmp_path: Path) -> None:
    assert delete_unused_images(tmp_path / "pictures", tmp_path / "servers", ()) == []


def test_the_window_tidies_once_it_knows_its_list(open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path) -> None:
    pictures = tmp_path / "data" / "pictures"
    listed, waiting, left = (a_picture(pictures, second) for second in (1, 2, 3))
    stage.put(make_job("1" * 32, listed.name, JobState.FINISHED, page_count=1, pages_done=1))
    left_unsent(server_folder(RemoteServer("http://elsewhere.example")), waiting).close()
    desktop = open_desktop(RemoteServer(stage.url))
    desktop.wait(lambda: not left.exists())
    assert listed.exists()
    assert waiting.exists()
