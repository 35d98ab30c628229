"""A captured part of the screen becomes text on the clipboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest

from ocrdesk.contract.states import JobState
from ocrdesk.desktop.capture import screen_capture
from ocrdesk.desktop.jobs.row import RowState
from tests.desktop.conftest import Desktop
from tests.helpers.desktop_images import picture, screenshot_of
from tests.helpers.fake_server import FakeServer, make_page
from tests.helpers.sample_files import text_png
from tests.helpers.window import screens


def choose_part(desktop: Desktop, monkeypatch: pytest.MonkeyPatch, image: QImage) -> None:
    """Capture a part of a screen that shows `image`: offscreen there is no screen to grab."""
    monkeypatch.setattr(
        screen_capture, "take_screenshots", lambda: [screenshot_of(QRect(0, 0, image.width(), image.height()), image)]
    )
    desktop.driver.trigger("read_screen")
    desktop.wait(screens)
    assert not desktop.window.isVisible()
    (screen,) = screens()
    first, last = QPoint(1, 1), QPoint(image.width() - 1, image.height() - 1)  # QTest treats 0, 0 as the middle
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
    assert batches == []  # it has reported its end


def test_failed_capture_shows_the_reason(staged: Desktop, stage: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.refusal = (400, {"error": "Too large", "detail": "The file is too large.", "code": "file_too_large"})
    choose_part(staged, monkeypatch, picture())
    staged.wait(lambda: staged.driver.note == "The part of the screen could not be read: The file is too large.")
    assert staged.model.rows()[-1].state is RowState.REFUSED
