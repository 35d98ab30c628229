"""Results leave the window by drag and by clipboard: real files with the right content, or a sentence and nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QDragEnterEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ocrdesk.contract.events import EventType
from ocrdesk.contract.states import JobState
from ocrdesk.desktop.drag_out import drag_and_copy
from ocrdesk.desktop.drag_out.drag_and_copy import DragAndCopy
from ocrdesk.desktop.drag_out.temporary_folder import TemporaryFolder, tidy
from ocrdesk.desktop.export.saved_choices import ExportChoices
from ocrdesk.desktop.jobs.row import RowState
from ocrdesk.desktop.session.session import ConnectionState
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer, make_job, make_page
from tests.helpers.folders import files_below
from tests.helpers.sample_files import text_png

ROOT = Path(__file__).resolve().parents[2]


class Drops(list[tuple[list[Path], str]]):
    """What a drop target would have been given: files and text of each drag."""


@pytest.fixture
def drops(monkeypatch: pytest.MonkeyPatch) -> Drops:
    """The offscreen system has no drags: the real QDrag's data is asked as a target does."""
    found = Drops()

    class DroppedDrag(QDrag):
        def exec(self, *_: object) -> Qt.DropAction:
            found.append(taken_from(self.mimeData()))
            return Qt.DropAction.CopyAction

    monkeypatch.setattr(drag_and_copy, "QDrag", DroppedDrag)
    return found


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mouse's button stays down."""
    monkeypatch.setattr(QGuiApplication, "mouseButtons", lambda: Qt.MouseButton.LeftButton)


def taken_from(data: QMimeData) -> tuple[list[Path], str]:
    assert all(url.isLocalFile() for url in data.urls())
    return [Path(url.toLocalFile()) for url in data.urls()], data.text() if data.hasFormat("text/plain") else ""


def finished(desktop: Desktop, stage: FakeServer, *texts: str) -> None:
    """A finished job for each text: `0.png` and so on, exported as plain text."""
    ExportChoices(desktop.settings).keep(form="text")
    for number, text in enumerate(texts):
        job = make_job(f"{number:032x}", f"{number}.png", JobState.FINISHED, page_count=1, pages_done=1)
        stage.put(job, [make_page(1, text)])
        stage.tell(job.job_id)
    desktop.wait(lambda: len(desktop.model.rows()) == len(texts))


def drag_row(desktop: Desktop, row: int) -> None:
    """Presses the mouse on a row, moves it further than a click would, and lets go unless it is `held`."""
    view = desktop.driver.job_list
    viewport, at = view.viewport(), view.visualRect(view.model().index(row, 0)).center()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    for step in (8, 30, 60):
        move(viewport, at + QPoint(step, step))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at + QPoint(60, 60))


def move(widget, to: QPoint) -> None:
    from PySide6.QtGui import QMouseEvent

    place, button = QPointF(to), Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(
        widget, QMouseEvent(QEvent.Type.MouseMove, place, widget.mapToGlobal(place), button, button, none)
    )


@pytest.mark.usefixtures("held")
def test_a_dragged_row_is_a_file_and_its_text(staged: Desktop, stage: FakeServer, drops: Drops) -> None:
    finished(staged, stage, "first words", "second words")
    drag_row(staged, 0)
    staged.wait(lambda: drops)
    [([file], text)] = drops
    assert (file.name, file.read_text(), text) == ("1.txt", "second words\n", "second words")


@pytest.mark.usefixtures("held")
def test_all_selected_rows_are_dragged_and_stay_selected(staged: Desktop, stage: FakeServer, drops: Drops) -> None:
    finished(staged, stage, "one", "two", "three")
    staged.driver.select_rows(0, 2)
    drag_row(staged, 2)
    staged.wait(lambda: drops)
    [(files, text)] = drops
    assert [file.name for file in files] == ["2.txt", "0.txt"]
    assert text == "three\n\none"
    assert len(staged.driver.job_list.selected_keys()) == 2


def test_files_that_came_too_late_are_dragged_the_next_time(
    staged: Desktop, stage: FakeServer, drops: Drops, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished(staged, stage, "words")
    drag_row(staged, 0)
    staged.wait(lambda: "Drag once more" in staged.driver.note)
    assert not drops
    stage.break_off()  # they are here
    drag_row(staged, 0)
    staged.wait(lambda: drops)
    assert drops[0][0][0].read_text() == "words\n"


def test_a_result_that_was_corrected_meanwhile_is_fetched_anew(
    staged: Desktop, stage: FakeServer, drops: Drops, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished(staged, stage, "wrods")
    drag_row(staged, 0)
    staged.wait(lambda: "Drag once more" in staged.driver.note)
    job_id = f"{0:032x}"
    stage.put(stage.jobs[job_id].model_copy(update={"revision": 1}), [make_page(1, "words")])
    with staged.qtbot.waitSignal(staged.session.job_event):
        stage.tell(job_id, kind=EventType.REVISED)
    monkeypatch.setattr(QGuiApplication, "mouseButtons", lambda: Qt.MouseButton.LeftButton)
    drag_row(staged, 0)
    staged.wait(lambda: drops)
    assert drops[0][1] == "words"


@pytest.mark.usefixtures("held")
def test_nothing_is_dragged_while_the_server_is_away(staged: Desktop, stage: FakeServer, drops: Drops) -> None:
    finished(staged, stage, "words")
    stage.break_off()
    staged.wait_for(ConnectionState.UNREACHABLE)
    drag_row(staged, 0)
    assert "not connected" in staged.driver.note
    assert not drops


@pytest.mark.usefixtures("held")
def test_one_result_that_cannot_be_had_is_named_and_nothing_is_dragged(
    staged: Desktop, stage: FakeServer, drops: Drops
) -> None:
    finished(staged, stage, "one", "two")
    staged.driver.select_rows(0, 1)
    del stage.jobs[f"{0:032x}"]
    drag_row(staged, 0)
    staged.wait(lambda: "Nothing was taken out" in staged.driver.note)
    assert "0.png" in staged.driver.note
    assert not drops


@pytest.mark.usefixtures("held")
def test_files_that_wait_are_still_moved_in_the_list(
    open_desktop, stage: FakeServer, tmp_path: Path, drops: Drops, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop = open_desktop(start=False)
    moved: list[object] = []
    monkeypatch.setattr("ocrdesk.desktop.job_list.view.QListView.startDrag", lambda *_: moved.append(1))
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(text_png("x"))
        desktop.driver.drop(tmp_path / name)
    desktop.wait(lambda: len(desktop.model.rows()) == 2)
    drag_row(desktop, 1)
    assert moved
    assert not drops
    desktop.driver.job_list.dragged.emit([desktop.row("b.png").key], desktop.row("a.png").key)
    assert [row.file_name for row in desktop.model.rows()][::-1] == ["b.png", "a.png"]


def test_what_is_dragged_out_of_the_window_is_not_taken_in(staged: Desktop, stage: FakeServer, tmp_path: Path) -> None:
    from PySide6.QtCore import QUrl

    class OwnDrag(QDragEnterEvent):
        def source(self) -> object:
            return staged.window

    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    event = OwnDrag(
        QPoint(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    assert not staged.driver.widget("drop_overlay").eventFilter(staged.window, event)


def test_rows_are_copied_by_keyboard_as_text_and_as_files(staged: Desktop, stage: FakeServer) -> None:
    finished(staged, stage, "one", "two")
    clipboard = QGuiApplication.clipboard()
    staged.driver.select_rows(0, 1)
    staged.driver.job_list.setFocus()
    QTest.keyClick(staged.driver.job_list, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    staged.wait(lambda: clipboard.text() == "two\n\none")
    assert not clipboard.mimeData().hasUrls()
    QTest.keyClick(staged.window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    staged.wait(lambda: clipboard.mimeData().hasUrls())
    files, text = taken_from(clipboard.mimeData())
    assert [file.read_text() for file in files] == ["two\n", "one\n"]
    assert text == "two\n\none"
    pasted = bytes(clipboard.mimeData().data("x-special/gnome-copied-files").data()).decode()
    assert pasted.splitlines()[0] == "copy"


def test_one_row_is_copied_with_what_is_selected_in_its_text(staged: Desktop, stage: FakeServer) -> None:
    finished(staged, stage, "one two")
    staged.wait(lambda: staged.driver.shown_text == "one two")
    QTest.keyClick(staged.driver.job_list, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "one two"


@pytest.mark.usefixtures("held")
def test_the_grip_gives_away_the_file_that_is_shown(staged: Desktop, stage: FakeServer, drops: Drops) -> None:
    finished(staged, stage, "words")
    grip = staged.driver.drag_button
    staged.wait(grip.isVisible)
    QTest.mousePress(grip, Qt.MouseButton.LeftButton)
    move(grip, grip.rect().center() + QPoint(40, 0))
    staged.wait(lambda: drops)
    assert drops[0][1] == "words"
    QTest.mouseRelease(grip, Qt.MouseButton.LeftButton)
    QTest.keyClick(grip, Qt.Key.Key_Space)
    staged.wait(lambda: QGuiApplication.clipboard().mimeData().hasUrls())


def test_a_selection_of_the_text_can_be_dragged(staged: Desktop, stage: FakeServer) -> None:
    """Qt drags what these views make of their selection."""
    finished(staged, stage, "one two three")
    review = staged.driver.open_review()
    staged.wait(lambda: review.shown_text == "one two three")
    text = review.text_view
    cursor = text.textCursor()
    cursor.setPosition(4)
    cursor.setPosition(7, cursor.MoveMode.KeepAnchor)
    text.setTextCursor(cursor)
    assert text.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
    assert text.createMimeDataFromSelection().text() == "two"


def test_temporary_files_go_with_the_program_and_not_with_the_window(
    staged: Desktop, stage: FakeServer, drops: Drops
) -> None:
    finished(staged, stage, "words")
    staged.driver.trigger("copy_files")
    staged.wait(lambda: "copied" in staged.driver.note)
    shared = drag_and_copy.shared_folder()
    assert len(files_below(shared, "*.txt")) == 1
    staged.window.close()
    assert len(files_below(shared, "*.txt")) == 1
    staged.window.findChild(DragAndCopy).close()
    assert list(shared.iterdir()) == []


def test_files_of_a_window_that_crashed_are_tidied_and_those_of_others_are_not(tmp_path: Path) -> None:
    ours = TemporaryFolder(tmp_path)
    kept = ours.new() / "kept.txt"
    kept.write_text("kept")
    crashed = (
        "from pathlib import Path; from ocrdesk.desktop.drag_out.temporary_folder import TemporaryFolder; import os\n"
    )
    crashed += f"(TemporaryFolder(Path({str(tmp_path)!r})).new() / 'left.txt').write_text('left'); os._exit(9)"
    subprocess.run(
        [sys.executable, "-c", crashed], env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=60, check=False
    )
    assert len(files_below(tmp_path, "*.txt")) == 2
    tidy(tmp_path)
    assert files_below(tmp_path, "*.txt") == [kept]
    ours.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("held")
def test_a_searchable_pdf_is_dragged_from_the_real_backend(local: Desktop, tmp_path: Path, drops: Drops) -> None:
    name = f"{uuid.uuid4().hex}.png"
    (tmp_path / name).write_bytes(text_png("Alpha meadow"))
    local.driver.drop(tmp_path / name)
    local.wait(lambda: (row := local.row(name)) and row.state is RowState.FINISHED, 90)
    drag_row(local, local.model.index_of(local.row(name).key).row())
    local.wait(lambda: drops, 60)
    [([file], text)] = drops
    assert file.suffix == ".pdf"
    assert text == "Alpha meadow"
    with pypdfium2.PdfDocument(file) as pdf:
        assert "Alpha meadow" in pdf[0].get_textpage().get_text_range()
