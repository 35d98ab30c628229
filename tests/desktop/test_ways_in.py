"""Paste, pictures without a file, and a part of the screen: all of them become files in the list."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ocrdesk.contract.states import JobState
from ocrdesk.desktop.background.tasks import Tasks
from ocrdesk.desktop.capture import screen_capture
from ocrdesk.desktop.capture.screenshots import Screenshot, crop
from ocrdesk.desktop.capture.selection_overlay import RegionOverlay
from ocrdesk.desktop.intake.clipboard_content import named_paths, read_content
from ocrdesk.desktop.intake.pasted_images import save_png
from ocrdesk.desktop.jobs.row import RowState
from ocrdesk.desktop.servers.servers import LocalServer
from ocrdesk.desktop.session.session import Session
from ocrdesk.desktop.system.clipboard import ClipboardWriter
from ocrdesk.desktop.system.single_instance import StartRequest
from ocrdesk.desktop.window.main_window import MainWindow
from ocrdesk.desktop.window.saved_state import WindowState
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer, make_page
from tests.helpers.sample_files import text_png
from tests.helpers.window import WindowDriver, screens


def picture(width: int = 40, height: int = 20, colour: str = "red") -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return image


def paste(desktop: Desktop, data: QMimeData) -> None:
    QGuiApplication.clipboard().setMimeData(data)
    desktop.window.activateWindow()
    desktop.qtbot.keyClick(desktop.window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def shot_of(place: QRect, image: QImage) -> Screenshot:
    return Screenshot(place, image, place)


def mime(*, urls: tuple[str, ...] = (), text: str = "", image: QImage | None = None) -> QMimeData:
    data = QMimeData()
    if urls:
        data.setUrls([QUrl(url) for url in urls])
    if text:
        data.setText(text)
    if image is not None:
        data.setImageData(image)
    return data


# ── paste and drop ───────────────────────────────────────────────────────────────────────────────


def test_pasted_picture_becomes_a_png_named_by_date_and_is_read(
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


def test_what_is_pasted_after_the_first_file_is_taken_too(staged: Desktop, stage: FakeServer) -> None:
    for count in (1, 2):
        QGuiApplication.clipboard().setMimeData(mime(image=picture()))
        focused = staged.window.focusWidget()
        staged.qtbot.keyClick(focused, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        staged.wait(lambda count=count: staged.model.rowCount() == count)


def test_picture_is_taken_and_text_typed_when_pasted_in_the_filter(staged: Desktop, stage: FakeServer) -> None:
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


def test_pasted_files_and_paths_are_taken(staged: Desktop, stage: FakeServer, tmp_path: Path) -> None:
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
def test_paste_of_anything_else_says_so(staged: Desktop, text: str, said: str) -> None:
    paste(staged, mime(text=text))
    staged.wait(lambda: staged.driver.note == said)
    assert staged.model.rowCount() == 0


def test_text_is_a_list_of_files_only_when_every_line_is_one() -> None:
    assert named_paths('"/a/b.png"\n\n/c.pdf') == (Path("/a/b.png"), Path("/c.pdf"))
    assert named_paths("file:///a%20b.png") == (Path("/a b.png"),)
    assert named_paths("/a.png\nand so on") == ()
    assert named_paths("https://example.org/a.png") == ()
    assert named_paths("~nobody-is-called-this/x") == ()
    assert named_paths("") == ()


def test_file_comes_before_its_preview(tmp_path: Path) -> None:
    url = QUrl.fromLocalFile(str(tmp_path / "a.pdf")).toString()
    content = read_content(mime(urls=(url,), image=picture()))
    assert content.paths == (tmp_path / "a.pdf",)
    assert content.image is None


def test_image_dropped_from_a_web_page_is_read(staged: Desktop, stage: FakeServer) -> None:
    data = mime(urls=("https://example.org/a.png",), image=picture())
    assert staged.driver.drag_over(data)
    staged.driver.drop_data(data)
    staged.wait(lambda: stage.submitted)


def test_picture_that_cannot_be_kept_is_said(staged: Desktop, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    paste(staged, mime(image=picture()))
    staged.wait(lambda: staged.driver.note.startswith("The image could not be saved in"))


def test_two_pictures_of_one_second_are_two_files(tmp_path: Path) -> None:
    names = {save_png(picture(), tmp_path, "Pasted").name for _ in range(3)}
    assert names == {"Pasted.png", "Pasted (2).png", "Pasted (3).png"}


# ── the part of the screen ───────────────────────────────────────────────────────────────────────


def test_cut_on_one_screen_keeps_its_own_pixels() -> None:
    image = picture(200, 100)
    image.setPixelColor(21, 11, QColor("blue"))
    found = crop([shot_of(QRect(1000, 0, 100, 50), image)], QRect(1010, 5, 20, 10))
    assert (found.width(), found.height()) == (40, 20)
    assert found.pixelColor(1, 1) == QColor("blue")


def test_cut_over_two_screens_of_different_scale_is_as_fine_as_the_finer_one() -> None:
    coarse = shot_of(QRect(0, 0, 100, 50), picture(100, 50, "red"))
    fine = shot_of(QRect(100, 0, 100, 50), picture(200, 100, "blue"))
    found = crop([coarse, fine], QRect(90, 10, 20, 20))
    assert (found.width(), found.height()) == (40, 40)
    assert found.pixelColor(5, 20) == QColor("red")
    assert found.pixelColor(35, 20) == QColor("blue")
    assert found.pixelColor(20, 20) == QColor("blue")  # no seam between them


def test_cut_of_a_scale_that_is_no_whole_number_ends_at_the_edge() -> None:
    shot = shot_of(QRect(0, 0, 101, 67), picture(152, 101))
    assert crop([shot], QRect(0, 0, 101, 67)).size() == shot.image.size()
    assert crop([shot], QRect(500, 500, 10, 10)).isNull()


def test_screens_that_lie_side_by_side_in_pixels_are_cut_without_a_gap(qtbot: QtBot) -> None:
    left = Screenshot(QRect(0, 0, 100, 50), picture(100, 50, "red"), QRect(0, 0, 50, 25))
    right = Screenshot(QRect(100, 0, 100, 50), picture(100, 50, "blue"), QRect(100, 0, 100, 50))
    assert left.to_place(QPointF(45, 5)) == QPoint(90, 10)
    assert left.to_place(QPointF(55, 15)) == QPoint(110, 30)  # a drag that went on beyond the edge
    assert right.to_place(QPointF(10, 30)) == QPoint(110, 30)
    part = QRect(QPoint(90, 10), QPoint(109, 29))
    assert left.to_window(part) == QRect(45, 5, 10, 10)
    assert right.to_window(part) == QRect(-10, 10, 20, 20)
    found = crop([left, right], part)
    assert found.size() == part.size()
    assert found.pixelColor(9, 0) == QColor("red")
    assert found.pixelColor(10, 19) == QColor("blue")


def test_rectangle_is_drawn_with_the_mouse_over_two_screens(qtbot: QtBot) -> None:
    shots = [shot_of(QRect(0, 0, 100, 50), picture(100, 50)), shot_of(QRect(100, 0, 100, 50), picture(200, 100))]
    overlay = RegionOverlay(shots)
    with qtbot.waitSignal(overlay.chosen) as chosen:
        overlay.begin(QPoint(80, 10))
        overlay.move(QPoint(140, 30))
        assert overlay.rectangle() == QRect(QPoint(80, 10), QPoint(140, 30))
        overlay.finish()
    assert chosen.args == [QRect(QPoint(80, 10), QPoint(140, 30))]


def test_rectangle_is_drawn_by_keyboard_and_escape_leaves(qtbot: QtBot) -> None:
    shots = [shot_of(QRect(0, 0, 400, 300), picture(400, 300))]
    overlay = RegionOverlay(shots)
    overlay.point = QPoint(100, 100)
    overlay.show()
    screen_window = overlay.windows[0]
    with qtbot.waitSignal(overlay.chosen) as chosen:
        qtbot.keyClick(screen_window, Qt.Key.Key_Return)
        for _ in range(3):
            qtbot.keyClick(screen_window, Qt.Key.Key_Right)
        qtbot.keyClick(screen_window, Qt.Key.Key_Down)
        qtbot.keyClick(screen_window, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
        qtbot.keyClick(screen_window, Qt.Key.Key_Return)
    assert chosen.args[0] == QRect(QPoint(100, 100), QPoint(160, 121))
    other = RegionOverlay(shots)
    other.show()
    with qtbot.waitSignal(other.cancelled):
        qtbot.keyClick(other.windows[0], Qt.Key.Key_Escape)
    assert other.windows == []


def choose_part(desktop: Desktop, monkeypatch: pytest.MonkeyPatch, image: QImage) -> None:
    """Reads a part of a screen that shows `image`: offscreen there is no screen to grab."""
    monkeypatch.setattr(
        screen_capture, "take_screenshots", lambda: [shot_of(QRect(0, 0, image.width(), image.height()), image)]
    )
    desktop.driver.trigger("read_screen")
    desktop.wait(screens)
    assert not desktop.window.isVisible()
    (screen,) = screens()
    first, last = QPoint(1, 1), QPoint(image.width() - 1, image.height() - 1)  # QTest takes 0, 0 for the middle
    QTest.mousePress(screen, Qt.MouseButton.LeftButton, pos=first)
    QTest.mouseMove(screen, last)
    QTest.mouseRelease(screen, Qt.MouseButton.LeftButton, pos=last)


def test_part_of_the_screen_becomes_text_on_the_clipboard(local: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    QGuiApplication.clipboard().setText("before")
    choose_part(local, monkeypatch, QImage.fromData(text_png("Quebec harbour")))
    local.wait(lambda: QGuiApplication.clipboard().text() == "Quebec harbour", 60)
    assert local.driver.note == "The text is on the clipboard."
    assert local.window.isVisible()
    assert local.model.rows()[-1].file_name.startswith("Screen 20")


def test_part_without_text_leaves_the_clipboard_as_it_was(
    staged: Desktop, stage: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    QGuiApplication.clipboard().setText("before")
    batches: list[int] = []
    staged.background_mode.batches.finished.connect(lambda read, _failed: batches.append(read))
    choose_part(staged, monkeypatch, picture())
    staged.wait(lambda: stage.jobs)
    (job_id,) = stage.jobs
    job = stage.jobs[job_id].model_copy(update={"status": JobState.FINISHED, "page_count": 1, "pages_done": 1})
    stage.put(job, [make_page(1, "")])
    stage.tell(job_id)
    staged.wait(lambda: staged.driver.note == "No text was found in that part of the screen.")
    assert QGuiApplication.clipboard().text() == "before"
    assert batches == []  # it has told of its end itself


def test_part_of_the_screen_that_was_left_is_said(staged: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen_capture, "take_screenshots", lambda: [shot_of(QRect(0, 0, 40, 20), picture())])
    staged.driver.trigger("read_screen")
    staged.wait(screens)
    staged.qtbot.keyClick(screens()[0], Qt.Key.Key_Escape)
    assert staged.driver.note == "No part of the screen was chosen."
    assert staged.window.isVisible()


def test_later_start_for_the_screen_does_not_bring_the_window_before_it(
    staged: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen_capture, "take_screenshots", lambda: [shot_of(QRect(0, 0, 40, 20), picture())])
    staged.window.showMinimized()
    staged.input_sources.run_later_start(StartRequest(region=True))
    staged.wait(screens)
    assert staged.window.isMinimized()
    staged.qtbot.keyClick(screens()[0], Qt.Key.Key_Escape)
    assert staged.window.isMinimized()


def test_screen_without_a_picture_is_said(staged: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen_capture, "take_screenshots", lambda: [])
    staged.driver.trigger("read_screen")
    staged.wait(lambda: staged.driver.note.startswith("No screenshot could be taken."))
    assert staged.window.isVisible()


def test_region_that_fails_says_why(staged: Desktop, stage: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.refusal = (400, {"error": "Too large", "detail": "The file is too large.", "code": "file_too_large"})
    choose_part(staged, monkeypatch, picture())
    staged.wait(lambda: staged.driver.note == "The part of the screen could not be read: The file is too large.")
    assert staged.model.rows()[-1].state is RowState.REFUSED


def test_text_waits_for_the_focus_where_the_clipboard_needs_it(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    QGuiApplication.clipboard().setText("before")
    keeper = ClipboardWriter(needs_focus=True)
    monkeypatch.setattr(QGuiApplication, "focusWindow", lambda: None)
    assert not keeper.put("the text")
    assert QGuiApplication.clipboard().text() == "before"
    app = QApplication.instance()
    app.focusWindowChanged.emit(None)
    assert QGuiApplication.clipboard().text() == "before"
    window = QWindow()
    with qtbot.waitSignal(keeper.was_set):
        app.focusWindowChanged.emit(window)
    assert QGuiApplication.clipboard().text() == "the text"
