"""The find bar."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence

from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer
from tests.helpers.reviewed_jobs import open_review, page_with_lines


def test_tool_tips_name_the_keys_that_the_user_chose(staged: Desktop, stage: FakeServer) -> None:
    pane = open_review(staged, stage, [page_with_lines(1, ["one"])])
    assert pane.next_hit_button.toolTip() == "Next hit (F3)"
    staged.window.shortcuts.give("review.find_next", QKeySequence("Ctrl+Y"))
    assert pane.next_hit_button.toolTip() == "Next hit (Ctrl+Y)"
    staged.window.shortcuts.give("review.find_next", QKeySequence())
    assert pane.next_hit_button.toolTip() == "Next hit"
