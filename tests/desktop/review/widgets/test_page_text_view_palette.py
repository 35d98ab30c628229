"""Marks in the text."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication

from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer
from tests.helpers.reviewed_jobs import open_review, page_with_lines


def test_marks_follow_the_palette(staged: Desktop, stage: FakeServer) -> None:
    pane = open_review(staged, stage, [page_with_lines(1, ["one two"], ["two"])])
    palette = pane.review_pane.palette()
    palette.setColor(palette.ColorRole.Base, Qt.GlobalColor.black)
    palette.setColor(palette.ColorRole.Text, Qt.GlobalColor.white)
    pane.text_view.setPalette(palette)
    QApplication.sendEvent(pane.text_view, QEvent(QEvent.Type.PaletteChange))
    [mark, *_] = pane.text_view.extraSelections()
    assert mark.format.background().color().lightness() < 90
