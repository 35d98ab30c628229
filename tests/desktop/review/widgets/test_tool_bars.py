"""The tool bars of the review."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QLabel, QWidget

from ocrdesk.desktop.review.widgets.tool_bars import WordsBar
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer
from tests.helpers.reviewed_jobs import open_review, page_with_lines

DIRECT = Qt.FindChildOption.FindDirectChildrenOnly


def test_large_numbers_follow_the_locale(staged: Desktop, stage: FakeServer) -> None:
    pane, was = open_review(staged, stage, [page_with_lines(1, ["one"])]), QLocale()
    try:
        QLocale.setDefault(QLocale("de_DE"))
        pane.find("words_bar", WordsBar).show_count(12_345)
        assert pane.words_to_check.startswith("12.345 ")
    finally:
        QLocale.setDefault(was)


@pytest.mark.parametrize("width", [224, 260, 330, 440, 600])
def test_narrow_bars_cut_nothing_off(staged: Desktop, stage: FakeServer, width: int) -> None:
    pane = open_review(staged, stage, [page_with_lines(1, ["one"])])
    words_bar = pane.find("words_bar", WordsBar)
    words_bar.show_count(12_345)
    for bar in (pane.widget("page_bar"), words_bar):
        bar.setParent(None)
        staged.qtbot.addWidget(bar)
        bar.resize(width, bar.height())
        bar.show()
        staged.qtbot.waitExposed(bar)
        shown = [child for child in bar.findChildren(QWidget, options=DIRECT) if child.isVisible()]
        shown.sort(key=lambda child: child.x())
        assert shown[-1].geometry().right() < width
        assert all(one.geometry().right() < next_one.x() for one, next_one in pairwise(shown))
        whole = [label for label in shown if type(label) is QLabel]
        assert all(label.width() >= label.minimumSizeHint().width() for label in whole)
