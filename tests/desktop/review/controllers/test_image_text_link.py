"""The page image beside the text."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer
from tests.helpers.reviewed_jobs import open_review, page_with_lines


def test_ctrl_and_wheel_zoom_at_the_mouse_and_fetch_a_sharper_image(staged: Desktop, stage: FakeServer) -> None:
    pane = open_review(staged, stage, [page_with_lines(1, ["one"])])
    view = pane.image_view
    staged.wait(lambda: view.image is not None)
    point = QPointF(view.viewport().rect().center()) + QPointF(20, 30)
    for _ in range(8):
        before = view.to_page(point)
        event = QWheelEvent(
            point,
            view.viewport().mapToGlobal(point),
            QPoint(),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.ControlModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(view.viewport(), event)
    assert view.percent() > 200
    assert (view.to_page(point) - before).manhattanLength() < 4
    staged.wait(lambda: view.image.width() == 3200)
    pane.trigger("fit_page")
    assert view.to_view(view.image.rect().__class__(0, 0, 1000, 1400)).height() <= view.viewport().height()


def test_page_without_an_image_says_why(staged: Desktop, stage: FakeServer) -> None:
    said = "The original is not kept any more."
    stage.picture_refusal = (409, {"error": "Gone", "detail": said, "code": "upload_gone"})
    pane = open_review(staged, stage, [page_with_lines(1, ["one"])])
    staged.wait(lambda: pane.image_view.message == said)
    assert pane.shown_text == "one"
