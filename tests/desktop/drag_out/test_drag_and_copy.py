"""Finished jobs are dragged and copied as files and as text."""

from __future__ import annotations

import uuid
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDragEnterEvent, QGuiApplication
from PySide6.QtTest import QTest

from ocrdesk.contract.events import EventType
from ocrdesk.desktop.jobs.row import RowState
from ocrdesk.desktop.session.session import ConnectionState
from tests.desktop.conftest import Desktop
from tests.desktop.drag_out.conftest import Drops, add_finished_jobs, drag_row, files_and_text
from tests.helpers.fake_server import FakeServer, make_page
from tests.helpers.sample_files import text_png


@pytest.mark.usefixtures("held")
def test_dragged_row_is_a_file_and_its_text(staged: Desktop, stage: FakeServer, drops: Drops) -> None:
    add_finished_jobs(staged, stage, "first words", "second words")
    drag_row(staged, 0)
    staged.wait(lambda: drops)
    [([file], text)] = drops
    assert (file.name, file.read_text(), text) == ("1.txt", "second words\n", "second words")


@pytest.mark.usefixtures("held")
def test_all_selected_rows_are_dragged_and_stay_selected(staged: Desktop, stage: FakeServer, drops: Drops) -> None:
    add_finished_jobs(staged, stage, "one", "two", "three")
    staged.driver.select_rows(0, 2)
    drag_row(staged, 2)
    staged.wait(lambda: drops)
    [(files, text)] = drops
    assert [file.name for file in files] == ["2.txt", "0.txt"]
    assert text == "three\n\none"
    assert len(staged.driver.job_list.selected_keys()) == 2


def test_files_that_arrive_too_late_are_dragged_the_next_time(
    staged: Desktop, stage: FakeServer, drops: Drops, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_finished_jobs(staged, stage, "words")
    drag_row(staged, 0)
    staged.wait(lambda: "Drag it again" in staged.driver.note)
    assert not drops
    stage.break_off()  # the files are here
    drag_row(staged, 0)
    staged.wait(lambda: drops)
    assert drops[0][0][0].read_text() == "words\n"


def test_result_corrected_meanwhile_is_fetched_again(
    staged: Desktop, stage: FakeServer, drops: Drops, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_finished_jobs(staged, stage, "wrods")
    drag_row(staged, 0)
    staged.wait(lambda: "Drag it again" in staged.driver.note)
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
    add_finished_jobs(staged, stage, "words")
    stage.break_off()
    staged.wait_for(ConnectionState.UNREACHABLE)
    drag_row(staged, 0)
    assert "not connected" in staged.driver.note
    assert not drops


@pytest.mark.usefixtures("held")
def test_unavailable_result_is_named_and_nothing_is_dragged(staged: Desktop, stage: FakeServer, drops: Drops) -> None:
    add_finished_jobs(staged, stage, "one", "two")
    staged.driver.select_rows(0, 1)
    del stage.jobs[f"{0:032x}"]
    drag_row(staged, 0)
    staged.wait(lambda: "Cannot get the files" in staged.driver.note)
    assert "0.png" in staged.driver.note
    assert not drops


@pytest.mark.usefixtures("held")
def test_waiting_files_are_moved_within_the_list(
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


def test_window_does_not_accept_its_own_drags(staged: Desktop, stage: FakeServer, tmp_path: Path) -> None:
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


def test_keyboard_copies_rows_as_text_and_as_files(staged: Desktop, stage: FakeServer) -> None:
    add_finished_jobs(staged, stage, "one", "two")
    clipboard = QGuiApplication.clipboard()
    staged.driver.select_rows(0, 1)
    staged.driver.job_list.setFocus()
    QTest.keyClick(staged.driver.job_list, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    staged.wait(lambda: clipboard.text() == "two\n\none")
    assert not clipboard.mimeData().hasUrls()
    QTest.keyClick(staged.window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    staged.wait(lambda: clipboard.mimeData().hasUrls())
    files, text = files_and_text(clipboard.mimeData())
    assert [file.read_text() for file in files] == ["two\n", "one\n"]
    assert text == "two\n\none"
    pasted = bytes(clipboard.mimeData().data("x-special/gnome-copied-files").data()).decode()
    assert pasted.splitlines()[0] == "copy"


def test_keyboard_copies_the_text_of_one_row(staged: Desktop, stage: FakeServer) -> None:
    add_finished_jobs(staged, stage, "one two")
    staged.wait(lambda: staged.driver.shown_text == "one two")
    QTest.keyClick(staged.driver.job_list, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "one two"


def test_selected_text_can_be_dragged(staged: Desktop, stage: FakeServer) -> None:
    """Qt drags the text that these views make of their selection."""
    add_finished_jobs(staged, stage, "one two three")
    review = staged.driver.open_review()
    staged.wait(lambda: review.shown_text == "one two three")
    text = review.text_view
    cursor = text.textCursor()
    cursor.setPosition(4)
    cursor.setPosition(7, cursor.MoveMode.KeepAnchor)
    text.setTextCursor(cursor)
    assert text.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
    assert text.createMimeDataFromSelection().text() == "two"


@pytest.mark.usefixtures("held")
def test_searchable_pdf_is_dragged_from_the_real_backend(local: Desktop, tmp_path: Path, drops: Drops) -> None:
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
