"""Records drags, which the offscreen platform does not have."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ocrdesk.contract.states import JobState
from ocrdesk.desktop.drag_out import drag_and_copy
from ocrdesk.desktop.export.saved_choices import ExportChoices
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer, make_job, make_page


class Drops(list[tuple[list[Path], str]]):
    """The files and text of each drag, as a drop target would receive them."""


@pytest.fixture
def drops(monkeypatch: pytest.MonkeyPatch) -> Drops:
    """Record the data of the real QDrag, as a drop target would read it: the offscreen platform has no drags."""
    found = Drops()

    class DroppedDrag(QDrag):
        def exec(self, *_: object) -> Qt.DropAction:
            found.append(files_and_text(self.mimeData()))
            return Qt.DropAction.CopyAction

    monkeypatch.setattr(drag_and_copy, "QDrag", DroppedDrag)
    return found


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the mouse button pressed."""
    monkeypatch.setattr(QGuiApplication, "mouseButtons", lambda: Qt.MouseButton.LeftButton)


def files_and_text(data: QMimeData) -> tuple[list[Path], str]:
    assert all(url.isLocalFile() for url in data.urls())
    return [Path(url.toLocalFile()) for url in data.urls()], data.text() if data.hasFormat("text/plain") else ""


def add_finished_jobs(desktop: Desktop, stage: FakeServer, *texts: str) -> None:
    """Put a finished job on the server for each text: `0.png` and so on, exported as plain text."""
    ExportChoices(desktop.settings).keep(form="text")
    for number, text in enumerate(texts):
        job = make_job(f"{number:032x}", f"{number}.png", JobState.FINISHED, page_count=1, pages_done=1)
        stage.put(job, [make_page(1, text)])
        stage.tell(job.job_id)
    desktop.wait(lambda: len(desktop.model.rows()) == len(texts))


def drag_row(desktop: Desktop, row: int) -> None:
    """Press the mouse on a row, move it further than a click does, and release it unless it is `held`."""
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
