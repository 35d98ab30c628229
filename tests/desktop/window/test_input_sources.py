"""Pasted files and images, and files given at the start, become files in the list."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import quote_from_bytes

import pytest
from PySide6.QtCore import QMimeData, QRect, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from ocrdesk.desktop.background.tasks import Tasks
from ocrdesk.desktop.capture import screen_capture
from ocrdesk.desktop.servers.servers import LocalServer
from ocrdesk.desktop.session.session import Session
from ocrdesk.desktop.system.single_instance import StartRequest
from ocrdesk.desktop.window.main_window import MainWindow
from ocrdesk.desktop.window.saved_state import WindowState
from tests.desktop.conftest import Desktop
from tests.helpers.desktop_images import mime, paste, picture, screenshot_of
from tests.helpers.fake_server import FakeServer
from tests.helpers.sample_files import text_png
from tests.helpers.window import WindowDriver, screens


def test_pasted_image_becomes_a_png_named_by_date_and_is_sent(
    staged: Desktop, stage: FakeServer, tmp_path: Path
) -> None:
    paste(staged, mime(image=picture()))
    staged.wait(lambda: stage.submitted)
    (file,) = (tmp_path / "data" / "pictures").iterdir()
    assert stage.submitted == [file.name]
    assert file.name.startswith("Pasted 20")
    assert file.suffix == ".png"
    assert QImage(str(file)).size() == picture().size()
    assert file.parent.stat().st_mode & 0o077 == 0


def test_image_pasted_after_the_first_file_is_added_too(staged: Desktop, stage: FakeServer) -> None:
    for count in (1, 2):
        QGuiApplication.clipboard().setMimeData(mime(image=picture()))
        focused = staged.window.focusWidget()
        staged.qtbot.keyClick(focused, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        staged.wait(lambda count=count: staged.model.rowCount() == count)


def test_image_pasted_into_the_filter_is_added_and_text_is_typed(staged: Desktop, stage: FakeServer) -> None:
    paste(staged, mime(image=picture()))
    staged.wait(lambda: staged.model.rowCount() == 1)
    staged.driver.trigger("filter_jobs")
    for data in (mime(image=picture()), mime(text="Pasted")):
        QGuiApplication.clipboard().setMimeData(data)
        focused = staged.window.focusWidget()
        staged.qtbot.keyClick(focused, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    staged.wait(lambda: staged.model.rowCount() == 2)
    assert focused.text() == "Pasted"


def test_files_that_come_with_the_start_leave_the_focus_in_the_list(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(text_png("words"))
    tasks = Tasks()
    session = Session(LocalServer(tmp_path / "data"), tasks)
    window = MainWindow(session, tasks, WindowState(tmp_path / "desktop.ini"))
    qtbot.addWidget(window)
    window.open_paths([tmp_path / "a.png"])
    qtbot.waitUntil(lambda: session.model.rowCount() == 1)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: window.focusWidget() is not None)
    assert window.focusWidget() is WindowDriver(window).job_list
    session.close()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems require names in UTF-8")
def test_dropped_files_and_folders_of_any_name_are_added(staged: Desktop, stage: FakeServer, tmp_path: Path) -> None:
    lines = []
    for name in (b"caf\xe9.png", b"two\nlines.png", b"d\xe9p\xf4t/n\xe4chste.png"):
        path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/drop/" + name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"picture")
        dropped = path.parent if b"/" in name else path
        lines.append(b"file://" + quote_from_bytes(os.fsencode(dropped)).encode())
    data = QMimeData()
    data.setData("text/uri-list", b"\r\n".join(lines) + b"\r\n")  # as file managers send it
    staged.driver.drop_data(data)
    names = ["caf\ufffd.png", "n\ufffdchste.png", "two lines.png"]
    staged.wait(lambda: sorted(stage.submitted) == names)
    assert sorted(staged.driver.listed) == names


def test_pasted_files_and_paths_are_added(staged: Desktop, stage: FakeServer, tmp_path: Path) -> None:
    for name in ("a.png", "b c.png", "d.png"):
        (tmp_path / name).write_bytes(b"picture")
    paste(staged, mime(urls=(QUrl.fromLocalFile(str(tmp_path / "a.png")).toString(),)))
    staged.wait(lambda: "a.png" in stage.submitted)
    lines = f"{tmp_path / 'b c.png'}\n{QUrl.fromLocalFile(str(tmp_path / 'd.png')).toString()}\n"
    paste(staged, mime(text=lines))
    staged.wait(lambda: {"b c.png", "d.png"} <= set(stage.submitted))


def test_long_message_is_shown_whole_and_a_short_one_takes_one_line(staged: Desktop) -> None:
    label = staged.driver.widget("status_note")
    staged.window.show_note("Short.")
    one_line = label.heightForWidth(label.width())
    staged.window.show_note("This desktop has no portal for screenshots. " * 6)
    staged.wait(lambda: label.height() >= label.heightForWidth(label.width()) > one_line)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Dear Ms Hartmann,\nthank you", "There is no image and no file on the clipboard."),
        ("/no/such/file.png", "There is no such file: /no/such/file.png"),
    ],
)
def test_paste_of_anything_else_shows_a_message(staged: Desktop, text: str, said: str) -> None:
    paste(staged, mime(text=text))
    staged.wait(lambda: staged.driver.note == said)
    assert staged.model.rowCount() == 0


def test_image_dropped_from_a_web_page_is_read(staged: Desktop, stage: FakeServer) -> None:
    data = mime(urls=("https://example.org/a.png",), image=picture())
    assert staged.driver.drag_over(data)
    staged.driver.drop_data(data)
    staged.wait(lambda: stage.submitted)


def test_later_start_for_a_capture_does_not_show_the_window(staged: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen_capture, "take_screenshots", lambda: [screenshot_of(QRect(0, 0, 40, 20), picture())])
    staged.window.showMinimized()
    staged.input_sources.run_later_start(StartRequest(region=True))
    staged.wait(screens)
    assert staged.window.isMinimized()
    staged.qtbot.keyClick(screens()[0], Qt.Key.Key_Escape)
    assert staged.window.isMinimized()
