"""The page image with word boxes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QPaintEvent, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ocrdesk.desktop.review.document.job_corrections import SaveState
from ocrdesk.desktop.review.widgets.page_view import PageView
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer
from tests.helpers.reviewed_jobs import JOB, open_review, page_with_lines


def test_correction_repaints_only_its_boxes(staged: Desktop, stage: FakeServer) -> None:
    pane = open_review(staged, stage, [page_with_lines(1, ["one tvo tree", "four"], ["tvo", "tree"])])
    view = pane.image_view
    staged.wait(lambda: view.image is not None and view.image.width() >= view.wanted_width())
    pane.next_word()
    settle()
    painted = Painted(view)
    QTest.keyClick(pane.text_view, "t")
    QTest.keyClicks(pane.editor, "wo")
    QTest.keyClick(pane.editor, Qt.Key.Key_Return)
    staged.wait(lambda: pane.corrections.state(JOB) is SaveState.SAVED)
    settle()
    boxes = [view.to_view(QRect(left, 100, 90, 40)).toAlignedRect() for left in (200, 300)]
    assert all(painted.region.contains(box) for box in boxes)
    everywhere = view.viewport().rect()
    assert painted.region.boundingRect().height() < everywhere.height() / 4
    assert not painted.region.contains(everywhere.center())


class Painted(QObject):
    """The areas in which a view was painted."""

    def __init__(self, view: PageView) -> None:
        super().__init__(view)
        self.region = QRegion()
        view.viewport().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's
        if isinstance(event, QPaintEvent):
            self.region += event.region()
        return False


def settle() -> None:
    """Let all pending painting happen."""
    for _ in range(3):
        QApplication.processEvents()
