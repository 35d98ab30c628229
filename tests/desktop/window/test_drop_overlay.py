"""A drag shows where to drop."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl

from tests.desktop.conftest import Desktop


def test_drag_shows_where_to_drop_and_a_web_link_does_not(staged: Desktop, tmp_path: Path) -> None:
    assert not staged.driver.drag_over(QUrl("https://example.org/a.png"))
    assert staged.driver.drag_over(QUrl.fromLocalFile(str(tmp_path)))
    staged.driver.drag_away()
    assert not staged.driver.is_shown("drop_overlay")
