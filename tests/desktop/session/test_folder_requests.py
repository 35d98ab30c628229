"""A folder that was being searched when the window was killed is searched again, and no file is added twice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from uuid import uuid4

from ocrdesk.desktop.jobs.row import upload_key
from ocrdesk.desktop.servers.data_folders import server_folder
from ocrdesk.desktop.servers.servers import RemoteServer
from ocrdesk.desktop.session.pending_files import PendingFile, PendingFiles, PendingWork
from ocrdesk.desktop.session.session import ConnectionState
from tests.desktop.conftest import OpenDesktop
from tests.helpers.fake_server import FakeServer
from tests.helpers.folders import contents_below
from tests.helpers.sample_files import text_png


def test_a_request_of_a_killed_window_is_finished_by_the_next_one(
    open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path
) -> None:
    folder = tmp_path / "images"
    folder.mkdir()
    for name in ("a.png", "b.png", "c.png"):
        (folder / name).write_bytes(text_png(name))
    request_id = str(uuid4())
    killed = PendingFiles(server_folder(RemoteServer(stage.url)))
    listed = PendingFile(str(folder / "b.png"), upload_key(request_id, folder / "b.png"))
    killed.write(PendingWork((listed,), collecting=((request_id, (str(folder),)),)))
    killed.close()
    desktop = open_desktop(RemoteServer(stage.url))
    desktop.wait(lambda: sorted(stage.submitted) == ["a.png", "b.png", "c.png"])
    assert Counter(row.file_name for row in desktop.model.rows()) == Counter(["a.png", "b.png", "c.png"])
    folder_of_lists = server_folder(desktop.session.server)
    desktop.wait(lambda: not any(b"images" in text for text in contents_below(folder_of_lists, "*.json").values()))


def test_a_request_is_on_disk_until_its_files_are(open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path) -> None:
    stage.break_off()
    desktop = open_desktop(RemoteServer(stage.url))
    desktop.wait_for(ConnectionState.UNREACHABLE)
    desktop.wait(lambda: desktop.session.has_loaded_pending_files)
    requests = desktop.session.folder_requests
    request_id = requests.begin([tmp_path / "images"])
    lists = server_folder(desktop.session.server)
    desktop.wait(lambda: any(request_id.encode() in text for text in contents_below(lists, "*.json").values()))
    desktop.session.open_files([tmp_path / "images" / "a.png"], request_id=request_id)
    requests.end(request_id)
    desktop.wait(lambda: any(b"a.png" in text for text in contents_below(lists, "*.json").values()))
    desktop.wait(lambda: not any(request_id.encode() in text for text in contents_below(lists, "*.json").values()))


def test_a_files_key_depends_on_its_request_and_path() -> None:
    one, two = str(uuid4()), str(uuid4())
    odd = Path("/a/\udce9\u202e.png")
    assert upload_key(one, odd) == upload_key(one, odd)
    assert len({upload_key(request, path) for request in (one, two) for path in (odd, Path("/a/b.png"))}) == 4
